"""The evidence of a drill in memory, shaped for looking: small codes, names beside numbers, rows in time order.

Half a million events take about 60 MB here; every view is a computation on these columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.clock import JST_OFFSET_MS, from_ms
from simulator.schema import EVENT
from simulator.schema.types import JST_MS

CODED = ("system", "screen", "role", "auth_method", "action", "purpose", "decision")
"""Columns of few values that a list of choices can filter."""
SHOWN = (
    "event_id", "at", "staff_code", "section", "terminal", "action", "person_no", "case_no", "purpose",
    "decision",
)  # fmt: skip
"""The columns of the log's table, in order; all others are seen in the detail of an event."""
DAY_MS = 86_400_000
_SPACES = r"[\s\u3000]"
_WARMED = (
    "at_ms",
    "keys",
    "flags",
    "words",
    "event_rows",
    "rows_of_staff",
    "rows_of_person",
    "person_rows",
    "staff_rows",
)
_EVENT_EXTRA = {"staff_code": pl.String(), "person_no": pl.String(), "household_no": pl.String()}
_STAFF = {
    "staff_code": pl.String(), "name": pl.String(), "section": pl.String(), "role": pl.String(),
    "employment": pl.String(), "supervisor": pl.Boolean(), "hired_on": pl.Date(), "person_no": pl.String(),
    "household_no": pl.String(), "address": pl.String(), "district": pl.String(),
}  # fmt: skip
_PEOPLE = {
    "person_no": pl.String(), "name": pl.String(), "household_no": pl.String(), "address": pl.String(),
    "district": pl.String(), "age_band": pl.String(), "protected": pl.Boolean(),
}  # fmt: skip
_CASES = {
    "case_no": pl.String(), "purpose": pl.String(), "section": pl.String(), "opened": JST_MS, "closed": JST_MS,
    "person_no": pl.String(), "household_no": pl.String(),
}  # fmt: skip
_ROSTER = {
    "staff_code": pl.String(), "day": pl.Date(), "starts": JST_MS, "ends": JST_MS, "lunch_starts": JST_MS,
    "terminal": pl.String(),
}  # fmt: skip
Rows = npt.NDArray[np.int64]
"""Numbers of rows of the log, shape (n_rows,)."""


