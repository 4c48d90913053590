"""Realms: the space in which a pseudonym means something. Two realms' pseudonyms cannot be joined."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from simulator.pseudonym.errors import RealmError

_FORM = re.compile(r"[^\s/]+(/[^\s/]+)*")
_BYTES_MAX = 255

KINDS = frozenset({"resident", "household", "staff", "terminal", "surname", "search", "case"})
"""What a pseudonym can stand for; each kind has its own key within a realm."""


@dataclass(frozen=True, slots=True)
class Realm:
    """An institution and sector, as ``jp.sim/482012/audit``: parts without white space between ``/``, kept in NFC."""

    text: str

    def __post_init__(self) -> None:
        """Bring the text to NFC and check it.

        Raises:
            RealmError: it is empty, has white space, control characters or empty parts, or exceeds 255 bytes.
        """
        text = unicodedata.normalize("NFC", self.text)
        if not (_FORM.fullmatch(text) and text.isprintable() and len(text.encode()) <= _BYTES_MAX):
            msg = f"realm {self.text[:40]!r} is not well-formed; write it as jp.sim/482012/audit, at most 255 bytes"
            raise RealmError(msg)
        object.__setattr__(self, "text", text)

    @classmethod
    def audit(cls, municipality: str) -> Self:
        """The realm of a municipality's audit log and of the tables its auditor joins with it."""
        return cls(f"jp.sim/{municipality}/audit")

    @classmethod
    def section(cls, municipality: str, section: str) -> Self:
        """The realm of one section's own tables."""
        return cls(f"jp.sim/{municipality}/section/{section}")

    @classmethod
    def export(cls, name: str) -> Self:
        """The realm of one export, by a name used once: no two exports can be joined."""
        return cls(f"jp.sim/export/{name}")

    def __str__(self) -> str:
        """The text."""
        return self.text
