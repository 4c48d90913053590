"""The README says what is: its two commands are the ones that CI runs, its tables come from the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def command(mark, name="README.md"):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.search(rf"<!-- command: {mark} -->\n```sh\n(.+?)\n```", text, re.DOTALL)
    assert found, f"{name} has no command marked {mark}"
    return found[1]


@pytest.mark.parametrize("mark", ["demo", "test"])
def test_command_is_one_line_and_the_same_in_both_languages(mark):
    """Each set-up command is one line, the same text in the English and the Japanese README."""
    assert "\n" not in command(mark)
    assert command(mark) == command(mark, "README.ja.md")


def test_ci_runs_the_readme():
    """.ci/run takes both commands out of the README and runs them as they stand."""
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    for mark in ("demo", "test"):
        assert f'bash -euc "$(readme_command {mark})"' in script


def test_pins_are_plain():
    """constraints.txt holds name==version lines and nothing else."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+( ; .+)?", pin) for pin in pins)