@dataclass(frozen=True)
class Frames:
    """What a team may look at.

    Attributes:
        events: the log in time order; `staff_i` and `person_i` are rows of `staff` and `people`, `off_duty` says
            whether the operator was not on the roster at that moment.
        staff: the staff list, one row a member.
        people: the people of the evidence, one row a person.
        cases: the case list.
        roster: who was on duty from when to when.
        titles: code of a section, office or terminal → its title.
        shown: event_id and person_no of people shown in lists; empty if none were handed out.
    """

    events: pl.DataFrame
    staff: pl.DataFrame
    people: pl.DataFrame
    cases: pl.DataFrame
    roster: pl.DataFrame
    titles: Mapping[str, str] = field(default_factory=dict)
    shown: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"event_id": pl.Int64, "person_no": str}))

    @cached_property
    def at_ms(self) -> Rows:
        """When each event was, in milliseconds since 1970, shape (n_events,)."""
        return self.events["at"].dt.epoch("ms").to_numpy()

    @cached_property
    def cases_named(self) -> pl.Series:
        """Every case number of the log, sorted; `case_i` are places in it."""
        return self.events["case_no"].unique().drop_nulls().sort()

    @cached_property
    def words(self) -> Mapping[str, tuple[pl.Series, ...]]:
        """What a search for words looks into, without spaces: numbers and names of staff and people, case numbers."""
        columns = {
            "staff_code": (self.staff["staff_code"], self.staff["name"]),
            "person_no": (self.people["person_no"], self.people["name"]),
            "case_no": (self.cases_named,),
        }
        return {key: tuple(s.str.replace_all(_SPACES, "") for s in parts) for key, parts in columns.items()}

    @cached_property
    def keys(self) -> Mapping[str, Rows]:
        """Columns as numbers that compare like their values, shape (n_events,) each; -1 where there is none."""
        coded = {name: self.events[name].to_physical() for name in CODED}
        sections = self.events["section"].cast(pl.String)
        coded |= {"staff_code": self.events["staff_i"], "person_no": self.events["person_i"]}
        coded |= {"section": _places(sections, sections.unique().sort())}
        coded |= {"case_no": _places(self.events["case_no"], self.cases_named)}
        coded |= {name: self.events[name] for name in ("event_id", "hits", "rows_returned", "dwell_s")}
        return {name: column.cast(pl.Int64).fill_null(-1).to_numpy() for name, column in coded.items()}

    @cached_property
    def flags(self) -> Mapping[str, npt.NDArray[np.bool_]]:
        """Columns of yes or no, shape (n_events,) each."""
        return {name: self.events[name].fill_null(value=False).to_numpy() for name in ("off_duty", "protected_alert")}

    @cached_property
    def sections_named(self) -> list[str]:
        """The sections of the log, sorted; their numbers are places in this list."""
        return [str(code) for code in self.events["section"].cast(pl.String).unique().sort()]

    @cached_property
    def event_rows(self) -> Mapping[int, int]:
        """Row of each event by its number."""
        return {event: row for row, event in enumerate(self.events["event_id"].to_list())}

    @cached_property
    def staff_rows(self) -> Mapping[str, int]:
        """Row of each member of staff by their number."""
        return {code: row for row, code in enumerate(self.staff["staff_code"].to_list())}

    @cached_property
    def person_rows(self) -> Mapping[str, int]:
        """Row of each person by their number."""
        return {code: row for row, code in enumerate(self.people["person_no"].to_list())}

    @cached_property
    def case_rows(self) -> Mapping[str, int]:
        """Row of each case by its number."""
        return {code: row for row, code in enumerate(self.cases["case_no"].to_list())}

    @cached_property
    def rows_of_staff(self) -> "Groups":
        """The events of each member of staff."""
        return Groups.of(self.events["staff_i"], len(self.staff))

    @cached_property
    def rows_of_person(self) -> "Groups":
        """The events that concerned each person."""
        return Groups.of(self.events["person_i"], len(self.people))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """When the first and the last event were."""
        return from_ms(int(self.at_ms[0])), from_ms(int(self.at_ms[-1]))

    def warm(self) -> None:
        """Work out now what the first look would have to wait for."""
        for part in _WARMED:
            getattr(self, part)

    def title(self, code: str) -> str:
        """The title of a section, office or terminal; its code if it has none."""
        return self.titles.get(code, code)

    def staff_name(self, code: str) -> str:
        """The name of a member of staff; empty if unknown."""
        row = self.staff_rows.get(code)
        return "" if row is None else str(self.staff["name"][row] or "")

    def person_name(self, number: str) -> str:
        """The name of a person; empty if unknown."""
        row = self.person_rows.get(number)
        return "" if row is None else str(self.people["name"][row] or "")


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows by group, in one array: group g has ``rows[starts[g]:starts[g + 1]]``, in time order."""

    rows: Rows
    starts: Rows

    @classmethod
    def of(cls, groups: pl.Series, count: int) -> "Groups":
        """Group the rows by `groups`, from 0 to `count` - 1; null belongs to none."""
        numbers = groups.fill_null(count).to_numpy()
        order = np.argsort(numbers, kind="stable").astype(np.int64)
        return cls(order, np.searchsorted(numbers[order], np.arange(count + 1)).astype(np.int64))

    def __getitem__(self, group: int) -> Rows:
        """The rows of `group`."""
        return self.rows[self.starts[group] : self.starts[group + 1]]


def build(
    events: pl.DataFrame,
    staff: pl.DataFrame,
    people: pl.DataFrame,
    cases: pl.DataFrame,
    roster: pl.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    shown: pl.DataFrame | None = None,
) -> Frames:
    """Shape the tables of an evidence; a column that it does not have is empty.

    Args:
        events: the log, with `staff_code`, `person_no` and `household_no` in place of pseudonyms.
        staff: the staff list by `staff_code`.
        people: the people by `person_no`.
        cases: the case list by `case_no`.
        roster: duties by `staff_code` and `day`.
        titles: titles of places by code.
        shown: people of lists by `event_id`.
    """
    log = _with(events.sort("at", "event_id"), {**EVENT.polars, **_EVENT_EXTRA}).drop("actor", "resident", "household")
    members = _numbered(_with(staff, _STAFF), log, "staff_code")
    persons = _numbered(_with(people, _PEOPLE), log, "person_no")
    duties = _with(roster, _ROSTER)
    log = log.with_columns(
        _places(log["staff_code"], members["staff_code"]).alias("staff_i"),
        _places(log["person_no"], persons["person_no"]).alias("person_i"),
        pl.col("section", "office", "terminal").cast(pl.Categorical),
    )
    log = log.with_columns(_off_duty(log, duties))
    extra = {} if shown is None else {"shown": shown}
    return Frames(log, members, persons, _with(cases, _CASES), duties, titles or {}, **extra)


def _with(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.DataFrame:
    made = [
        (pl.col(name).cast(dtype, strict=False) if name in frame.columns else pl.lit(None, dtype).alias(name))
        for name, dtype in columns.items()
    ]
    return frame.select(made)


def _numbered(known: pl.DataFrame, log: pl.DataFrame, key: str) -> pl.DataFrame:
    used = log.select(pl.col(key).unique().drop_nulls())
    missing = used.join(known, on=key, how="anti")
    return pl.concat([known, missing], how="diagonal").unique(key, keep="first").sort(key)


def _places(values: pl.Series, keys: pl.Series) -> pl.Series:
    places = pl.DataFrame({"key": keys, "place": pl.arange(0, len(keys), dtype=pl.UInt32, eager=True)})
    return values.rename("key").to_frame().join(places, on="key", how="left", maintain_order="left")["place"]


def _off_duty(log: pl.DataFrame, roster: pl.DataFrame) -> pl.Series:
    """Whether the operator was not on the roster; false throughout where there is no roster."""
    if roster.is_empty():
        return pl.repeat(False, len(log), eager=True, dtype=pl.Boolean).alias("off_duty")  # noqa: FBT003 - the value
    duty = roster.select("staff_code", "day", "starts", "ends").unique(["staff_code", "day"], keep="first")
    keyed = log.select("staff_code", "at", day=pl.col("at").dt.date())
    joined = keyed.join(duty, on=["staff_code", "day"], how="left", maintain_order="left")
    return joined.select(off_duty=~pl.col("at").is_between("starts", "ends").fill_null(value=False))["off_duty"]


def day_of(at_ms: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Days since 1970 in Japan of instants, shape (n,)."""
    return (at_ms + JST_OFFSET_MS) // DAY_MS
