"""From requests in numbers to answers in numbers: facts, verdict, and who is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from simulator.access import extraction
from simulator.access.columns import Columns, Flags, Ints, one_of
from simulator.access.decide import APPROVAL, DENY, REASONS, Kernel, Verdict, conceals, requires
from simulator.access.facts import OFFICE_CLOSES_MINUTE, OFFICE_OPENS_MINUTE, Facts, bits, reach
from simulator.access.grants import Grants, acts
from simulator.access.office import Desk
from simulator.access.policy import Policy
from simulator.registry import Registry, Searches
from simulator.schema.vocabulary import ACTIONS, SCREENS

EPOCH = date(1970, 1, 1)
Marks = dict[int, tuple[str | None, str | None]]
_WAITING = [REASONS.index("APPROVAL"), REASONS.index("PROTECTED")]
_FIELD = REASONS.index("FIELD")
_REMOVED, _NAME = bits("removed"), bits("name")


@dataclass(frozen=True, slots=True)
class Court:
    """What decisions are made with: policy, register, office, and the policy compiled."""

    policy: Policy
    registry: Registry
    desk: Desk
    kernel: Kernel


@dataclass(slots=True)
class Judged:
    """Answers, columns of shape ``(n,)``; and the residents shown, by row and rank.

    Attributes:
        facts: what was known.
        verdict: what was decided.
        section: section of the asker.
        hits: residents found, -1 without search.
        alert: whether the alert was shown.
        rows: residents shown.
        marks: row → approval and break-glass used.
        shown: row of the request, rank, resident_no; of lists, households and extractions.
    """

    facts: Facts
    verdict: Verdict
    section: Ints
    hits: Ints
    alert: Flags
    rows: Ints
    marks: Marks
    shown: tuple[Ints, Ints, Ints]


def judge(court: Court, columns: Columns, today: Ints, grants: Grants) -> Judged:
    """Answer `columns`, of which `today` tells how many-th of its actor, day and action each is.

    Approvals and break-glass among them are added to `grants` before they are looked up.
    """
    policy, desk = court.policy, court.desk
    facts, section, hits, guarded = _facts(court, columns, today)
    rule = facts.rule
    verdict = court.kernel.decide(facts)
    refused = grants.take(columns, section, np.flatnonzero(verdict.code == 0), desk.terminals)
    waiting = np.flatnonzero(np.isin(verdict.code, _WAITING))
    refused += grants.blocked(columns, section, waiting, desk.terminals)
    marks = _useful(
        requires(policy, rule, facts.reach, "second_person"), _found(grants, columns, section, waiting, desk)
    )
    if marks or refused:
        facts = _granted(facts, marks, refused)
        verdict = court.kernel.decide(facts)
    hits[(verdict.code > 0) & (verdict.code <= _FIELD)] = -1  # refused before the register was asked
    searched = hits >= 0
    alert = np.where(searched, guarded > 0, facts.protected) & ~conceals(policy, rule)
    alert &= (verdict.code == 0) | (verdict.decision == APPROVAL)
    shown = _shown(court, columns, facts, verdict, searched)
    rows = np.bincount(shown[0], minlength=len(rule))
    single = _single(columns) & (verdict.code == 0) & _there(court, columns, policy.fields[rule])
    rows = np.where(single & (columns.screen != _HOUSEHOLD), 1, rows)
    return Judged(facts, verdict, section, hits, alert, rows, marks, shown)


def _facts(court: Court, columns: Columns, today: Ints) -> tuple[Facts, Ints, Ints, Ints]:
    """What is known before anybody released anything; the askers' sections; residents found, and protected ones."""
    desk = court.desk
    account, role, section = desk.held(columns.staff, columns.day, columns.terminal)
    rule = court.policy.cells[role, columns.purpose, columns.action]
    hits, guarded = _search(court, columns, rule)
    none = np.zeros(len(rule), dtype=np.bool_)
    own = (columns.target >= 0) & (columns.target == desk.own[columns.staff])
    session = one_of(columns.action, ACTIONS, "login", "logout")
    minute = columns.minute
    facts = Facts(
        role=role,
        purpose=columns.purpose,
        action=columns.action,
        screen=columns.screen,
        rule=rule,
        reach=reach(columns.screen, session, own),
        hits=np.maximum(hits, 0),
        today=today,
        account=account,
        failed=columns.failed & session,
        cased=columns.cased,
        grounded=~none,
        off_hours=(minute < OFFICE_OPENS_MINUTE) | (minute >= OFFICE_CLOSES_MINUTE),
        at_home=desk.terminal_section[columns.terminal] == section,
        supervisor=desk.supervisor[columns.staff],
        protected=_protected(court, columns),
        approved=none,
        overridden=none,
        unreviewed=none,
    )
    return facts, section, hits, guarded


