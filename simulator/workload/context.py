"""What an episode may know and take: people and their graph, the office, and the cases of its actor's own days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from simulator.errors import UnknownNameError
from simulator.streams import Floats, Ints, Scalar
from simulator.workload.archetype import Guise, Row, Story, Taken
from simulator.workload.circle import Circle, Flags, Groups
from simulator.workload.office import Office
from simulator.workload.plan import Plan, acts
from simulator.workload.town import Town

LOOKING = frozenset({"search", "view"})
_DRAWS = 8
LEAST_MS = 45_000
_OFFICE_HOURS = (9, 17)
_MUNI = "MUNI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a case to be taken must be, and what it had better be: that counts only where some are so.

    Attributes:
        needs: actions that its requests must include.
        least_days: it must lie so many days from those of `looked`.
        looked: days of the window.
        surname_of: better about somebody of the surname of this resident.
        numbered: better one whose number stands in the log.
        office_hours: better opened between nine and five.
        other_system: better in another system than that of resident records.
    """

    needs: frozenset[str] = LOOKING
    least_days: int = 0
    looked: tuple[int, ...] = ()
    surname_of: int | None = None
    numbered: bool = False
    office_hours: bool = False
    other_system: bool = False


ANY = Wish()


@dataclass(slots=True)
class Traces:
    """What episodes leave outside the log.

    Attributes:
        hidden: cases (case_index) that are missing from the auditor's list.
        entered: cases that the list has under another resident: case_index → resident_no.
        cards: sessions (session_key) that were opened with a temporary card.
    """

    hidden: set[int] = field(default_factory=set)
    entered: dict[int, int] = field(default_factory=dict)
    cards: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows by group: ``order[starts[g] : starts[g + 1]]`` are those of group g, in order."""

    order: Ints
    starts: Ints

    def __getitem__(self, group: int) -> Ints:
        return self.order[self.starts[group] : self.starts[group + 1]]


@dataclass(frozen=True)
class Caseload:
    """The cases of a plan by staff, and their requests; made once a run.

    Attributes:
        day: day of the window on which each case opens, by case_index.
        resident: whose case.
        taken: whether an episode has taken it.
    """

    plan: Plan
    day: Ints
    resident: Ints
    staff: Groups
    taken: np.ndarray
    _actions: dict[str, np.ndarray]

    @classmethod
    def of(cls, plan: Plan, town: Town) -> Self:
        """Index the cases of `plan`."""
        cases, steps = plan.cases, plan.steps
        day = (cases["opened"].dt.date() - town.window.start).dt.total_days().to_numpy()
        staff = cases["staff_no"].cast(pl.Int64).to_numpy()
        actions = {}
        for name in sorted({act.action for _, act in acts()}):
            wanted = np.array([act.action == name for _, act in acts()])
            actions[name] = np.bincount(steps.case[wanted[steps.act]], minlength=cases.height) > 0
        resident = cases["resident_no"].cast(pl.Int64).to_numpy()
        taken = np.zeros(cases.height, dtype=np.bool_)
        return cls(plan, day, resident, Groups.of(staff, np.arange(cases.height)), taken, actions)

    def of_staff(self, staff: Sequence[int], first_day: int, last_day: int) -> Ints:
        """Places of the cases of `staff` that open between two days of the window, in order."""
        parts = [np.asarray(self.staff[no], dtype=np.int64) for no in sorted(set(staff))]
        mine = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *parts]))
        chosen: Ints = mine[(self.day[mine] >= first_day) & (self.day[mine] <= last_day)]
        return chosen

    def having(self, places: Ints, actions: frozenset[str]) -> Ints:
        """Those of `places` whose requests include all of `actions`."""
        fits = np.ones(len(places), dtype=np.bool_)
        for name in sorted(actions):
            fits &= self._actions[name][places] if name in self._actions else np.False_
        return places[fits]

    @cached_property
    def _steps(self) -> "_Rows":
        """Which steps of the plan belong to each case."""
        case = self.plan.steps.case
        order = np.argsort(case, kind="stable")
        return _Rows(order, np.searchsorted(case[order], np.arange(self.plan.cases.height + 1)))

    @cached_property
    def numbered(self) -> Flags:
        """Whether the log states the number of each case."""
        return self.plan.cases["stated"].is_not_null().to_numpy()

    @cached_property
    def hour(self) -> Ints:
        """The hour of the day at which each case opens."""
        return self.plan.cases["opened"].dt.hour().cast(pl.Int64).to_numpy()

    @cached_property
    def elsewhere(self) -> Flags:
        """Whether each case is handled in another system than that of resident records."""
        return (self.plan.cases["system"] != _MUNI).to_numpy()

    @cached_property
    def visible(self) -> Flags:
        """Whether the auditor's list has each case."""
        return self.plan.cases["visible"].to_numpy()

    @cached_property
    def case_rate(self) -> Floats:
        """The share of views of each case's purpose that state a case."""
        views = self.with_action("view")
        stated = self.plan.cases.select("purpose", stated=pl.col("stated").is_not_null())
        rate = stated.filter(pl.Series(views)).group_by("purpose").agg(pl.col("stated").mean().alias("rate"))
        return stated.join(rate, on="purpose", how="left", maintain_order="left")["rate"].fill_null(0.0).to_numpy()

    def with_action(self, action: str) -> Flags:
        """Whether each case has a request of this kind."""
        return self._actions.get(action, np.zeros(self.plan.cases.height, dtype=np.bool_))

    def worker(self, place: int) -> int:
        """Whose case it is."""
        return int(self.plan.cases["staff_no"][place])

    def take(self, place: int) -> Taken:
        """Take the case at `place`."""
        self.taken[place] = True
        rows = self.plan.frame(self.plan.steps.take(self._steps[place])).sort("at", "tie").to_dicts()
        return Taken(place, self.worker(place), int(self.resident[place]), tuple(rows), day=int(self.day[place]))


