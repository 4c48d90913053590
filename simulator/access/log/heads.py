"""Heads of logs, given away and taken back: with or without a signature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.access.log import note
from simulator.access.log.checkpoint import ORIGIN, Checkpoint
from simulator.access.log.proofs import head, logs
from simulator.access.log.verification import Finding, verify_log
from simulator.errors import MissingError, UnknownNameError, UsageError
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.sign import SigningKey

USE = "checkpoint"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A head to be kept elsewhere, and the key by which its signature is checked, if it has one."""

    content: bytes
    verifier: str | None


def seal_head(folder: Path, municipality: str | None, key: Path | None) -> Sealed:
    """The head of a log, signed by the key in the private file `key` if given.

    Raises:
        UsageError: the run has several logs and none is named, or not the named one.
        MissingError: there is no log, or no key file.
    """
    codes = logs(folder)
    if municipality is None and len(codes) > 1:
        msg = f"{folder} has {len(codes)} logs; name one with --municipality: {', '.join(codes[:10])}"
        raise UsageError(msg)
    if municipality is not None and municipality not in codes:
        raise UnknownNameError("municipality", municipality, codes, str(folder))
    code = municipality or codes[0]
    return seal_text(head(folder, code).to_bytes(), ORIGIN + code, key)


def seal_text(text: bytes, name: str, key: Path | None) -> Sealed:
    """The `text` of a head of the log `name`, signed by the key in the private file `key` if given.

    Raises:
        MissingError, KeyFileError: there is no key file, or it is none.
    """
    if key is None:
        return Sealed(text, None)
    signing = SigningKey.of(PseudonymKey.load(key), USE)
    return Sealed(note.sign(text, name, signing), note.verifier(name, signing))


def open_text(content: bytes, where: str, signer: str | None = None) -> bytes:
    """The text of the head `content` (of the file `where`), which `signer` (a verifier key) must have signed if given.

    Raises:
        SignatureError: it is not signed so.
    """
    return note.split(content)[0] if signer is None else note.check(content, signer, where)


def read_head(path: Path, signer: str | None = None) -> Checkpoint:
    """The head in the file `path`, which `signer` (a verifier key) must have signed if given.

    Raises:
        MissingError: there is no such file.
        DamagedError: it is not a head.
        SignatureError: it is not signed so.
    """
    return Checkpoint.parse(open_text(_bytes(path), str(path), signer), str(path))


def read_text(path: Path) -> str:
    """A text file, such as a proof.

    Raises:
        MissingError: there is no such file.
    """
    return _bytes(path).decode("utf-8", "replace")


def verify_logs(folder: Path, kept: Sequence[Checkpoint]) -> Iterator[Finding]:
    """What is wrong with the logs of the run `folder`, each by itself and against the heads that were `kept`.

    Raises:
        MissingError: there is no log.
        UsageError: a head is of a log that the run does not have.
    """
    codes = logs(folder)
    for each in kept:
        if each.municipality not in codes:
            msg = f"the head is of the log of {each.municipality}; {folder} has {', '.join(codes[:10])}"
            raise UsageError(msg)
    for code in codes:
        mine = [each for each in kept if each.municipality == code]
        if not mine:
            yield from verify_log(folder, code)
        for each in mine:
            yield from verify_log(folder, code, each.events, each.root_text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        msg = f"there is no file {path}"
        raise MissingError(msg) from error
