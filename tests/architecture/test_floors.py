"""The house: floors, linters, types, budgets and start-up, each checked by the tool that owns the rule."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "simulator").rglob("*.py"))
HEAVY = {"numpy", "polars", "pyarrow", "rich", "scipy", "sklearn", "sqlite_utils", "altair", "faker", "numba", "jinja2"}
ALLOWED_TOP = {
    "simulator", "fixtures", "tests", "pyproject.toml", "README.md", "README.ja.md", "CHANGELOG.md", "LICENSE",
    "LICENSE-DATA", "CITATION.cff", "constraints.txt", ".ci", ".gitignore", ".gitattributes",
}  # fmt: skip


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",), ("lint-imports",)],
    ids=["format", "lint", "types", "floors"],
)
def test_tool_is_content(command):
    """Formatter, linter, type checker and import contracts find nothing."""
    found = run(str(Path(sys.executable).with_name(command[0])), *command[1:])
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_within_budget(path):
    """A module has at most 400 lines and begins by saying what it is."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)), f"{path} lacks a docstring"


def test_help_loads_nothing_heavy():
    """`jukisim --help` imports none of the heavy libraries."""
    script = f"""
import sys
from simulator.cli import app
try:
    app(["--help"])
except SystemExit:
    pass
print(sorted({HEAVY!r} & {{name.split(".")[0] for name in sys.modules}}))
"""
    found = run(sys.executable, "-c", script)
    assert found.stdout.strip().splitlines()[-1] == "[]", found.stdout + found.stderr


def test_only_the_prf_touches_hmac():
    """No module but pseudonym/_prf imports hmac."""
    users = {str(p.relative_to(ROOT)) for p in MODULES if "import hmac" in p.read_text(encoding="utf-8")}
    assert users <= {"simulator/pseudonym/_prf.py"}


def test_top_level_is_as_agreed():
    """The top level holds what the layout names and nothing else."""
    tracked = run("git", "ls-tree", "--name-only", "HEAD").stdout.split()
    assert tracked
    assert set(tracked) <= ALLOWED_TOP


def test_no_dead_code():
    """No function, class, method or constant of the package that neither the package nor a test names (vulture)."""
    found = run(sys.executable, "-m", "vulture")
    lines = [line for line in found.stdout.splitlines() if line.startswith("simulator/")]
    dead = [line for line in lines if not _told_elsewhere(line)]
    assert found.returncode in (0, 3), found.stderr
    assert not dead, "\n".join(dead)


def _told_elsewhere(line: str) -> bool:
    """Attributes set on others' objects, and fields of records that templates, texts and `asdict` read by name."""
    place, what = line.split(": ", 1)
    if what.startswith("unused attribute"):
        return True
    path, number = place.split(":")
    return what.startswith("unused variable") and (ROOT / path).read_text().splitlines()[int(number) - 1][0] == " "


def test_every_dependency_is_declared_and_used():
    """Nothing is imported that pyproject.toml does not name, nor named that nothing imports (deptry)."""
    found = run(sys.executable, "-m", "deptry", "--no-ansi", "simulator")
    assert found.returncode == 0, found.stderr
