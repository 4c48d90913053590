"""Signed notes: a checkpoint that only the holder of a key can have written.

Source: c2sp.org/signed-note (form of a note, of a signature line, of a key's number and of a verifier key) and
c2sp.org/tlog-checkpoint (a checkpoint is a note whose first line is its origin).
"""

import base64
import binascii
import hashlib

from simulator.errors import DamagedError, UsageError
from simulator.pseudonym.errors import SignatureError
from simulator.pseudonym.sign import PUBLIC_SIZE, SigningKey, verify_signature

_ED25519 = b"\x01"
_DASH = "— "
_NUMBER_BYTES = 4


def verifier(name: str, key: SigningKey) -> str:
    """The verifier key of `key` under `name`, to be given to whoever checks: ``name+number+key``."""
    return f"{name}+{_number(name, key.public).hex()}+{base64.b64encode(_ED25519 + key.public).decode()}"


def sign(text: bytes, name: str, key: SigningKey) -> bytes:
    """`text`, which ends in a newline, as a note signed by `key` under `name`."""
    signature = base64.b64encode(_number(name, key.public) + key.sign(text)).decode()
    return text + f"\n{_DASH}{name} {signature}\n".encode()


def split(content: bytes) -> tuple[bytes, list[str]]:
    """The text of a note and its signature lines; a text without signatures has none."""
    text, parted, signatures = content.rpartition(b"\n\n")
    if not parted or not signatures.endswith(b"\n"):
        return content, []
    return text + b"\n", signatures.decode("utf-8", "replace").removesuffix("\n").split("\n")


def check(content: bytes, by: str, where: str) -> bytes:
    """The text of the note `content` (of the file `where`) if the holder of the verifier key `by` signed it.

    Raises:
        UsageError: `by` is no verifier key.
        SignatureError: it bears no signature of that key, or one that does not hold.
    """
    name, number, public = _verifier(by)
    text, lines = split(content)
    for line in lines:
        signed = _signature(line, name)
        if signed is not None and signed[:_NUMBER_BYTES] == number:
            verify_signature(public, text, signed[_NUMBER_BYTES:])
            return text
    msg = f"{where} is not signed by {name}: another key, or no signature"
    raise SignatureError(msg)


def _signature(line: str, name: str) -> bytes | None:
    if not line.startswith(f"{_DASH}{name} "):
        return None
    try:
        return base64.b64decode(line.rpartition(" ")[2], validate=True)
    except binascii.Error as error:
        msg = f"a signature line of {name} is not base64: {error}"
        raise DamagedError(msg) from error


def _verifier(by: str) -> tuple[str, bytes, bytes]:
    try:
        name, number, coded = by.strip().split("+", 2)
        held = base64.b64decode(coded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise UsageError(
            "a verifier key has the form name+number+key, as `jukisim audit head --key` says it"
        ) from error
    public = held[1:]
    if held[:1] != _ED25519 or len(public) != PUBLIC_SIZE or number != _number(name, public).hex():
        raise UsageError("this verifier key is not an Ed25519 key, or its number is not its own: copy it again")
    return name, bytes.fromhex(number), public


def _number(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_NUMBER_BYTES]
