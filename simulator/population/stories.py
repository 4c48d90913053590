"""What happens to whom in the window: at most one story per household, drawn by the rates of its members."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from simulator.clock import Window
from simulator.population.days import YEAR_DAYS, office_days
from simulator.population.people import People
from simulator.population.pool import Bools, pool
from simulator.population.rates import ADULT, amendments, rates
from simulator.streams import Floats, Ints, Stream

OUT, WITHIN, LEAVING, DEATH, BIRTH, MARRIAGE, DIVORCE = range(1, 8)
(
    CANCELLED, UNDONE, ERASED, SPLIT, MERGED, NEW_HEAD, CORRECTED, RENAMED, FORMER_NAME, TRANSFERRED, RECODED,
    RENUMBERED, REMADE, NATURALISED, ALIAS, ADOPTED, UNADOPTED, MISSING,
) = range(8, 26)  # fmt: skip
HAD = -1
"""The story of a household that has had one before."""
LATER_UNTOLD = (MERGED, RECODED, RENUMBERED, NATURALISED, ALIAS)
"""Stories that need another household, a number that nobody had, or a row that is there: not told when a run grows."""
SEASONAL = (OUT, WITHIN, LEAVING, CANCELLED)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in which story.

    Attributes:
        story: per household, 0 for none.
        arrivals: how many households come from elsewhere.
        leaving, dying: member numbers.
        grooms, brides: member numbers, pair by pair.
    """

    story: Ints
    arrivals: int
    leaving: Ints
    dying: Ints
    grooms: Ints
    brides: Ints

    def households(self, story: int) -> Ints:
        """The households of one kind of story."""
        return np.flatnonzero(self.story == story)


@cache
def _chances() -> Floats:
    """Chances per year of each story by composition, shape ``(n_compositions, n_stories)``."""
    people, yearly = pool(), rates()
    members = [people.per_household(values) for values in (yearly.leaving, yearly.death, yearly.marriage)]
    leaving, death, marriage = members
    first = [yearly.out_whole, yearly.within_whole, leaving, death, yearly.birth, marriage, yearly.divorce]
    return np.column_stack(first + amendments())


@cache
def _years(window: Window) -> Floats:
    """How many years' worth of each story the window has, shape ``(n_stories,)``: moves have their season."""
    days = office_days(window)
    years = np.full(_chances().shape[1], window.day_count / YEAR_DAYS if days else 0.0)
    years[np.array(SEASONAL) - 1] *= days.moving if days else 0.0
    return years


def draw_cast(stream: Stream, people: People, window: Window, arrival: float, busy: Bools | None = None) -> Cast:
    """Cast the stories of `people`, `arrival` households coming a year for each; none if no office is open.

    Households that are `busy` have had their story, and those of `LATER_UNTOLD` are not told again.
    """
    years = _years(window)
    count = len(people.composition)
    ends = np.cumsum(_chances()[people.composition] * years, axis=1)
    ends /= np.maximum(ends[:, -1:], 1.0)
    u = stream.unit("story", count)
    story = np.where(u < ends[:, -1], (u[:, None] >= ends).sum(axis=1) + 1, 0)
    if busy is not None:
        story = np.where(busy, HAD, np.where(np.isin(story, LATER_UNTOLD), 0, story))
    arriving = stream.chance("arrival", count, min(1.0, arrival * years[OUT - 1]))
    grooms, brides = _pairs(stream, people, story)
    return Cast(
        story,
        int(arriving.sum()),
        member_by(stream, people, np.flatnonzero(story == LEAVING), rates().leaving),
        member_by(stream, people, np.flatnonzero(story == DEATH), rates().death),
        grooms,
        brides,
    )


def member_by(stream: Stream, people: People, households: Ints, hazard: npt.NDArray[np.float64]) -> Ints:
    """One member of each of `households`, in proportion to `hazard`."""
    own = hazard[people.source]
    ends = np.cumsum(own)
    start = np.concatenate([[0.0], ends])[people.first[households]]
    last = people.first[households] + people.size[households] - 1
    point = start + (ends[last] - start) * stream.unit("whom", len(people.composition))[households]
    found = np.searchsorted(ends, point, side="right")
    member: Ints = np.clip(found, people.first[households], last)
    return member


def _pairs(stream: Stream, people: People, story: Ints) -> tuple[Ints, Ints]:
    """Men and women who marry, oldest with oldest, so that ages are near."""
    chosen = member_by(stream, people, np.flatnonzero(story == MARRIAGE), rates().marriage)
    male = pool().male[people.source[chosen]]
    men, women = chosen[male], chosen[~male]
    pairs = min(len(men), len(women))
    keep_men, keep_women = (np.sort(stream.order(f"pair_{n}", len(s))[:pairs]) for n, s in enumerate((men, women)))
    men, women = men[keep_men], women[keep_women]
    return men[np.argsort(people.birth[men], kind="stable")], women[np.argsort(people.birth[women], kind="stable")]


def minor(people: People, members: Ints) -> npt.NDArray[np.bool_]:
    """Whether each of `members` is under 18 when the window begins."""
    young: npt.NDArray[np.bool_] = pool().age[people.source[members]] < ADULT
    return young
