"""The decision, stated once as conditions and compiled to dense tables of small numbers.

A rule's requirements and a request's yes-or-no facts are few bits, so every combination is worked out beforehand by
the conditions below; ten million requests are then a few look-ups each. `simulator.access.single` decides one request
in plain Python; the exhaustive matrix of the tests holds the two, and an exported Cedar policy, together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simulator.access.columns import Flags, Ints
from simulator.access.facts import ADDRESS_BITS, FLAGS, NEEDED_BITS, SHOWN_BITS, SITUATIONS, Facts
from simulator.access.policy import PROTECTED, REQUIREMENTS, SCOPES, Policy
from simulator.schema.vocabulary import DECISIONS

REASONS = (
    "OK", "ACCOUNT", "LOGON", "NO_RULE", "PURPOSE", "ACTION", "SCOPE", "FIELD", "LIMIT", "RATE", "CASE_NO", "HOURS",
    "ZONE", "SUPERVISOR", "REVIEW", "GROUNDS", "PROTECTED", "APPROVAL",
)  # fmt: skip
"""Codes of reasons in the order in which they are tried: the first that holds is given."""
NO_RULE_ID = "default"
"""Named where no rule applies: what is not granted is refused."""
ALLOW, MASK, APPROVAL, DENY = (next(i for i, t in enumerate(DECISIONS) if t.code == c) for c in
                               ("allow", "mask", "approval", "deny"))  # fmt: skip
CHUNK = 1 << 16
"""Requests decided together, so that what is in work stays in the processor's cache."""
Small = npt.NDArray[np.uint8]
_PASS = 255  # no reason holds: above every place in REASONS
_PROTECTED_BIT = FLAGS.index("protected")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, columns of shape ``(n,)``.

    Attributes:
        code: place of the reason in `REASONS`.
        decision: place in the vocabulary of decisions.
        fields: groups of fields granted, as bits.
    """

    code: Small
    decision: Small
    fields: npt.NDArray[np.uint16]


class Kind(NamedTuple):
    """What of a rule matters besides fields and limits; rules that share it decide alike."""

    protected: int
    require: int
    beyond: int
    scope: int


def conditions(kind: Kind, facts: Mapping[str, Ints]) -> dict[str, Flags]:
    """Which reasons hold, of those that depend on a rule's kind and a request's situation alone."""
    require = np.where(facts["reach"] == SCOPES.index("nation"), kind.require | kind.beyond, kind.require)

    def needs(name: str) -> Flags:
        return np.asarray(require & (1 << REQUIREMENTS.index(name)) != 0)

    given = {name: facts[name].astype(np.bool_) for name in FLAGS}
    lifted = np.where(given["overridden"], PROTECTED.index("alert"), kind.protected)
    guarded = {name: given["protected"] & (lifted == PROTECTED.index(name)) for name in PROTECTED}
    prompted = needs("grounds") | guarded["alert"] | guarded["release"]
    return {
        "ACCOUNT": ~given["account"],
        "LOGON": given["failed"],
        "SCOPE": kind.scope < facts["reach"],
        "CASE_NO": needs("case_no") & ~given["cased"],
        "HOURS": needs("office_hours") & given["off_hours"],
        "ZONE": needs("terminal_zone") & ~given["at_home"],
        "SUPERVISOR": needs("supervisor") & ~given["supervisor"],
        "REVIEW": given["unreviewed"],
        "GROUNDS": prompted & ~given["grounded"],
        "PROTECTED": guarded["hide"],
        "APPROVAL": (guarded["release"] | needs("second_person")) & ~given["approved"],
    }


@dataclass(frozen=True, slots=True)
class Kernel:
    """A policy compiled for many decisions; row -1 of every table is that of no rule.

    Attributes:
        absent: reason where role × purpose has no rule, shape ``(R * P,)``.
        purposes: how many purposes there are.
        situations: first reason by kind of rule and situation, shape ``(classes * SITUATIONS,)``.
        class_of: where each rule's kind begins in `situations`, shape ``(n_rules + 1,)``.
        lacks: FIELD or pass by rule and screen, shape ``((n_rules + 1) * screens,)``.
        fields: groups granted by rule, screen and whether masked, shape ``((n_rules + 1) * screens * 2,)``.
        masks: whether a rule masks protected residents, shape ``(n_rules + 1,)``.
        hits: most residents found, per rule.
        daily: most requests a day, per rule.
    """

    absent: Small
    purposes: int
    situations: Small
    class_of: npt.NDArray[np.int32]
    lacks: Small
    fields: npt.NDArray[np.uint16]
    masks: Small
    hits: npt.NDArray[np.int64]
    daily: npt.NDArray[np.int64]

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """Compile `policy`."""
        kinds, place = np.unique(
            np.stack([policy.protected, policy.require, policy.beyond, policy.scope]), axis=1, return_inverse=True
        )
        absent = np.where(policy.purposes, REASONS.index("ACTION"), REASONS.index("PURPOSE"))
        absent[~policy.roles] = REASONS.index("NO_RULE")
        needed = (NEEDED_BITS > 0) & (policy.fields[:, None] & NEEDED_BITS == 0)
        shown = policy.fields[:, None] & SHOWN_BITS
        return cls(
            absent=absent.astype(np.uint8).ravel(),
            purposes=absent.shape[1],
            situations=np.concatenate([_first(Kind(*kind)) for kind in kinds.T.tolist()]),
            class_of=(place.ravel() * SITUATIONS).astype(np.int32),
            lacks=np.where(needed, REASONS.index("FIELD"), _PASS).astype(np.uint8).ravel(),
            fields=np.stack([shown, shown & ~ADDRESS_BITS], axis=2).astype(np.uint16).ravel(),
            masks=(policy.protected == PROTECTED.index("mask")).astype(np.uint8),
            hits=policy.hits,
            daily=policy.daily,
        )

    def decide(self, facts: Facts) -> Verdict:
        """Decide. Pure: the same facts always give the same verdict."""
        n = len(facts.rule)
        code, decision, fields = np.empty(n, np.uint8), np.empty(n, np.uint8), np.empty(n, np.uint16)
        for start in range(0, n, CHUNK):
            part = slice(start, start + CHUNK)
            self._some(facts.take(part), code[part], decision[part], fields[part])
        return Verdict(code, decision, fields)

    def _some(self, facts: Facts, code: Small, decision: Small, fields: npt.NDArray[np.uint16]) -> None:
        situation, rule = facts.situation, facts.rule
        code[:] = self.situations[self.class_of[rule] + situation]
        screened = rule * len(NEEDED_BITS) + facts.screen
        np.minimum(code, self.lacks[screened], out=code)
        np.minimum(code, _where(facts.hits > self.hits[rule], "LIMIT"), out=code)
        np.minimum(code, _where(facts.today > self.daily[rule], "RATE"), out=code)
        none = np.flatnonzero(rule < 0)
        if none.size:
            first = self.situations[self.class_of[-1] + situation[none]]
            early = np.where(first < REASONS.index("NO_RULE"), first, _PASS)
            code[none] = np.minimum(early, self.absent[facts.role[none] * self.purposes + facts.purpose[none]])
        code[code == _PASS] = 0
        masked = self.masks[rule] & (situation >> _PROTECTED_BIT).astype(np.uint8) & 1
        decision[:] = _DECIDED[code * np.uint8(2) + masked]
        fields[:] = self.fields[screened * 2 + masked]
        fields[code != 0] = 0


def _where(holds: Flags, reason: str) -> Small:
    return np.where(holds, np.uint8(REASONS.index(reason)), np.uint8(_PASS))


def _decided() -> Small:
    table = np.full((len(REASONS), 2), DENY, dtype=np.uint8)
    table[0] = ALLOW, MASK
    table[REASONS.index("APPROVAL")] = APPROVAL
    return table.ravel()


_DECIDED = _decided()


@cache
def _first(kind: Kind) -> Small:
    """The first reason in every situation of a kind of rule, `_PASS` for none."""
    situation = np.arange(SITUATIONS)
    facts = {name: situation >> place & 1 for place, name in enumerate(FLAGS)}
    facts["reach"] = situation >> len(FLAGS)
    code = np.full(SITUATIONS, _PASS, dtype=np.uint8)
    for reason, holds in sorted(conditions(kind, facts).items(), key=lambda each: -REASONS.index(each[0])):
        code[holds] = REASONS.index(reason)
    return code


def requires(policy: Policy, rule: Ints, reach: Ints, name: str) -> Flags:
    """Whether each `rule` has the requirement `name` for requests that reach so far."""
    beyond = np.where(reach == SCOPES.index("nation"), policy.beyond[rule], 0)
    return np.asarray((policy.require[rule] | beyond) & (1 << REQUIREMENTS.index(name)) != 0)


def conceals(policy: Policy, rule: Ints) -> Flags:
    """Whether each `rule` answers as if protected residents did not exist."""
    return np.asarray(policy.protected[rule] == PROTECTED.index("hide"))
