"""From margins to a scenario, with what was wanted beside what a town made from it has."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from simulator import population, spec, storage
from simulator.calibrate.fitting import Fitted, fit
from simulator.calibrate.margins import Margins
from simulator.clock import Window
from simulator.errors import ExistsError, UsageError
from simulator.population import Population
from simulator.population.shape import LARGEST
from simulator.scenario import Scenario, people_stream, staff_of
from simulator.streams import Stream
from simulator.workload import OfficeSpec, build_office, plan_lawful
from simulator.workload.posts import heads
from simulator.workload.sections import ASSUMED_SECTIONS
from simulator.world.municipality import municipality

MOST_TRIED = 20_000
"""Residents of the town that is made to see what is reached; larger ones are told in proportion."""
_ROUNDS = 3
_MOST, _DIGITS = 10.0, 4
_YEAR = timedelta(days=365)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A scenario, and how near it comes.

    Attributes:
        scenario: fitted.
        rows: table, cell, target, expected (on average), made (in the town that was made to see).
    """

    scenario: Scenario
    rows: list[Row]

    def write(self, path: Path) -> None:
        """Write the scenario as the TOML file `path`.

        Raises:
            ExistsError: it is there.
        """
        if path.exists():
            msg = f"{path} is there already; nothing is overwritten"
            raise ExistsError(msg)
        storage.write_bytes(path, spec.to_toml(self.scenario).encode())


def calibrate(told: Margins, base: Scenario, seed: int = 1) -> Calibrated:
    """`base` with the people, office and volumes that `told` has; what it does not tell stays.

    Args:
        told: the margins.
        base: a scenario with one municipality.
        seed: of the town that is made to see what is reached; it is not in the scenario.

    Raises:
        UsageError: `base` has several municipalities, the margins contradict each other, or more cases are wanted than
            can be made.
    """
    if len(base.municipalities) != 1:
        msg = f"{base.name} has {len(base.municipalities)} municipalities; calibrate a scenario that has one"
        raise UsageError(msg)
    fitted = fit(told)
    people = dataclasses.replace(base.population, residents=told.people, shape=fitted.shape)
    office = _office(told, base.office)
    chosen = dataclasses.replace(base, population=people, office=office, places={})
    tried = _tried(chosen)
    town = _town(tried, seed)
    share = town.residents.filter(pl.col("resident_since") < town.window.start).height / told.people
    chosen, made = _volumes(told, chosen, (tried, town, seed), share)
    rows = [*_people_rows(told, fitted, town, share), *_office_rows(told, office), *made]
    return Calibrated(chosen, rows)


def _office(told: Margins, usual: OfficeSpec) -> OfficeSpec:
    """As many staff as the sections have, those that are not told as many as in an office of the town's size."""
    plain = dataclasses.replace(usual, staff=staff_of(told.people), sections=None)
    if not told.sections:
        return plain
    others = [n for s, n in zip(ASSUMED_SECTIONS, heads(plain), strict=True) if s.code not in told.sections]
    try:
        return dataclasses.replace(plain, staff=sum(told.sections.values()) + sum(others), sections=dict(told.sections))
    except ValueError as error:
        msg = f"sections.csv: {error}"
        raise UsageError(msg) from error


def _tried(chosen: Scenario) -> Scenario:
    """The scenario at a size that is made in seconds, for a year."""
    residents = min(chosen.population.residents, MOST_TRIED)
    part = residents / chosen.population.residents
    people = dataclasses.replace(chosen.population, residents=residents)
    office = chosen.office
    if part < 1:
        office = dataclasses.replace(office, staff=max(40, round(office.staff * part)), sections=None)
    return dataclasses.replace(chosen, population=people, office=office, days=_YEAR.days)


def _town(tried: Scenario, seed: int) -> Population:
    window = Window(tried.start, tried.start + _YEAR)
    return population.build(tried.population, municipality(tried.municipalities[0]), window, people_stream(seed))


