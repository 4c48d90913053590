"""Faker's users get residents and households that hold together."""

import subprocess
import sys
from datetime import date

import polars as pl
import pytest
from faker import Faker
from number_scan import real_numbers

from simulator.clock import Window
from simulator.errors import UnknownNameError
from simulator.faker_provider import ASSUMED_WORKING, TODAY, Provider
from simulator.population import PopulationSpec, build
from simulator.streams import Stream
from simulator.world.check_digits import passes_corporate
from simulator.world.municipality import DEMO, MUNICIPALITIES


@pytest.fixture(scope="module")
def fake():
    made = Faker("ja_JP", includes=["simulator.faker_provider"])
    made.seed_instance(11)
    return made


@pytest.fixture(scope="module")
def residents(fake):
    return [fake.resident() for _ in range(300)]


def test_residents_are_of_the_world(residents):
    """Each is a resident of the municipality that the library builds, with the address of their household."""
    window = Window(TODAY, date(2026, 4, 1))
    town = build(PopulationSpec(20_000), DEMO, window, Stream(0).at("population"))
    people = town.residents.join(town.addresses, on="address_no").select("resident_code", "birth_date", "address")
    known = {code: (birth, address) for code, birth, address in people.iter_rows()}
    assert len({r["resident_code"] for r in residents}) > 280
    for resident in residents:
        assert known[resident["resident_code"]] == (resident["birth_date"], resident["address"])
        assert resident["age"] == _age(resident["birth_date"])


def _age(birth):
    return TODAY.year - birth.year - ((birth.month, birth.day) > (TODAY.month, TODAY.day))


def test_families_hold_together(fake):
    """The head comes first, everyone lives at the address, children are younger than the head."""
    homes = [fake.household() for _ in range(200)]
    assert {len(home["members"]) for home in homes} >= {1, 2, 3, 4}
    for home in homes:
        head, *others = home["members"]
        assert head["relationship"] == "世帯主"
        assert {member["address"] for member in home["members"]} == {home["address"]}
        assert all(member["relationship"] != "世帯主" for member in others)
        assert all(m["birth_date"] > head["birth_date"] for m in others if m["relationship"] == "子")


def test_numbers_are_nobodys(residents):
    """No number or telephone could be somebody's; employers have names of Faker's and numbers that fail the check."""
    assert not real_numbers(str(residents))
    workers = [r for r in residents if r["employer"]]
    assert len(workers) > 100
    assert all(ASSUMED_WORKING[0] <= r["age"] < ASSUMED_WORKING[1] for r in workers)
    assert not any(passes_corporate(r["employer"]["corporate_number"]) for r in workers)
    assert all(r["telephone"].startswith("000-") for r in residents)


def test_faker_seed_says_who(fake):
    """The same Faker seed draws the same people, another one others."""
    draws = []
    for seed in (4, 4, 5):
        fake.seed_instance(seed)
        draws.append([fake.resident(), fake.household()])
    assert draws[0] == draws[1] != draws[2]


def test_other_worlds(fake):
    """Another world, municipality and size can be chosen; what does not exist is refused."""
    other = Faker("ja_JP")
    other.add_provider(Provider(other, seed=5, code=MUNICIPALITIES[1].code, residents=50))
    other.seed_instance(11)
    codes = {other.resident()["resident_code"] for _ in range(400)}
    assert 45 <= len(codes) <= 60
    with pytest.raises(UnknownNameError):
        Provider(other, code="131016")


def test_fakers_own_command_knows_it(tmp_path):
    """Faker's command line gives residents too."""
    options = ["-l", "ja_JP", "--seed", "7", "-i", "simulator.faker_provider", "resident"]
    found = subprocess.run([sys.executable, "-m", "faker", *options], capture_output=True, text=True, check=True)
    assert "'resident_code': '" in found.stdout


def test_pytest_fixture_of_faker(faker):
    """The fixture that Faker gives to pytest takes the provider."""
    faker.add_provider(Provider)
    assert isinstance(faker.resident()["birth_date"], date)
    assert isinstance(pl.DataFrame([faker.resident() for _ in range(5)]), pl.DataFrame)
