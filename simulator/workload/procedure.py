"""What a procedure is: who comes when, to which section, and which steps the clerk takes."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from simulator.errors import UnknownNameError
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.workload.rhythm import COUNTER, Season, demand, times
from simulator.workload.town import Town


class Act(NamedTuple):
    """One step of a procedure; `rate` is the share of cases that have it.

    `whom` is ``self``, ``namesake`` (somebody of the same kana name, opened by mistake) or ``search``.
    """

    action: str
    screen: str
    rate: float = 1.0
    dwell: str = "read"
    whom: str = "self"


class Arrivals(NamedTuple):
    """Cases that come: when (ms) and about whom (resident_no), both shape ``(n,)``."""

    at: Ints
    target: Ints


class Procedure(NamedTuple):
    """A kind of lawful work.

    Attributes:
        sections: which sections it comes to, with weights.
        numbered: whether the log carries its case number; a matter of system and purpose, never of lawfulness.
        searches: by which details the clerk searches, with weights.
    """

    name: str
    title_ja: str
    title_en: str
    purpose: str
    system: str
    sections: tuple[tuple[str, int], ...]
    acts: tuple[Act, ...]
    searches: tuple[tuple[str, int], ...]
    arrivals: Callable[[Town, float, Stream], Arrivals]
    numbered: bool = True


SEARCH = Act("search", "search", 1.0, "glance", "search")
LIST = Act("list", "candidates", 0.35, "glance", "search")
WRONG = Act("view", "record", 1.0, "glance", "namesake")
VIEW = Act("view", "record")
HOUSEHOLD = Act("view", "household", 0.4)
ISSUE = Act("issue", "certificate", 0.9, "glance")
UPDATE = Act("update", "change", 0.95, "work")
FIND = (SEARCH, LIST, WRONG, VIEW)
BRANCHES = (("branch_east", 4), ("branch_west", 4), ("branch_south", 4), ("branch_north", 4))
ASSUMED_SCALE = 0.7  # fits the sum of all rates to domain.md 3.7: 3–6 views a resident and year
BY_PERSON = (("kana_birth", 50), ("name_birth", 25), ("kana", 15), ("address_name", 10))
BY_PLACE = (("address_name", 45), ("name", 25), ("kana", 15), ("address", 15))


def comers(
    town: Town,
    per_1000: float,
    stream: Stream,
    season: Season | None = None,
    *,
    ages: tuple[int, int] = (18, 110),
    hours: Weights = COUNTER,
) -> Arrivals:
    """Residents aged `ages` who come by themselves, `per_1000` residents of all ages and year."""
    people = town.residents
    age = town.window.start.year - pl.col("birth_date").dt.year()
    who = people.filter(age.is_between(*ages), pl.col("resident_since") < town.window.start)["resident_no"].to_numpy()
    days = demand(town.window, ASSUMED_SCALE * per_1000 * people.height / 1_000, season or Season(), stream)
    if len(who) == 0:
        return Arrivals(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    target = who[stream.below("who", len(days), len(who))].astype(np.int64)
    return Arrivals(times(days, hours, stream), target)


def changed(
    town: Town, reasons: tuple[str, ...], rate: float, stream: Stream, *, after_days: int = 0, hours: Weights = COUNTER
) -> Arrivals:
    """Residents with a change of record for one of `reasons`, up to `after_days` days after its notice.

    A rate above 1 means that some come again.
    """
    rows = town.changes.filter(pl.col("reason").cast(pl.String).is_in(reasons)).sort("change_no")
    copies = int(rate) + 1
    rows = pl.concat([rows] * copies)
    n = rows.height
    kept = stream.chance("kept", n, np.full(n, rate / copies))
    wait = stream.below("wait", n, after_days + 1) if after_days else np.zeros(n, dtype=np.int64)
    day = rows["notified_on"].cast(pl.Int32).to_numpy().astype(np.int64) + wait
    at = times(day * 86_400_000 - 9 * 3_600_000, hours, stream)
    return Arrivals(at[kept], rows["resident_no"].to_numpy().astype(np.int64)[kept])


# Dwell in seconds: bands [from, to) with weights, long-tailed. ASSUMED:
# domain.md 3.4 has one figure, 2 min 12 s in all.
ASSUMED_BANDS = {
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
