"""The exact words, bounds and bytes that users and later versions rely on."""

import importlib
import importlib.util
import pickle
from datetime import datetime, timedelta

import polars as pl
import pyarrow as pa
import pytest

from simulator.clock import JST
from simulator.errors import ExistsError, MissingError
from simulator.pseudonym import Passphrase, Pseudonymizer, PseudonymKey, Realm, from_text, pseudonymizer, seal, vault
from simulator.pseudonym.errors import ApprovalError, KeyFileError, PassphraseError
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.reidentify import Answer, Glass, Inquiry, break_glass

KEY = PseudonymKey.insecure()
NOW = datetime(2025, 4, 1, 9, tzinfo=JST)
# Made by version 0.1.0 with random nonce and salt; whatever comes later must still open them.
SEALED = bytes.fromhex(
    "4a4b5345414c310aa548de09b71a8b1a699241d3b54bcb6f56ebefcfd65768432c20c3342b865c73c2c2a510138342152cb0"
)
LOCKED = bytes.fromhex(
    "04800e54d091be5ac28bf0c26824f386114a4b5345414c310ac184536ffffb8932601c3573018cb5741714a40aa94b4d0c903ac803b83b2e15"
    "db5f00b1422dbaba3f8b"
)


def test_seals_of_the_first_version_open():
    """The form of a seal and of a lock, with scrypt's r = 8 and p = 1, is kept."""
    assert bytes(seal.open_seal(SEALED, KEY.derive(b"golden"), b"golden context")) == b"golden content"
    words = Passphrase.of("golden passphrase of the seal")
    assert bytes(seal.unlock(LOCKED, words, b"golden context")) == b"golden content"


def test_reprs_are_these():
    """What is shown of each thing that holds a secret."""
    assert repr(KEY) == "<PseudonymKey insecure 59200bb9>"
    key = PseudonymKey.generate()
    assert repr(key) == f"<PseudonymKey secret {key.fingerprint[:8]}>"
    maker = Pseudonymizer(KEY, Realm("a/b"), 3)
    assert repr(maker) == "<Pseudonymizer a/b version 3>"
    assert repr(maker._function("staff")) == "<Prf>"
    assert repr(Passphrase.of("x")) == "<Passphrase>"
    inquiry = Inquiry("R1", "a", b"\1" * 16, Realm("a/b"), "audit", "C", "L", NOW)
    assert [repr(Answer(inquiry, found)) for found in ("1", None)] == ["<Answer R1 found>", "<Answer R1 not found>"]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (KEY, "a PseudonymKey cannot be pickled; give the other process the path of its file"),
        (
            Pseudonymizer(KEY, Realm("a")),
            "a Pseudonymizer cannot be pickled; make one in the other process from the key's file",
        ),
        (Pseudonymizer(KEY, Realm("a"))._function("staff"), "a keyed function cannot be pickled"),
        (Passphrase.of("x"), "a Passphrase cannot be pickled"),
    ],
    ids=["key", "pseudonymizer", "function", "passphrase"],
)
def test_refusals_to_be_pickled_say_what_would_do(held, words):
    """The message is exactly this."""
    with pytest.raises(TypeError) as caught:
        pickle.dumps(held)
    assert str(caught.value) == words


def _said(error, step):
    with pytest.raises(error) as caught:
        step()
    return str(caught.value)


def test_approvals_say_what_is_forbidden():
    """Every rule of dual control and break-glass has its sentence."""
    inquiry = Inquiry("R1", "a", b"\1" + b"\2" * 15, Realm("a/b"), "audit", "C", "L", NOW)
    one = inquiry.approve("b", NOW)
    two = one.approve("c", NOW)
    glass = Glass("G1", "a", "I", "r", NOW)
    people, late = pl.Series(["1"]), NOW + timedelta(hours=24)
    said = [
        _said(ApprovalError, lambda: inquiry.approve("a", NOW)),
        _said(ApprovalError, lambda: one.approve("b", NOW)),
        _said(ApprovalError, lambda: two.approve("d", NOW)),
        _said(ApprovalError, lambda: one.approve("c", late)),
        _said(ApprovalError, lambda: two.answered(NOW).approve("d", NOW)),
        _said(ApprovalError, lambda: one.answer(Pseudonymizer(KEY, Realm("a/b")), people, NOW)),
        _said(ApprovalError, lambda: two.answer(Pseudonymizer(KEY, Realm("x")), people, NOW)),
        _said(ApprovalError, lambda: two.answer(Pseudonymizer(KEY, Realm("a/b"), 2), people, NOW)),
        _said(ApprovalError, lambda: glass.require_open("b", NOW)),
        _said(ApprovalError, lambda: glass.require_open("a", NOW + timedelta(minutes=60))),
        _said(ApprovalError, lambda: glass.review("a")),
        _said(ApprovalError, lambda: break_glass((glass, Glass("G2", "b", "I", "r", NOW)), glass)),
        _said(ApprovalError, lambda: break_glass((), Glass("G1", " ", "I", "r", NOW))),
        _said(ApprovalError, lambda: Inquiry("R1", "a", b"\1" * 16, Realm("a/b"), "audit", "", "L", NOW)),
    ]
    assert said == [
        "the requester cannot approve",
        "two different approvers are wanted, each once",
        "two different approvers are wanted, each once",
        "the inquiry's window is over; make a new one",
        "the inquiry was already answered; make a new one",
        "two different approvers are wanted before the answer",
        "the key is of realm x, the pseudonym of a/b",
        "the key is version 2, the pseudonym version 1",
        "break-glass serves nobody but who broke it",
        "this use of break-glass is over; it must be reviewed before the next",
        "a use of break-glass is reviewed once, by somebody else",
        "an earlier use of break-glass awaits its review: G1, G2",
        "break-glass needs actor, incident number, reason; actor is not given",
        "an inquiry needs number, requester, purpose, case no, legal basis; case no is not given",
    ]
    assert one.approve("c", late - timedelta(milliseconds=1)).approvers == ("b", "c")
    assert two.answered(NOW).answered_at == NOW


