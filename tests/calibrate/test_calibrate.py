"""One's own town: margins are met, records are refused, and what is made is a town like any other."""

import dataclasses

import numpy as np
import pytest
from typer.testing import CliRunner

from simulator import scenario, spec
from simulator.calibrate import calibrate, read, write_example
from simulator.calibrate.fitting import fit
from simulator.cli import app
from simulator.dataset import verify_people
from simulator.errors import ExistsError, MissingError, UsageError
from simulator.generation import Order, generate
from simulator.population.mix import mix
from simulator.population.pool import pool
from simulator.pseudonym import PseudonymKey

OLD_TOWN = [(0, 14, 90, 84), (15, 39, 230, 205), (40, 64, 420, 428), (65, 79, 330, 390), (80, "", 140, 270)]


def old_town(folder):
    """Margins of an ageing town of 2,587 people, told in Japanese."""
    folder.mkdir()
    ages = [f"{low},{high},{sex},{n}" for low, high, *both in OLD_TOWN for sex, n in zip("男女", both, strict=True)]
    tables = {
        "ages.csv": ["年齢から,年齢まで,性別,人数", *ages],
        "households.csv": ["人員,世帯数", "1,430", "2,390", "3,205", "4,105", "5人以上,60"],
        "nationality.csv": ["区分,人数", "日本人,2432", "外国人,155"],
        "sections.csv": ["課,職員数", "市民課,9", "市民税課,3"],
        "volumes.csv": ["手続,年間件数", "resident_certificate,900"],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="cp932" if name == "ages.csv" else "utf-8-sig")
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = old_town(tmp_path_factory.mktemp("calibrate") / "town")
    return read(folder), calibrate(read(folder), scenario.load("village"))


def test_every_margin_is_met_on_average(town):
    """Within two people in each cell, from rounded factors as they stand in the scenario."""
    told, found = town
    fitted = fit(told)
    assert np.abs(fitted.ages - np.array([*told.male, *told.female])).max() < 2
    assert np.abs(fitted.sizes - np.array(list(told.households.values()))).max() < 2
    shape = found.scenario.population.shape
    size = pool().size
    weights = shape.weights(pool()).astype(float)
    share = (weights * mix(shape).foreign * size).sum() / (weights * size).sum()
    assert share == pytest.approx(155 / 2587, rel=1e-3)


def test_a_town_made_from_it_has_the_margins_as_far_as_chance_lets_it(town):
    """No cell is farther than six deviations of a draw of households from what was wanted; cases within a tenth."""
    _, found = town
    for row in found.rows:
        near = {"sections": 0, "volumes": row["target"] / 10}.get(row["table"], 6 * 1.5 * row["target"] ** 0.5)
        assert abs(row["made"] - row["target"]) <= near, row
    assert {row["table"] for row in found.rows} == {"ages", "households", "nationality", "sections", "volumes"}


def test_the_scenario_is_a_file_that_makes_a_run(town, tmp_path):
    """It reads back equal, its people break no rule, its office has the heads."""
    _, found = town
    found.write(tmp_path / "my-town.toml")
    with pytest.raises(ExistsError):
        found.write(tmp_path / "my-town.toml")
    loaded = scenario.load(str(tmp_path / "my-town.toml"))
    assert loaded.population == found.scenario.population
    few = dataclasses.replace(loaded, days=4, misuse={})
    run = generate(Order(scenario=few, seed=1, key=PseudonymKey.insecure()), tmp_path / "run")
    assert verify_people(run) == []
    staff = run.table("staff")["section"].value_counts()
    assert dict(staff.iter_rows())["citizen"] == 9


def test_a_scenario_without_a_shape_says_nothing_of_it():
    """So that what shipped scenarios say of themselves stays as it was."""
    assert "shape" not in spec.to_toml(scenario.load("mini"))
    assert "sections" not in spec.to_toml(scenario.load("mini"))


@pytest.mark.parametrize(
    ("file", "lines", "words"),
    [
        ("ages.csv", ["age_from,age_to,sex,people,name", "0,,male,100,x"], "records are never read"),
        ("ages.csv", ["name,birth_date", "佐藤,2000-01-01"], "records are never read"),
        ("ages.csv", ["age_from,age_to,sex,people", "0,4,male,3", "0,4,female,30"], "smaller than 10"),
        ("ages.csv", ["age_from,age_to,sex,people", "0,4,male,30", "6,,male,30", "0,,female,30"], "begins at 5"),
        ("ages.csv", ["age_from,age_to,sex,people", "0,4,male,30", "0,4,female,30"], "leave age_to"),
        ("ages.csv", ["age_from,age_to,sex,people", "0,,M,30"], "'M' is none of"),
        ("ages.csv", ["age_from,age_to,sex,people", "0,,male,many"], "whole number"),
        ("ages.csv", ["age_from,age_to,sex,people"] + ["0,,male,10"] * 600, "at most 500"),
        ("households.csv", ["size,households", "1,9000"], "of one town and day"),
        ("households.csv", ["size,households", "2,900"], "in order"),
        ("nationality.csv", ["group,people", "japanese,2587", "foreign,155"], "add up to"),
        ("sections.csv", ["section,staff", "魔法課,3"], "none of"),
        ("volumes.csv", ["procedure,cases_a_year", "resident_certificate,900", "resident_certificate,900"], "twice"),
        ("residents.csv", ["name"], "no table of persons"),
    ],
)
def test_what_is_no_table_of_margins_is_refused(tmp_path, file, lines, words):
    """In one line that says what is wrong and what would be right."""
    folder = old_town(tmp_path / "town")
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        read(folder)


def test_margins_that_no_households_have_are_refused(tmp_path):
    """Children who live alone."""
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "ages.csv").write_text(
        "age_from,age_to,sex,people\n0,14,male,900\n15,,male,50\n0,14,female,900\n15,,female,50\n"
    )
    with pytest.raises(UsageError, match="no mix of households"):
        fit(read(folder))


def test_the_command_begins_with_an_example_and_says_where_to_go_on(tmp_path):
    """--example, then the report; without tables a word of what is missing."""
    runner = CliRunner()
    with pytest.raises(MissingError, match="--example"):
        read(tmp_path)
    base = dataclasses.replace(scenario.load("village"))
    paths = write_example(base, tmp_path)
    assert read(tmp_path).people == pytest.approx(base.population.residents, abs=30)
    with pytest.raises(ExistsError):
        write_example(base, tmp_path)
    for path in paths[3:]:
        path.unlink()
    out = tmp_path / "mine.toml"
    done = runner.invoke(app, ["scenarios", "calibrate", str(tmp_path), "--from", "village", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "jukisim generate" in done.output
    assert scenario.load(str(out)).population.shape is not None
