"""The one gate: every request of a run passes here, in columns or one at a time, by the same decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.access.columns import Columns, Ints, one_of, place
from simulator.access.decide import NO_RULE_ID, REASONS, Kernel, requires
from simulator.access.facts import bits
from simulator.access.grants import Grants, mark
from simulator.access.judge import Court, Judged, judge
from simulator.access.office import Desk, OfficeFrames
from simulator.access.opened import OpenGate
from simulator.access.policy import FIELDS, Policy
from simulator.clock import DAY_MS, JST_OFFSET_MS
from simulator.registry import Registry
from simulator.schema import EVENT, REQUEST
from simulator.schema.vocabulary import ACTIONS, SEARCHES

_ROLE, _DECISION = EVENT["role"].dtype, EVENT["decision"].dtype
_MY_NUMBER, _BY_NUMBER = bits("my_number"), int(place(SEARCHES, "my_number")[0])
_DAY_MS_BITS = DAY_MS.bit_length()
SHOWN_SCHEMA = {"request_no": pl.UInt64, "rank": pl.UInt32, "resident_no": pl.UInt32}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the gate answered to many requests.

    Attributes:
        decided: the requests in their order, with role, section, office, hits, protected_alert, fields,
            rows_returned, decision, reason, approval_id, override_id, extraction_id, my_number, document_no, printer.
        shown: request_no, rank, resident_no of everyone shown by a list, a household or an extraction, request by
            request and by rank.
    """

    decided: pl.DataFrame
    shown: pl.DataFrame


class Gate:
    """The gate of one municipality."""

    __slots__ = ("court",)

    def __init__(self, policy: Policy, registry: Registry, office: OfficeFrames) -> None:
        """Set up the gate for a policy, a register and an office."""
        self.court = Court(policy, registry, Desk.of(office), Kernel.of(policy))

    def submit_batch(self, requests: pl.DataFrame) -> Answers:
        """Decide `requests` (table ``request``), whose actor-days must be whole: limits count within the batch.

        Raises:
            UnknownNameError: a terminal that the office does not have.
        """
        shaped = REQUEST.conform(requests)
        columns = Columns.of(shaped, self.court.desk.terminals)
        judged = judge(self.court, columns, count_today(columns), Grants())
        row, rank, resident = judged.shown
        shown = pl.DataFrame(
            {"request_no": shaped["request_no"].gather(row), "rank": rank, "resident_no": resident},
            schema_overrides=SHOWN_SCHEMA,
        )
        return Answers(_decided(shaped, columns, judged, self.court), shown)

    def open(self, history: pl.DataFrame | None = None, own: Callable[[int], pl.DataFrame] | None = None) -> OpenGate:
        """A gate for single requests, on top of what was decided before (`Answers.decided`).

        With `own`, which gives the requests of one member of staff, `history` need hold approvals and break-glass only.
        """
        nothing = REQUEST.empty().with_columns(decision=pl.lit(None, _DECISION))
        return OpenGate(self.court, nothing if history is None else history, own)


def count_today(columns: Columns) -> Ints:
    """How many-th of its actor, day and action each request is, from 1, in order of time and tie."""
    first = int(columns.day.min(initial=0)) if columns.day.size else 0
    span = int(columns.day.max(initial=0)) - first + 1
    group = (columns.staff * span + columns.day - first) * len(ACTIONS) + columns.action
    order = _in_time(group, columns)
    sorted_group = group[order]
    starts = np.concatenate(([True], sorted_group[1:] != sorted_group[:-1])) if len(group) else np.empty(0, bool)
    position = np.arange(len(group))
    counted = np.empty(len(group), dtype=np.int64)
    counted[order] = position - np.maximum.accumulate(np.where(starts, position, 0)) + 1
    return counted


def _in_time(group: Ints, columns: Columns) -> Ints:
    """Rows by group, time and tie. A group has one day, so group and millisecond make one number; ties are rare."""
    instant = (group << _DAY_MS_BITS) + columns.at - (columns.day * DAY_MS - JST_OFFSET_MS)
    order = np.argsort(instant, kind="stable")
    ordered = instant[order]
    same = ordered[1:] == ordered[:-1]
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same))) if len(group) else order
    order[tied] = order[tied][np.lexsort((columns.tie[order[tied]], ordered[tied]))]
    return order


