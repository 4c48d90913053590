"""A passphrase that is held, not shown: no repr, pickle, log or traceback with local variables has it."""

import unicodedata
from pathlib import Path
from typing import NoReturn, Self

from simulator.pseudonym import _prf, _secret_file
from simulator.pseudonym.errors import PassphraseError

LENGTH_MIN = 15
"""Characters of a new one. Source: NIST SP 800-63B-4, 3.1.1.2 (a password that stands alone)."""


class Passphrase:
    """What a person types to open a seal, in Unicode's form NFKC, so that full-width letters are the narrow ones."""

    __slots__ = ("_text",)

    def __init__(self, text: memoryview) -> None:
        """Hold UTF-8 `text`; `of` and `read` are the ways in."""
        self._text = text

    @classmethod
    def of(cls, text: str) -> Self:
        """The passphrase that `text` is.

        Raises:
            PassphraseError: it is empty.
        """
        plain = unicodedata.normalize("NFKC", text)
        if not plain.strip():
            raise PassphraseError("an empty passphrase opens nothing and seals nothing")
        return cls(memoryview(plain.encode()))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The first line of the private file `path`.

        Raises:
            MissingError: there is no such file.
            KeyFileError: it is open to others.
            PassphraseError: its first line is empty or no text.
        """
        try:
            return cls.of(_secret_file.read(path).decode().partition("\n")[0].rstrip("\r"))
        except UnicodeDecodeError:
            msg = f"{path} is no text in UTF-8"
        raise PassphraseError(msg)

    def require_strong(self) -> Self:
        """This passphrase, if it is long enough for a new seal.

        Raises:
            PassphraseError: it has fewer than 15 characters.
        """
        if len(self.reveal()) < LENGTH_MIN:
            msg = f"a new passphrase has at least {LENGTH_MIN} characters; a sentence is easy to keep"
            raise PassphraseError(msg)
        return self

    def reveal(self) -> str:
        """The text itself: only for the function that stretches it."""
        return bytes(self._text).decode()

    def __eq__(self, other: object) -> bool:
        """Whether `other` is the same passphrase."""
        return isinstance(other, Passphrase) and _prf.same(self._text, other._text)

    def __hash__(self) -> int:
        """The same for all: passphrases are compared, not sorted into tables by what they are."""
        return hash(type(self))

    def __repr__(self) -> str:
        """A text without the passphrase."""
        return "<Passphrase>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: always.
        """
        raise TypeError("a Passphrase cannot be pickled")
