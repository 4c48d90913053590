"""The nation as one municipality of a run sees it: whom a search over the network finds, and what others forwarded.

What the others recorded since the run is read again at each search over the network; what they forwarded is taken in
with the first request of a day, as an office opens its post.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from simulator.dataset import Dataset, read_part
from simulator.errors import MissingError, UnknownNameError
from simulator.live.neighbour import Neighbour, Notice
from simulator.live.overlay import Overlay, Row
from simulator.live.people import NOBODY
from simulator.population.protect import ASSUMED_FORWARD_DAYS
from simulator.registry import Asked, Database, Found, Sender, forwarded, particulars, spans
from simulator.schema import PROTECTION, PROTECTION_FORWARD, RESIDENT, Table
from simulator.world.municipality import Municipality

PLACE_BITS = 32
"""A resident of another municipality has the number resident_no + place << 32, places counted from 1."""
Spans = list[tuple[date, date]]


@dataclass(slots=True)
class Nation:
    """The other municipalities of a run.

    Attributes:
        run: the run.
        own: whose view it is.
        codes: of the others, in the order of the run.
        opening: opens one of them; when first needed.
        home: the register of `own`, as the run was made.
    """

    run: Dataset
    own: Municipality
    codes: Sequence[str]
    opening: Callable[[str], Neighbour]
    home: Database
    _open: dict[str, Neighbour] | None = field(default=None)

    @property
    def neighbours(self) -> dict[str, Neighbour]:
        """Those whose register is there, by code."""
        if self._open is None:
            self._open = {code: found for code in self.codes if (found := self._opened(code)) is not None}
        return self._open

    def _opened(self, code: str) -> Neighbour | None:
        try:
            return self.opening(code)
        except (MissingError, UnknownNameError):
            return None

    def find(self, asked: Asked, own: Overlay) -> Found:
        """Whom a search finds in `own` and all the others, in the order of candidates.

        Raises:
            MissingError: the register of one of them is not there.
        """
        found = [(0, own, own.find(asked))]
        for place, neighbour in self._all():
            neighbour.refresh()
            found.append((place, neighbour.register, neighbour.register.find(asked)))
        count = min(sum(each.count for _, _, each in found), asked.most + 1)
        guarded = sum(each.guarded for _, _, each in found)
        return Found(count, guarded, self._first(found, asked) if count <= asked.most else ())

    def _all(self) -> Iterator[tuple[int, Neighbour]]:
        for place, code in enumerate(self.codes, 1):
            if code not in self.neighbours:
                msg = f"the register of {code} is not there: a search over the network asks every one of the run"
                raise MissingError(msg)
            yield place, self.neighbours[code]

    @staticmethod
    def _first(found: list[tuple[int, Overlay, Found]], asked: Asked) -> tuple[int, ...]:
        listed = [
            (row["kana_key"], row["birth_date"], (place << PLACE_BITS) + row["resident_no"])
            for place, register, each in found
            for row in register.persons(each.residents)
        ]
        return tuple(number for _, _, number in sorted(listed)[: asked.limit])

    def persons(self, numbers: Iterable[int]) -> dict[int, Row]:
        """The rows of residents of other municipalities, by number."""
        found: dict[int, Row] = {}
        for place, code in enumerate(self.codes, 1):
            theirs = [number for number in numbers if number >> PLACE_BITS == place]
            if theirs:
                rows = self.neighbours[code].register.persons([number & 2**PLACE_BITS - 1 for number in theirs])
                found |= {row["resident_no"] + (place << PLACE_BITS): row for row in rows}
        return found

    def record(self, code: str, number: int) -> Row:
        """The record of a resident of any municipality of the run, as it was made."""
        base = self.home if code == self.own.code else self.neighbours[code].register.base
        return particulars.persons(base.connection, [number])[0]

    def newcomer(self, handle: str, day: date) -> tuple[str, int] | None:
        """Which resident of which other municipality a `handle` means; the one where they live on `day`, if anywhere.

        Raises:
            BadValueError: it is no pseudonym.
            StorageError, DamagedError: the log of another municipality cannot be read.
        """
        found = []
        for code, each in self.neighbours.items():
            each.refresh()
            number = each.guests.resolve("newcomer", handle)
            if number != NOBODY:
                found.append((each.register.standing(number, day).live, (code, number)))
        return max(found, key=lambda pair: pair[0], default=(False, None))[1]

    def identity(self, number: int) -> tuple[str, str] | None:
        """Resident code and household code of a resident of another municipality."""
        code = self.codes[(number >> PLACE_BITS) - 1]
        row = self.persons([number]).get(number)
        return None if row is None else (row["resident_code"], f"{code}{row['household_no']:08d}")

    def holders(self, resident_code: str) -> dict[str, int]:
        """The other municipalities whose register has `resident_code`, with the resident_no there."""
        held = {code: each.register.number(resident_code) for code, each in self.neighbours.items()}
        return {code: number for code, number in held.items() if number is not None}

    def notices(self, own: Overlay) -> list[Notice]:
        """What the others told of residents of `own` who moved there, and nobody has closed yet.

        Raises:
            StorageError, DamagedError: the log of one of them cannot be read.
        """
        for neighbour in self.neighbours.values():
            neighbour.refresh()
        told = (notice for each in self.neighbours.values() for notice in each.moved.get(self.own.code, ()))
        return [notice for notice in told if (notice.sender, notice.event) not in own.closed]

    def post(self, resident_code: str, day: date) -> dict[str, str]:
        """To whom a measure about a resident is forwarded on `day`, and when each of them will have applied it."""
        return {
            code: (day + timedelta(days=_delay(f"{resident_code}/{code}/{day}"))).isoformat()
            for code in self.holders(resident_code)
        }

    def received(self, own: Overlay) -> dict[int, Spans]:
        """By resident_no of `own`, the days on which measures hold that others forwarded."""
        sent = forwarded(self._senders(), self.own.prefecture + self.own.name)
        for neighbour in self.neighbours.values():
            neighbour.refresh()
            for resident, measures in neighbour.sent.get(self.own.code, {}).items():
                sent.setdefault(resident, []).extend(measures)
        numbers: Mapping[str, int | None] = {code: own.number(code) for code in sent}
        return {number: spans(sent[code]) for code, number in numbers.items() if number is not None}

    def _senders(self) -> Iterator[Sender]:
        for code in self.codes:
            sent = self._read(PROTECTION_FORWARD, code)
            if (sent["municipality"] == self.own.prefecture + self.own.name).any():
                residents, measures = (self._read(table, code) for table in (RESIDENT, PROTECTION))
                yield Sender(residents, measures, sent)

    def _read(self, table: Table, code: str) -> pl.DataFrame:
        return read_part(self.run.path, "registry", table.name, code)

    def close(self) -> None:
        """Close what was opened."""
        for neighbour in (self._open or {}).values():
            neighbour.close()


def _delay(of: str) -> int:
    """Days until another office has applied a measure: 1 to `ASSUMED_FORWARD_DAYS`, drawn by what is forwarded."""
    return 1 + int.from_bytes(hashlib.sha256(of.encode()).digest()[:8], "big") % ASSUMED_FORWARD_DAYS
