"""Seals, signatures, the keyring and the vault."""

import pickle

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import ExistsError, MissingError, StorageError
from simulator.pseudonym import PseudonymKey, Realm, seal, vault
from simulator.pseudonym.errors import (
    DamagedKeyError,
    KeyFileError,
    PassphraseError,
    SealError,
    ShareError,
    SignatureError,
    VersionError,
)
from simulator.pseudonym.keyring import Keyring, State
from simulator.pseudonym.passphrase import Passphrase
from simulator.pseudonym.sign import SigningKey, verify_signature

REALM = Realm("jp.sim/482012/audit")
HOLDERS = {name: Passphrase.of(text) for name, text in (("sato", "one"), ("suzuki", "two"), ("takahashi", "three"))}
OTHER = Passphrase.of("wrong")
CHEAP = 4
"""scrypt's cost in tests: 2^4."""


def _flips(content: bytes):
    for i in range(len(content) * 8):
        yield content[: i // 8] + bytes([content[i // 8] ^ (1 << i % 8)]) + content[i // 8 + 1 :]


@pytest.fixture
def ring():
    """A keyring of one active version."""
    return Keyring.of(PseudonymKey.generate())


@pytest.fixture
def folder(tmp_path, ring):
    """A vault of that keyring."""
    vault.create(tmp_path / "vault", ring, HOLDERS, CHEAP)
    return tmp_path / "vault"


def _two(*names):
    return {name: HOLDERS[name] for name in names}


@given(content=st.binary(max_size=200), context=st.binary(max_size=20))
def test_seals_open_with_the_same_key_and_context_only(content, context):
    """What was sealed comes back, and neither with another key nor with another context."""
    key, other = (PseudonymKey.generate().derive(b"x") for _ in range(2))
    sealed = seal.seal(content, key, context)
    assert bytes(seal.open_seal(sealed, key, context)) == content
    for wrong_key, wrong_context in ((other, context), (key, context + b"x")):
        with pytest.raises(SealError):
            seal.open_seal(sealed, wrong_key, wrong_context)


def test_no_changed_bit_of_a_vault_is_accepted(folder):
    """Each bit of the vault, flipped, keeps it shut."""
    path, key = folder / "vault.bin", vault._vault_key(vault._secret(folder, _two("sato", "suzuki")))
    whole = path.read_bytes()
    for changed in (*_flips(whole), b"", whole[:20], whole + b"x"):
        path.write_bytes(changed)
        with pytest.raises(SealError):
            vault._ring(folder, key)
    with pytest.raises(SealError):
        vault.open_vault(folder, _two("sato", "suzuki"))


def test_no_changed_bit_of_a_share_is_accepted(folder):
    """Each bit of each share, flipped, keeps the vault shut."""
    for holder, passphrase in HOLDERS.items():
        path = folder / "shares" / f"{holder}.bin"
        locked = path.read_bytes()
        for changed in (*_flips(locked), b"", locked[:30]):
            with pytest.raises(SealError):
                seal.unlock(changed, passphrase, b"jukisim/vault/share/v1/" + holder.encode())


@pytest.mark.parametrize("pair", [("sato", "suzuki"), ("suzuki", "takahashi"), ("takahashi", "sato")])
def test_any_two_holders_open_the_vault(folder, ring, pair):
    """Each pair of holders gets the keyring."""
    assert vault.open_vault(folder, _two(*pair)) == ring


@pytest.mark.parametrize(
    ("passphrases", "error"),
    [
        ({}, ShareError),
        (_two("sato"), ShareError),
        (HOLDERS, ShareError),
        (_two("sato") | {"nobody": OTHER}, ShareError),
        (_two("sato") | {"../sato": OTHER}, ShareError),
        (_two("sato") | {"suzuki": OTHER}, SealError),
    ],
)
def test_wrong_holders_are_refused(folder, passphrases, error):
    """Too few, too many, unknown or mistaken holders do not open the vault, and no message repeats a passphrase."""
    with pytest.raises(error) as caught:
        vault.open_vault(folder, passphrases)
    assert "wrong" not in str(caught.value).replace("a wrong key", "")


def test_shares_that_do_not_belong_are_refused(folder, tmp_path, ring):
    """A share of another vault, or one share under two names, does not open the vault."""
    vault.create(tmp_path / "other", ring, HOLDERS, CHEAP)
    stray = (tmp_path / "other" / "shares" / "suzuki.bin").read_bytes()
    (folder / "shares" / "suzuki.bin").write_bytes(stray)
    with pytest.raises(SealError):
        vault.open_vault(folder, _two("sato", "suzuki"))
    share = seal.unlock((folder / "shares" / "sato.bin").read_bytes(), HOLDERS["sato"], b"jukisim/vault/share/v1/sato")
    twin = seal.lock(share, HOLDERS["suzuki"], b"jukisim/vault/share/v1/suzuki", CHEAP)
    (folder / "shares" / "suzuki.bin").write_bytes(twin)
    with pytest.raises(SealError, match="belong"):
        vault.open_vault(folder, _two("sato", "suzuki"))


def test_a_vault_is_made_whole_or_not_at_all(folder, ring, tmp_path, monkeypatch):
    """Bad holders, an existing folder or a failing disk leave no half vault."""
    for holders in (
        _two("sato"),
        dict.fromkeys(HOLDERS, OTHER),
        dict(zip(("a/b", "c", "d"), HOLDERS.values(), strict=True)),
    ):
        with pytest.raises(ShareError):
            vault.create(tmp_path / "new", ring, holders, CHEAP)
    with pytest.raises(ExistsError):
        vault.create(folder, ring, HOLDERS, CHEAP)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError):
        vault.create(tmp_path / "new", ring, HOLDERS, CHEAP)
    before = (folder / "vault.bin").read_bytes()
    with pytest.raises(StorageError):
        vault.change(folder, ring, _two("sato", "suzuki"))
    assert (folder / "vault.bin").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]
    assert sorted(p.name for p in folder.iterdir()) == ["shares", "vault.bin"]