def reasons(policy: Policy, judged: Judged) -> pl.Series:
    """The reason of each decision: code and rule."""
    names = [*(rule.id for rule in policy.rules), NO_RULE_ID]
    texts = pl.Series([f"{code}:{name}" for code in REASONS for name in names])
    rule = np.where(judged.facts.rule < 0, len(policy.rules), judged.facts.rule)
    return texts.gather(judged.verdict.code.astype(np.int64) * len(names) + rule)


def field_texts(groups: npt.NDArray[np.integer[Any]]) -> pl.Series:
    """Groups of fields joined by +, null where there are none."""
    return _field_names().gather(pl.Series(groups, dtype=pl.UInt32))


@cache
def _field_names() -> pl.Series:
    """The text of every combination of groups."""
    texts = [
        "+".join(name for i, name in enumerate(FIELDS) if each >> i & 1) or None for each in range(1 << len(FIELDS))
    ]
    return pl.Series(texts, dtype=pl.String)


def _decided(requests: pl.DataFrame, columns: Columns, judged: Judged, court: Court) -> pl.DataFrame:
    desk = court.desk
    fields = np.where(judged.rows > 0, judged.verdict.fields, 0)
    return requests.with_columns(
        pl.Series("role", EVENT["role"].choices, dtype=_ROLE).gather(judged.facts.role),
        pl.Series("section", desk.sections).gather(judged.section),
        desk.offices.gather(columns.terminal).alias("office"),
        pl.Series("hits", judged.hits).replace(-1, None).cast(pl.UInt32),
        pl.Series("protected_alert", judged.alert),
        field_texts(fields).alias("fields"),
        pl.Series("rows_returned", judged.rows).cast(pl.UInt32),
        pl.Series("decision", EVENT["decision"].choices, dtype=_DECISION).gather(judged.verdict.decision),
        reasons(court.policy, judged).alias("reason"),
        pl.Series("my_number", (fields & _MY_NUMBER > 0) | (columns.search == _BY_NUMBER)),
        *_marks(columns, judged, desk),
    ).with_columns(_grounds(judged, court.policy), *_printed(columns, judged, desk))


def _grounds(judged: Judged, policy: Policy) -> pl.Expr:
    prompted = pl.Series(judged.alert | requires(policy, judged.facts.rule, judged.facts.reach, "grounds"))
    return pl.coalesce("grounds", pl.when(prompted).then(pl.lit("duty", EVENT["grounds"].dtype))).alias("grounds")


def _printed(columns: Columns, judged: Judged, desk: Desk) -> list[pl.Expr]:
    given = (judged.verdict.code == 0) & (judged.rows > 0)
    printed = pl.Series(given & one_of(columns.action, ACTIONS, "print", "issue"))
    issued = pl.Series(given & one_of(columns.action, ACTIONS, "issue"))
    number = pl.concat_str(pl.col("at").dt.strftime("DC%Y%m%d%H%M%S%3f-"), "terminal")
    return [
        pl.when(issued).then(number).alias("document_no"),
        pl.when(printed).then(pl.col("sheets").fill_null(1)).alias("sheets"),
        pl.when(printed).then(desk.printers.gather(columns.terminal)).alias("printer"),
    ]


def _marks(columns: Columns, judged: Judged, desk: Desk) -> list[pl.Series]:
    texts: dict[str, dict[int, str]] = {"approval_id": {}, "override_id": {}, "extraction_id": {}}
    for row, (approval, override) in judged.marks.items():
        if judged.verdict.code[row] == 0:
            texts["approval_id"] |= {row: approval} if approval else {}
            texts["override_id"] |= {row: override} if override else {}
    given = judged.verdict.code == 0
    own = {"approve": ("AP", "approval_id"), "override": ("OV", "override_id"), "export": ("EX", "extraction_id")}
    for action, (kind, name) in own.items():
        for row in np.flatnonzero(given & one_of(columns.action, ACTIONS, action)).tolist():
            texts[name][row] = mark(kind, int(columns.at[row]), desk.terminals[columns.terminal[row]])
    return [_sparse(name, held, len(columns.at)) for name, held in texts.items()]


def _sparse(name: str, held: Mapping[int, str], size: int) -> pl.Series:
    """A column that is null but for the rows of `held`."""
    places = np.full(size, len(held), dtype=np.uint32)
    places[list(held)] = np.arange(len(held))
    return pl.Series(name, [*held.values(), None], dtype=pl.String).gather(places)
