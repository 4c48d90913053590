"""What a run will cost is said before it is made, and holds within a third of what it then is."""

import json
import subprocess
import sys

import pytest

from simulator import scenario
from simulator.errors import UnknownNameError
from simulator.forecast import forecast
from simulator.generation import order


def test_forecast_of_a_small_town_holds(mini):
    """Events of a finished run lie within a third of the forecast, its files within a half."""
    told = forecast(scenario.load("mini"), ["482013"])
    assert abs(told.events / mini.manifest.rows["event"] - 1) < 1 / 3
    found = sum(listed.bytes for listed in mini.manifest.files if listed.path.endswith(".db"))
    assert abs(told.bytes["database"] / found - 1) < 1 / 2


def test_more_workers_take_less_time_until_the_largest_binds():
    """Time falls with workers, never below that of the largest municipality; CPU time and rows stay."""
    chosen = scenario.load("prefecture")
    one, two, many = (forecast(chosen, chosen.municipalities, jobs) for jobs in (1, 2, 1_000))
    assert one.wall_s > two.wall_s > many.wall_s
    assert many.wall_s >= max(part.cpu_s for part in many.parts)
    assert two.wall_s < 0.55 * one.wall_s
    assert one.events == two.events


def test_command_plans_the_nation_and_any_part_of_it():
    """The nation has 125 million residents; two of its municipalities have their own."""
    command = [sys.executable, "-m", "simulator.cli", "plan", "nation", "--format", "json"]
    rows = {row["what"]: row for row in json.loads(subprocess.check_output(command))}
    assert rows["residents"]["value"] == 125_000_000
    assert rows["municipalities"]["value"] == 1_741
    assert {"events", "all files", "CPU", "time", "memory"} <= set(rows)
    some = order("nation", seed=0, only=("945030", "492019"))
    assert forecast(some.scenario, some.codes).residents == 1_093_260 + 5_010
    with pytest.raises(UnknownNameError, match="municipality"):
        order("nation", seed=0, only=("392014",))
