"""Specification P1 on every code path."""

import copy
import pickle
import traceback
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import ExistsError, MissingError, StorageError, UnknownNameError
from simulator.pseudonym import (
    Pseudonymizer,
    PseudonymKey,
    Realm,
    expect,
    from_text,
    from_texts,
    pseudonymizer,
    to_text,
    to_texts,
)
from simulator.pseudonym import text as text_form
from simulator.pseudonym.errors import (
    DamagedKeyError,
    IdentifierError,
    KeyFileError,
    MalformedPseudonymError,
    RealmError,
    VersionError,
)
from simulator.pseudonym.text import _ALPHABET

KEY = PseudonymKey.insecure()
TAX = Realm("jp.sim/131016/tax")
CODE = "12345678901"
# Source: registry.md 2.1, golden vectors of P1 (master 00 01 … 1f).
GOLDEN = [
    ("tax", "resident", 1, CODE, "01243f73176010550838d90554d8f17e", "14GZQ65V021AGGE6S0NADHWBY0"),
    ("tax", "resident", 2, CODE, "0212d8b6ed1a6a13c819161d5cc74fb6", "22BCBDV8TD89WG68P3NECEKXP8"),
    ("welfare", "resident", 1, CODE, "010007974921c093baa21a79717b10d2", "1003SEJ91R29VN8GTF5RQP46JW"),
    ("tax", "household", 1, CODE, "013a1adef2a002146a19a5cd4348c8fe", "178DDXWN008A6M6D5SN1MHJ7YJ"),
    ("tax", "staff", 1, "S0001234", "011ae29468b781e5eeabf2423bb0b311", "13BH98T5QG7JYXAZJ88XV1CRHC"),
]


@pytest.mark.parametrize("fast_from", [1, 10**9], ids=["numba", "hashlib"])
@pytest.mark.parametrize("vector", GOLDEN)
def test_golden_vectors(monkeypatch, fast_from, vector):
    """Each path gives the golden binary and text, and reads the text back."""
    sector, kind, version, identifier, binary, text = vector
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", fast_from)
    maker = Pseudonymizer(KEY, Realm(f"jp.sim/131016/{sector}"), version)
    column = maker.column(kind, pl.Series("who", [None, identifier, identifier]))
    assert column.to_list() == [None, bytes.fromhex(binary), bytes.fromhex(binary)]
    assert maker.one(kind, identifier).hex() == binary
    assert to_texts(column).to_list() == [None, text, text]
    assert to_text(bytes.fromhex(binary)) == text
    assert from_text(text.lower()).hex() == binary


def test_paths_agree_on_100000_random_values(monkeypatch):
    """The compiled kernel, the column and the single call agree on 100,000 values of 1 to 52 characters."""
    draws = np.random.default_rng(1)
    texts = ["".join(map(chr, draws.integers(33, 127, size))) for size in draws.integers(1, 53, 100_000)]
    maker, series = Pseudonymizer(PseudonymKey.generate(), TAX), pl.Series(texts)
    monkeypatch.setattr(pseudonymizer, "LOADED_FROM", 10**9)
    reference = maker.column("search", series)
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", 1)
    monkeypatch.setattr(pseudonymizer, "LOADED_FROM", 1)
    assert maker.column("search", series).to_list() == reference.to_list()
    assert [maker.one("search", text) for text in texts[::50]] == reference.to_list()[::50]


@pytest.mark.parametrize(
    "texts", [["佐藤", "a"], ["が", "か\u3099"], ["x" * 53, "a"], ["漢" * 18, "a"]],
    ids=["not ascii", "decomposed", "long", "long not ascii"],
)  # fmt: skip
def test_columns_of_all_texts_agree_with_single_calls(monkeypatch, texts):
    """A column with long, non-ASCII or decomposed identifiers has the same pseudonyms as one by one."""
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", 1)
    maker = Pseudonymizer(KEY, TAX)
    assert maker.column("search", pl.Series(texts)).to_list() == [maker.one("search", text) for text in texts]


def test_long_texts_among_short_ones_go_singly(monkeypatch):
    """A column of which some identifiers are too long for the kernel has the same pseudonyms as one by one."""
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", 1)
    monkeypatch.setattr(pseudonymizer, "LOADED_FROM", 1)
    texts = ["x" * size for size in (1, 53, 52, 60)] + ["町" * size for size in (17, 18)] + ["か\u3099"]
    assert Pseudonymizer(KEY, TAX).column("search", pl.Series(texts)).to_list() == [
        Pseudonymizer(KEY, TAX).one("search", text) for text in texts
    ]


