"""All that a policy can be asked, as facts: role × purpose × action × reach × protected × approval × limits."""

import math
from dataclasses import fields

import numpy as np

from simulator.access.facts import FLAGS, Facts
from simulator.access.policy import SCOPES
from simulator.access.single import Fact
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES, SCREENS

# What a request of each action is usually asked on; two screens each, so that groups of fields matter.
USUAL = {
    "login": ("logon", "logon"), "logout": ("logon", "logon"), "search": ("search", "national"),
    "list": ("candidates", "audit"), "view": ("record", "history"), "unmask": ("numbers", "numbers"),
    "print": ("record", "removed"), "issue": ("certificate", "certificate"), "update": ("change", "protection"),
    "export": ("extraction", "extraction"), "approve": ("approval", "approval"), "override": ("record", "household"),
}  # fmt: skip
PLACES = {term.code: place for place, term in enumerate(SCREENS)}
CORE = (len(ROLES), len(PURPOSES), len(ACTIONS), len(SCOPES), 2, 2, 3)
"""Role, purpose, action, reach, protected, approved, limit class (none, hits, day)."""
GIVEN = {
    "account": 1, "failed": 0, "cased": 1, "grounded": 1, "off_hours": 0, "at_home": 1, "supervisor": 1,
    "overridden": 0, "unreviewed": 0,
}  # fmt: skip
FLIPS = ("", *GIVEN)
"""Of the whole matrix each core cell comes once with everything in order and once with each of these turned round."""


def size():
    return math.prod(CORE) * len(FLIPS)


def cells(policy, rows):
    """The facts of the matrix cells with the numbers `rows`; a cell's number names it for good."""
    flip, core = np.divmod(rows, math.prod(CORE))
    role, purpose, action, reach, protected, approved, limit = np.unravel_index(core, CORE)
    usual = np.array([[PLACES[name] for name in USUAL[term.code]] for term in ACTIONS])
    rule = policy.cells[role, purpose, action]
    flags = {name: np.full(len(rows), value, dtype=bool) for name, value in GIVEN.items()}
    for name, value in flags.items():
        value[flip == FLIPS.index(name)] ^= True
    return Facts(
        role=role, purpose=purpose, action=action, screen=usual[action, core % 2], rule=rule, reach=reach,
        hits=np.where(limit == 1, policy.hits[rule] + 1, policy.hits[rule]),
        today=np.where(limit == 2, policy.daily[rule] + 1, np.maximum(policy.daily[rule], 1)),
        protected=protected == 1, approved=approved == 1, **flags,
    )  # fmt: skip


def core_rows(policy, count):
    """About `count` cells of the core: of every rule some, and some that no rule decides."""
    rows = np.arange(math.prod(CORE))
    role, purpose, action, *_ = np.unravel_index(rows, CORE)
    ruled = policy.cells[role, purpose, action] >= 0
    kept, rest = rows[ruled], rows[~ruled]
    most = count * 4 // 5
    return np.concatenate([_spread(kept, most), _spread(rest, count - most)])


def _spread(rows, count):
    return rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]


def ones(facts):
    """Each of `facts` as one."""
    names = [each.name for each in fields(Facts) if each.name != "rule"]
    columns = [getattr(facts, name).tolist() for name in names]
    return [Fact(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


assert set(GIVEN) | {"protected", "approved"} == set(FLAGS)
