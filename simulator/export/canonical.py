"""The one event that every format is mapped from: the columns of the log as text and numbers, and who was shown.

Beyond the columns of ``event`` (pseudonyms and instants as text, choices enumerated, see `contract.to_codes`) it holds
``at_ms`` (milliseconds since 1970, UTC), ``municipality`` (six digits) and ``people``: residents shown, by rank, each
with ``resident`` and ``household``; an empty list where nobody was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from simulator import storage
from simulator.clock import from_ms
from simulator.dataset import Dataset
from simulator.export.apart import Apart
from simulator.export.contract import from_plain, plain_schema, to_codes
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, EVENT, SHOWN, Table

MUNICIPALITY_BITS = 40
"""An event_id is the municipality's place in the run × 2^40 + its sequence."""
ROWS_AT_ONCE = 32_768
"""Events in one part: few enough for the processor's cache, many enough to be worth a call."""
PEOPLE = pl.List(pl.Struct({"resident": pl.String, "household": pl.String}))


@dataclass(frozen=True, slots=True)
class Run:
    """A run as exporters read it; see `contract.Source`.

    Attributes:
        dataset: the run.
        apart: its realm and section, if the export has its own.
    """

    dataset: Dataset
    apart: Apart | None = None

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The codes of the municipalities, in the order of their event_ids."""
        return tuple(head.municipality for head in self.dataset.manifest.logs)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The log and what an auditor has beside it."""
        return (*AUDIT_TABLES, *AUDITOR_TABLES)

    def parts(self, table: Table) -> Iterator[pl.DataFrame]:
        """The rows of `table`, in order."""
        for path in self.dataset.files(table.name):
            for group in storage.parquet_groups(path):
                yield self._leaving(table, table.conform(group))

    def events(self) -> Iterator[pl.DataFrame]:
        """The canonical events, in order."""
        shown = self.dataset.files(SHOWN.name)
        for group in self.parts(EVENT):
            if group.is_empty():
                continue
            people = self._leaving(SHOWN, _shown(shown, group))
            for events in group.iter_slices(ROWS_AT_ONCE):
                yield canonical(events, _between(people, events), self.municipalities)

    def _leaving(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        return frame if self.apart is None else self.apart.of_table(table, frame)


def _shown(files: list[Path], events: pl.DataFrame) -> pl.DataFrame:
    first, last = events["event_id"].min(), events["event_id"].max()
    found = pl.scan_parquet(files).filter(pl.col("event_id").is_between(first, last))
    return SHOWN.conform(found.collect()).sort("event_id", "rank", maintain_order=True)


def _between(people: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    numbers = people["event_id"].to_numpy()
    first = int(np.searchsorted(numbers, events["event_id"][0]))
    last = int(np.searchsorted(numbers, events["event_id"][-1], side="right"))
    return people.slice(first, last - first)


def canonical(events: pl.DataFrame, shown: pl.DataFrame, municipalities: tuple[str, ...]) -> pl.DataFrame:
    """The canonical form of `events` and the residents `shown` by them, both by event_id, `shown` by rank too."""
    place = pl.col("event_id").floordiv(1 << MUNICIPALITY_BITS)
    code = place.replace_strict(dict(enumerate(municipalities)), default="", return_dtype=pl.String)
    return to_codes(EVENT, events).with_columns(
        _people(events["event_id"], shown), at_ms=events["at"].dt.epoch("ms"), municipality=code
    )


def _people(event_ids: pl.Series, shown: pl.DataFrame) -> pl.Series:
    """``people``: the residents of each event, cut out of `shown` where its event_id changes."""
    ends = np.searchsorted(shown["event_id"].to_numpy(), event_ids.to_numpy(), side="right")
    offsets = pa.array(np.concatenate([[0], ends]), type=pa.int64())
    persons = to_codes(SHOWN, shown).select(pl.struct("resident", "household")).to_series().rechunk()
    return pl.Series("people", pa.LargeListArray.from_arrays(offsets, persons.to_arrow())).cast(PEOPLE)


def texts(events: pl.DataFrame) -> pl.DataFrame:
    """The canonical `events` with choices as text too."""
    return events.with_columns(pl.col(c.name).cast(pl.String) for c in EVENT if c.choices)


def restore(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tables ``event`` and ``shown`` from events as `canonical` makes them (``at_ms``, ``municipality`` not needed)."""
    people = (
        frame.select("event_id", "people")
        .filter(pl.col("people").list.len() > 0)
        .explode("people")
        .unnest("people")
        .with_columns(rank=pl.int_range(pl.len()).over("event_id"))
    )
    return from_plain(EVENT, frame.select(EVENT.names)), from_plain(SHOWN, people.select(SHOWN.names))


def tables(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """`restore` by table name."""
    events, people = restore(frame)
    return {EVENT.name: events, SHOWN.name: people}


def instant(at_ms: int) -> str:
    """The text of an instant of milliseconds since 1970, as `instants.to_texts` writes it."""
    return from_ms(at_ms).isoformat(timespec="milliseconds")


def from_texts(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Canonical columns from rows whose values are all text but ``people`` (pairs of resident and household)."""
    types, held = plain_schema(EVENT), list(rows)
    texts = pl.DataFrame(
        [[row.get(name) for name in EVENT.names] for row in held],
        schema=dict.fromkeys(EVENT.names, pl.String),
        orient="row",
    )
    people = [[dict(zip(("resident", "household"), pair, strict=True)) for pair in row["people"]] for row in held]
    typed = (
        pl.col(name) == "true" if dtype == pl.Boolean else pl.col(name).cast(dtype) for name, dtype in types.items()
    )
    return texts.with_columns(typed).with_columns(pl.Series("people", people, dtype=PEOPLE))