def test_every_single_substitution_and_swap_is_noticed():
    """Of 300 texts no single substitution and no swap of two unequal characters passes."""
    maker, missed, tried = Pseudonymizer(KEY, TAX), 0, 0
    texts = to_texts(maker.column("resident", pl.Series([f"{i:011d}" for i in range(300)])))
    for place, text in enumerate(texts):
        wrong = {text[:i] + symbol + text[i + 1 :] for i in range(26) for symbol in _ALPHABET}
        for i in range(26):
            for j in range(i):
                wrong.add(text[:j] + text[i] + text[j + 1 : i] + text[j] + text[i + 1 :])
        wrong.discard(text)
        tried += len(wrong)
        _, right = text_form._decode(np.array([list(other.encode()) for other in sorted(wrong)], np.uint8))
        missed += int(right.sum()) + (sum(map(_passes, wrong)) if place % 100 == 0 else 0)
    assert tried > 300 * 26 * 31
    assert missed == 0


def _passes(text: str) -> bool:
    try:
        from_text(text)
    except MalformedPseudonymError:
        return False
    return True


def test_many_texts_are_read_as_one():
    """A column of texts gives the bytes that each gives alone; nulls stay; a wrong one is named by row alone."""
    people = pl.Series("who", ["1", None, "2"])
    column = Pseudonymizer(KEY, TAX).column("resident", people)
    texts = to_texts(column)
    assert from_texts(texts.str.to_lowercase()).to_list() == column.to_list()
    assert from_texts(texts).name == "who"
    assert from_texts(pl.Series([], dtype=pl.String)).len() == 0
    for wrong in ("", "é" * 13, texts[0][:-1] + ("1" if texts[0][-1] != "1" else "2"), "U" * 26):
        with pytest.raises(MalformedPseudonymError, match="row 3: not a pseudonym") as caught:
            from_texts(pl.Series([texts[0], None, wrong]))
        assert not wrong or wrong not in str(caught.value)


@pytest.mark.parametrize("text", ["", "1", "é" * 26, "U" * 26, "0" * 26, "14GZQ65V021AGGE6S0NADHWBY1"])
def test_malformed_text_is_refused(text):
    """A text of wrong length, alphabet, version or check character is refused without being repeated."""
    with pytest.raises(MalformedPseudonymError) as caught:
        from_text(text)
    assert not text or text not in str(caught.value) or len(text) < 3


def test_wrong_sizes_have_no_text():
    """Bytes that are not 16 have no text."""
    with pytest.raises(MalformedPseudonymError):
        to_text(b"short")
    with pytest.raises(MalformedPseudonymError):
        to_texts(pl.Series([b"short"]))


@given(body=st.binary(min_size=15, max_size=15), version=st.integers(1, 31))
def test_text_round_trip(body, version):
    """Every pseudonym of every version comes back from its text."""
    assert from_text(to_text(bytes([version]) + body)) == bytes([version]) + body


def test_separation():
    """Realms, kinds, versions and ambiguous concatenations differ; NFC and NFD of a realm do not."""
    made = {
        Pseudonymizer(KEY, Realm(realm), version).one(kind, CODE)
        for realm in ("a/bc", "ab/c", "abc")
        for version in (1, 2)
        for kind in ("resident", "household", "case")
    }
    assert len(made) == 18
    nfc, nfd = (Pseudonymizer(KEY, Realm(f"jp/{text}")).one("staff", "S1") for text in ("が", "か\u3099"))
    assert nfc == nfd
    assert str(Realm.audit("482012")) == "jp.sim/482012/audit"
    assert len({Realm.section("482012", "市民課"), Realm.export("x"), Realm.audit("482012")}) == 3


@pytest.mark.parametrize("text", ["", "a b", "/a", "a//b", "a\n", "x" * 256, "a\u200b"])
def test_malformed_realms_are_refused(text):
    """A realm that is empty, spaced, unprintable, holed or too long is refused."""
    with pytest.raises(RealmError):
        Realm(text)


@pytest.mark.parametrize("identifier", ["", "x" * 65_536])
def test_identifiers_out_of_range_are_refused(monkeypatch, identifier):
    """An empty or overlong identifier is refused alone, in a column and by the kernel's gate."""
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", 1)
    maker = Pseudonymizer(KEY, TAX)
    with pytest.raises(IdentifierError):
        maker.one("resident", identifier)
    with pytest.raises(IdentifierError):
        maker.column("resident", pl.Series([identifier]))


