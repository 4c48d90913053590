"""The vault: a keyring that opens only when two of three holders give their passphrases.

::

    FOLDER/vault.bin           the keyring, AES-256-GCM under HKDF(secret)
    FOLDER/shares/HOLDER.bin   one Shamir share of the secret, AES-256-GCM under scrypt(passphrase)

Shamir's `combine` gives a wrong secret without complaint; here the vault's own tag refuses it.
"""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import polars as pl
from Crypto.Protocol.SecretSharing import Shamir

from simulator.errors import ExistsError, MissingError
from simulator.pseudonym import _prf, _secret_file, seal
from simulator.pseudonym.errors import SealError, ShareError
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.passphrase import Passphrase
from simulator.pseudonym.realm import Realm

HOLDERS = 3
NEEDED = 2
_SECRET = 16  # Source: pycryptodome's Shamir works on exactly 16 bytes
_CONTEXT = b"jukisim/vault/v1"
Holders: TypeAlias = Mapping[str, Passphrase]
"""Passphrases by the name of their holder."""


def _vault_key(secret: bytes) -> memoryview:
    return memoryview(_prf.hkdf(secret, b"", b"jukisim/vault/kek/v1", 32))


def _share_context(holder: str) -> bytes:
    return b"jukisim/vault/share/v1/" + holder.encode()


def create(folder: Path, ring: Keyring, passphrases: Holders, log2_n: int = seal.SCRYPT_LOG2_N) -> None:
    """Make a vault of `ring` in `folder` for three holders with their `passphrases`; it appears whole or not at all.

    Raises:
        ShareError: there are not three holders with different passphrases and plain names.
        ExistsError: `folder` is already there.
        StorageError: the disk would not take it.
    """
    _require_holders(passphrases)
    if folder.exists():
        msg = f"{folder} already exists; a vault is never written over"
        raise ExistsError(msg)
    draft, secret = folder.with_name(f".{folder.name}.part"), secrets.token_bytes(_SECRET)
    try:
        for (number, share), (holder, passphrase) in zip(
            Shamir.split(NEEDED, HOLDERS, secret), passphrases.items(), strict=True
        ):
            locked = seal.lock(bytes([number]) + share, passphrase, _share_context(holder), log2_n)
            _secret_file.create(draft / "shares" / f"{holder}.bin", memoryview(locked))
        sealed = seal.seal(ring.pack(), _vault_key(secret), _CONTEXT)
        _secret_file.create(draft / "vault.bin", memoryview(sealed))
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _require_holders(passphrases: Holders) -> None:
    plain = all(holder.isalnum() for holder in passphrases)
    different = len(set(passphrases.values())) == HOLDERS
    if len(passphrases) != HOLDERS or not plain or not different:
        msg = f"a vault needs {HOLDERS} holders with names of letters and digits, each with a passphrase of their own"
        raise ShareError(msg)


def _secret(folder: Path, passphrases: Holders) -> bytes:
    if len(passphrases) != NEEDED:
        msg = f"{NEEDED} different holders must give their passphrases, not {len(passphrases)}"
        raise ShareError(msg)
    shares = []
    for holder, passphrase in passphrases.items():
        path = folder / "shares" / f"{holder}.bin"
        if not holder.isalnum() or not path.exists():
            raise ShareError("one of the names holds no share of this vault")
        share = seal.unlock(_secret_file.read(path), passphrase, _share_context(holder))
        shares.append((share[0], bytes(share[1:])))
    try:
        return Shamir.combine(shares)
    except ValueError:
        raise SealError("the shares do not belong together") from None


def open_vault(folder: Path, passphrases: Holders) -> Keyring:
    """The keyring, for two holders with their `passphrases`.

    Raises:
        ShareError: there are not two holders, or one holds no share.
        SealError: a passphrase is wrong or any bit was changed.
        KeyFileError: a file is open to others.
    """
    return _ring(folder, _vault_key(_secret(folder, passphrases)))


def _ring(folder: Path, key: memoryview) -> Keyring:
    ring = Keyring.unpack(seal.open_seal(_secret_file.read(folder / "vault.bin"), key, _CONTEXT))
    if ring is None:
        raise SealError("the vault holds no keyring")
    return ring


def change(folder: Path, ring: Keyring, passphrases: Holders) -> None:
    """Put `ring` in the place of the vault's keyring; the older one stays until the new one is whole on the disk.

    Raises:
        ShareError, SealError, KeyFileError: as `open_vault`.
        StorageError: the disk would not take it.
    """
    key = _vault_key(_secret(folder, passphrases))
    _ring(folder, key)
    _secret_file.replace(folder / "vault.bin", memoryview(seal.seal(ring.pack(), key, _CONTEXT)))


def crosswalk(
    folder: Path, passphrases: Holders, realm: Realm, kind: str, identifiers: pl.Series, *numbers: int
) -> pl.DataFrame:
    """Columns ``v1``, ``v2`` … of the pseudonyms of `identifiers` under the key versions `numbers`.

    It undoes what rotation is for, so two holders must open the vault each time, and it is nowhere kept.

    Raises:
        ShareError, SealError, KeyFileError: as `open_vault`.
        VersionError: a version may not be read.
    """
    ring = open_vault(folder, passphrases)
    return pl.DataFrame({f"v{n}": ring.pseudonymizer(realm, n).column(kind, identifiers) for n in numbers})


def holders(folder: Path) -> list[str]:
    """The names of those who hold a share, sorted.

    Raises:
        MissingError: there is no vault.
    """
    if not (folder / "vault.bin").is_file():
        msg = f"{folder} is no vault: it has no vault.bin"
        raise MissingError(msg)
    return sorted(path.stem for path in (folder / "shares").glob("*.bin"))
