"""The master key: 32 bytes that can be used and saved to a private file, but not printed, pickled or copied out."""

import base64
import re
import secrets
from pathlib import Path
from typing import NoReturn, Self

from simulator.pseudonym import _prf, _secret_file
from simulator.pseudonym.errors import DamagedKeyError, KeyFileError

SIZE = 32
SALT = b"jukisim/pseudonym/v1"
_HEADER = "jukisim-pseudonym-key-v1"
_FORM = re.compile(rb"jukisim-pseudonym-key-v1 ([0-9a-f]{64}) ([0-9a-f]{16})\n?")
_INSECURE = bytes(range(SIZE))
_CHECK_BYTES = 8


def length_value(text: bytes) -> bytes:
    """LV of specification P1: the length in two bytes, big-endian, then the text."""
    return len(text).to_bytes(2, "big") + text


class PseudonymKey:
    """A master key. Make it by `generate`, `load`, or `insecure` for data whose pseudonyms need not be secret.

    >>> PseudonymKey.insecure()
    <PseudonymKey insecure 59200bb9>
    """

    __slots__ = ("_master",)

    def __init__(self, master: memoryview) -> None:
        """Hold 32 bytes; the named constructors are the way in.

        Raises:
            KeyFileError: there are not 32.
        """
        self._master = master  # first, so that a crash report can show the object, which shows nothing
        if master.nbytes != SIZE:
            msg = f"a master key has {SIZE} bytes, not {master.nbytes}"
            raise KeyFileError(msg)

    @classmethod
    def insecure(cls) -> Self:
        """The published key 00 01 … 1f: anyone can undo its pseudonyms."""
        return cls(memoryview(_INSECURE))

    @classmethod
    def generate(cls) -> Self:
        """A new key from the operating system's randomness."""
        return cls(memoryview(secrets.token_bytes(SIZE)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """The key in the private file `path`.

        Raises:
            MissingError: there is no such file.
            KeyFileError: it is readable by others, or is not a key file.
            DamagedKeyError: its check value does not agree.
        """
        key = cls._parse(_secret_file.read(path))
        if key is None:
            msg = f"{path} is not a key file; make one by jukisim keys new"
            raise KeyFileError(msg)
        if not key[1]:
            msg = f"{path} is damaged: its check value does not agree with its key"
            raise DamagedKeyError(msg)
        return key[0]

    @classmethod
    def _parse(cls, content: bytes) -> tuple[Self, bool] | None:
        form = _FORM.fullmatch(content)
        if form is None:
            return None
        key = cls(memoryview(bytes.fromhex(form[1].decode())))
        return key, key.fingerprint == form[2].decode()

    def save(self, path: Path) -> None:
        """Write the key to the new private file `path` (mode 600).

        Raises:
            ExistsError: `path` is already there.
            StorageError: the disk would not take it.
        """
        text = f"{_HEADER} {self._master.hex()} {self.fingerprint}\n"
        _secret_file.create(path, memoryview(text.encode()))

    def reveal(self) -> str:
        """The key itself in hexadecimal digits: only for what goes into a private file or a seal at once."""
        return self._master.hex()

    def spellings(self) -> tuple[bytes, ...]:
        """The ways in which the key may be written somewhere: only for looking whether it is."""
        raw = bytes(self._master)
        texts = (
            base64.b64encode(raw).rstrip(b"="),
            base64.urlsafe_b64encode(raw).rstrip(b"="),
            repr(raw)[2:-1].encode(),
        )
        return raw, raw.hex().encode(), raw.hex().upper().encode(), *dict.fromkeys(texts)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that tell keys apart and tell nothing about them: for manifests."""
        return _prf.tag(self._master, b"jukisim/pseudonym/check/v1")[:_CHECK_BYTES].hex()

    @property
    def is_insecure(self) -> bool:
        """Whether this is the published key."""
        return _prf.same(self._master, _INSECURE)

    def derive(self, info: bytes, length: int = SIZE) -> memoryview:
        """`length` bytes (HKDF-SHA-256) for the use that `info` names, as unprintable as the key."""
        return memoryview(_prf.hkdf(self._master, SALT, info, length))

    def successor(self) -> Self:
        """The key of the next version, made from this one; the way back does not exist."""
        return type(self)(self.derive(b"jukisim/pseudonym/successor/v1"))

    def __eq__(self, other: object) -> bool:
        """Whether `other` is the same key."""
        return isinstance(other, PseudonymKey) and _prf.same(self._master, other._master)

    def __hash__(self) -> int:
        """By check value."""
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        """A text that names the key without telling it."""
        return f"<{type(self).__name__} {'insecure' if self.is_insecure else 'secret'} {self.fingerprint[:8]}>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: always.
        """
        raise TypeError("a PseudonymKey cannot be pickled; give the other process the path of its file")
