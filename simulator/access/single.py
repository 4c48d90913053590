"""The decision on one request, in plain Python: the same table of rights, read rule by rule.

It states the conditions a second time, in the order of `REASONS`, because a look-up in Python is a hundred times
quicker for one request than an array operation. The exhaustive matrix of the tests compares it with the compiled
tables of `simulator.access.decide`, cell by cell.
"""

from dataclasses import dataclass
from typing import NamedTuple

from simulator.access.facts import ADDRESS_BITS, NEEDED_BITS, SHOWN_BITS
from simulator.access.policy import FIELDS, SCOPES, Policy, Rule

_NATION = SCOPES.index("nation")
_NEEDED, _SHOWN = NEEDED_BITS.tolist(), SHOWN_BITS.tolist()


class Fact(NamedTuple):
    """What a decision on one request depends on; see `Facts` for the meaning of each."""

    role: int
    purpose: int
    action: int
    screen: int
    reach: int
    hits: int = 0
    today: int = 1
    account: bool = True
    failed: bool = False
    cased: bool = False
    grounded: bool = False
    off_hours: bool = False
    at_home: bool = False
    supervisor: bool = False
    protected: bool = False
    approved: bool = False
    overridden: bool = False
    unreviewed: bool = False


class Found(NamedTuple):
    """The decision on one request: code of the reason, decision, and groups of fields as bits."""

    reason: str
    decision: str
    fields: int


@dataclass(frozen=True, slots=True)
class SingleTable:
    """A policy as lists, for one request at a time."""

    policy: Policy
    cells: list[list[list[int]]]
    fields: list[int]

    @classmethod
    def of(cls, policy: Policy) -> "SingleTable":
        """Read `policy`."""
        return cls(policy, policy.cells.tolist(), policy.fields.tolist())

    def number(self, role: int, purpose: int, action: int) -> int:
        """Number of the rule that decides, -1 for none."""
        return self.cells[role][purpose][action]

    def decide(self, fact: Fact) -> Found:
        """Decide one request."""
        number = self.number(fact.role, fact.purpose, fact.action)
        reason = self._before(fact, number) or self._after(fact, self.policy.rules[number])
        if reason == "APPROVAL":
            return Found(reason, "approval", 0)
        if reason:
            return Found(reason, "deny", 0)
        shown = self.fields[number] & _SHOWN[fact.screen]
        if fact.protected and self.policy.rules[number].protected == "mask":
            return Found("OK", "mask", shown & ~ADDRESS_BITS)
        return Found("OK", "allow", shown)

    def early(self, fact: Fact) -> str | None:
        """The reason that refuses before the register is asked, or None: then hits and protection matter."""
        number = self.number(fact.role, fact.purpose, fact.action)
        return self._before(fact, number)

    def _before(self, fact: Fact, number: int) -> str | None:
        if not fact.account:
            return "ACCOUNT"
        if fact.failed:
            return "LOGON"
        if number < 0:
            return self._absent(fact)
        if SCOPES.index(self.policy.rules[number].scope) < fact.reach:
            return "SCOPE"
        needed = _NEEDED[fact.screen]
        return "FIELD" if needed and not self.fields[number] & needed else None

    def _absent(self, fact: Fact) -> str:
        if not self.policy.roles[fact.role]:
            return "NO_RULE"
        return "ACTION" if self.policy.purposes[fact.role, fact.purpose] else "PURPOSE"

    @staticmethod
    def _after(fact: Fact, rule: Rule) -> str | None:
        if fact.hits > rule.hits:
            return "LIMIT"
        if fact.today > rule.daily:
            return "RATE"
        return _lacking(fact, rule) or _guarding(fact, rule)


def required(fact: Fact, rule: Rule) -> tuple[str, ...]:
    """What `rule` requires of a request that reaches as far as `fact`."""
    return (*rule.require, *rule.beyond) if fact.reach == _NATION else rule.require


def _lacking(fact: Fact, rule: Rule) -> str | None:
    needed = required(fact, rule)
    for name, reason, met in (
        ("case_no", "CASE_NO", fact.cased),
        ("office_hours", "HOURS", not fact.off_hours),
        ("terminal_zone", "ZONE", fact.at_home),
        ("supervisor", "SUPERVISOR", fact.supervisor),
    ):
        if not met and name in needed:
            return reason
    return "REVIEW" if fact.unreviewed else None


def _guarding(fact: Fact, rule: Rule) -> str | None:
    needed = required(fact, rule)
    treatment = "alert" if fact.overridden else rule.protected
    prompted = fact.protected and treatment in ("alert", "release")
    if (prompted or "grounds" in needed) and not fact.grounded:
        return "GROUNDS"
    if fact.protected and treatment == "hide":
        return "PROTECTED"
    waits = "second_person" in needed or (fact.protected and treatment == "release")
    return "APPROVAL" if waits and not fact.approved else None


def groups(fields: int) -> tuple[str, ...]:
    """Groups of fields from bits."""
    return tuple(name for place, name in enumerate(FIELDS) if fields >> place & 1)
