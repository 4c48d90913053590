"""All that a decision depends on, in columns; and what each screen shows and needs."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from simulator.access.columns import Flags, Ints
from simulator.access.policy import FIELDS, SCOPES
from simulator.schema.vocabulary import SCREENS

OFFICE_OPENS_MINUTE = 8 * 60
OFFICE_CLOSES_MINUTE = 19 * 60
"""ASSUMED: hours in which contracted desks may work, counter hours 8:30–17:15 (domain.md 3.6) with margin."""

FLAGS = (
    "account", "failed", "cased", "grounded", "off_hours", "at_home", "supervisor", "protected", "approved",
    "overridden", "unreviewed",
)  # fmt: skip
"""Yes-or-no facts; with the reach in the bits above them they are the situation of a request."""
SITUATIONS = len(SCOPES) << len(FLAGS)

# What each screen shows, and one of which groups a rule must grant for it.
_SHOWS = {
    "search": "name address", "candidates": "name address", "record": "name address household",
    "household": "name address household", "history": "name address history", "removed": "name address removed",
    "numbers": "name resident_code my_number", "certificate": "name address household domicile",
    "change": "name address household domicile", "national": "name address resident_code my_number",
    "extraction": "name address household", "protection": "name protection", "approval": "name", "audit": "log",
    "disclosure": "log", "statistics": "log",
}  # fmt: skip
_NEEDS = {
    "search": "name", "candidates": "name", "record": "name", "household": "household", "history": "history",
    "removed": "removed", "numbers": "resident_code my_number", "certificate": "name", "national": "name",
    "protection": "protection", "audit": "log", "disclosure": "log", "statistics": "log",
}  # fmt: skip


def bits(*names: str) -> int:
    """Groups of fields as bits."""
    return sum(1 << FIELDS.index(name) for name in set(names))


def _screens(groups: dict[str, str]) -> npt.NDArray[np.int64]:
    return np.array([bits(*groups.get(screen.code, "").split()) for screen in SCREENS], dtype=np.int64)


SHOWN_BITS, NEEDED_BITS = _screens(_SHOWS), _screens(_NEEDS)
ADDRESS_BITS = bits("address", "household", "history", "removed")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision depends on, columns of shape ``(n,)``.

    Attributes:
        role: role of the asker.
        purpose: stated purpose.
        action: what is asked.
        screen: on which screen.
        rule: number of the rule, -1 for none.
        reach: place in `SCOPES` of what the request needs.
        hits: residents that the search would show, 0 without search.
        today: requests of the asker, of this action and day, up to and with this one.
        account: whether an account is valid.
        failed: whether it is a log-on with a wrong credential.
        cased: whether a case number is stated.
        grounded: whether grounds are picked.
        off_hours: whether it is outside the hours of contracted desks.
        at_home: whether the terminal stands in the asker's section.
        supervisor: whether the asker is one.
        protected: whether the record that is meant is protected.
        approved: whether somebody else has approved it.
        overridden: whether the asker broke the glass for it.
        unreviewed: whether it breaks the glass while an earlier break-glass of the asker waits for its review.
    """

    role: Ints
    purpose: Ints
    action: Ints
    screen: Ints
    rule: Ints
    reach: Ints
    hits: Ints
    today: Ints
    account: Flags
    failed: Flags
    cased: Flags
    grounded: Flags
    off_hours: Flags
    at_home: Flags
    supervisor: Flags
    protected: Flags
    approved: Flags
    overridden: Flags
    unreviewed: Flags

    @property
    def situation(self) -> npt.NDArray[np.uint16]:
        """Flags and reach in one number, below `SITUATIONS`."""
        found = np.left_shift(self.reach, len(FLAGS), dtype=np.uint16, casting="unsafe")
        for place, name in enumerate(FLAGS):
            found |= np.left_shift(getattr(self, name), place, dtype=np.uint16, casting="unsafe")
        return found

    def take(self, rows: Ints | slice) -> Self:
        """The facts of `rows`."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))


def reach(screen: Ints, session: Flags, own: Flags) -> Ints:
    """How far a request reaches: a log-on nowhere, one's own record, the municipality, or the nation."""
    national = np.array([term.code == "national" for term in SCREENS])[screen]
    far = np.where(national, SCOPES.index("nation"), SCOPES.index("municipality"))
    return np.where(session, 0, np.where(own & ~national, SCOPES.index("self"), far))
