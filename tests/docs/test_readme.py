"""The README says what is: its two commands are the ones that CI runs, its tables come from the code."""

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
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


def blocks(language):
    """The README's blocks of one language, without the two set-up commands."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"(<!-- command: \w+ -->\n)?```{language}\n(.+?)\n```", text, re.DOTALL)
    return [block for mark, block in found if not mark]


def test_every_block_runs_as_printed(tmp_path):
    """The README's commands, then its Python, run in order in an empty folder, as a reader would run them."""
    script = "\n".join(blocks("sh"))
    assert script.count("jukisim ") >= 9
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    if not entry_points(group="pytest11", name="jukisim"):  # installed before the package had a plugin
        environment["PYTEST_PLUGINS"] = "simulator.pytest_plugin"
    ran = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for block in blocks("python"):
        asked = [sys.executable, "-W", "error", "-c", block]
        shown = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stderr


def test_both_readmes_hold_the_same_blocks():
    """The Japanese README has every command of the English one."""
    japanese = (ROOT / "README.ja.md").read_text(encoding="utf-8")
    assert all(block in japanese for block in [*blocks("sh"), *blocks("python")])
