"""What a procedure is: who comes when, to which section, and which steps the clerk takes."""

import importlib
import pkgutil
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np

from simulator.clock import Window
from simulator.errors import UnknownNameError
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.workload.folk import Folk
from simulator.workload.town import Town

SELF, SEARCHED, AGAIN, NAMESAKE, NO_ONE = "self", "search", "search again", "namesake", "no one"
"""Whom a step is about: the resident of the case, the one searched for (again: by other details), somebody of the
same kana name opened by mistake, nobody, another of the household, a relative elsewhere, a neighbour."""
UNNUMBERED = frozenset(
    {
        ("TAX", "property_tax"), ("TAX", "tax_collection"), ("TAX", "income_tax"), ("JUKI", "tax_collection"),
        ("WELFARE", "public_assistance"), ("CHILD", "school_register"), ("MUNI", "electoral_roll"), ("ADMIN", "audit"),
        ("ADMIN", "system_operation"), ("WELFARE", "public_health"), ("MUNI", "training"),
        ("CHILD", "child_protection"), ("JUKI", "property_tax"), ("JUKI", "resident_change"), ("MUNI", "housing_water"),
    }
)  # fmt: skip
"""Systems and purposes that write no case number into the log: a matter of the work, never of its lawfulness."""


class Act(NamedTuple):
    """One step of a procedure; `rate` is the share of cases that have it, if there is somebody whom it is about."""

    action: str
    screen: str
    rate: float = 1.0
    dwell: str = "read"
    whom: str = SELF


class Arrivals(NamedTuple):
    """Cases that come, each column of shape ``(n,)``.

    Attributes:
        day: of the window.
        at: milliseconds since the day began; -1 for whenever the section gets to it.
        target: resident_no.
        chain: a number shared by cases that belong together, such as those after one death; -1 for none.
    """

    day: Ints
    at: Ints
    target: Ints
    chain: Ints


class Source(Protocol):
    """Where the cases of a procedure come from."""

    @property
    def hours(self) -> Weights | None:
        """When in the day they come; None for whenever the section gets to them."""
        ...

    def nominal(self, town: Town, window: Window) -> Floats:
        """How many come on each day of `window` at volume 1, about; shape ``(days,)``."""
        ...

    def draw(self, town: Town, folk: Folk, volume: float, stream: Stream) -> Arrivals:
        """Those that come."""
        ...


class Procedure(NamedTuple):
    """A kind of lawful work.

    Attributes:
        section: where it is done.
        source: where its cases come from.
        branches: share of residents near a branch office who go there.
        keeper: whether one person of the section keeps all cases of a resident.
        searches: by which details the clerk searches, with weights.
        prefix: how its case numbers begin.
    """

    name: str
    title_ja: str
    title_en: str
    purpose: str
    system: str
    section: str
    acts: tuple[Act, ...]
    searches: tuple[tuple[str, int], ...]
    source: Source
    prefix: str
    branches: float = 0.0
    keeper: bool = False

    @property
    def numbered(self) -> bool:
        """Whether the log carries its case number."""
        return (self.system, self.purpose) not in UNNUMBERED


ASSUMED_BRANCHES = 0.55  # of residents near a branch go there for what it offers
SEARCH = Act("search", "search", 1.0, "glance", SEARCHED)
RETRY = Act("search", "search", 0.12, "glance", AGAIN)
LIST = Act("list", "candidates", 0.35, "glance", SEARCHED)
WRONG = Act("view", "record", 1.0, "glance", NAMESAKE)
VIEW = Act("view", "record")
HOUSEHOLD = Act("view", "household", 0.4)
HISTORY = Act("view", "history", 0.3)
ISSUE = Act("issue", "certificate", 0.9, "glance")
UPDATE = Act("update", "change", 0.95, "work")
FIND = (SEARCH, RETRY, LIST, WRONG, VIEW)
BY_PERSON = (("kana_birth", 50), ("name_birth", 25), ("kana", 15), ("address_name", 10))
BY_PLACE = (("address_name", 45), ("name", 25), ("kana", 15), ("address", 15))
BY_CODE = (("resident_code", 40), ("my_number", 25), ("kana_birth", 35))
BY_HOUSE = (("address", 70), ("address_name", 30))

# Dwell in seconds: bands [from, to) with weights, long-tailed. ASSUMED:
# domain.md 3.4 has one figure, 2 min 12 s in all.
ASSUMED_BANDS = {
    "instant": (((0, 2), 90), ((2, 4), 10)),
    "glance": (((2, 6), 40), ((6, 15), 38), ((15, 40), 17), ((40, 120), 4), ((120, 400), 1)),
    "read": (((5, 15), 25), ((15, 40), 40), ((40, 90), 24), ((90, 240), 9), ((240, 900), 2)),
    "work": (((20, 60), 25), ((60, 150), 40), ((150, 300), 24), ((300, 700), 9), ((700, 1200), 2)),
}


def dwell_s(kind: str, words: Floats, spread: Floats) -> Ints:
    """Seconds on the screen by `kind` from two uniform draws, each shape ``(n,)``."""
    bands = ASSUMED_BANDS[kind]
    ends = np.cumsum([weight for _, weight in bands]) / sum(weight for _, weight in bands)
    band = np.minimum(np.searchsorted(ends, words, side="right"), len(bands) - 1)
    low, high = np.array([span for span, _ in bands]).T
    seconds: Ints = (low[band] + ((high - low)[band] * spread)).astype(np.int64)
    return seconds


@cache
def procedures() -> dict[str, Procedure]:
    """Every procedure by name, found by discovery."""
    package = importlib.import_module("simulator.workload.procedures")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return {module.PROCEDURE.name: module.PROCEDURE for module in modules}


def procedure(name: str) -> Procedure:
    """The procedure called `name`.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in procedures():
        raise UnknownNameError("procedure", name, procedures())
    return procedures()[name]