def test_a_vault_can_be_changed(folder, ring):
    """Two holders put a rotated keyring in; a vault that holds something else is refused."""
    rotated = ring.rotate(PseudonymKey.generate())
    vault.change(folder, rotated, _two("sato", "suzuki"))
    assert vault.open_vault(folder, _two("suzuki", "takahashi")) == rotated
    key = vault._vault_key(vault._secret(folder, _two("sato", "suzuki")))
    (folder / "vault.bin").write_bytes(seal.seal(b"{}", key, b"jukisim/vault/v1"))
    with pytest.raises(SealError, match="no keyring"):
        vault.open_vault(folder, _two("sato", "suzuki"))


def test_rotation_overlaps_then_shreds(ring, tmp_path):
    """During the overlap both versions read; a retired one refuses; a destroyed one is nowhere in the file."""
    first = ring.versions[0].key
    secret = first.reveal()
    rotated = ring.rotate(PseudonymKey.generate())
    assert rotated.pseudonymizer(REALM).version == 2
    older = rotated.pseudonymizer(REALM, 1).one("resident", "12345678901")
    assert older == ring.pseudonymizer(REALM).one("resident", "12345678901")
    retired = rotated.move(1, State.RETIRED)
    assert [v.number for v in rotated.readable] == [1, 2]
    assert [v.number for v in retired.readable] == [2]
    with pytest.raises(VersionError, match="retired"):
        retired.pseudonymizer(REALM, 1)
    path = tmp_path / "ring"
    retired.save(path)
    assert secret in path.read_text()
    retired.move(1, State.DESTROYED).save(path)
    assert secret not in path.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["ring"]
    with pytest.raises(VersionError, match="destroyed"):
        Keyring.load(path).pseudonymizer(REALM, 1)


def test_the_crosswalk_is_in_the_vault_alone(folder, ring):
    """Two holders learn who is who over a rotation; one alone does not; a retired version is not walked."""
    rotated = ring.rotate(PseudonymKey.generate())
    vault.change(folder, rotated, _two("sato", "suzuki"))
    people = pl.Series(["12345678901", "12345678902"])
    walk = vault.crosswalk(folder, _two("sato", "takahashi"), REALM, "resident", people, 1, 2)
    assert walk.columns == ["v1", "v2"]
    assert walk["v1"].to_list() == ring.pseudonymizer(REALM).column("resident", people).to_list()
    assert walk["v2"].to_list() == rotated.pseudonymizer(REALM).column("resident", people).to_list()
    with pytest.raises(ShareError):
        vault.crosswalk(folder, _two("sato"), REALM, "resident", people, 1, 2)
    vault.change(folder, rotated.move(1, State.RETIRED), _two("sato", "suzuki"))
    with pytest.raises(VersionError, match="retired"):
        vault.crosswalk(folder, _two("sato", "suzuki"), REALM, "resident", people, 1, 2)


def test_a_vault_names_its_holders(folder, tmp_path):
    """The three holders' names are known; a folder that is no vault is said to be none."""
    assert vault.holders(folder) == sorted(HOLDERS)
    with pytest.raises(MissingError):
        vault.holders(tmp_path)


