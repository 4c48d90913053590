"""A plan of lawful work: cases, their steps in columns, and the sessions in which they are done."""

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.clock import DAY_MS, JST_OFFSET_MS
from simulator.schema import REQUEST
from simulator.streams import Ints, Words
from simulator.workload.folk import Flags, Folk
from simulator.workload.procedure import AGAIN, SEARCHED, Act, procedures
from simulator.workload.sessions import instant

Row = dict[str, Any]
_UNUSED = ("grounds", "sheets", "failed")
MIX = np.uint64(0x9E37_79B9_7F4A_7C15)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps of all cases in order of time, columns of shape ``(n,)``.

    Attributes:
        at: when, in milliseconds.
        case: case_index.
        act: place of the act in `acts`.
        whom: resident_no, -1 for nobody.
        dwell: seconds on the screen.
        number: request_no.
    """

    at: Ints
    case: npt.NDArray[np.int32]
    act: npt.NDArray[np.int16]
    whom: npt.NDArray[np.int32]
    dwell: npt.NDArray[np.int32]
    number: Words

    @classmethod
    def none(cls) -> Self:
        """No steps."""
        kinds = (np.int64, np.int32, np.int16, np.int32, np.int32, np.uint64)
        return cls(*(np.empty(0, dtype=kind) for kind in kinds))  # type: ignore[arg-type]

    def take(self, rows: npt.NDArray[Any] | slice) -> Self:
        """The steps at `rows`."""
        return type(self)(*(getattr(self, name)[rows] for name in self.__slots__))


@cache
def acts() -> tuple[tuple[str, Act], ...]:
    """Every act of every procedure with the procedure's name, in order."""
    return tuple((name, act) for name, kind in procedures().items() for act in kind.acts)


@cache
def first_act() -> dict[str, int]:
    """Where each procedure's acts begin in `acts`."""
    names = [name for name, _ in acts()]
    return {name: names.index(name) for name in procedures()}


