"""The edge-case catalogue: every kind is there, is what it says, and lives in a possible register."""

import csv
from datetime import date

import polars as pl
import pytest

import simulator
from simulator.cases.catalogue import catalogue, write
from simulator.cases.edges import EDGES, edge_cases
from simulator.clock import Window
from simulator.errors import CheckError, ExistsError
from simulator.population.consistency import violations
from simulator.population.part import part

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))


@pytest.fixture(scope="module")
def made():
    return catalogue(2022, WINDOW, residents=45_000)


def test_every_kind_is_in_a_possible_register(made):
    """Each kind has one or two residents; no rule of the register is broken."""
    assert set(made.cases["case"]) == {edge.name for edge in EDGES}
    assert violations(made.people).is_empty()
    assert made.people.residents.height < 300


def test_each_is_what_it_says(made):
    """The finders find the listed residents in the small register too, and the values are those that break systems."""
    found = edge_cases(made.people)
    for case, number in made.cases.select("case", "resident_no").iter_rows():
        assert number in found[case].to_list(), case
    who = {case: rows for (case,), rows in made.cases.partition_by("case", as_dict=True).items()}
    assert who["leap_day"]["birth_date"].dt.day().to_list() == [29] * who["leap_day"].height
    assert who["age_115"]["birth_date"][0] <= date(1910, 4, 1)
    assert who["namesakes"].select("family_name", "given_name", "birth_date").n_unique() == 1
    assert who["birth_unknown"]["birth_known"][0] == "none"
    with pytest.raises(UnicodeEncodeError):
        (who["outside_cp932"]["family_name"][0] + who["outside_cp932"]["given_name"][0]).encode("cp932")
    assert max(map(ord, who["surrogate_pair"]["family_name"][0] + who["surrogate_pair"]["given_name"][0])) > 0xFFFF


def test_same_seed_same_people(made):
    """The catalogue follows from its seed, whatever the number of workers."""
    again = catalogue(2022, WINDOW, residents=45_000, jobs=2)
    assert again.cases.equals(made.cases)
    assert again.people.residents.equals(made.people.residents)


def test_written_files_hold_the_list_and_the_register(made, tmp_path):
    """edge_cases.csv names them, the tables hold them; an existing folder is left alone."""
    files = write(made, tmp_path / "edges")
    with (tmp_path / "edges/edge_cases.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == made.cases.height
    assert {"case", "名称", "resident_no", "address"} <= set(rows[0])
    assert pl.read_csv(tmp_path / "edges/resident.csv").height == made.people.residents.height
    assert len(files) > 10
    with pytest.raises(ExistsError):
        write(made, tmp_path / "edges")


def test_too_small_a_town_says_who_is_missing():
    """A village has not everybody: the error names the kinds."""
    with pytest.raises(CheckError, match=r"look through more|larger population"):
        catalogue(1, WINDOW, residents=500)


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_a_part_stands_on_its_own(share):
    """Any sample of residents, closed over households and applicants, breaks no rule and keeps what they are."""
    people = simulator.people(3_000, seed=4)
    wanted = people.residents["resident_no"].sample(fraction=share, seed=1)
    small = part(people, wanted)
    assert violations(small.people).is_empty()
    old = small.numbers["residents"]
    assert set(wanted) <= set(old)
    same = ["resident_code", "family_name", "birth_date"]
    assert small.people.residents.select(same).equals(people.residents.select(same)[old.to_list()])
    assert small.people.changes.height < people.changes.height
