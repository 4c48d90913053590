"""Two lists of people who partly are the same, errors at exact counts in the second, and the key to both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from simulator.errors import UnknownNameError, UsageError
from simulator.linkage.kinds import KINDS, Kind, Record
from simulator.linkage.people import People
from simulator.schema.linkage import LINK, MISTAKE, RECORD
from simulator.streams import Ints, Stream
from simulator.world.numbers import NumberEmitter

FIELDS = RECORD.names[1:]
ASSUMED_ONE_SIDED, ASSUMED_DUPLICATES = 0.05, 0.02  # of the people where no number is given


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageSpec:
    """What is wanted; a number left out follows from the ASSUMED rates.

    Attributes:
        seed: of the draws, independent of the run's.
        people: how many people of the register take part.
        only_a, only_b: how many of them are in one list only.
        duplicates: how many records of list B are second records of somebody in it.
        errors: exact number of errors by kind; without any, every kind at its rate.
    """

    seed: int = 0
    people: int | None = None
    only_a: int | None = None
    only_b: int | None = None
    duplicates: int | None = None
    errors: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lists:
    """What was made.

    Attributes:
        a, b: tables ``record``, in the order of record_id.
        links: table ``link``.
        mistakes: table ``mistake``.
    """

    a: pl.DataFrame
    b: pl.DataFrame
    links: pl.DataFrame
    mistakes: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many errors of each kind there are."""
        errors = self.mistakes.unique("error_no").group_by("kind").len().sort("kind")
        return dict(errors.iter_rows())


def make_lists(people: People, spec: LinkageSpec) -> Lists:
    """Draw both lists from `people` and make the errors.

    Raises:
        UnknownNameError: a count is given for a kind that does not exist.
        UsageError: more is asked for than the register holds.
    """
    for name in spec.errors:
        if name not in KINDS:
            raise UnknownNameError("kind of error", name, KINDS)
    stream = Stream(spec.seed).at("linkage")
    in_a, in_b = _shares(people.frame.height, spec, stream)
    every = np.concatenate([in_a, in_b])
    names = {"a": _names("A", stream, len(in_a)), "b": _names("B", stream, len(in_b))}
    clean = _clean(people, stream)
    wrong = _Wrong(clean[in_b], people, in_b)
    for kind in KINDS.values():
        wrong.make(kind, _wanted(kind, spec, len(in_b)), stream.at("error", kind.name), exact=bool(spec.errors))
    of = np.full(int(every.max(initial=-1)) + 1, -1)
    of[in_a] = np.arange(len(in_a))
    partner = of[in_b]
    links = pl.DataFrame({"record_b": names["b"], "place": partner, "person": in_b.astype(np.uint32)})
    found = pl.when(pl.col("place") >= 0).then(pl.lit(pl.Series(names["a"])).gather(pl.col("place").clip(0)))
    return Lists(
        _table(clean[in_a], names["a"]),
        _table(wrong.frame, names["b"]),
        LINK.conform(links.with_columns(record_a=found)).sort("record_b"),
        wrong.key(names["b"]),
    )


def _wanted(kind: Kind, spec: LinkageSpec, records: int) -> int:
    return spec.errors.get(kind.name, 0) if spec.errors else round(kind.rate * records)


def _shares(count: int, spec: LinkageSpec, stream: Stream) -> tuple[Ints, Ints]:
    """Rows of the people in list A and list B, the second with duplicates."""
    people = count if spec.people is None else spec.people
    only_a, only_b = (round(people * ASSUMED_ONE_SIDED) if n is None else n for n in (spec.only_a, spec.only_b))
    if people > count or only_a + only_b > people:
        msg = f"{people} people with {only_a} in list A only and {only_b} in list B only: the register has {count}"
        raise UsageError(msg)
    chosen = stream.order("people", count)[:people]
    in_b = chosen[only_a:]
    twice = round(len(in_b) * ASSUMED_DUPLICATES) if spec.duplicates is None else spec.duplicates
    if twice > len(in_b):
        msg = f"{twice} duplicates of the {len(in_b)} people of list B; give at most as many"
        raise UsageError(msg)
    again = in_b[stream.order("duplicates", len(in_b))[:twice]]
    return chosen[: people - only_b], np.concatenate([in_b, again])


def _names(letter: str, stream: Stream, count: int) -> list[str]:
    return [f"{letter}{number:08d}" for number in stream.order(f"names_{letter}", count).tolist()]


def _clean(people: People, stream: Stream) -> pl.DataFrame:
    emitter = NumberEmitter.of(stream.at("numbers"))
    phones = emitter.telephones(np.arange(people.frame.height, dtype=np.uint64))
    return people.frame.with_columns(phones.alias("telephone")).select(FIELDS)


def _table(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return RECORD.conform(frame.with_columns(record_id=pl.Series(names))).sort("record_id")


class _Wrong:
    """List B in the making: its columns as lists, and what was made wrong."""

    def __init__(self, clean: pl.DataFrame, people: People, rows: Ints) -> None:
        self._columns: dict[str, list[str | None]] = {name: clean[name].to_list() for name in FIELDS}
        self._people, self._rows = people, rows.tolist()
        self._touched: set[tuple[int, str]] = set()
        self._mistakes: list[tuple[int, str, int, str, str | None, str | None]] = []
        self._count = 0

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(self._columns, schema=dict.fromkeys(FIELDS, pl.String))

    def make(self, kind: Kind, wanted: int, stream: Stream, *, exact: bool) -> None:
        """Make `wanted` errors of `kind`, each in fields that no other error has touched.

        Raises:
            UsageError: fewer are possible, and the number is `exact`.
        """
        made = 0
        draws = stream.bits("what", len(self._rows)).tolist() if wanted else []
        for row in self._order(stream, wanted):
            if made == wanted:
                return
            made += self._try(kind, row, draws[row])
        if made < wanted and exact:
            msg = f"list B has only {made} records in which an error of kind {kind.name} can be made, not {wanted}"
            raise UsageError(msg)

    def _order(self, stream: Stream, wanted: int) -> Iterator[int]:
        return iter(stream.order("whom", len(self._rows)).tolist() if wanted else [])

    def _try(self, kind: Kind, row: int, draw: int) -> bool:
        changes = kind.change(self._record(row), draw)
        if changes is None or any((row, name) in self._touched for name in changes):
            return False
        for name, after in changes.items():
            self._mistakes.append((self._count, kind.name, row, name, self._columns[name][row], after))
            self._columns[name][row] = after
            self._touched.add((row, name))
        self._count += 1
        return True

    def _record(self, row: int) -> Record:
        values = {name: column[row] for name, column in self._columns.items()}
        return self._people.record(self._rows[row], values)

    def key(self, names: list[str]) -> pl.DataFrame:
        """The table ``mistake``."""
        columns = ["error_no", "kind", "row", "field", "before", "after"]
        frame = pl.DataFrame(self._mistakes, schema=columns, orient="row", infer_schema_length=None)
        named = frame.with_columns(record_id=pl.lit(pl.Series(names)).gather(pl.col("row")))
        return MISTAKE.conform(named) if self._mistakes else MISTAKE.empty()
