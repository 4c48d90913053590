"""Seals: AES-256-GCM under a key, or under a passphrase by scrypt. A seal opens whole or not at all.

Seal whole files or folders, not rows. The nonce is random, so one key may make at most 2^32 seals.

Source: NIST SP 800-38D, sections 8.2.2 and 8.3; RFC 7914.
"""

import contextlib
import io
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

from Crypto.Cipher import AES
from Crypto.Protocol.KDF import scrypt

from simulator.errors import ExistsError, StorageError
from simulator.pseudonym import _secret_file
from simulator.pseudonym.errors import SealError
from simulator.pseudonym.passphrase import Passphrase

MAGIC = b"JKSEAL1\n"
_NONCE, _TAG, _SALT = 12, 16, 16
_HEAD = len(MAGIC) + _NONCE + _TAG
# Source: RFC 7914 and OWASP's password storage sheet: N = 2^17, r = 8, p = 1 (128 MiB, 0.3 s here).
SCRYPT_LOG2_N = 17
_SCRYPT_LOG2_MAX = 19  # half a gigabyte: a changed byte must not ask for more
_MESSAGE = "the seal does not open: a wrong key, passphrase or place, or changed bytes"


def seal(content: bytes | memoryview, key: memoryview, context: bytes) -> bytes:
    """`content` sealed under a `key` of 32 bytes; `context` names its use and must be given again to open it."""
    cipher = AES.new(bytes(key), AES.MODE_GCM, nonce=secrets.token_bytes(_NONCE), mac_len=_TAG)
    cipher.update(MAGIC + context)
    sealed, tag = cipher.encrypt_and_digest(content)
    return MAGIC + cipher.nonce + tag + sealed


def open_seal(sealed: bytes, key: memoryview, context: bytes) -> memoryview:
    """What `seal` was given.

    Raises:
        SealError: the key, the context or any bit is another.
    """
    opened = _open(sealed, key, context)
    if opened is None:
        raise SealError(_MESSAGE)
    return opened


def _open(sealed: bytes, key: memoryview, context: bytes) -> memoryview | None:
    if len(sealed) < _HEAD or not sealed.startswith(MAGIC):
        return None
    nonce, tag = sealed[len(MAGIC) : len(MAGIC) + _NONCE], sealed[len(MAGIC) + _NONCE : _HEAD]
    cipher = AES.new(bytes(key), AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
    cipher.update(MAGIC + context)
    try:
        return memoryview(cipher.decrypt_and_verify(sealed[_HEAD:], tag))
    except ValueError:
        return None


def lock(content: bytes | memoryview, passphrase: Passphrase, context: bytes, log2_n: int = SCRYPT_LOG2_N) -> bytes:
    """`content` sealed under a `passphrase`; 2^`log2_n` is scrypt's cost."""
    head = bytes([log2_n]) + secrets.token_bytes(_SALT)
    return head + seal(content, _stretch(passphrase, head), head + context)


def unlock(locked: bytes, passphrase: Passphrase, context: bytes) -> memoryview:
    """What `lock` was given.

    Raises:
        SealError: the passphrase, the context or any bit is another.
    """
    head = locked[: 1 + _SALT]
    if len(head) <= _SALT or not 1 <= head[0] <= _SCRYPT_LOG2_MAX:
        raise SealError(_MESSAGE)
    return open_seal(locked[1 + _SALT :], _stretch(passphrase, head), head + context)


def _stretch(passphrase: Passphrase, head: bytes) -> memoryview:
    stretched = scrypt(passphrase.reveal(), head[1:], 32, N=1 << head[0], r=8, p=1)
    return memoryview(stretched)


def seal_folder(folder: Path, path: Path, key: memoryview, context: bytes) -> None:
    """Write all files of `folder` sealed under `key` to the new private file `path`.

    Raises:
        ExistsError: `path` is already there.
        StorageError: the disk would not take it.
    """
    _secret_file.create(path, memoryview(seal(_pack(folder), key, context)))


def open_folder(path: Path, folder: Path, key: memoryview, context: bytes) -> None:
    """Write the files sealed in `path` to the new `folder`.

    Raises:
        SealError: the key, the context or any bit is another; nothing is written.
        ExistsError: `folder` is already there.
        KeyFileError: `path` is open to others.
        StorageError: the disk would not take it; nothing is left.
    """
    _unpack(open_seal(_secret_file.read(path), key, context), folder)


def lock_folder(folder: Path, path: Path, passphrase: Passphrase, context: bytes, log2_n: int = SCRYPT_LOG2_N) -> None:
    """Write all files of `folder`, such as ``RUN.truth``, sealed under a `passphrase` to the new private file `path`.

    Raises:
        ExistsError: `path` is already there.
        StorageError: the disk would not take it.
    """
    _secret_file.create(path, memoryview(lock(_pack(folder), passphrase, context, log2_n)))


def unlock_folder(path: Path, folder: Path, passphrase: Passphrase, context: bytes) -> None:
    """Write the files sealed in `path` by `lock_folder` to the new `folder`.

    Raises:
        SealError, ExistsError, KeyFileError, StorageError: as `open_folder`.
    """
    _unpack(unlock(_secret_file.read(path), passphrase, context), folder)


def unlock_files(path: Path, passphrase: Passphrase, context: bytes) -> dict[str, memoryview]:
    """The files sealed in `path` by `lock_folder`, by name; nothing is written to the disk.

    Raises:
        SealError, KeyFileError: as `open_folder`.
    """
    opened = unlock(_secret_file.read(path), passphrase, context)
    with tarfile.open(fileobj=io.BytesIO(opened), mode="r") as archive:
        return {name: memoryview(archive.extractfile(name).read()) for name in archive.getnames()}  # type: ignore[union-attr] # only files were packed


def _pack(folder: Path) -> memoryview:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.add(file, file.relative_to(folder).as_posix())
    return packed.getbuffer()


def _unpack(packed: memoryview, folder: Path) -> None:
    if folder.exists():
        msg = f"{folder} already exists"
        raise ExistsError(msg)
    with _drafted(folder) as draft, tarfile.open(fileobj=io.BytesIO(packed), mode="r") as archive:
        archive.extractall(draft, filter="data")


@contextlib.contextmanager
def _drafted(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` when it is whole and is gone otherwise."""
    draft = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        yield draft
        draft.rename(folder)
    except tarfile.TarError as error:
        raise SealError("the seal opens, but what is in it is no folder that lock_folder packed") from error
    except OSError as error:
        msg = f"{folder} could not be written: {error.strerror}"
        raise StorageError(msg) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
