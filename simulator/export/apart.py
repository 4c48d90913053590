"""An export apart: pseudonyms in a realm of their own, of the whole run or of what one section did.

A pseudonym of the export is the pseudonym, in the export's realm, of the text of the run's. So it needs no identifier
and no older key, means the same person throughout the export, and joins with nothing else: not with the run, not with
another export, not with another section's tables. Whoever has the keys can go back (`jukisim reidentify`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from simulator.dataset import Dataset
from simulator.errors import UnknownNameError
from simulator.pseudonym import Pseudonymizer, to_texts
from simulator.schema import ATTRIBUTE, AUDITOR_ROSTER, SHOWN, Table

KIND_OF = {"actor": "staff", "resident": "resident", "household": "household", "surname": "surname",
           "search_token": "search"}  # fmt: skip
"""What the pseudonyms of each column stand for."""
_BY = {SHOWN.name: "event_id", AUDITOR_ROSTER.name: "actor", ATTRIBUTE.name: "resident"}
"""Tables without a section, and by which column they belong to one."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The rows of one section.

    Attributes:
        section: its code.
        kept: for each table without a section, the values of its column that belong to it.
    """

    section: str
    kept: Mapping[str, pl.Series]

    @classmethod
    def of(cls, dataset: Dataset, section: str) -> Self:
        """What `section` did: its events, whom they showed, its staff, cases and terminals.

        Raises:
            UnknownNameError: the run has no such section.
        """
        known = dataset.table("section")["section"].unique().sort()
        if section not in known:
            raise UnknownNameError("section", section[:40], known)
        events = dataset.scan("event").filter(pl.col("section") == section).select("event_id", "resident", "actor")
        own = events.collect()
        shown = dataset.scan("shown").filter(pl.col("event_id").is_in(own["event_id"].implode())).collect()
        cases = dataset.table("case").filter(pl.col("section") == section)["resident"]
        staff = dataset.table("staff").filter(pl.col("section") == section)["actor"]
        people = pl.concat([own["resident"], shown["resident"], cases]).drop_nulls().unique()
        actors = pl.concat([own["actor"], staff]).unique()
        return cls(section, {SHOWN.name: own["event_id"], AUDITOR_ROSTER.name: actors, ATTRIBUTE.name: people})

    def of_table(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of `frame` that belong to the section."""
        if table.name in self.kept:
            return frame.filter(pl.col(_BY[table.name]).is_in(self.kept[table.name].implode()))
        return frame.filter(pl.col("section") == self.section)


@dataclass(frozen=True, slots=True)
class Apart:
    """How a run's tables leave it.

    Attributes:
        maker: of the export's realm.
        excerpt: rows of one section; None for all.
    """

    maker: Pseudonymizer
    excerpt: Excerpt | None = None

    def of_table(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame`, a part of `table`, as it leaves."""
        kept = frame if self.excerpt is None else self.excerpt.of_table(table, frame)
        tokens = (column.name for column in table if column.dtype == pl.Binary)
        return kept.with_columns(self.maker.column(KIND_OF[name], to_texts(kept[name])) for name in tokens)
