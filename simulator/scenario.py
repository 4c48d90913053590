"""A scenario: everything that a run is made from but its seed, as TOML with a name."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import tomli_w

from simulator import spec
from simulator.access import Policy, PolicyChange, in_force
from simulator.clock import Window
from simulator.errors import UnknownNameError
from simulator.population.bridge import neighbours
from simulator.population.nation import Nation
from simulator.population.spec import PopulationSpec
from simulator.pseudonym.rotation import Schedule
from simulator.streams import Stream
from simulator.workload import OfficeSpec, Promise, WorkloadSpec, check_office, check_work
from simulator.world.municipality import MUNICIPALITIES, municipality

_FOLDER = Path(__file__).with_name("scenarios")
ALL = ["all"]
"""What a scenario's municipalities are called when it means the whole nation, each place in its own size."""
ASSUMED_STAFF = ((60_000, 5.5), (13_000, 7.0), (0, 11.0))
"""Least residents, and staff with an account per thousand of them: small offices do the same work with fewer people."""
LEAST_STAFF = 40
EDITIONS = ("scripted", "natural", "dense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One municipality of a run that differs in size from the others.

    Attributes:
        residents: people in its register when the window begins.
        staff: people who work in its office.
    """

    residents: int
    staff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is made.

    Attributes:
        municipalities: six-digit codes, each with an office of its own; ``["all"]`` in a file for the whole nation.
        start: first day.
        days: how many days.
        rotate_every_days: after how many days the log's pseudonyms get a new key version; without it never.
        rotation_overlap_days: for how long an older version stays readable, and the case list names people under both.
        edition: "scripted", with the misuse of its own tables and no other; "natural", with every kind as rare as it is
            known to be; or "dense", for teaching. In the last two its own tables stand in the place of the edition's.
        places: code → size of a municipality, where it is not that of ``population`` and ``office``.
        policy: what rules of the policy say otherwise from a day of the window on; None for no change.
        grown: by how many days a run of it has grown since, time by time; `days` holds them all. None for not at all.
        misuse: archetype → how many ``episodes``, and its knobs; an outsider may not know it.
    """

    name: str
    title_ja: str
    title_en: str
    summary: str
    municipalities: tuple[str, ...]
    start: date
    days: int
    population: PopulationSpec
    office: OfficeSpec
    workload: WorkloadSpec
    rotate_every_days: int | None = None
    rotation_overlap_days: int = 30
    edition: str = "scripted"
    places: dict[str, Place] = field(default_factory=dict)
    policy: tuple[PolicyChange, ...] | None = None
    grown: tuple[int, ...] | None = None
    misuse: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an empty window and municipalities that do not exist."""
        if self.days - sum(self.grown or ()) < 1 or min(self.grown or (1,)) < 1 or not self.municipalities:
            msg = "days must be at least 1, more than it has grown by, and municipalities must name one"
            raise ValueError(msg)
        for code in self.municipalities:
            municipality(code)
        self._check_places()
        check_work(self.workload)
        check_office(self.office, self.start)
        self._check_policy()
        self.rotation  # noqa: B018 (its own check)
        for name, values in self.misuse.items():
            Promise.of(name, values)

    def _check_places(self) -> None:
        if self.edition not in EDITIONS:
            msg = f"edition must be one of {', '.join(EDITIONS)}, not {self.edition!r}"
            raise ValueError(msg)
        for code in self.places:
            if code not in self.municipalities:
                msg = f"places.{code} is none of the municipalities of the run"
                raise ValueError(msg)
            self.sized(code)

    def _check_policy(self) -> None:
        changes = self.policy or ()
        if changes:
            in_force(Policy.default(), changes, date.max)
        if early := [change for change in changes if change.on <= self.start]:
            msg = f"the policy change of {early[0].on} must come after the first day, {self.start}"
            raise ValueError(msg)

    def sized(self, code: str) -> tuple[PopulationSpec, OfficeSpec]:
        """People and office of the municipality `code`, in its own size."""
        if not self.places:
            return self.population, self.office
        own, there = self._place(code), [place.code for place in neighbours(municipality(code))]
        near = {other: self._place(other).residents for other in there if other in self.municipalities}
        people = replace(self.population, residents=own.residents, neighbours=near)
        return people, replace(self.office, staff=own.staff)

    def _place(self, code: str) -> Place:
        return self.places.get(code) or Place(residents=self.population.residents, staff=self.office.staff)

    @property
    def window(self) -> Window:
        """The days of the run."""
        return Window(self.start, date.fromordinal(self.start.toordinal() + self.days))

    @property
    def windows(self) -> tuple[Window, ...]:
        """The days that were made first, and those of each growth."""
        ends = list(accumulate((self.grown or ()), initial=self.days - sum(self.grown or ())))
        days = [self.start, *(self.start + timedelta(days=end) for end in ends)]
        return tuple(Window(first, end) for first, end in pairwise(days))

    @property
    def rotation(self) -> Schedule:
        """When the log's pseudonyms get a new key version."""
        return Schedule.of(self.window, self.rotate_every_days, self.rotation_overlap_days)

    def nation(self, seed: int, residents: int | None = None) -> Nation:
        """The people that follow from `seed`, any of whom can be made alone; `residents` instead of the own number."""
        wanted = self.population if residents is None else replace(self.population, residents=residents)
        return Nation(wanted, self.window, people_stream(seed))


def people_stream(seed: int) -> Stream:
    """The randomness of people: one for the nation, whatever municipalities a run has."""
    return Stream(seed).at("population")


def names() -> list[str]:
    """The shipped scenarios."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(name_or_path: str) -> Scenario:
    """The shipped scenario of that name, or the one in that TOML file.

    Raises:
        UnknownNameError: neither; or a key that is not known, with its siblings.
        SpecError: the file does not hold.
    """
    path = Path(name_or_path) if name_or_path.endswith(".toml") else _FOLDER / f"{name_or_path}.toml"
    if path.parent == _FOLDER and name_or_path not in names():
        raise UnknownNameError("scenario", name_or_path, names())
    values = spec.read_toml(path)
    if values.get("municipalities") == ALL:
        values |= {"municipalities": [place.code for place in MUNICIPALITIES], "places": _in_own_size()}
    found = spec.build(Scenario, values, path.stem)
    return replace(found, misuse=_edition(found.edition) | found.misuse)


def _in_own_size() -> dict[str, dict[str, int]]:
    """Every municipality of the nation with its people and staff."""
    return {place.code: {"residents": place.residents, "staff": staff_of(place.residents)} for place in MUNICIPALITIES}


def staff_of(residents: int) -> int:
    """How many people work with the register of a municipality of so many `residents`, by `ASSUMED_STAFF`."""
    per_thousand = next(share for least, share in ASSUMED_STAFF if residents >= least)
    return max(LEAST_STAFF, int(residents * per_thousand / 1_000))


def _edition(name: str) -> dict[str, dict[str, Any]]:
    """The misuse tables of an edition."""
    return {} if name == "scripted" else spec.read_toml(_FOLDER / "editions" / f"{name}.toml")


def public(scenario: Scenario) -> str:
    """What an outsider may know, as TOML: people, office and window, without the knob of hidden cases."""
    told = replace(scenario, workload=WorkloadSpec(volume=scenario.workload.volume), misuse={})
    return tomli_w.dumps({name: value for name, value in spec.to_values(told).items() if value != {}})