@dataclass(frozen=True, slots=True)
class Plan:
    """Lawful work.

    Attributes:
        cases: table ``case`` by case_index, and slot, search, again, match, typed, key, chain, seat of each.
        sessions: as ``sessions.sessions`` gives them, by slot.
        steps: what is done in the cases.
        others: requests that belong to no case: log-ons, approvals, extractions; table ``request``, in order.
        folk: who is who in the town.
    """

    cases: pl.DataFrame
    sessions: pl.DataFrame
    steps: Steps
    others: pl.DataFrame
    folk: Folk

    @property
    def requests(self) -> pl.DataFrame:
        """Every request, in order: table ``request``. For small plans; a long one is read by `between`."""
        return self._together(self.frame(self.steps), self.others)

    @property
    def request_case(self) -> pl.DataFrame:
        """request_no → case_index."""
        return pl.DataFrame(
            {"request_no": self.steps.number, "case_index": self.steps.case},
            schema_overrides={"request_no": pl.UInt64, "case_index": pl.UInt32},
        )

    def between(
        self, first_ms: int, last_ms: int, gone: Flags | None = None, made: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """The requests from `first_ms` up to `last_ms`, in order, with those `made` and without the cases `gone`."""
        low, high = np.searchsorted(self.steps.at, [first_ms, last_ms])
        steps = self.steps.take(slice(int(low), int(high)))
        if gone is not None:
            steps = steps.take(np.flatnonzero(~gone[steps.case]))
        at = pl.col("at").dt.epoch("ms")
        others = self.others if made is None else pl.concat([self.others, made])
        return self._together(self.frame(steps), others.filter(at >= first_ms, at < last_ms))

    def of_cases(self, indices: Ints) -> pl.DataFrame:
        """The requests of some cases, in order."""
        return self.frame(self.steps.take(np.flatnonzero(np.isin(self.steps.case, indices)))).sort("at", "tie")

    def of_staff(self, staff_no: int) -> pl.DataFrame:
        """Every request of one member of staff, in order."""
        mine = (self.cases["staff_no"] == staff_no).to_numpy()
        steps = self.steps.take(np.flatnonzero(mine[self.steps.case]))
        return self._together(self.frame(steps), self.others.filter(pl.col("staff_no") == staff_no))

    def without(self, gone: Flags) -> Self:
        """The plan without some cases; the others keep their desks and are numbered anew."""
        number = np.cumsum(~gone) - 1
        steps = self.steps.take(np.flatnonzero(~gone[self.steps.case]))
        cases = self.cases.filter(pl.Series(~gone)).drop("case_index").with_row_index("case_index")
        moved = replace(steps, case=number[steps.case].astype(np.int32))
        return replace(self, cases=cases.select(self.cases.columns), steps=moved)

    def reopened(self, cards: Set[int]) -> Self:
        """The plan with the sessions `cards` (session_key) opened with a temporary card."""
        return replace(self, sessions=carded(self.sessions, cards), others=carded(self.others, cards))

    @staticmethod
    def _together(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([one, other]).sort("at", "tie")

    def frame(self, steps: Steps) -> pl.DataFrame:
        """`steps` as table ``request``."""
        case, act = pl.Series(steps.case.astype(np.uint32)), pl.Series(steps.act.astype(np.uint32))
        cases, slots = self.cases, self.sessions
        slot = cases["slot"].gather(case)
        table = _act_table()
        search = np.where(
            table["again"].to_numpy()[steps.act], cases["again"].to_numpy()[steps.case],
            cases["search"].to_numpy()[steps.case],
        )  # fmt: skip
        searched = table["searched"].to_numpy()[steps.act]
        whom = pl.Series(steps.whom.astype(np.int64))
        return REQUEST.conform(
            pl.DataFrame(
                {
                    "request_no": steps.number,
                    "at": steps.at,
                    "tie": steps.number * MIX ^ (steps.number >> np.uint64(29)),
                    "staff_no": cases["staff_no"].gather(case),
                    "session_key": slots["session_key"].gather(slot),
                    "terminal": slots["terminal"].gather(slot),
                    "auth_method": slots["auth_method"].gather(slot),
                    "system": cases["system"].gather(case),
                    "screen": table["screen"].gather(act),
                    "action": table["action"].gather(act),
                    "purpose": cases["purpose"].gather(case),
                    "case_no": cases["stated"].gather(case),
                    "target": _nullable(whom, (whom >= 0).to_numpy()),
                    "search": _coded("search", search, searched),
                    "match": _coded("match", cases["match"].to_numpy()[steps.case], searched),
                    "typed": _typed(cases["typed"].to_numpy()[steps.case], searched),
                    "dwell_s": steps.dwell,
                }
            ).with_columns(instant("at"), *(pl.lit(None).alias(name) for name in _UNUSED))
        )


def carded(rows: pl.DataFrame, cards: Set[int]) -> pl.DataFrame:
    """`rows` (``session_key``, ``auth_method``) with a temporary card in the sessions `cards`."""
    kind = rows.schema["auth_method"]
    lent = pl.col("session_key").is_in(pl.Series(sorted(cards), dtype=pl.UInt64).implode())
    return rows.with_columns(auth_method=pl.when(lent).then(pl.lit("temp_card", kind)).otherwise("auth_method"))


@cache
def _act_table() -> pl.DataFrame:
    every = [act for _, act in acts()]
    return pl.DataFrame(
        {
            "action": pl.Series([act.action for act in every], dtype=REQUEST["action"].dtype),
            "screen": pl.Series([act.screen for act in every], dtype=REQUEST["screen"].dtype),
            "searched": [act.whom in (SEARCHED, AGAIN) for act in every],
            "again": [act.whom == AGAIN for act in every],
        }
    )


def _nullable(values: pl.Series, there: Flags) -> pl.Series:
    return pl.select(pl.when(pl.Series(there)).then(values)).to_series()


def _coded(column: str, places: npt.NDArray[Any], there: Flags) -> pl.Series:
    words = pl.Series(REQUEST[column].choices, dtype=REQUEST[column].dtype)
    wanted = pl.Series(np.where(there, places, 0).astype(np.uint32))
    return words.gather(_nullable(wanted, there))


def _typed(typed: npt.NDArray[Any], searched: Flags) -> pl.Series:
    return _nullable(pl.Series(typed.astype(np.int64)), np.asarray(searched & (typed > 0)))


def day_of(at: Ints) -> Ints:
    """Days since 1970-01-01 in Japan."""
    return (at + JST_OFFSET_MS) // DAY_MS