@dataclass(slots=True)
class Context:
    """What an episode may know and draw from.

    Attributes:
        rng: the episode's own randomness.
        town: the population.
        office: the office.
        circle: who is near to whom.
        story: to be filled in.
        caseload: the cases of the plan.
        traces: what all episodes leave outside the log.
    """

    rng: Scalar
    town: Town
    office: Office
    circle: Circle
    story: Story
    caseload: Caseload
    traces: Traces = field(default_factory=Traces)

    @property
    def last_day(self) -> int:
        """The last day of the window, 0 the first."""
        return self.town.window.day_count - 1

    def staff(self, *sections: str) -> list[int]:
        """staff_no of those who work in `sections`, in order; of all who have cases, without any.

        Who is transferred in the window counts only where all are.

        Raises:
            UnknownNameError: the office has no such section.
        """
        known = set(self.office.sections["section"])
        for section in sections:
            if section not in known:
                raise UnknownNameError("section", section, known)
        found = self.office.posted(*(sections or sorted(known)))
        return found if sections else [no for no in found if self.caseload.staff[no]]

    def everybody(self) -> list[int]:
        """staff_no of all who have cases, transferred or not, in order."""
        return [int(no) for no in self.office.staff["staff_no"].sort() if self.caseload.staff[int(no)]]

    def employed(self, staff: Sequence[int], *kinds: str, supervisor: bool | None = None) -> list[int]:
        """Those of `staff` of some kinds of employment, perhaps heads or not; all of them if none fits."""
        rows = self.office.staff.filter(pl.col("staff_no").is_in(list(staff))).sort("staff_no")
        if kinds:
            rows = rows.filter(pl.col("employment").cast(pl.String).is_in(kinds))
        if supervisor is not None:
            rows = rows.filter(pl.col("supervisor") == supervisor)
        return [int(no) for no in rows["staff_no"]] or list(staff)

    def newest(self) -> list[int]:
        """Staff with cases who were hired last: the latest day of hire, in order."""
        mine = self.office.staff.filter(pl.col("staff_no").is_in(self.staff()))
        return [
            int(no) for no in mine.filter(pl.col("hired_on") == pl.col("hired_on").max()).sort("staff_no")["staff_no"]
        ]

    def own_record(self, staff_no: int) -> int | None:
        """resident_no of a member of staff who lives here."""
        return self.circle.own.get(staff_no)

    def residents(self, staff: Sequence[int]) -> list[int]:
        """Those of `staff` who live here."""
        rows = self.office.staff.filter(pl.col("staff_no").is_in(list(staff)), pl.col("resident_no").is_not_null())
        return [int(no) for no in rows.sort("staff_no")["staff_no"]]

    def colleagues(self, staff_no: int) -> list[int]:
        """Records of other members of staff who live here, those of the same section first."""
        section = self.office.staff.filter(pl.col("staff_no") == staff_no)["section"][0]
        rows = self.office.staff.filter(pl.col("staff_no") != staff_no, pl.col("resident_no").is_not_null())
        own = (pl.col("section") != section).alias("elsewhere")
        return [int(no) for no in rows.sort(own, "staff_no")["resident_no"]]

    def figures(self, *kinds: str) -> list[int]:
        """Residents of interest of some kinds, in order."""
        rows = self.town.figures.filter(pl.col("figure").cast(pl.String).is_in(kinds)).sort("resident_no")
        return [int(no) for no in rows["resident_no"] if self.circle.settled[no]]

    def take(
        self,
        staff: Sequence[int],
        first_day: int = 0,
        last_day: int | None = None,
        wish: Wish = ANY,
    ) -> Taken | None:
        """Take over a case of one of `staff` between two days of the window (0 the first); None if there is none left.

        Every case is as likely as the next, so misuse falls on busy people and sessions as often as lawful work does:
        drawing the person first would mark it by short sessions. Each is taken once in a run.
        """
        last = self.last_day if last_day is None else last_day
        place = self._free(self.suitable(staff, (first_day, last), wish))
        return None if place is None else self.caseload.take(place)

    def suitable(self, staff: Sequence[int], days: tuple[int, int], wish: Wish) -> Ints:
        """Places of the cases of `staff` between two days that suit `wish`, taken ones among them, in order."""
        load = self.caseload
        mine = load.having(load.of_staff(staff, *days), wish.needs)
        for day in wish.looked if wish.least_days else ():
            mine = mine[np.abs(load.day[mine] - day) >= wish.least_days]
        if wish.surname_of is not None:
            surnames = self.circle.number["surname"]
            mine = _rather(mine, surnames[load.resident[mine]] == surnames[wish.surname_of])
        if wish.numbered:
            mine = _rather(mine, load.numbered[mine])
        if wish.other_system:
            mine = _rather(mine, load.elsewhere[mine])
        if wish.office_hours:
            low, high = _OFFICE_HOURS
            mine = _rather(mine, (load.hour[mine] >= low) & (load.hour[mine] < high))
        return mine

    def _free(self, places: Ints) -> int | None:
        """One that no episode has taken: drawn from all, again where it is, so that others' takings shift no draw."""
        for _ in range(_DRAWS if len(places) else 0):
            place = int(places[self.rng.below(len(places))])
            if not self.caseload.taken[place]:
                return place
        left = places[~self.caseload.taken[places]]
        return int(left[self.rng.below(len(left))]) if len(left) else None

    def peek(self, staff: Sequence[int]) -> int | None:
        """One of `staff`, as likely as their cases are many; None if nobody has any."""
        mine = self.caseload.having(self.caseload.of_staff(staff, 0, self.last_day), LOOKING)
        return self.caseload.worker(int(mine[self.rng.below(len(mine))])) if len(mine) else None

    def sample(self, staff_no: int) -> list[Row]:
        """The requests of one of a person's cases that search and view, left where it is."""
        mine = self.caseload.having(self.caseload.of_staff([staff_no], 0, self.last_day), LOOKING)
        return self.caseload.plan.of_cases(mine[[self.rng.below(len(mine))]]).to_dicts()

    def others_cases(self, staff_no: int) -> pl.DataFrame:
        """Cases of sections other than that of `staff_no` whose number stands in the log, in order of opening."""
        section = self.duties(staff_no)[-1][0]
        return self.caseload.plan.cases.filter(pl.col("section") != section, pl.col("stated").is_not_null())

    def bound(self, staff: Sequence[int], days: tuple[int, int], share: float) -> int:
        """`share` of the cases of `staff` between two days, rounded up: what still lies within the work of peers."""
        return -int(-len(self.caseload.of_staff(staff, *days)) * share // 1)

    def extractions(self, *sections: str) -> list[Row]:
        """The lawful bulk extractions of some sections, in order of time."""
        here = self.staff(*sections)
        others = self.caseload.plan.others
        rows = others.filter(pl.col("action") == "export", pl.col("staff_no").is_in(here)).sort("at", "tie")
        return rows.to_dicts()

    def stay_after(self, row: Row) -> Row | None:
        """The same person's session of that day that is still open a while after the request; None if there is none."""
        until = int(row["at"].timestamp() * 1_000) + 2 * LEAST_MS
        today = self.caseload.plan.sessions.filter(pl.col("day") == row["at"].date(), pl.col("closes") > until)
        own = today.filter(pl.col("staff_no") == row["staff_no"]).sort("opens")
        return own.row(0, named=True) if own.height else None

    def duties(self, staff_no: int) -> list[tuple[str, int]]:
        """The sections of a member of staff, each with the day of the window on which the post began, in order."""
        rows = self.office.postings.filter(pl.col("staff_no") == staff_no, pl.col("kind") == "own").sort("valid_from")
        start = self.town.window.start
        return [(section, (day - start).days) for section, day in rows.select("section", "valid_from").iter_rows()]

    def working_day(self, staff: Sequence[int], last_day: int) -> int:
        """A day of the window up to `last_day`, as likely as `staff` has cases on it; 0 if there are none."""
        mine = self.caseload.of_staff(staff, 0, last_day)
        return int(self.caseload.day[mine[self.rng.below(len(mine))]]) if len(mine) else 0

    def day_of(self, taken: Taken) -> int:
        """The day of the window on which the taken case was worked at."""
        return int((taken.steps[0]["at"].date() - self.town.window.start).days)

    def own_number(self, taken: Taken) -> str | None:
        """The case number of the taken case, borrowed for the misuse."""
        return next((row["case_no"] for row in taken.steps if row["case_no"] is not None), None)

    def leave(self, taken: Taken, victim: int) -> tuple[str | None, str]:
        """Leave the taken case behind in its guise; the number that its requests may state, and where that is from."""
        number = self.own_number(taken)
        if taken.guise is Guise.ENTERED:
            self.traces.entered[taken.case_index] = victim
            return number, "forged"
        if taken.guise is Guise.HIDDEN:
            self.traces.hidden.add(taken.case_index)
        return number, "none" if number is None else "forged" if taken.guise is Guise.HIDDEN else "borrowed"


def _rather(places: Ints, wished: Flags) -> Ints:
    """The wished ones of `places`, all where there are none."""
    return places[wished] if wished.any() else places