def _people_rows(told: Margins, fitted: Fitted, town: Population, share: float) -> Iterator[Row]:
    here = town.residents.filter(pl.col("resident_since") < town.window.start)
    years = _ages(here, town.window)
    n = len(told.ages)
    for number, (sex, wanted) in enumerate((("male", told.male), ("female", told.female))):
        own = fitted.shape.bands(years[(here["sex"] == sex).to_numpy()])
        found = np.bincount(own, minlength=n) / share
        for band, target in enumerate(wanted):
            last = f"{told.ages[band + 1] - 1}" if band + 1 < n else ""
            cell = f"{sex} {told.ages[band]}–{last}"
            yield _row("ages", cell, target, fitted.ages[number * n + band], found[band])
    sizes = here.group_by("household_no").len()["len"].to_numpy()
    last_size = max(told.households, default=LARGEST)
    counts = np.bincount(np.minimum(sizes, last_size if told.open_ended else LARGEST), minlength=LARGEST + 1) / share
    for place, (size, target) in enumerate(told.households.items()):
        more = "+" if told.open_ended and size == last_size else ""
        yield _row("households", f"{size}{more}", target, fitted.sizes[place], counts[size])
    if told.foreign is not None:
        yield _row(
            "nationality",
            "foreign",
            told.foreign,
            told.foreign,
            here.filter(pl.col("nationality") != "JP").height / share,
        )


def _ages(here: pl.DataFrame, window: Window) -> np.ndarray:
    """Whole years on the day before the window."""
    eve = window.start - timedelta(days=1)
    birth = pl.col("birth_date")
    later = birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day() > eve.month * 100 + eve.day
    return here.select(eve.year - birth.dt.year() - later.cast(pl.Int32)).to_series().cast(pl.Int64).to_numpy()


def _office_rows(told: Margins, office: OfficeSpec) -> Iterator[Row]:
    made = {s.code: n for s, n in zip(ASSUMED_SECTIONS, heads(office), strict=True)}
    for code, target in told.sections.items():
        yield _row("sections", code, target, made[code], made[code])


def _volumes(
    told: Margins, chosen: Scenario, where: tuple[Scenario, Population, int], share: float
) -> tuple[Scenario, list[Row]]:
    """Weights of the procedures, found by planning a year of work a few times."""
    if not told.volumes:
        return chosen, []
    tried, town, seed = where
    stream = Stream(seed).at("municipality", tried.municipalities[0])
    office = build_office(tried.office, town, stream.at("office"))
    weights = {name: tried.workload.kinds.get(name, 1.0) for name in told.volumes}
    for _ in range(_ROUNDS):
        found = _cases(tried, weights, (town, office, stream))
        for name, target in told.volumes.items():
            weights[name] = _next(name, weights[name], target * share, found.get(name, 0))
    found = _cases(tried, weights, (town, office, stream))
    kinds = tried.workload.kinds | weights
    rows = [_row("volumes", name, n, None, found.get(name, 0) / share) for name, n in told.volumes.items()]
    return dataclasses.replace(chosen, workload=dataclasses.replace(chosen.workload, kinds=kinds)), rows


def _cases(tried: Scenario, weights: dict[str, float], made: tuple[Population, Any, Stream]) -> dict[str, int]:
    """How many cases of each procedure a year of work has."""
    town, office, stream = made
    work = dataclasses.replace(tried.workload, kinds=tried.workload.kinds | weights)
    cases = plan_lawful(work, town, office, stream.at("work")).cases
    return dict(cases.group_by("procedure").len().iter_rows())


def _next(name: str, weight: float, target: float, found: int) -> float:
    """The weight that brings `found` nearer to `target`."""
    if target == 0:
        return 0.0
    wanted = weight * target / found if found else _MOST + 1
    if wanted > _MOST:
        msg = f"volumes.csv: so many cases of {name} cannot be made; at most {_MOST:g} times the usual: lower it"
        raise UsageError(msg)
    return round(wanted, _DIGITS)


def _row(table: str, cell: str, target: float, expected: float | None, made: float) -> Row:
    told = None if expected is None else round(float(expected), 1)
    return {"table": table, "cell": cell, "target": round(target), "expected": told, "made": round(float(made))}
