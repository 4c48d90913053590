"""The knobs of the office and of lawful work, as a scenario writes them."""

import re
from dataclasses import dataclass, field
from datetime import date

from simulator.workload.sections import ASSUMED_SECTIONS

CODES = tuple(section.code for section in ASSUMED_SECTIONS)
"""Sections that have posts."""


_CODE = re.compile("[a-z][a-z_]{1,30}")
_AUTH = ("card", "vein")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganisation:
    """Sections that are merged, or one that is renamed.

    Attributes:
        on: first day of the new section.
        sections: codes of those that it takes the place of.
        code: of the new one.
        title: its name.
    """

    on: date
    sections: tuple[str, ...]
    code: str
    title: str

    def __post_init__(self) -> None:
        """Refuse a section that is none."""
        if not self.sections or not self.title or not _CODE.fullmatch(self.code):
            msg = "a reorganisation needs sections, a title, and a code of small letters and _"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A system that is replaced: all terminals of people are new from a day on.

    Attributes:
        on: first day of the new system.
        auth: how everybody logs on to it, "card" or "vein".
    """

    on: date
    auth: str = "vein"

    def __post_init__(self) -> None:
        """Refuse a way that there is not."""
        if self.auth not in _AUTH:
            msg = f"auth is {self.auth!r}; valid: {', '.join(_AUTH)}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSpec:
    """The office.

    Attributes:
        staff: how many people work there.
        resident_rate: share of them who live in the town.
        leave_rate: share of working days on leave or out of the office, sickness apart.
        sections: code of a section → its heads; sections that are not named share the rest of the staff. None for all
            in proportion.
        two_posts: share of regular staff without a section to lead who serve in a second one as well (兼務); None for
            nobody.
        reorganised: sections that are merged or renamed in the window; None for none.
        replaced: days on which the system with its terminals is replaced; None for none.
    """

    staff: int = 120
    resident_rate: float = 0.66
    leave_rate: float = 0.07
    sections: dict[str, int] | None = None
    two_posts: float | None = None
    reorganised: tuple[Reorganisation, ...] | None = None
    replaced: tuple[Replacement, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse values that cannot be."""
        if not 40 <= self.staff <= 20_000:  # noqa: PLR2004 -- every section needs somebody
            msg = f"staff is {self.staff}; give 40 to 20000"
            raise ValueError(msg)
        _check_rates(self.resident_rate, self.leave_rate, self.two_posts or 0.0)
        self._check_sections()

    def _check_sections(self) -> None:
        own = self.sections or {}
        for code, heads in own.items():
            if code not in CODES:
                msg = f"sections has {code!r}; valid: {', '.join(sorted(CODES))}"
                raise ValueError(msg)
            if heads < 1:
                msg = f"sections.{code} is {heads}; every section needs somebody"
                raise ValueError(msg)
        rest = self.staff - sum(own.values())
        if rest < len(CODES) - len(own) or (rest and len(own) == len(CODES)):
            others = len(CODES) - len(own)
            msg = f"sections have {sum(own.values())} of {self.staff} staff; the {others} others need one each"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadSpec:
    """Lawful work.

    Attributes:
        volume: multiplies every rate of cases; 1 gives 3 to 6 record views per resident and year.
        hidden_rate: share of cases that the auditor's case list lacks, 0 for none, 1 for all; those over with one look
            and the first of their kind about a resident are missing far more often than the others.
        namesake_rate: share of searches with namesakes in which a wrong one is opened first.
        kinds: procedure → weight of its cases, 0 to switch it off; the others stay as they are.
        lookalikes: look-alike (L01 …) → weight of its cases, 0 to have none; the others stay as they are.
    """

    volume: float = 1.0
    hidden_rate: float = 0.085
    namesake_rate: float = 0.15
    kinds: dict[str, float] = field(default_factory=dict)
    lookalikes: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse values that cannot be."""
        if not 0 < self.volume <= 10:  # noqa: PLR2004 -- more is no town hall
            msg = f"volume is {self.volume}; give more than 0, at most 10"
            raise ValueError(msg)
        _check_rates(self.hidden_rate, self.namesake_rate)
        for name, weight in (self.kinds | self.lookalikes).items():
            if not 0 <= weight <= 10:  # noqa: PLR2004 -- as above
                msg = f"the weight of {name} is {weight}; give 0 to 10"
                raise ValueError(msg)


def _check_rates(*rates: float) -> None:
    for rate in rates:
        if not 0 <= rate <= 1:
            msg = f"a rate of {rate}; give 0 to 1"
            raise ValueError(msg)
