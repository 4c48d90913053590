"""What must not change between versions, and the exact words of every refusal of keys, vaults, seals and texts."""

import hashlib
import io
import os
import pickle
import tarfile
from datetime import date, datetime

import polars as pl
import pytest

from simulator.clock import JST, Window
from simulator.errors import ExistsError, StorageError, UnknownNameError
from simulator.pseudonym import (
    Passphrase,
    Pseudonymizer,
    PseudonymKey,
    Realm,
    _prf,
    from_text,
    from_texts,
    seal,
    to_text,
    to_texts,
    vault,
)
from simulator.pseudonym.errors import (
    DamagedKeyError,
    IdentifierError,
    KeyFileError,
    MalformedPseudonymError,
    RealmError,
    SealError,
    ShareError,
    SignatureError,
    VersionError,
)
from simulator.pseudonym.keyring import Keyring, State
from simulator.pseudonym.rotation import Schedule
from simulator.pseudonym.sign import SigningKey, verify_signature

KEY = PseudonymKey.insecure()
WORDS = {name: Passphrase.of(f"the words of holder {name}") for name in ("sato", "suzuki", "takahashi")}
DAYS = Window(date(2025, 4, 1), date(2025, 6, 30))
TEXT = "14GZQ65V021AGGE6S0NADHWBY0"
FROZEN = {
    "successor": "9ef049870c674871",
    "signing": "ffda3d3aa069a6d8418408e06261f385c4c14ea34974576082703140bfa04c1e",
    "vault": "07744cf7b1030494089bc53a09b532a99e5dc97cf3ff92c9ae8414967da32b7a",
    "ring": "ba053352552c8cf760761b71289f949398113d506f7e7195778a8925887659cf",
}
"""Made by version 0.1.0."""
WANTED = "not a pseudonym: 26 characters of Crockford's base 32 with a right check character are wanted"


def _said(error, step):
    with pytest.raises(error) as caught:
        step()
    return str(caught.value)


def test_keys_made_from_keys_stay_what_they_are():
    """The next version, the signing key and the vault's key of the insecure key, and the file of a keyring."""
    assert KEY.successor().fingerprint == FROZEN["successor"]
    assert SigningKey.of(KEY, "checkpoint").public.hex() == FROZEN["signing"]
    assert bytes(vault._vault_key(b"\1" * 16)).hex() == FROZEN["vault"]
    assert hashlib.sha256(Keyring.of(KEY).pack()).hexdigest() == FROZEN["ring"]


def test_realms_have_their_bounds():
    """255 bytes are taken; what is not is quoted up to 40 characters."""
    assert str(Realm("a/" + "b" * 253)).endswith("b")
    for long in ("a/" + "b" * 254, "a b" * 20):
        assert _said(RealmError, lambda long=long: Realm(long)) == (
            f"realm {long[:40]!r} is not well-formed; write it as jp.sim/482012/audit, at most 255 bytes"
        )


def test_files_that_are_no_keys(tmp_path):
    """A pipe is refused and not waited for; a damaged file is named; a folder that cannot be written to is named."""
    pipe, text, ring = tmp_path / "pipe", tmp_path / "text", tmp_path / "ring"
    os.mkfifo(pipe, 0o600)
    assert _said(KeyFileError, lambda: PseudonymKey.load(pipe)) == f"{pipe} is not a plain file"
    text.touch(0o600)
    assert _said(KeyFileError, lambda: PseudonymKey.load(text)) == (
        f"{text} is not a key file; make one by jukisim keys new"
    )
    KEY.save(ring)
    ring.write_bytes(ring.read_bytes().replace(b"a", b"b"))
    assert _said(DamagedKeyError, lambda: PseudonymKey.load(ring)) == (
        f"{ring} is damaged: its check value does not agree with its key"
    )
    assert _said(DamagedKeyError, lambda: Keyring.load(text)) == f"{text} is damaged or not a keyring"
    assert _said(ExistsError, lambda: KEY.save(ring)) == (
        f"{ring} or a folder above it already exists as something else; a key is never written over"
    )
    long = tmp_path / ("x" * 250)
    assert _said(StorageError, lambda: KEY.save(long)) == f"{long} could not be written: File name too long"
    endless = tmp_path / ("x" * 300)
    assert _said(StorageError, lambda: PseudonymKey.load(endless)) == f"{endless} cannot be read: File name too long"


