"""The population as others use it."""

import subprocess
import sys
from dataclasses import fields
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import Population, PopulationSpec, build, plans
from simulator.population.block import make_block
from simulator.schema.people import ANNOUNCED, MOVES_IN, RESIDENT
from simulator.streams import Stream
from simulator.world.municipality import DEMO, MUNICIPALITIES

c = pl.col
YEAR = Window(date(2025, 4, 1), date(2026, 4, 1))
TABLES = ("residents", "households", "addresses", "changes", "protections", "relations", "figures")


def small(residents: int = 3_000, seed: int = 3, jobs: int = 1) -> Population:
    return build(PopulationSpec(residents), DEMO, YEAR, Stream(seed), jobs)


def test_size_is_met_within_a_household(town: Population) -> None:
    """As many residents are present at the start as were asked for, to within one household."""
    present = town.residents.filter(pl.col("resident_since") < YEAR.start).height
    assert 20_000 <= present <= 20_007
    assert town.households["size"].sum() == present


def test_tables_conform_to_the_schema(town: Population) -> None:
    """Residents have exactly the schema's columns."""
    assert tuple(town.residents.columns) == RESIDENT.names


def test_workers_change_nothing() -> None:
    """One worker and three give the same tables."""
    one, three = small(22_000), small(22_000, jobs=3)
    for name in TABLES:
        assert_frame_equal(getattr(one, name), getattr(three, name))


def test_hash_seed_changes_nothing() -> None:
    """Two interpreters with different hash seeds give the same residents and relations."""
    code = (
        "from datetime import date\nimport hashlib\n"
        "from simulator.clock import Window\nfrom simulator.population import PopulationSpec, build\n"
        "from simulator.streams import Stream\nfrom simulator.world.municipality import DEMO\n"
        "p = build(PopulationSpec(500), DEMO, Window(date(2025, 4, 1), date(2025, 6, 1)), Stream(1))\n"
        "text = p.residents.write_csv() + p.relations.write_csv() + p.changes.write_csv()\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_another_seed_gives_other_people() -> None:
    """Names of another seed differ."""
    assert not small(seed=3).residents["name_key"].equals(small(seed=4).residents["name_key"])


def test_growth_keeps_whole_blocks() -> None:
    """A block that was full stays as it was when the population grows."""
    stream = Stream(3)
    few, many = (list(plans(PopulationSpec(n), DEMO, YEAR, stream)) for n in (20_000, 30_000))
    assert few[0].households == many[0].households
    before, after = make_block(few[0]), make_block(many[0])
    for part in fields(before):
        assert_frame_equal(getattr(before, part.name), getattr(after, part.name))


def test_people_who_move_between_municipalities_keep_their_codes(town: Population) -> None:
    """Whoever leaves for the other one comes there on that day, with codes, name and birth; nobody else is in both."""
    other = build(PopulationSpec(20_000), MUNICIPALITIES[1], YEAR, Stream(3))
    for here, there in ((town, other), (other, town)):
        name = there.municipality.prefecture + there.municipality.name
        gone = here.changes.filter(c("reason").is_in(ANNOUNCED) & (c("elsewhere") == name))
        come = there.changes.filter(c("elsewhere") == here.municipality.prefecture + here.municipality.name)
        left = gone.join(here.residents, on="resident_no")
        came = come.filter(c("reason").is_in(MOVES_IN)).join(there.residents, on="resident_no")
        same = ["resident_code", "my_number", "family_name", "given_kana", "birth_date", "happened_on", "registry_lot"]
        assert came.height > 20
        assert came.join(left, on=same, how="anti", nulls_equal=True).height == 0
        assert left.filter(c("confirmed_on").is_not_null()).height == came.height
        assert left["confirmed_on"].drop_nulls().sort().equals(came["notified_on"].sort())
    both = pl.concat([town.residents, other.residents])
    moved = [
        people.changes.filter(
            c("elsewhere").is_in(["天原県青嶺市", "天原県白汐市"]) & c("reason").is_in(MOVES_IN)
        ).height
        for people in (town, other)
    ]
    assert both.height - both["resident_code"].n_unique() == sum(moved)


@pytest.mark.parametrize("sizes", [(40_000, 1_800), (1_800, 40_000), (6_000, 20_000)])
def test_movers_agree_between_municipalities_of_different_size(sizes: tuple[int, int]) -> None:
    """Whoever leaves a large town for a village comes there, and a village sends nobody whom it never had."""
    pair = MUNICIPALITIES[:2]
    near = {place.code: size for place, size in zip(pair, sizes, strict=True)}
    both = [build(PopulationSpec(near[p.code], neighbours=near), p, YEAR, Stream(3)) for p in pair]
    for here, there in (both, both[::-1]):
        name, origin = (p.municipality.prefecture + p.municipality.name for p in (there, here))
        gone = here.changes.filter((c("reason") == "転出") & (c("elsewhere") == name))
        left = gone.join(here.residents, on="resident_no").filter(c("confirmed_on").is_not_null())
        came = there.changes.filter((c("elsewhere") == origin) & (c("reason") == "転入"))
        assert came.height > 0
        codes = came.join(there.residents, on="resident_no")["resident_code"].sort()
        assert codes.equals(left["resident_code"].sort())


def test_window_without_office_day_changes_nothing() -> None:
    """No change is recorded in a window of a weekend."""
    weekend = Window(date(2025, 4, 5), date(2025, 4, 7))
    assert build(PopulationSpec(3_000), DEMO, weekend, Stream(3)).changes.height == 0


def test_profiles_differ_as_places_do() -> None:
    """The old are most in an ageing town, students in a student city, children in a commuter suburb."""
    shares = {}
    for place in MUNICIPALITIES[1:30]:
        people = build(PopulationSpec(5_000, profile="own", history_years=0), place, YEAR, Stream(3))
        age = 2025 - people.residents["birth_date"].dt.year()
        shares[place.profile] = [(age >= 65).mean(), age.is_between(18, 24).mean(), (age < 15).mean()]
    order = ("ageing_town", "student_city", "commuter_suburb")
    for column, profile in enumerate(order):
        assert max(shares, key=lambda name: shares[name][column]) == profile
        assert shares[profile][column] > 1.3 * shares["national"][column]


def test_no_history_is_told_where_none_is_wanted() -> None:
    """Without years of history there is neither a past change nor a removed record but copies made anew."""
    people = build(PopulationSpec(3_000, history_years=0), DEMO, YEAR, Stream(3))
    assert people.past.height == 0
    assert set(people.removed["reason"].cast(pl.String)) <= {"改製"}
    other = small()
    assert_frame_equal(people.residents, other.residents)
    assert other.past.height > 500


@pytest.mark.parametrize(
    "values",
    [
        {"residents": 0},
        {"residents": 5, "history_years": 9},
        {"residents": 5, "profile": "moon"},
        {"residents": 5, "check_digits": "x"},
    ],
)
def test_impossible_specs_are_refused(values: dict[str, object]) -> None:
    """A spec that cannot be made says so."""
    with pytest.raises(ValueError, match=r"needed|valid"):
        PopulationSpec(**values)  # type: ignore[arg-type]


def test_empty_window_is_refused() -> None:
    """A window without a day is a usage error."""
    with pytest.raises(UsageError, match="no day"):
        build(PopulationSpec(10), DEMO, Window(YEAR.start, YEAR.start), Stream(1))


def test_too_many_residents_are_refused() -> None:
    """A municipality says when it is full."""
    with pytest.raises(UsageError, match="cannot hold"):
        list(plans(PopulationSpec(10**8), DEMO, YEAR, Stream(1)))