def test_versions_move_only_forward(ring):
    """Steps back, two active versions, unknown and used-up versions are refused."""
    with pytest.raises(VersionError, match="cannot become"):
        ring.move(1, State.DESTROYED)
    with pytest.raises(VersionError, match="is active"):
        ring.add(PseudonymKey.generate()).move(2, State.ACTIVE)
    with pytest.raises(VersionError, match="does not exist"):
        ring.pseudonymizer(REALM, 2)
    empty = ring.move(1, State.RETIRED)
    with pytest.raises(VersionError, match="no key version"):
        empty.pseudonymizer(REALM)
    full = empty.rotate(PseudonymKey.generate())
    while len(full.versions) < 31:
        full = full.rotate(full.versions[-1].key.successor())
    with pytest.raises(VersionError, match="used up"):
        full.rotate(PseudonymKey.generate())


def test_bad_keyring_files_are_refused(ring, tmp_path):
    """A keyring file that is loose, cut or changed is refused."""
    path = tmp_path / "ring"
    ring.save(path)
    text = path.read_text()
    for wrong in ("", "{}", "[]", text.replace("active", "destroyed"), text.replace('"check": "', '"check": "0')):
        path.write_text(wrong)
        with pytest.raises(DamagedKeyError):
            Keyring.load(path)
    path.chmod(0o604)
    with pytest.raises(KeyFileError):
        Keyring.load(path)


def test_signatures_hold_for_their_message_and_key_only():
    """A signature verifies; a changed message, signature, key or length does not."""
    key = PseudonymKey.generate()
    signer = SigningKey.of(key, "checkpoint")
    signature = signer.sign(b"root")
    verify_signature(signer.public, b"root", signature)
    assert SigningKey.of(key, "checkpoint").sign(b"root") == signature
    other = SigningKey.of(key, "drill").public
    for public, message, wrong in (
        (other, b"root", signature),
        (signer.public, b"roof", signature),
        (signer.public, b"root", signature[:-1]),
        (b"short", b"root", signature),
    ):
        with pytest.raises(SignatureError):
            verify_signature(public, message, wrong)
    assert signer.public.hex() in repr(signer)
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_folders_are_sealed_whole(tmp_path):
    """A sealed folder comes back file by file; a damaged one writes nothing; nothing is written over."""
    folder, path, key = tmp_path / "truth", tmp_path / "truth.sealed", PseudonymKey.generate().derive(b"drill")
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "label").write_bytes(b"misuse")
    seal.seal_folder(folder, path, key, b"run")
    assert b"misuse" not in path.read_bytes()
    with pytest.raises(ExistsError):
        seal.open_folder(path, folder, key, b"run")
    with pytest.raises(SealError):
        seal.open_folder(path, tmp_path / "new", key, b"other")
    seal.open_folder(path, tmp_path / "new", key, b"run")
    assert (tmp_path / "new" / "below" / "label").read_bytes() == b"misuse"
    assert not (tmp_path / ".new.part").exists()


def test_folders_are_locked_by_passphrase(tmp_path, monkeypatch):
    """A locked folder opens in memory or on the disk by its passphrase alone; a full disk leaves nothing."""
    folder, path, right = tmp_path / "truth", tmp_path / "truth.sealed", HOLDERS["sato"]
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "label").write_bytes(b"misuse")
    seal.lock_folder(folder, path, right, b"run", CHEAP)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {name: bytes(content) for name, content in seal.unlock_files(path, right, b"run").items()} == {
        "below/label": b"misuse"
    }
    for passphrase, context in ((OTHER, b"run"), (right, b"other")):
        with pytest.raises(SealError):
            seal.unlock_files(path, passphrase, context)
        with pytest.raises(SealError):
            seal.unlock_folder(path, tmp_path / "new", passphrase, context)
    seal.unlock_folder(path, tmp_path / "new", right, b"run")
    assert (tmp_path / "new" / "below" / "label").read_bytes() == b"misuse"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(StorageError, match="No space"):
        seal.unlock_folder(path, tmp_path / "newer", right, b"run")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "truth", "truth.sealed"]


def test_passphrases_are_held_not_shown(tmp_path):
    """A passphrase is normalised, compared, refused when empty or short, and shown by nothing."""
    held = Passphrase.of("correct horse battery")
    assert held == Passphrase.of("ｃｏｒｒｅｃｔ horse battery") != OTHER
    assert held != "correct horse battery"
    assert len({held, OTHER, Passphrase.of("wrong")}) == 2
    assert held.require_strong() is held
    assert "horse" not in repr(held)
    with pytest.raises(TypeError):
        pickle.dumps(held)
    for text in ("", "   "):
        with pytest.raises(PassphraseError, match="empty"):
            Passphrase.of(text)
    with pytest.raises(PassphraseError, match="at least 15"):
        Passphrase.of("x" * 14).require_strong()
    path = tmp_path / "pass"
    path.touch(0o600)
    path.write_bytes(b"correct horse battery\r\nanother line\n")
    assert Passphrase.read(path) == held
    path.write_bytes(b"\xff")
    with pytest.raises(PassphraseError, match="UTF-8"):
        Passphrase.read(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError):
        Passphrase.read(path)