def test_texts_that_are_no_pseudonyms():
    """Each refusal says what is wanted; the row is named and not its text."""
    for step in (
        lambda: to_text(b"\1"),
        lambda: to_texts(pl.Series([b"\1"])),
        lambda: to_texts(pl.Series([b"\1" * 31, b"\1"])),
    ):
        assert _said(MalformedPseudonymError, step) == "not a pseudonym: 16 bytes are wanted"
    assert _said(MalformedPseudonymError, lambda: from_text("x")) == WANTED
    bad = pl.Series([TEXT, None, TEXT[:-1] + "1", "nonsense"])
    assert _said(MalformedPseudonymError, lambda: from_texts(bad)) == f"row 3: {WANTED}"
    short = pl.Series(["short", TEXT])
    assert _said(MalformedPseudonymError, lambda: from_texts(short)) == f"row 1: {WANTED}"


def test_nulls_stay_in_their_places():
    """Both ways; also where there is nothing else, and in part of a longer column."""
    other = to_text(b"\1" + b"\7" * 15)
    texts = pl.Series("t", [None, TEXT, None, other, None])
    found = from_texts(texts)
    assert found.to_list() == [None, from_text(TEXT), None, from_text(other), None]
    assert to_texts(found).to_list() == texts.to_list()
    assert to_texts(found[2:4]).to_list() == [None, other]
    none = pl.Series("t", [None, None], dtype=pl.Binary)
    assert to_texts(none).to_list() == [None, None]
    assert to_texts(pl.Series("t", [], dtype=pl.Binary)).to_list() == []


def test_two_versions_follow_one_another():
    """Of two versions each holds in its time; of one alone the columns have the same types."""
    two, one = (Schedule.of(DAYS, days).epochs(KEY, Realm("a/b")) for days in (60, None))
    assert (len(two), len(one), Schedule.of(DAYS, None).overlap_days) == (2, 1, 0)
    at = pl.Series(
        [datetime(2025, 4, 1, tzinfo=JST), datetime(2025, 6, 30, tzinfo=JST)], dtype=pl.Datetime("ms", "Asia/Tokyo")
    )
    assert two.places(at).to_list() == [0, 1]
    made = two.column("resident", pl.Series(["1", "1"]), two.places(at))
    assert made.to_list() == [maker.one("resident", "1") for maker in two.makers]
    assert one.places(at).dtype == two.places(at).dtype == pl.UInt32
    assert one.spans().schema == two.spans().schema == {"epoch": pl.UInt32, "since": pl.Date, "until": pl.Date}
    assert Schedule.of(DAYS, 60, 7).epochs(KEY, Realm("a/b")).overlap_days == 7
    assert _said(VersionError, lambda: Schedule.of(DAYS, 0)) == (
        "a rotation needs at least one day between versions, and an overlap of no days or more"
    )
    retired = Keyring.of(KEY).move(1, State.RETIRED)
    assert _said(VersionError, lambda: retired.pseudonymizer(Realm("a/b"))) == (
        "no key version is active; rotate to a new one"
    )


def test_signatures_say_why_they_do_not_hold():
    """One sentence for all reasons; a signing key is not pickled."""
    signer = SigningKey.of(KEY, "checkpoint")
    with pytest.raises(TypeError, match=r"^a SigningKey cannot be pickled$"):
        pickle.dumps(signer)
    assert _said(SignatureError, lambda: verify_signature(signer.public, b"x", signer.sign(b"y"))) == (
        "the signature does not hold: another message, another key or changed bytes"
    )


def test_seals_keep_their_bounds(tmp_path):
    """The shortest work factor opens, none or too much is refused, and nothing is written outside of the folder."""
    words = Passphrase.of("x")
    assert bytes(seal.unlock(seal.lock(memoryview(b"y"), words, b"c", 1), words, b"c")) == b"y"
    other = "the seal does not open: a wrong key, passphrase or place, or changed bytes"
    for head in (b"", b"\1", b"\1" * 16, b"\0" + b"\1" * 80, b"\x80" + b"\1" * 80):
        assert _said(SealError, lambda head=head: seal.unlock(head, words, b"c")) == other
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))
    (tmp_path / "t.sealed").touch(0o600)
    (tmp_path / "t.sealed").write_bytes(seal.lock(memoryview(packed.getvalue()), words, b"c", 4))
    with pytest.raises(SealError):
        seal.unlock_folder(tmp_path / "t.sealed", tmp_path / "t", words, b"c")
    assert [path.name for path in tmp_path.iterdir()] == ["t.sealed"]
    assert _factor(seal.lock(memoryview(b"y"), words, b"c", 4)) == 4


