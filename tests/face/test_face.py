"""What ``import simulator`` offers: complete, lazy, typed, and right."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import simulator

ROOT = Path(__file__).parents[2]
STUB = ROOT / "simulator/__init__.pyi"


@pytest.fixture(scope="module")
def world(mini_folders, tmp_path_factory):
    folder = tmp_path_factory.mktemp("face")
    for part in (mini_folders.run, mini_folders.truth, mini_folders.keys):
        shutil.copytree(part, folder / part.name)
    return simulator.World.open(folder / "mini")


def test_stub_and_names_agree():
    """What type checkers read and what Python gives are the same names, from the same modules."""
    found = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname: node.module.removeprefix("simulator.") for alias in node.names}
    assert found == simulator._FACE
    assert list(found) == sorted(found, key=list(found).index)
    for name in simulator.__all__:
        assert getattr(simulator, name) is not None


def test_every_name_is_documented():
    """Each function and class of the face says what it is; each function what it takes and raises."""
    for name in set(simulator.__all__) - {"__version__"}:
        words = getattr(simulator, name).__doc__
        assert words, name
        assert len(words) > 20, name


def test_import_loads_nothing():
    """`import simulator` and naming its names costs no library; a wrong name is an AttributeError with its name."""
    code = "import sys, simulator; dir(simulator); print('polars' in sys.modules, 'numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "False False\n"
    with pytest.raises(AttributeError, match="generat'"):
        simulator.generat  # noqa: B018


def test_functions_stay_functions_whatever_is_imported(world):
    """No submodule takes the place of a function of the face."""
    for name in simulator._FACE:
        assert not hasattr(getattr(simulator, name), "__path__"), name
    assert not any((ROOT / "simulator" / name).exists() for name in simulator._FACE)
    assert not any((ROOT / f"simulator/{name}.py").exists() for name in simulator._FACE)


def test_types_as_a_user_meets_them(tmp_path):
    """mypy --strict accepts the use that the README shows, and refuses a wrong one."""
    good = tmp_path / "good.py"
    good.write_text(
        "import simulator\n"
        "world = simulator.generate('mini', seed=3, out='town')\n"
        "events = world.run.table('event')\n"
        "card: simulator.Scorecard = simulator.score(world.run, world.detect('rules'))\n"
        "rows: int = simulator.table('town', 'staff', 'arrow').num_rows + events.height\n"
        "names: list[str] = simulator.people(100, seed=1).residents['family_name'].to_list()\n"
    )
    bad = tmp_path / "bad.py"
    bad.write_text("import simulator\nsimulator.generate('mini', seed='3', out='town')\n")
    asked = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--ignore-missing-imports"]
    found = subprocess.run([*asked, str(good)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert found.returncode == 0, found.stdout
    found = subprocess.run([*asked, str(bad)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert 'has incompatible type "str"; expected "int"' in found.stdout


def test_world_scores_as_the_function_does(world, tmp_path):
    """A frame, a file, a folder and an explicit key give the same card."""
    scores = world.detect("has_reason")
    scores.write_csv(tmp_path / "scores.csv")
    card = world.score(scores)
    assert simulator.score(world.run, scores) == card
    other = simulator.score(world.path, tmp_path / "scores.csv", truth=world.path.with_name("mini.truth"))
    assert other.average_precision == card.average_precision
    assert 0 < card.average_precision <= 1


def test_sealed_truth_says_how_to_open_it(world, tmp_path):
    """A sealed key is no folder: the message names the way."""
    shutil.copytree(world.path, tmp_path / "blind")
    (tmp_path / "blind.truth.sealed").write_bytes(b"x")
    with pytest.raises(simulator.SimulatorError, match="unlock"):
        _ = simulator.World.open(tmp_path / "blind").key


def test_tables_in_three_forms(world):
    """polars, Arrow and pandas hold the same rows."""
    frame = simulator.table(world.path, "event")
    assert simulator.table(world.run, "event", "arrow").num_rows == frame.height
    pandas = pytest.importorskip("pandas")
    told = simulator.table(world.run, "staff", "pandas")
    assert isinstance(told, pandas.DataFrame)
    assert len(told) == simulator.table(world.run, "staff").height
    with pytest.raises(simulator.SimulatorError, match="polars, arrow, pandas"):
        simulator.table(world.run, "event", "numpy")


def test_people_are_those_of_a_run(world):
    """`people` and a run of the same seed, place and window have the same residents."""
    inside = world.population()
    start = inside.window.start
    alone = simulator.people(1_500, seed=3, start=start, days=inside.window.day_count)
    assert_frame_equal(inside.residents, alone.residents)
    with pytest.raises(simulator.SimulatorError, match="profile"):
        simulator.people(10, seed=1, profile="village")


def test_seed_makes_a_database(world, tmp_path):
    """The register lands in a SQLite file."""
    (made,) = world.seed(tmp_path / "town.db")
    assert made.rows["resident"] == world.run.manifest.rows["resident"]
    assert (tmp_path / "town.db").stat().st_size > 100_000


def test_live_log_where_it_is_wanted(world, tmp_path):
    """A log of one's own leaves RUN.live alone, and two of them do not see each other."""
    asked = {"question": "search", "purpose": "resident_certificate", "values": {"kana": "サトウ", "match": "prefix"}}
    ids = []
    for name in ("one.db", "two.db"):
        with world.live(log=tmp_path / name) as desk:
            ids.append(desk.ask(simulator.Request(staff=min(desk.office.members), **asked)).event)
    assert ids[0] == ids[1]
    assert not world.path.with_name("mini.live").exists()


def test_cache_is_made_once_and_again_when_it_is_broken(tmp_path):
    """The second call opens what the first made; what is not whole is made anew; other wishes get another folder."""
    first = simulator.cached("mini", seed=5, days=2, folder=tmp_path)
    stamp = (first.path / "manifest.json").stat().st_mtime_ns
    again = simulator.cached("mini", seed=5, days=2, folder=tmp_path)
    assert again.path == first.path
    assert (again.path / "manifest.json").stat().st_mtime_ns == stamp
    (first.path / "manifest.sha256").write_text("wrong\n")
    healed = simulator.cached("mini", seed=5, days=2, folder=tmp_path)
    assert healed.run.root == first.run.root
    shutil.rmtree(first.path.with_name(first.path.name + ".keys"))
    assert simulator.cached("mini", seed=5, days=2, folder=tmp_path).run.root == first.run.root
    assert simulator.cached("mini", seed=5, days=3, folder=tmp_path).path != first.path


def test_frames_are_polars(world):
    """Tables are polars frames with the schema's types."""
    assert isinstance(world.run.table("event"), pl.DataFrame)
    assert world.run.table("event").schema["at"] == pl.Datetime("ms", "Asia/Tokyo")
