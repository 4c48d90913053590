"""HKDF-SHA-256 and HMAC-SHA-256: the only module that imports `hmac`.

Source: RFC 2104, RFC 5869, FIPS 180-4.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import NoReturn, TypeAlias

Buffer: TypeAlias = bytes | memoryview

BLOCK = 64
DIGEST = 32
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def tag(key: Buffer, message: Buffer) -> bytes:
    """HMAC-SHA-256 of `message` under `key`, 32 bytes."""
    return hmac.digest(key, message, "sha256")


def same(one: Buffer, other: Buffer) -> bool:
    """Whether both are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def hkdf(ikm: Buffer, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256 of `ikm`, `length` bytes (1–8,160).

    Raises:
        ValueError: `length` is out of range.
    """
    if not 1 <= length <= 255 * DIGEST:
        msg = f"HKDF-SHA-256 gives 1 to {255 * DIGEST} bytes, not {length}"
        raise ValueError(msg)
    extracted = tag(salt or bytes(DIGEST), ikm)
    blocks, last = b"", b""
    for counter in range(1, -(-length // DIGEST) + 1):
        last = tag(extracted, last + info + bytes([counter]))
        blocks += last
    return blocks[:length]


class Prf:
    """HMAC-SHA-256 with the pads hashed once: two copies and two compressions for each short message."""

    __slots__ = ("_inner", "_outer", "_pads")

    def __init__(self, key: Buffer) -> None:
        """Take a `key` of any length; one of more than 64 bytes is hashed first."""
        short = hashlib.sha256(key).digest() if memoryview(key).nbytes > BLOCK else bytes(key)
        padded = short.ljust(BLOCK, b"\0")
        self._pads = (memoryview(padded.translate(_INNER)), memoryview(padded.translate(_OUTER)))
        self._inner, self._outer = (hashlib.sha256(pad) for pad in self._pads)

    def __repr__(self) -> str:
        """A text without the key."""
        return "<Prf>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled.

        Raises:
            TypeError: always.
        """
        raise TypeError("a keyed function cannot be pickled")

    @property
    def pads(self) -> tuple[memoryview, memoryview]:
        """The inner and the outer pad, 64 bytes each: as secret as the key."""
        return self._pads

    def tag(self, message: bytes) -> bytes:
        """The tag of `message`, 32 bytes."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def tags(self, messages: Iterable[bytes], size: int) -> list[bytes]:
        """The first `size` bytes of the tag of each of `messages`; sooner than one call for each."""
        begin, end, made = self._inner.copy, self._outer.copy, []
        for message in messages:
            inner, outer = begin(), end()
            inner.update(message)
            outer.update(inner.digest())
            made.append(outer.digest()[:size])
        return made