def _found(
    grants: Grants, columns: Columns, section: Ints, rows: Ints, desk: Desk
) -> Iterator[tuple[int, str | None, str | None]]:
    waiting = acts(columns, section, rows, desk.terminals)
    return ((row, *grants.found(act)) for row, act in zip(rows.tolist(), waiting, strict=True))


def _useful(by_two: Flags, found: Iterator[tuple[int, str | None, str | None]]) -> Marks:
    """What releases each request: an approval before a break-glass, which no second person can be replaced by."""
    usable = ((row, approval, None if approval or by_two[row] else override) for row, approval, override in found)
    return {row: (approval, override) for row, approval, override in usable if approval or override}


def _granted(facts: Facts, marks: Marks, refused: list[int]) -> Facts:
    approved, overridden, unreviewed = facts.approved.copy(), facts.overridden.copy(), facts.unreviewed.copy()
    unreviewed[refused] = True
    for row, (approval, override) in marks.items():
        approved[row], overridden[row] = approval is not None, override is not None
    return replace(facts, approved=approved, overridden=overridden, unreviewed=unreviewed)


_HOUSEHOLD = next(i for i, term in enumerate(SCREENS) if term.code == "household")


def _listing(columns: Columns) -> Flags:
    return one_of(columns.action, ACTIONS, "search", "list") & (columns.search >= 0) & (columns.target >= 0)


def _single(columns: Columns) -> Flags:
    return (columns.target >= 0) & ~one_of(columns.action, ACTIONS, "search", "list", "export", "login", "logout")


def _searches(columns: Columns) -> Searches:
    return Searches(columns.search, columns.match, columns.typed, columns.target, columns.day)


def _search(court: Court, columns: Columns, rule: Ints) -> tuple[Ints, Ints]:
    hits, guarded = np.full(len(rule), -1, dtype=np.int64), np.zeros(len(rule), dtype=np.int64)
    rows = np.flatnonzero(_listing(columns) & (court.policy.fields[rule] & _NAME > 0))
    if rows.size:
        found, kept = court.registry.count(_searches(columns.take(rows)))
        hidden = conceals(court.policy, rule[rows])
        seen = found - np.where(hidden, kept, 0)
        hits[rows] = np.minimum(seen, court.policy.hits[rule[rows]] + 1)
        guarded[rows] = np.where(hidden, 0, kept)
    return hits, guarded


def _protected(court: Court, columns: Columns) -> Flags:
    held = np.zeros(len(columns.target), dtype=np.bool_)
    rows = np.flatnonzero(_single(columns))
    held[rows] = court.registry.times.protected(columns.target[rows], columns.day[rows])
    return held


def _there(court: Court, columns: Columns, fields: Ints) -> Flags:
    """Whether the record is there for an asker who is granted some group: live, or removed and those are granted."""
    times, target = court.registry.times, np.maximum(columns.target, 0)
    removed = (times.left[target] <= columns.day) & (fields & _REMOVED > 0)
    return (columns.target >= 0) & (fields > 0) & (times.live(target, columns.day) | removed)


def _shown(court: Court, columns: Columns, facts: Facts, verdict: Verdict, searched: Flags) -> tuple[Ints, Ints, Ints]:
    granted = verdict.decision < min(APPROVAL, DENY)
    hidden = conceals(court.policy, facts.rule)
    limit = court.policy.rows[facts.rule]
    lists = np.flatnonzero(granted & searched)
    known = court.registry.times.entered[np.maximum(columns.target, 0)] <= columns.day
    homes = np.flatnonzero(granted & _single(columns) & (columns.screen == _HOUSEHOLD) & known)
    named = court.policy.fields[facts.rule] & _NAME > 0
    extracts = np.flatnonzero(granted & named & one_of(columns.action, ACTIONS, "export"))
    parts = []
    if lists.size:
        row, rank, resident = court.registry.candidates(_searches(columns.take(lists)), limit[lists], ~hidden[lists])
        parts.append((lists[row], rank, resident))
    if homes.size:
        row, rank, resident = court.registry.household_of(columns.target[homes], columns.day[homes], ~hidden[homes])
        parts.append((homes[row], rank, resident))
    for each in extracts.tolist():
        purpose, day = int(columns.purpose[each]), int(columns.day[each])
        resident = extraction.select(court.registry, purpose, day, guarded_too=not hidden[each])[: int(limit[each])]
        parts.append((np.full(len(resident), each), np.arange(len(resident)), resident))
    if not parts:
        return (np.empty(0, dtype=np.int64),) * 3
    row, rank, resident = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(row, kind="stable")  # each request is of one part, which ranks its own
    return row[order], rank[order], resident[order]