def test_unknown_kinds_and_versions_are_refused():
    """A kind or version that does not exist is named with the valid ones."""
    with pytest.raises(UnknownNameError, match="household"):
        Pseudonymizer(KEY, TAX).one("human", CODE)
    for version in (0, 32):
        with pytest.raises(VersionError):
            Pseudonymizer(KEY, TAX, version)


def test_keys_are_saved_privately_and_loaded(tmp_path):
    """A key file has mode 600, is never written over, and gives the same key back."""
    path, key = tmp_path / "folder" / "k.key", PseudonymKey.generate()
    key.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert PseudonymKey.load(path) == key != PseudonymKey.generate()
    assert len({key, PseudonymKey.load(path)}) == 1
    assert [p.name for p in path.parent.iterdir()] == ["k.key"]
    with pytest.raises(ExistsError):
        key.save(path)


def test_bad_key_files_are_refused(tmp_path):
    """A missing, loose, malformed, damaged or odd key file is refused by name."""
    path = tmp_path / "k.key"
    with pytest.raises(MissingError):
        PseudonymKey.load(path)
    with pytest.raises(KeyFileError):
        PseudonymKey.load(tmp_path)
    PseudonymKey.generate().save(path)
    text = path.read_text()
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        PseudonymKey.load(path)
    path.chmod(0o600)
    path.write_text(text.replace(" ", " f", 1)[:-2])
    with pytest.raises((KeyFileError, DamagedKeyError)):
        PseudonymKey.load(path)
    digit = "0" if text[30] != "0" else "1"
    path.write_text(text[:30] + digit + text[31:])
    with pytest.raises(DamagedKeyError):
        PseudonymKey.load(path)
    with pytest.raises(KeyFileError):
        PseudonymKey(memoryview(b"short"))


def test_secrets_cannot_be_shown_pickled_or_copied():
    """Neither repr, pickle, copy nor a traceback with local variables shows a key."""
    key = PseudonymKey.generate()
    secret = bytes(key._master)
    maker = Pseudonymizer(key, TAX)
    for holder in (key, maker, maker._function("resident")):
        assert secret.hex() not in repr(holder)
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                attempt(holder)
    with pytest.raises(IdentifierError) as caught:
        maker.column("resident", pl.Series([""]))
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack[1:]
    shown = str([frame.locals for frame in frames])
    assert "function" in shown
    assert secret.hex() not in shown
    assert repr(secret) not in shown


def test_successors_are_repeatable_and_different():
    """The key of the next version is always the same one, and another than this."""
    assert KEY.successor() == KEY.successor() != KEY
    assert KEY.is_insecure
    assert not KEY.successor().is_insecure


def test_unlinkable_between_realms():
    """Of two realms' pseudonyms of the same people none are equal, and no bit of one tells of the other."""
    people = pl.Series([f"{i:011d}" for i in range(20_000)])
    one, other = (
        np.unpackbits(np.frombuffer(b"".join(Pseudonymizer(KEY, realm).column("resident", people)), np.uint8))
        .reshape(-1, 128)[:, 8:]
        .astype(np.float64)
        for realm in (TAX, Realm("jp.sim/131016/welfare"))
    )
    correlation = (2 * one - 1).T @ (2 * other - 1) / len(people)
    assert np.abs(correlation).max() < 6 / np.sqrt(len(people))


def test_a_disk_that_refuses_is_a_storage_error(tmp_path):
    """A path that cannot be made or read is a storage error."""
    with pytest.raises(StorageError):
        PseudonymKey.load(Path("/dev/null/k.key"))
    with pytest.raises(StorageError):
        KEY.save(tmp_path / ("x" * 300) / "k.key")


def test_an_expected_kernel_serves_short_columns(monkeypatch):
    """Once loaded, the compiled kernel makes the tokens of short columns too: the same as the reference."""
    pytest.importorskip("numba")
    codes = pl.Series([f"{n:011d}" for n in range(1_200)])
    plain = Pseudonymizer(PseudonymKey.insecure(), Realm("jp.sim/1/audit"))
    wanted = [plain.one("resident", code) for code in codes]
    monkeypatch.setattr("simulator.pseudonym.pseudonymizer.FAST_FROM", 1_000)
    expect(1_000)
    assert plain.column("resident", codes).to_list() == wanted
