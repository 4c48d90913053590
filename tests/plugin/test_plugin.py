"""The pytest plugin as its users have it: in a pytest of their own, cheap when unused, cached when used."""

import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
TOWN = 'pytestmark = pytest.mark.jukisim(scenario="mini", seed=5, days=2)'
PLUGIN = ("-p", "simulator.pytest_plugin", "-p", "no:xdist", "-q", "--strict-markers")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def tests(pytester, kept):
    """Run a file of tests with the plugin, its worlds kept for the others."""
    known = "jukisim" in {point.name for point in _points()}
    plugin = PLUGIN[2:] if known else PLUGIN

    def run(body, *options):
        pytester.makepyfile(f"import pytest\n{TOWN}\n{body}")
        return pytester.runpytest_subprocess(*plugin, f"--jukisim-cache={kept}", *options)

    return run


def _points():
    return [point for point in entry_points(group="pytest11") if point.value == "simulator.pytest_plugin"]


def test_every_fixture_hands_out_what_it_says(tests):
    """World, run, resident, household, registry and audit log of one town belong together."""
    found = tests(
        """
        from simulator import Dataset, Request, World

        def test_world(world, run):
            assert isinstance(world, World) and isinstance(run, Dataset)
            assert world.key.run == run.root and run.manifest.scenario == "mini"

        def test_family(resident, household):
            assert resident in household and len(household) > 1
            assert household[0]["relationship"] == "世帯主"
            assert {one["address"] for one in household} == {resident["address"]}

        def test_ask(registry, clerk, resident, audit_log):
            assert audit_log.new.height == 0 and audit_log.events.height > 100
            answer = registry.ask(Request(
                question="view", staff=clerk, purpose="resident_certificate", case_no="2025-100001",
                values={"resident": resident["handle"]}))
            assert answer.granted, answer.code
            assert answer.rows[0]["family_name"] == resident["family_name"]
            assert audit_log.new["action"].to_list() == ["login", "view"]
            assert audit_log.new["event_id"].min() > audit_log.events["event_id"].max()
            assert audit_log.new.schema["at"] == audit_log.events.schema["at"]

        def test_other_test_sees_nothing_of_it(audit_log):
            assert audit_log.new.height == 0
    """.replace("\n        ", "\n")
    )
    found.assert_outcomes(passed=4)


def test_marker_names_an_edge_case(tests):
    """`resident` is the edge case asked for; the nearest mark wins."""
    found = tests(
        """
        @pytest.mark.jukisim(resident="latin_name")
        def test_foreign(resident):
            assert resident["nationality"] != "JP"

        @pytest.mark.jukisim(resident="institution")
        class TestHome:
            def test_home(self, resident):
                assert resident["relationship"] == "世帯主"

            @pytest.mark.jukisim(resident="leap_day")
            def test_day(self, resident):
                assert resident["birth_date"].day == 29
    """.replace("\n        ", "\n")
    )
    found.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("resident='tall'", "unknown edge case 'tall'"),
        ("resident='age_115'", "nobody of this register is age_115; it has "),
        ("sede=3", "unknown keyword 'sede' in @pytest.mark.jukisim. Did you mean 'seed'?"),
        ("scenario='atlantis'", "unknown scenario 'atlantis'"),
        ("'village'", "takes keywords: scenario="),
    ],
)
def test_wrong_marks_say_what_would_be_right(tests, mark, words):
    """One line, no traceback of ours."""
    found = tests(f"@pytest.mark.jukisim({mark})\ndef test_it(resident):\n    pass")
    found.assert_outcomes(errors=1)
    assert words in found.stdout.str()
    assert "Traceback" not in found.stdout.str()


def test_world_is_opened_not_made_in_a_later_session(tests, kept):
    """The second session finds what the first made."""
    body = "def test_it(world):\n    print('ROOT', world.run.root)"
    first = tests(body, "-s").stdout.str()
    stamps = {path: path.stat().st_mtime_ns for path in kept.glob("mini-5-*/manifest.json")}
    assert stamps
    assert tests(body, "-s").stdout.str().split("ROOT")[1][:66] == first.split("ROOT")[1][:66]
    assert {path: path.stat().st_mtime_ns for path in kept.glob("mini-5-*/manifest.json")} == stamps


def test_transaction_cases_are_parameters(tests):
    """A test that takes transaction_case runs once for each, under its name, and loads no library for it."""
    found = tests("""
        import sys

        def test_case(transaction_case):
            assert transaction_case.expected in ("accepted", "alert", "error")
            assert "polars" not in sys.modules
    """.replace("\n        ", "\n"), "-k", "birth-1940 or move_within")  # fmt: skip
    assert found.ret == 0
    assert found.parseoutcomes()["passed"] > 5


def test_plugin_costs_nothing_until_used(pytester, monkeypatch):
    """A pytest that uses no fixture of ours loads no library of ours, and knows the marker."""
    pytester.makepyfile("""
        import sys

        def test_it():
            heavy = {"polars", "numpy", "pyarrow", "faker", "sklearn"} & set(sys.modules)
            ours = [name for name in sys.modules if name.startswith("simulator")]
            assert not heavy
            assert sorted(ours) == ["simulator", "simulator.pytest_plugin"]
    """)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others' plugins load what they like
    options = ("-p", "simulator.pytest_plugin")
    shown = pytester.runpytest_subprocess(*options, "-q")
    shown.assert_outcomes(passed=1)
    assert "jukisim(scenario=" in pytester.runpytest_subprocess(*options, "--markers").stdout.str()


def test_entry_point_is_declared():
    """The package tells pytest of the plugin."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["entry-points"]["pytest11"] == {"jukisim": "simulator.pytest_plugin"}
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import simulator.pytest_plugin"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
