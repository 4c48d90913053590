"""The gate for one request after another: the case of one of the same decision, with what came before remembered."""

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from simulator.access.columns import VOCABULARY, Columns
from simulator.access.decide import NO_RULE_ID, REASONS
from simulator.access.grants import Grants
from simulator.access.judge import Court, judge
from simulator.access.policy import FIELDS
from simulator.access.request import AccessRequest, Outcome
from simulator.clock import to_ms
from simulator.errors import UnknownNameError
from simulator.schema.vocabulary import DECISIONS

Instant = tuple[int, int]
_NAMES = {name: {term.code: i for i, term in enumerate(terms)} for name, terms in VOCABULARY.items()}


@dataclass(slots=True)
class OpenGate:
    """A gate that takes one request at a time; times need not ascend.

    Attributes:
        court: what decisions are made with.
        history: what was decided before, as `Answers.decided`.
        own: gives the earlier requests of one member of staff, where `history` holds approvals and break-glass alone.
    """

    court: Court
    history: pl.DataFrame
    own: Callable[[int], pl.DataFrame] | None = None
    _counted: dict[int, dict[tuple[int, int], list[Instant]]] = field(default_factory=dict)
    _grants: Grants | None = None

    def submit(self, request: AccessRequest) -> Outcome:
        """Decide one request and remember it.

        Raises:
            UnknownNameError: a terminal or a word that does not exist.
        """
        columns = self._columns(request)
        key = (int(columns.day[0]), int(columns.action[0]))
        before = self._of(request.staff_no).setdefault(key, [])
        instant = (int(columns.at[0]), request.tie)
        today = bisect_left(before, instant) + 1
        insort(before, instant)
        judged = judge(self.court, columns, np.array([today]), self.grants())
        rule, code = int(judged.facts.rule[0]), int(judged.verdict.code[0])
        rows, bits = int(judged.rows[0]), int(judged.verdict.fields[0])
        names = "+".join(name for i, name in enumerate(FIELDS) if bits >> i & 1)
        return Outcome(
            decision=DECISIONS[int(judged.verdict.decision[0])].code,
            reason=f"{REASONS[code]}:{self.court.policy.rules[rule].id if rule >= 0 else NO_RULE_ID}",
            hits=None if judged.hits[0] < 0 else int(judged.hits[0]),
            rows_returned=rows,
            shown=tuple(judged.shown[2].tolist()),
            fields=names if rows and names else None,
            protected_alert=bool(judged.alert[0]),
        )

    def grants(self) -> Grants:
        """Approvals and break-glass so far."""
        if self._grants is None:
            self._grants = Grants()
            made = self.history.filter(pl.col("action").is_in(["approve", "override"]), pl.col("decision") == "allow")
            columns = Columns.of(made, self.court.desk.terminals)
            section = self.court.desk.held(columns.staff, columns.day, columns.terminal)[2]
            self._grants.take(columns, section, np.arange(made.height), self.court.desk.terminals)
        return self._grants

    def _of(self, staff: int) -> dict[tuple[int, int], list[Instant]]:
        if staff not in self._counted:
            before = self.own(staff) if self.own else self.history.filter(pl.col("staff_no") == staff)
            own = Columns.of(before, self.court.desk.terminals)
            kept: dict[tuple[int, int], list[Instant]] = {}
            rows = zip(own.day.tolist(), own.action.tolist(), own.at.tolist(), own.tie.tolist(), strict=True)
            for day, action, at, tie in rows:
                kept.setdefault((day, action), []).append((at, tie))
            for instants in kept.values():
                instants.sort()
            self._counted[staff] = kept
        return self._counted[staff]

    def _columns(self, request: AccessRequest) -> Columns:
        desk = self.court.desk
        if request.terminal not in desk.terminals:
            raise UnknownNameError("terminal", request.terminal, desk.terminals)

        def number(name: str, missing: int = -1) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
            value = getattr(request, name)
            if value is not None and name in _NAMES:
                if value not in _NAMES[name]:
                    raise UnknownNameError(name, value, _NAMES[name])
                value = _NAMES[name][value]
            return np.array([missing if value is None else value], dtype=np.int64)

        return Columns(
            np.array([to_ms(request.at)]),
            np.array([request.tie], dtype=np.uint64),
            number("staff_no"),
            np.array([desk.terminals.index(request.terminal)]),
            number("system"),
            number("screen"),
            number("action"),
            number("purpose"),
            np.array([request.case_no is not None]),
            number("target"),
            number("search"),
            number("match", 0),
            number("typed", 0),
            np.array([bool(request.failed)]),
        )
