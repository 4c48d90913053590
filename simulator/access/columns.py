"""Requests as numbers: what the gate computes with."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.clock import DAY_MS, JST_OFFSET_MS
from simulator.errors import UnknownNameError
from simulator.schema.vocabulary import ACTIONS, MATCHES, PURPOSES, SCREENS, SEARCHES, SYSTEMS, Term

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
MINUTE_MS = 60_000


def place(terms: tuple[Term, ...], *codes: str) -> Ints:
    """Places of `codes` in a vocabulary."""
    names = [term.code for term in terms]
    return np.array([names.index(code) for code in codes], dtype=np.int64)


def one_of(values: Ints, terms: tuple[Term, ...], *codes: str) -> Flags:
    """Whether each of `values` is the place of one of `codes`."""
    held = np.zeros(len(terms) + 1, dtype=np.bool_)
    held[place(terms, *codes)] = True
    return held[values]


@dataclass(frozen=True, slots=True)
class Columns:
    """Requests, each column of shape ``(n,)``; enumerations by their place, -1 for null.

    Attributes:
        at: milliseconds since 1970-01-01T00:00:00Z.
        tie: orders requests of one millisecond.
        staff: staff_no.
        terminal: place of the terminal.
        screen: on which screen.
        action: what is asked.
        purpose: the stated purpose.
        cased: whether a case number is stated.
        target: resident_no, -1 for none.
        search: place of the search, -1 for none.
        match: how it must match; 0 (exact) where not stated.
        typed: characters typed, 0 for all.
        failed: whether it is a log-on with a wrong credential.
    """

    at: Ints
    tie: Words
    staff: Ints
    terminal: Ints
    system: Ints
    screen: Ints
    action: Ints
    purpose: Ints
    cased: Flags
    target: Ints
    search: Ints
    match: Ints
    typed: Ints
    failed: Flags

    @property
    def day(self) -> Ints:
        """Days since 1970-01-01 in Japan."""
        return (self.at + JST_OFFSET_MS) // DAY_MS

    @property
    def minute(self) -> Ints:
        """Minute of the day in Japan."""
        return (self.at + JST_OFFSET_MS) % DAY_MS // MINUTE_MS

    def take(self, rows: Ints) -> Self:
        """The requests at `rows`."""
        return type(self)(*(getattr(self, name)[rows] for name in self.__slots__))

    @classmethod
    def of(cls, requests: pl.DataFrame, terminals: list[str]) -> Self:
        """The columns of a frame of the table ``request``.

        Raises:
            UnknownNameError: a terminal that the office does not have.
        """

        def number(name: str, missing: int = -1) -> Ints:
            values = requests[name].to_physical().cast(pl.Int64)
            return (values.fill_null(missing) if values.has_nulls() else values).to_numpy()

        return cls(
            number("at"),
            requests["tie"].cast(pl.UInt64).to_numpy(),
            number("staff_no"),
            _terminals(requests["terminal"], terminals),
            number("system"),
            number("screen"),
            number("action"),
            number("purpose"),
            requests["case_no"].is_not_null().to_numpy(),
            number("target"),
            number("search"),
            number("match", 0),
            number("typed", 0),
            requests["failed"].fill_null(value=False).to_numpy(),
        )


def _terminals(names: pl.Series, known: list[str]) -> Ints:
    try:
        return names.cast(pl.Enum(known)).to_physical().cast(pl.Int64).to_numpy()
    except pl.exceptions.InvalidOperationError as error:
        unknown = sorted(set(names.unique().to_list()) - set(known))
        raise UnknownNameError("terminal", str(unknown[0]), known) from error


VOCABULARY = {
    "system": SYSTEMS, "screen": SCREENS, "action": ACTIONS, "purpose": PURPOSES, "search": SEARCHES, "match": MATCHES,
}  # fmt: skip
