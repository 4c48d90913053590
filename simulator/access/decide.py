"""The decision: one function on arrays, the same for ten million requests and for one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.access.columns import Flags, Ints
from simulator.access.policy import FIELDS, PROTECTED, REQUIREMENTS, SCOPES, Policy
from simulator.schema.vocabulary import DECISIONS, SCREENS

REASONS = (
    "OK", "ACCOUNT", "NO_RULE", "PURPOSE", "ACTION", "SCOPE", "FIELD", "LIMIT", "RATE", "CASE_NO", "HOURS", "ZONE",
    "SUPERVISOR", "PROTECTED", "APPROVAL",
)  # fmt: skip
"""Codes of reasons in the order in which they are tried: the first that holds is given."""
NO_RULE_ID = "default"
"""Named where no rule applies: what is not granted is refused."""
OFFICE_OPENS_MINUTE = 8 * 60
OFFICE_CLOSES_MINUTE = 19 * 60
"""ASSUMED: hours in which contracted desks may work, counter hours 8:30–17:15 (domain.md 3.6) with margin."""

ALLOW, MASK, APPROVAL, DENY = (next(i for i, t in enumerate(DECISIONS) if t.code == c) for c in
                               ("allow", "mask", "approval", "deny"))  # fmt: skip
# What each screen shows, and one of which groups a rule must grant for it.
_SHOWS = {
    "search": "name address", "candidates": "name address", "record": "name address household",
    "household": "name address household", "history": "name address history", "removed": "name address removed",
    "numbers": "name resident_code my_number", "certificate": "name address household domicile",
    "change": "name address household domicile", "national": "name address resident_code my_number",
    "extraction": "name address household", "protection": "name protection", "approval": "name", "audit": "log",
}  # fmt: skip
_NEEDS = {
    "search": "name log", "candidates": "name log", "record": "name", "household": "household", "history": "history",
    "removed": "removed", "numbers": "resident_code my_number", "certificate": "name", "national": "name",
    "protection": "protection", "audit": "log",
}  # fmt: skip


def _screens(groups: dict[str, str]) -> npt.NDArray[np.int64]:
    bits = [sum(1 << FIELDS.index(name) for name in groups.get(screen.code, "").split()) for screen in SCREENS]
    return np.array(bits, dtype=np.int64)


_SHOWN_BITS, _NEEDED_BITS = _screens(_SHOWS), _screens(_NEEDS)
_ADDRESS_BITS = sum(1 << FIELDS.index(name) for name in ("address", "household", "history", "removed"))


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision depends on, columns of shape ``(n,)``.

    Attributes:
        account: whether an account is valid.
        role: role of the asker.
        purpose: stated purpose.
        action: what is asked.
        screen: on which screen.
        rule: number of the rule, -1 for none.
        reach: place in `SCOPES` of what the request needs.
        cased: whether a case number is stated.
        minute: of the day.
        at_home: whether the terminal stands in the asker's section.
        supervisor: whether the asker is one.
        protected: whether the record that is meant is protected.
        hits: residents that the search would show, 0 without search.
        today: requests of the asker, of this action and day, up to and with this one.
        approved: whether somebody else has approved it.
        overridden: whether the asker broke the glass for it.
    """

    account: Flags
    role: Ints
    purpose: Ints
    action: Ints
    screen: Ints
    rule: Ints
    reach: Ints
    cased: Flags
    minute: Ints
    at_home: Flags
    supervisor: Flags
    protected: Flags
    hits: Ints
    today: Ints
    approved: Flags
    overridden: Flags


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, columns of shape ``(n,)``.

    Attributes:
        code: place of the reason in `REASONS`.
        decision: place in the vocabulary of decisions.
        fields: groups of fields granted, as bits.
    """

    code: Ints
    decision: Ints
    fields: Ints


def decide(policy: Policy, facts: Facts) -> Verdict:
    """Decide. Pure: the same facts always give the same verdict."""
    code = np.zeros(len(facts.rule), dtype=np.int64)
    for reason, holds in reversed(list(_conditions(policy, facts).items())):
        code[holds] = REASONS.index(reason)
    masked = facts.protected & (policy.protected[facts.rule] == PROTECTED.index("mask"))
    decision = np.where(masked, MASK, ALLOW)
    decision[code == REASONS.index("APPROVAL")] = APPROVAL
    decision[(code != 0) & (code != REASONS.index("APPROVAL"))] = DENY
    fields = policy.fields[facts.rule] & _SHOWN_BITS[facts.screen] & ~np.where(masked, _ADDRESS_BITS, 0)
    return Verdict(code, decision, np.where(code == 0, fields, 0))


def _conditions(policy: Policy, facts: Facts) -> dict[str, Flags]:
    rule = facts.rule
    treatment = np.where(facts.protected & ~facts.overridden, policy.protected[rule], PROTECTED.index("alert"))
    needed = _NEEDED_BITS[facts.screen]
    off_hours = (facts.minute < OFFICE_OPENS_MINUTE) | (facts.minute >= OFFICE_CLOSES_MINUTE)
    unreleased = (treatment == PROTECTED.index("release")) | requires(policy, rule, "second_person")
    return {
        "ACCOUNT": ~facts.account,
        "NO_RULE": (rule < 0) & ~policy.roles[facts.role],
        "PURPOSE": (rule < 0) & ~policy.purposes[facts.role, facts.purpose],
        "ACTION": rule < 0,
        "SCOPE": policy.scope[rule] < facts.reach,
        "FIELD": (needed > 0) & (policy.fields[rule] & needed == 0),
        "LIMIT": facts.hits > policy.hits[rule],
        "RATE": facts.today > policy.daily[rule],
        "CASE_NO": requires(policy, rule, "case_no") & ~facts.cased,
        "HOURS": requires(policy, rule, "office_hours") & off_hours,
        "ZONE": requires(policy, rule, "terminal_zone") & ~facts.at_home,
        "SUPERVISOR": requires(policy, rule, "supervisor") & ~facts.supervisor,
        "PROTECTED": treatment == PROTECTED.index("hide"),
        "APPROVAL": unreleased & ~facts.approved,
    }


def requires(policy: Policy, rule: Ints, name: str) -> Flags:
    """Whether each `rule` has the requirement `name`."""
    return np.asarray(policy.require[rule] & (1 << REQUIREMENTS.index(name)) != 0)


def reach(screen: Ints, session: Flags, own: Flags) -> Ints:
    """How far a request reaches: a log-on nowhere, one's own record, the municipality, or the nation."""
    national = np.array([term.code == "national" for term in SCREENS])[screen]
    far = np.where(national, SCOPES.index("nation"), SCOPES.index("municipality"))
    return np.where(session, 0, np.where(own & ~national, SCOPES.index("self"), far))


def conceals(policy: Policy, rule: Ints) -> Flags:
    """Whether each `rule` answers as if protected residents did not exist."""
    return np.asarray(policy.protected[rule] == PROTECTED.index("hide"))