def test_files_are_named_in_messages(tmp_path):
    """A file that is loose, missing or in the way is named."""
    path = tmp_path / "k.key"
    KEY.save(path)
    path.chmod(0o640)
    assert _said(KeyFileError, lambda: PseudonymKey.load(path)) == (
        f"{path} is open to others than its owner (mode 640); chmod 600 it"
    )
    assert _said(KeyFileError, lambda: PseudonymKey.load(tmp_path)) == f"{tmp_path} is not a plain file"
    assert _said(MissingError, lambda: PseudonymKey.load(tmp_path / "x")) == f"{tmp_path / 'x'} is missing"
    assert _said(MissingError, lambda: vault.holders(tmp_path)) == f"{tmp_path} is no vault: it has no vault.bin"
    sealed = tmp_path / "t.sealed"
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "f").write_text("x")
    words = Passphrase.of("x")
    seal.lock_folder(tmp_path / "t", sealed, words, b"c", 4)
    already = _said(ExistsError, lambda: seal.unlock_folder(sealed, tmp_path / "t", words, b"c"))
    assert already == f"{tmp_path / 't'} already exists"


def test_passphrases_have_their_bounds(tmp_path):
    """Fifteen characters are enough; only the end of a line is cut off a file's first line."""
    assert Passphrase.of("x" * 15).require_strong()
    assert _said(PassphraseError, lambda: Passphrase.of("x" * 14).require_strong()) == (
        "a new passphrase has at least 15 characters; a sentence is easy to keep"
    )
    assert _said(PassphraseError, lambda: Passphrase.of(" ")) == "an empty passphrase opens nothing and seals nothing"
    path = tmp_path / "words"
    path.touch(0o600)
    path.write_bytes(b" kept X \r\nsecond")
    assert Passphrase.read(path).reveal() == " kept X "


def test_look_alikes_are_read_as_the_digits():
    """O and o are 0; I, i, L and l are 1, as Crockford has it."""
    text = "14GZQ65V021AGGE6S0NADHWBY0"
    for zero in "oO":
        assert from_text(text.replace("0", zero)) == from_text(text)
    for one in "iIlL":
        assert from_text(text.replace("1", one)) == from_text(text)


def test_spellings_are_as_they_are_written():
    """Base 64 without its padding, so that it is found with and without."""
    plain, url = PseudonymKey(memoryview(b"\xfb\xff" * 16)).spellings()[3:5]
    assert plain == b"+//7//v/+//7//v/+//7//v/+//7//v/+//7//v/+/8"
    assert url == b"-__7__v_-__7__v_-__7__v_-__7__v_-__7__v_-_8"


def test_keys_differ_in_tables():
    """Different keys have different hashes."""
    assert hash(KEY) != hash(KEY.successor())
    assert hash(KEY) == hash(PseudonymKey.insecure())


def test_a_keyring_is_made_once(tmp_path):
    """A new keyring file is private and never written over."""
    ring = Keyring.of(KEY)
    ring.create(tmp_path / "ring")
    assert (tmp_path / "ring").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ExistsError):
        ring.create(tmp_path / "ring")
    assert Keyring.load(tmp_path / "ring") == ring


def test_the_kernel_is_loaded_where_it_is_repaid(monkeypatch):
    """Many identifiers to come load it, few do not, and without numba nothing is tried."""
    loaded = []
    monkeypatch.setattr(importlib, "import_module", loaded.append)
    pseudonymizer.expect(pseudonymizer.FAST_FROM - 1)
    assert loaded == []
    pseudonymizer.expect(pseudonymizer.FAST_FROM)
    assert loaded == ["simulator.pseudonym._fast"]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    pseudonymizer.expect(pseudonymizer.FAST_FROM)
    assert len(loaded) == 1


def test_the_kernel_is_taken_for_what_it_can_take(monkeypatch):
    """Short identifiers go to the kernel, kanji too; empty and long ones do not; few are not worth its loading."""
    texts = pa.array(["1", "x" * 52, "佐", "", "x" * 53], type=pa.large_string())
    assert pseudonymizer._fits(texts).tolist() == [True, True, True, False, False]
    monkeypatch.setattr(pseudonymizer, "FAST_FROM", 2)
    assert [pseudonymizer._repays(count) for count in (1, 2)] == [False, True]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "numba" else 1)
    assert not pseudonymizer._repays(2)
