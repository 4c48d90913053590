"""Rotation in time: key versions that follow one another over the days of a log, with an overlap for look-ups.

A new version cuts what can be followed over months: whoever has the log alone cannot tell that two pseudonyms of two
versions mean one person. What both versions share (a case number, a terminal, a rare household) still can tell.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Self

import polars as pl

from simulator.clock import Window, day_start_ms
from simulator.pseudonym.errors import VersionError
from simulator.pseudonym.key import PseudonymKey
from simulator.pseudonym.keyring import Keyring, State
from simulator.pseudonym.pseudonymizer import Pseudonymizer
from simulator.pseudonym.realm import Realm
from simulator.pseudonym.text import VERSION_MAX


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each version begins.

    Attributes:
        starts: first day of version 1, 2 …
        end: the day after the last.
        overlap_days: for how long a version stays readable after the next one began.
    """

    starts: tuple[date, ...]
    end: date
    overlap_days: int

    @classmethod
    def of(cls, window: Window, every_days: int | None, overlap_days: int = 0) -> Self:
        """A new version every `every_days` days of `window`; without it one for the whole.

        Raises:
            VersionError: `every_days` is below 1, `overlap_days` below 0, or more versions are needed than there are.
        """
        step = window.day_count if every_days is None else every_days
        if step < 1 or overlap_days < 0:
            raise VersionError("a rotation needs at least one day between versions, and an overlap of no days or more")
        count = -(-window.day_count // step)
        if count > VERSION_MAX:
            msg = (
                f"a new key version every {step} days makes {count} versions in {window.day_count} days; "
                f"there are {VERSION_MAX}: rotate every {-(-window.day_count // VERSION_MAX)} days or more"
            )
            raise VersionError(msg)
        return cls(tuple(window.start + timedelta(days=step * i) for i in range(count)), window.end, overlap_days)

    def ring(self, key: PseudonymKey) -> Keyring:
        """The keyring that begins with `key`, as it stands when the last day is over."""
        ring = Keyring.of(key)
        for number, (start, later) in enumerate(list(zip(self.starts, self._keys(key), strict=True))[1:], 1):
            ring = ring.rotate(later)
            if start + timedelta(days=self.overlap_days) <= self.end:
                ring = ring.move(number, State.RETIRED)
        return ring

    def epochs(self, key: PseudonymKey, realm: Realm) -> "Epochs":
        """The pseudonymizers of `realm`, one for each version."""
        makers = tuple(Pseudonymizer(each, realm, number) for number, each in enumerate(self._keys(key), 1))
        return Epochs(self.starts, makers, self.overlap_days)

    def _keys(self, key: PseudonymKey) -> list[PseudonymKey]:
        """The key of each version: each is made from the one before, and tells nothing of it."""
        return list(accumulate(self.starts[1:], lambda last, _: last.successor(), initial=key))


@dataclass(frozen=True, slots=True)
class Epochs:
    """The pseudonymizers of one realm, each from its first day to the day before the next one's.

    Attributes:
        starts: first day of each.
        makers: the pseudonymizers, as many.
        overlap_days: for how long tables name people under an older version too.
    """

    starts: tuple[date, ...]
    makers: tuple[Pseudonymizer, ...]
    overlap_days: int = 0

    @classmethod
    def single(cls, maker: Pseudonymizer) -> Self:
        """One version for all days."""
        return cls((date.min,), (maker,))

    def __len__(self) -> int:
        """How many versions."""
        return len(self.makers)

    def places(self, at: pl.Series) -> pl.Series:
        """Which version, from 0, holds at each instant of `at` (Datetime), UInt32."""
        if len(self) == 1:
            return pl.zeros(len(at), dtype=pl.UInt32, eager=True)
        later = [day_start_ms(start) for start in self.starts[1:]]
        bounds = pl.Series(later, dtype=pl.Int64)
        return bounds.search_sorted(at.dt.epoch("ms"), "right").cast(pl.UInt32)

    def place(self, day: date) -> int:
        """Which version, from 0, holds on `day`."""
        return max(bisect_right(self.starts, day) - 1, 0)

    def spans(self) -> pl.DataFrame:
        """One row per version: ``epoch`` from 0, first day ``since``, the day after ``until``; open at the ends."""
        until = [*self.starts[1:], None]
        since = [None, *self.starts[1:]]
        return pl.DataFrame(
            {"epoch": range(len(self)), "since": since, "until": until},
            schema={"epoch": pl.UInt32, "since": pl.Date, "until": pl.Date},
        )

    def column(self, kind: str, identifiers: pl.Series, places: pl.Series) -> pl.Series:
        """The pseudonym of each of `identifiers` under the version that `places` names for its row.

        Raises:
            IdentifierError: an identifier is empty or exceeds 65,535 bytes.
        """
        if len(self) == 1:
            return self.makers[0].column(kind, identifiers)
        parts = []
        for number, maker in enumerate(self.makers):
            rows = (places == number).arg_true()
            made = maker.column(kind, identifiers.gather(rows))
            parts.append(pl.DataFrame({"row": rows, "token": made}))
        return pl.concat(parts).sort("row")["token"].alias(identifiers.name)

    def every(self, kind: str, identifiers: pl.Series) -> pl.Series:
        """The pseudonyms of all `identifiers` under version 1, then under version 2 …, end to end."""
        return pl.concat([maker.column(kind, identifiers) for maker in self.makers])
