"""The adaptive insider: has read the published inspection rules, and takes what scores least by them.

Nothing is known of the detectors that an auditor may run beside the rules. What is chosen between are the cases of the
actor's own desk, whether the number at hand is stated as it is or its case disappears from the list, and whether the
certificate is issued as a cover. The rules about crowds and bulk are not looked at: one person's looks meet neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from simulator.streams import Floats, Ints
from simulator.workload.archetype import Guise, Taken
from simulator.workload.circle import Flags
from simulator.workload.context import Context, Wish
from simulator.world.calendar import is_business_day
from simulator.world.inspection import PUBLISHED, Inspection

MOST_CASES = 60
"""Cases at the desk that are weighed, beside those of the victim's household."""
_RESULTS = ("issue", "update")


def best(
    ctx: Context, desks: Sequence[int], victim: int, days: tuple[int, int], *, wish: Wish, guises: Sequence[Guise]
) -> Taken | None:
    """The case and the way of the best response; None if there is no case left.

    Args:
        ctx: the episode's.
        desks: at whose desks it can be done.
        victim: who is wanted.
        days: between which days.
        wish: what a case must be.
        guises: what the list can be made to say, the simplest first.
    """
    places = _weighed(ctx, ctx.suitable(desks, days, wish), victim)
    if not len(places):
        return None
    scale = Scale(ctx, places, victim)
    ways = [(guise, cover) for guise in guises for cover in (False, True)]
    table = np.stack([scale.points(guise, cover=cover) for guise, cover in ways])
    way = int(table.min(axis=1).argmin())
    ties = np.flatnonzero(table[way] <= table[way].min())
    taken = ctx.caseload.take(int(places[ties[ctx.rng.below(len(ties))]]))
    return replace(taken, guise=ways[way][0], cover=ways[way][1])


def _weighed(ctx: Context, places: Ints, victim: int) -> Ints:
    """The free ones of the victim's household, and others spread over the days."""
    free = places[~ctx.caseload.taken[places]]
    near = _of_home(ctx, free, victim)
    others = free[~near]
    count = min(MOST_CASES, len(others))
    drawn = [int(others[(k * len(others) + ctx.rng.below(len(others))) // count]) for k in range(count)]
    return np.unique(np.array([*free[near], *drawn], dtype=np.int64))


def _of_home(ctx: Context, places: Ints, victim: int) -> Flags:
    """Whether each case is about the victim or the victim's household."""
    home, resident = ctx.circle.number["household"], ctx.caseload.resident[places]
    return np.asarray((resident >= 0) & (home[np.maximum(resident, 0)] == home[victim]))


@dataclass(frozen=True)
class Scale:
    """What the rules would give a look at `victim` in the place of each of `places`.

    Attributes:
        ctx: the episode's.
        places: of cases, shape ``(n,)``.
        victim: who is wanted.
        book: the published rules.
    """

    ctx: Context
    places: Ints
    victim: int
    book: Inspection = PUBLISHED

    def points(self, guise: Guise, *, cover: bool) -> Floats:
        """The sum of the weights of the rules that would apply, shape ``(n,)``."""
        load, weights = self.ctx.caseload, self.book.weights
        ends = self._ends & cover
        listed = load.visible[self.places] & (guise is not Guise.HIDDEN)
        fits = _of_home(self.ctx, self.places, self.victim) | (guise is Guise.ENTERED)
        found = weights["foreign_case"] * (self._numbered & listed & ~fits)
        found += weights["unknown_case"] * (self._numbered & ~listed)
        found += weights["no_result"] * (~self._numbered & ~ends)
        found += weights["same_surname"] * (self._like("surname") & ~ends)
        return np.asarray(found + self._whatever)

    @cached_property
    def _whatever(self) -> Floats:
        """What weighs whatever is done with the case."""
        weights, bare = self.book.weights, ~self._numbered
        usual = self.ctx.caseload.case_rate[self.places] >= self.book.usual_case_rate
        found = weights["usually_with_case"] * (bare & usual) + weights["closed_office"] * self._closed
        found += bare * (weights["protected"] * self._guarded + weights["repeat"] * self._repeated)
        found += weights["neighbour"] * (bare & self._like("district"))
        own = self._own == self.victim
        return np.asarray(
            found + weights["own_record"] * own + weights["own_household"] * (self._like("household") & ~own)
        )

    @cached_property
    def _numbered(self) -> Flags:
        return np.asarray(self.ctx.caseload.numbered[self.places])

    @cached_property
    def _ends(self) -> Flags:
        """Whether each case ends in something issued or recorded."""
        issued, recorded = (self.ctx.caseload.with_action(name)[self.places] for name in _RESULTS)
        return np.asarray(issued | recorded)

    @cached_property
    def _own(self) -> Ints:
        """The own record of whose case each is, -1 for those who live elsewhere."""
        workers = [self.ctx.caseload.worker(int(place)) for place in self.places]
        records = {worker: self.ctx.own_record(worker) for worker in set(workers)}
        return np.array([-1 if records[worker] is None else records[worker] for worker in workers], dtype=np.int64)

    def _like(self, group: str) -> Flags:
        """Whether actor and victim share the group: household, surname or district."""
        numbers = self.ctx.circle.number[group]
        return np.asarray((self._own >= 0) & (numbers[np.maximum(self._own, 0)] == numbers[self.victim]))

    @property
    def _guarded(self) -> bool:
        return self.victim in set(self.ctx.town.protections["resident_no"])

    @property
    def _repeated(self) -> bool:
        days = len({day for _, day in self.ctx.story.looked}) + 1
        return days >= self.book.repeat_days and self.victim in self.ctx.story.victims

    @property
    def _closed(self) -> Flags:
        load, days = self.ctx.caseload, list(self.ctx.town.window.days())
        shut = np.array([not is_business_day(days[int(day)]) for day in load.day[self.places]], dtype=np.bool_)
        hour = load.hour[self.places]
        return np.asarray(shut | (hour < self.book.first_hour) | (hour >= self.book.last_hour))
