"""Whole days of a run asked again over HTTP: the same events, but for clock, numbers and session."""

import csv
import itertools

import live_run
import pytest
from served import served
from typer.testing import CliRunner

from simulator import replay
from simulator.cli import app
from simulator.clock import from_ms
from simulator.dataset import Dataset
from simulator.errors import StorageError, UsageError
from simulator.live.desk import Live
from simulator.replay.serving import at_home

NOT_HELD = ("the text of the search", "whom it concerned is not in this register")
"""Why an event may not be asked again: the log alone does not say what was typed, or whom a mover was."""


@pytest.fixture(scope="module")
def run(hall_folders, tmp_path_factory):
    return live_run.link(hall_folders, tmp_path_factory.mktemp("replayed"))


@pytest.fixture(scope="module")
def days(run):
    found = Dataset.open(run)
    return list(replay.days_of(found, found.manifest.logs[0].municipality))


@pytest.fixture(scope="module")
def asker(run):
    return replay.Asker.of(run)


def _asked(run, asker, days, log, cursor=None):
    """What a replay of `days` at a server of our own comes to, and all that differs."""
    found = []
    with at_home(run, log) as home, replay.Line(home.address) as line:
        desk = replay.Desk(line, at=home.set, cursor=cursor)
        summary = replay.replay(days, asker, desk, log=home.log, told=lambda _, each: found.extend(each))
    return summary, found


def _holds(summary, found):
    """Nothing differs, and nearly everything was asked."""
    assert found == []
    assert summary.same == summary.asked
    assert all(why.startswith(NOT_HELD) for why in summary.not_held), summary.not_held
    assert summary.asked > 0.995 * summary.events


def test_whole_days_are_the_same(run, asker, days, tmp_path):
    """Every request of the town hall's days is asked again, searches by the text that was typed; columns agree."""
    summary, found = _asked(run, asker, days, tmp_path / "live.db")
    assert summary.events == sum(map(len, days)) > 500
    _holds(summary, found)


def test_replay_goes_on_where_it_broke_off(run, asker, days, tmp_path):
    """A server that stops in the middle of a day and opens its log again decides the rest as if it had not stopped."""
    day, cursor = max(days, key=len), tmp_path / "cursor"
    half = len(day) // 2
    first, _ = _asked(run, asker, [day[:half]], tmp_path / "live.db", cursor)
    assert cursor.read_text() == f"{day[half - 1]['event_id']}\n"
    second, found = _asked(run, asker, [day], tmp_path / "live.db", cursor)
    assert first.events + second.events == len(day)
    assert second.opened > 0  # sessions that were open when it stopped
    _holds(second, found)


def test_another_server_is_compared_by_its_answers(run, asker, days):
    """A server with its own clock is driven too; decisions and hits are compared by what it answers."""
    with (
        Live.open(run, clock=live_run.clock()) as live,
        served(live) as client,
        replay.Line(str(client.base_url)) as line,
    ):
        desk = replay.Desk(line, at=lambda at: setattr(live.clock, "at", at))
        summary = replay.replay([days[0][:150]], asker, desk)
    assert summary.events == 150
    assert summary.same >= 0.95 * summary.asked


def test_a_text_is_found_by_its_token_alone(asker, days):
    """The text of a search is one whose token the log has; with another token it is not found, and that is said."""
    event = next(e for e in itertools.chain(*days) if e["action"] == "search" and e["shown"])
    (step,) = asker.steps([event])
    assert step.question == "search"
    assert step.body["match"] == event["match"]
    (step,) = asker.steps([{**event, "search_token": b"\x01" + bytes(15)}])
    assert step.why_not.startswith("the text of the search")


def test_command_tells_and_writes_what_differs(run, days, tmp_path):
    """The command replays a day at a server of its own, prints a table, and writes the differences."""
    day = min(days, key=len)[0]["at"].date().isoformat()
    told = CliRunner().invoke(
        app, ["replay", str(run), "--since", day, "--until", day, "--out", str(tmp_path / "d.csv"), "--format", "csv"]
    )
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("what,events\nthe same,")
    with (tmp_path / "d.csv").open() as file:
        assert next(csv.reader(file)) == ["event_id", "column", "run", "server"]


def test_bad_input_is_named(run, asker, days, tmp_path):
    """A day that is none, days without events, an address without a server and a cursor that is none."""
    for options in (["--since", "2025-13-01"], ["--since", "1999-01-01", "--until", "1999-01-02"]):
        with pytest.raises(UsageError):
            CliRunner().invoke(app, ["replay", str(run), *options], catch_exceptions=False)
    with pytest.raises(UsageError, match="such as http://"):
        replay.Line("localhost:8482").ask("GET", "/v1/session", None, {})
    with pytest.raises(StorageError, match="does not answer as a jukisim server"):
        replay.Line("http://127.0.0.1:9").ask("GET", "/v1/session", None, {})
    (tmp_path / "cursor").write_text("here")
    desk = replay.Desk(replay.Line("http://127.0.0.1:9"), cursor=tmp_path / "cursor")
    with pytest.raises(UsageError, match="holds no event number"):
        replay.replay(days, asker, desk)


@pytest.mark.slow
def test_two_thousand_events_of_a_town(tmp_path):
    """Three days of the town of the fixed benchmark, 2,000 events at least, are the same over HTTP."""
    from simulator import scenario  # noqa: PLC0415
    from simulator.generation import Order, RunFolders, generate  # noqa: PLC0415
    from simulator.pseudonym import PseudonymKey  # noqa: PLC0415

    folders = RunFolders(tmp_path / "town")
    made = generate(Order(scenario=scenario.load("town"), seed=3, key=PseudonymKey.insecure()), folders.run)
    start = from_ms(0).date().replace(year=2025, month=5, day=12)
    days = list(replay.days_of(made, made.manifest.logs[0].municipality, (start, start.replace(day=14))))
    summary, found = _asked(folders.run, replay.Asker.of(folders.run), days, tmp_path / "live.db")
    assert summary.events > 2_000
    _holds(summary, found)