def _factor(locked):
    return locked[0]


def test_vaults_say_what_is_wrong(tmp_path, monkeypatch):
    """The words of each refusal, and the shares' work factor as asked for."""
    folder, ring = tmp_path / "v", Keyring.of(KEY)
    vault.create(folder, ring, WORDS, 4)
    assert [_factor(path.read_bytes()) for path in (folder / "shares").iterdir()] == [4] * 3
    (tmp_path / "f").mkdir()
    seal.lock_folder(tmp_path / "f", tmp_path / "f.sealed", WORDS["sato"], b"c", 4)
    assert _factor((tmp_path / "f.sealed").read_bytes()) == 4
    two = {name: WORDS[name] for name in ("sato", "suzuki")}
    assert _said(ExistsError, lambda: vault.create(folder, ring, WORDS, 4)) == (
        f"{folder} already exists; a vault is never written over"
    )
    assert _said(ShareError, lambda: vault.create(tmp_path / "w", ring, two, 4)) == (
        "a vault needs 3 holders with names of letters and digits, each with a passphrase of their own"
    )
    assert _said(ShareError, lambda: vault.open_vault(folder, WORDS)) == (
        "2 different holders must give their passphrases, not 3"
    )
    assert _said(ShareError, lambda: vault.open_vault(folder, {"sato": WORDS["sato"], "nobody": WORDS["suzuki"]})) == (
        "one of the names holds no share of this vault"
    )
    vault.create(tmp_path / "w", ring, WORDS, 4)
    twin = folder / "shares" / "suzuki.bin"
    number = bytes(
        seal.unlock((folder / "shares" / "sato.bin").read_bytes(), WORDS["sato"], vault._share_context("sato"))
    )
    twin.write_bytes(seal.lock(memoryview(number), WORDS["suzuki"], vault._share_context("suzuki"), 4))
    assert _said(SealError, lambda: vault.open_vault(folder, two)) == "the shares do not belong together"
    monkeypatch.setattr(Keyring, "unpack", lambda content: None)
    assert _said(SealError, lambda: vault.open_vault(tmp_path / "w", two)) == "the vault holds no keyring"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\r\nsecond line"])
def test_a_passphrase_file_loses_its_line_ending_alone(tmp_path, ending):
    file = tmp_path / "words"
    file.write_bytes(f"a phrase that ends in X{ending}".encode())
    file.chmod(0o600)
    assert Passphrase.read(file) == Passphrase.of("a phrase that ends in X")


def test_refusals_say_what_is_wanted():
    """An identifier, a kind, a master key and a sealed text that are no such, each in its own words."""
    names = Pseudonymizer(KEY, Realm("a"))
    refused = "an empty or overlong identifier of a resident cannot have a pseudonym"
    assert _said(IdentifierError, lambda: names.one("resident", "")) == refused
    assert _said(IdentifierError, lambda: names.column("resident", pl.Series(["1", ""]))) == refused
    assert _said(UnknownNameError, lambda: names.one("cat", "1")).startswith("unknown kind of pseudonym 'cat'.")
    assert _said(KeyFileError, lambda: PseudonymKey(memoryview(b"x" * 31))) == "a master key has 32 bytes, not 31"
    key = memoryview(b"k" * 32)
    broken = seal.seal(b"content", key, b"c")[:-1]
    assert _said(SealError, lambda: seal.open_seal(broken, key, b"c")).startswith("the seal does not open")
    longest = "x" * 65_535
    assert names.one("resident", longest) == names.column("resident", pl.Series([longest]))[0]


def test_versions_and_derived_bytes_have_their_bounds():
    """The first version unless said, the last one taken and no later; HKDF gives 1 to 8,160 bytes."""
    assert Pseudonymizer(KEY, Realm("a")).one("resident", "1")[0] == 1
    assert Pseudonymizer(KEY, Realm("a"), 31).one("resident", "1")[0] == 31
    assert _said(VersionError, lambda: Pseudonymizer(KEY, Realm("a"), 32)) == "key version 32 is not among 1 to 31"
    assert [len(_prf.hkdf(b"k", b"", b"i", size)) for size in (1, 33, 8_160)] == [1, 33, 8_160]
    for size in (0, 8_161):
        said = f"HKDF-SHA-256 gives 1 to 8160 bytes, not {size}"
        assert _said(ValueError, lambda size=size: _prf.hkdf(b"k", b"", b"i", size)) == said
