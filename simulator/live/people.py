"""Residents by pseudonym: the handles that faces show, and the tokens of the log, each to the resident and back.

A handle is the resident's pseudonym in the realm of the municipality's desks; the log has those of its audit realm.
So an answer on a screen cannot be joined with the log by whoever saw it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator import storage
from simulator.errors import UsageError
from simulator.live.question import BadValueError
from simulator.pseudonym import Pseudonymizer
from simulator.pseudonym.errors import MalformedPseudonymError
from simulator.pseudonym.text import from_text, to_text
from simulator.registry import particulars

NOBODY = 2**32 - 1
"""A resident_no that nobody has."""
CACHED = 65_536


class TokenIndex:
    """Which resident each pseudonym of one realm means; 24 bytes a resident."""

    def __init__(self, tokens: pl.Series) -> None:
        """Index `tokens` (Binary of 16 bytes), the pseudonym of each resident_no."""
        pairs = np.frombuffer(b"".join(tokens.to_list()), dtype=">u8").reshape(-1, 2)
        high: npt.NDArray[np.uint64] = pairs[:, 0].astype(np.uint64)
        self._order = np.argsort(high, kind="stable")
        self._high, self._low = high[self._order], pairs[:, 1].astype(np.uint64)[self._order]

    def find(self, token: bytes) -> int:
        """The resident_no that `token` means, or `NOBODY`."""
        high, low = (np.uint64(int.from_bytes(part, "big")) for part in (token[:8], token[8:]))
        start, end = (int(np.searchsorted(self._high, high, side)) for side in ("left", "right"))
        for place in range(start, end):
            if self._low[place] == low:
                return int(self._order[place])
        return NOBODY


class People:
    """The residents of one municipality by their pseudonyms."""

    def __init__(
        self, connection: storage.Connection, code: str, desk: Pseudonymizer, audit: Sequence[Pseudonymizer]
    ) -> None:
        """Take the register, the municipality's code, and the pseudonymizers of desks and log.

        Those of the log are one for each version that can be read, the active one first.

        Attribute `elsewhere` gives resident and household code of a number above `NOBODY`: one of another municipality.
        """
        self._connection, self._code, self._desk, self._audit = connection, code, desk, audit[0]
        self._readable = {each.version: each for each in audit}
        self.elsewhere: Callable[[int], tuple[str, str] | None] = lambda _: None
        self._newcomers: dict[bytes, int] = {}
        self._identities: dict[int, tuple[str, str]] = {}
        self._handles: TokenIndex | None = None
        self._tokens: dict[int, TokenIndex] = {}
        self.handle = lru_cache(maxsize=CACHED)(self._handle)
        self.household = lru_cache(maxsize=CACHED)(self._household)
        self.names = lru_cache(maxsize=CACHED)(self._names)
        self._meant = lru_cache(maxsize=CACHED)(self._mean)

    def resolve(self, parameter: str, handle: str) -> int:
        """The resident_no that a `handle` means, `NOBODY` if nobody has it.

        Raises:
            BadValueError: it is no pseudonym: a wrong character, length or check character.
        """
        try:
            return self._meant(handle)
        except MalformedPseudonymError as error:
            raise BadValueError(
                parameter,
                "must be a pseudonym of 26 characters as a search shows it; a character is wrong or missing",
            ) from error

    def index(self) -> TokenIndex:
        """Who each handle means; made when first asked for, of a million residents in some seconds."""
        if self._handles is None:
            self._handles = TokenIndex(self._desk.column("resident", self._codes()))
        return self._handles

    def _mean(self, handle: str) -> int:
        return self._found(self.index(), from_text(handle))

    def _found(self, index: TokenIndex, token: bytes) -> int:
        found = index.find(token)
        return self._newcomers.get(token, NOBODY) if found == NOBODY else found

    def add(self, number: int, resident_code: str, household_no: int) -> None:
        """Know a newcomer, or who came again and has another household now."""
        for tokens in (self._desk, *self._readable.values()):
            self._newcomers[tokens.one("resident", resident_code)] = number
        self._identities[number] = resident_code, f"{self._code}{household_no:08d}"
        self._meant.cache_clear()
        self.names.cache_clear()

    def forget(self) -> None:
        """Know no newcomer."""
        self._newcomers.clear()
        self._identities.clear()
        self._meant.cache_clear()
        self.names.cache_clear()

    def by_token(self, token: bytes) -> int:
        """The resident_no that a pseudonym of the log means, `NOBODY` if nobody's."""
        version = token[0]
        if version not in self._readable:
            return NOBODY
        if version not in self._tokens:
            self._tokens[version] = TokenIndex(self._readable[version].column("resident", self._codes()))
        return self._found(self._tokens[version], token)

    def by_code(self, resident_code: str) -> int:
        """The resident_no of a resident code.

        Raises:
            UsageError: nobody here has it.
        """
        found = particulars.number(self._connection, resident_code)
        if found is None:
            found = self._newcomers.get(self._desk.one("resident", resident_code))
        if found is None:
            raise UsageError("nobody in this register has that resident code")
        return found

    def _handle(self, resident_code: str) -> str:
        """The handle of whoever has `resident_code`."""
        return to_text(self._desk.one("resident", resident_code))

    def _household(self, household_no: int) -> str:
        """The handle of a household."""
        return to_text(self._desk.one("household", f"{self._code}{household_no:08d}"))

    def _names(self, number: int) -> tuple[bytes, bytes] | None:
        """Pseudonyms in the log of the resident `number` and the household; None for nobody."""
        found = self.elsewhere(number) if number > NOBODY else self._here(number)
        if found is None:
            return None
        return self._audit.one("resident", found[0]), self._audit.one("household", found[1])

    def _here(self, number: int) -> tuple[str, str] | None:
        if number in self._identities:
            return self._identities[number]
        found = particulars.identity(self._connection, number)
        return None if found is None else (found[0], f"{self._code}{found[1]:08d}")

    def resident(self, number: int) -> bytes | None:
        """The pseudonym in the log of the resident `number`; None for nobody."""
        found = self.names(number)
        return found[0] if found else None

    def home(self, number: int) -> bytes | None:
        """The pseudonym in the log of the household of the resident `number`; None for nobody."""
        found = self.names(number)
        return found[1] if found else None

    def stranger(self, typed: str) -> bytes:
        """The pseudonym in the log of whoever typed a staff number that nobody has."""
        return self._audit.one("staff", typed)

    def search(self, text: str) -> bytes:
        """The token in the log of a text that was searched."""
        return self._audit.one("search", text)

    def _codes(self) -> pl.Series:
        return pl.Series(particulars.codes(self._connection), dtype=pl.String)
