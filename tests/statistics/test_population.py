"""The people against the official figures of domain.md 6."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from simulator.clock import Window
from simulator.population import Population, PopulationSpec, build
from simulator.population.pool import pool
from simulator.schema.people import MOVES_IN, MOVES_OUT
from simulator.streams import Stream
from simulator.world import ages
from simulator.world.given_names import top_names
from simulator.world.municipality import DEMO
from simulator.world.surnames import head

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
MOVES = [*MOVES_IN, *MOVES_OUT, "転居"]


def test_pool_is_the_census() -> None:
    """The weighted pool has each cell of the age × sex pyramid within 0.001 points: what is drawn can only scatter."""
    people = pool()
    weights = people.weights[people.home].astype(np.float64)
    cells = ages.cell(people.age)
    whole = sum(ages.MALE) + sum(ages.FEMALE)
    for male, official in ((True, ages.MALE), (False, ages.FEMALE)):
        side = people.male == male
        share = np.bincount(cells[side], weights[side], 18) / weights.sum()
        assert np.abs(share - np.array(official) / whole).max() < 1e-5


@pytest.fixture(scope="module")
def million() -> Population:
    return build(PopulationSpec(1_000_000), DEMO, WINDOW, Stream(11), jobs=2)


@pytest.fixture(scope="module")
def present(million: Population) -> pl.DataFrame:
    return million.residents.filter(pl.col("resident_since") < WINDOW.start)


@pytest.mark.slow
def test_pyramid(present: pl.DataFrame) -> None:
    """Every cell of the age × sex pyramid is within 0.1 points of the census."""
    birth = present["birth_date"].dt
    turned = birth.month().cast(pl.Int32) * 100 + birth.day() <= 331
    age = 2025 - birth.year() - (~turned).cast(pl.Int32)
    cells = ages.cell(age.to_numpy())
    whole = sum(ages.MALE) + sum(ages.FEMALE)
    for sex, official in (("male", ages.MALE), ("female", ages.FEMALE)):
        counts = np.bincount(cells[(present["sex"] == sex).to_numpy()], minlength=18)
        assert np.abs(counts / present.height - np.array(official) / whole).max() < 0.001


@pytest.mark.slow
def test_households(million: Population) -> None:
    """Sizes and types of private households are within 0.5 points of the census."""
    private = million.households.filter((pl.col("size") > 0) & (pl.col("kind") != "institution"))
    kinds = dict(private["kind"].cast(pl.String).value_counts(normalize=True).rows())
    kinds["other"] += kinds.pop("three_generations")
    official = {"single": 0.381, "couple": 0.201, "couple_children": 0.251, "lone_parent": 0.090, "other": 0.077}
    assert kinds == pytest.approx(official, abs=0.005)
    sizes = dict(private["size"].clip(upper_bound=6).value_counts(normalize=True).rows())
    assert sizes == pytest.approx({1: 0.381, 2: 0.281, 3: 0.166, 4: 0.119, 5: 0.038, 6: 0.016}, abs=0.005)


@pytest.mark.slow
def test_surnames(present: pl.DataFrame) -> None:
    """The top 20 surnames are within 10 % of their share, the next 80 within four standard errors of households."""
    japanese = present.filter(pl.col("nationality") == "JP")
    sizes = japanese.group_by("household_no").len()["len"].cast(pl.Float64)
    draws = float(sizes.sum()) ** 2 / float((sizes**2).sum())  # people who would scatter as much as these households do
    seen = dict(japanese["family_name"].value_counts(normalize=True).rows())
    for rank, (name, people) in enumerate(head().items()):
        share = people / 127_700
        error = 4 * (share / draws) ** 0.5
        assert seen[name] == pytest.approx(share, abs=0.1 * share if rank < 20 else error)


@pytest.mark.slow
@pytest.mark.parametrize("sex", ["male", "female"])
def test_given_names_follow_the_cohort(present: pl.DataFrame, sex: str) -> None:
    """In cohorts of 10,000 people four of the sourced top five are among the simulated top twenty."""
    for year, names in top_names(sex).items():
        near = (pl.col("birth_date").dt.year() - year).abs() <= 2
        cohort = present.filter(near & (pl.col("sex") == sex) & (pl.col("nationality") == "JP"))
        if cohort.height >= 10_000:
            top = cohort["given_name"].value_counts(sort=True)["given_name"].head(20).to_list()
            assert len(set(names) & set(top)) >= 4, (year, names, top)


@pytest.mark.slow
def test_vital_rates(million: Population, present: pl.DataFrame) -> None:
    """Foreign residents, births, deaths, moves in and out are within 5 % of the official rates."""
    counts = dict(million.changes["reason"].cast(pl.String).value_counts().rows())
    rate = {name: count / present.height * 1_000 for name, count in counts.items()}
    assert rate["出生"] == pytest.approx(6.0, rel=0.05)
    assert rate["死亡"] == pytest.approx(12.6, rel=0.05)
    assert sum(rate[reason] for reason in MOVES_IN) == pytest.approx(38.7, rel=0.05)
    assert sum(rate[reason] for reason in MOVES_OUT) == pytest.approx(39.0, rel=0.05)
    assert (present["nationality"] != "JP").mean() == pytest.approx(0.0266, rel=0.05)


@pytest.mark.slow
def test_moves_have_their_season(million: Population) -> None:
    """More than a quarter of a year's moves fall into March and April."""
    moves = million.changes.filter(pl.col("reason").is_in(MOVES))
    share = moves["happened_on"].dt.month().is_in([3, 4]).mean()
    assert isinstance(share, float)
    assert share > 0.25


@pytest.mark.slow
def test_moves_peak_at_the_turn_of_the_fiscal_year(million: Population) -> None:
    """From 25 March to 5 April four to five times as many households give notice as on usual office days.

    Source: domain.md 3.6 (Ishigaki).
    """
    notices = million.changes.filter(pl.col("reason").is_in(MOVES))
    daily = notices.unique(["notified_on", "household_from", "household_to"]).group_by("notified_on").len()
    month_day = pl.col("notified_on").dt.month().cast(pl.Int64) * 100 + pl.col("notified_on").dt.day()
    weekday = daily.filter(pl.col("notified_on").dt.weekday() < 6)
    peak = weekday.filter(month_day.is_between(325, 405))["len"].mean()
    usual = weekday.filter(~month_day.is_between(301, 420))["len"].mean()
    assert isinstance(peak, float)
    assert isinstance(usual, float)
    assert 4 < peak / usual < 5
