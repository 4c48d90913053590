"""The same requests through library, command line and HTTP: the same answers in the same order, the same events."""

import json
import subprocess
import sys

import live_run
import psycopg
import pytest
from click.testing import CliRunner
from served import served
from typer.main import get_command

from simulator import seed
from simulator.cli import app
from simulator.dataset import Dataset
from simulator.errors import SimulatorError, UnknownNameError, UsageError
from simulator.live.desk import Live
from simulator.live.journal import ServedLog
from simulator.live.question import BadValueError
from simulator.live.questions import question
from simulator.live.verification import verify_live

COUNT = 2_000
ON_THE_LINE = 100  # in CI; the slow test takes all of them
REAL = 40
COMMAND = get_command(app)  # made once: it takes as long as a question


@pytest.fixture(scope="module")
def asked(hall_folders, tmp_path_factory):
    """The requests."""
    with Live.open(live_run.link(hall_folders, tmp_path_factory.mktemp("asked")), clock=live_run.clock()) as live:
        return live_run.requests(live, COUNT)


@pytest.fixture(scope="module")
def by_library(asked, hall_folders, tmp_path_factory):
    """Answers and events of the library."""
    run, answers = live_run.link(hall_folders, tmp_path_factory.mktemp("library")), []
    with Live.open(run, clock=live_run.clock()) as live:
        for timed in asked:
            live.clock.at = timed.at
            answers.append(_told(live, timed.request))
        return answers, events(live)


def _told(live, request):
    try:
        return json.loads(json.dumps(live.ask(request).to_dict()))
    except SimulatorError as error:
        return {"code": error.code}


def events(live, most=10**9):
    """All that the log holds, without the links and the root they begin with."""
    rows = live.journal.select("SELECT * FROM event ORDER BY event_id LIMIT :most", most=most)
    shown = live.journal.select("SELECT * FROM shown ORDER BY event_id, rank")
    return rows, [row for row in shown if rows and row["event_id"] <= rows[-1]["event_id"]]


def alike(told, answer):
    """Whether a problem document says what the answer of the library says."""
    if answer["code"] == "ok":
        return told == answer
    return told["code"] == answer["code"] and told.get("event", answer.get("event")) == answer.get("event")


def test_requests_are_of_all_kinds(by_library):
    answers, (rows, _) = by_library
    codes = {answer["code"] for answer in answers}
    assert {"ok", "not_found", "forbidden", "case_needed", "bad_value", "too_fast", "unknown_name"} <= codes
    assert len({row["reason"] for row in rows}) > 20


def test_http_answers_as_the_library(asked, by_library, hall_folders, tmp_path):
    answers, logged = by_library
    tokens: dict = {}
    with Live.open(live_run.link(hall_folders, tmp_path / "http"), clock=live_run.clock()) as live:
        with served(live) as client:
            for timed, answer in zip(asked, answers, strict=True):
                live.clock.at = timed.at
                told = over_http(client, live, tokens, timed.request)
                assert alike(told, answer), (timed.request, told, answer)
        assert events(live) == logged


@pytest.fixture
def on_postgres(hall_folders, tmp_path, postgres):
    """Opens the run on a register and a live log in PostgreSQL; several may be open at once."""
    address, run = postgres.create(), live_run.link(hall_folders, tmp_path / "served")
    seed.seed(Dataset.open(hall_folders.run), seed.Order(target=address))
    return lambda: Live.open(run, database=address, clock=live_run.clock()), address


def _by_turns(opened, asked, by_library, address):
    """Ask each of the `opened` in turn; answers, events and links are as if one had been asked all."""
    for number, (timed, answer) in enumerate(zip(asked, by_library[0], strict=False)):
        live = opened[number % len(opened)]
        live.clock.at = timed.at
        told = _told(live, timed.request)
        assert told == answer, (timed.request, told, answer)
    _same_log(opened[0], by_library)
    log = ServedLog(address, opened[0].municipality.code)
    assert verify_live(log, opened[0].run.root) == []


def _same_log(live, by_library):
    rows, shown = events(live)
    assert rows == by_library[1][0][: len(rows)]
    assert shown == [row for row in by_library[1][1] if row["event_id"] <= rows[-1]["event_id"]]


def test_postgresql_answers_as_sqlite(asked, by_library, on_postgres):
    opening, address = on_postgres
    with opening() as live:
        _by_turns([live], asked[:300], by_library, address)


@pytest.mark.slow
def test_postgresql_answers_every_request_as_sqlite(asked, by_library, on_postgres):
    opening, address = on_postgres
    with opening() as live:
        _by_turns([live], asked, by_library, address)


def test_two_that_take_turns_answer_as_one(asked, by_library, on_postgres):
    """Counts, sessions, approvals and changes that one recorded hold for the other."""
    opening, address = on_postgres
    with opening() as first, opening() as second:
        _by_turns([first, second], asked[:120], by_library, address)


def test_commands_work_on_postgresql(asked, by_library, on_postgres, hall_folders, tmp_path):
    """query, disclose, verify with --database; what the owner of the tables changed is named with exit code 4."""
    run, address = tmp_path / "served" / hall_folders.run.name, on_postgres[1]
    for timed, answer in zip(asked[:5], by_library[0], strict=False):
        told = on_the_line(run, timed, address)
        assert told == answer, (timed.request, told, answer)
    number = Dataset.open(hall_folders.run).table("resident")["resident_code"][0]
    told = CliRunner().invoke(COMMAND, ["disclose", str(run), "--resident", number, "--database", address])
    assert told.exit_code == 0, told.output
    assert CliRunner().invoke(COMMAND, ["verify", str(run), "--database", address]).exit_code == 0
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        code = Dataset.open(hall_folders.run).manifest.logs[0].municipality
        owner.execute(f"SET search_path = {ServedLog(address, code).schema}")
        owner.execute("UPDATE event SET purpose = 'training' WHERE event_id = (SELECT min(event_id) FROM event)")
    told = CliRunner().invoke(COMMAND, ["verify", str(run), "--database", address])
    assert told.exit_code == 4
    assert "was edited" in told.stdout


@pytest.mark.slow
def test_http_on_postgresql_answers_as_the_library(asked, by_library, on_postgres):
    tokens: dict = {}
    with on_postgres[0]() as live:
        with served(live) as client:
            for timed, answer in zip(asked, by_library[0], strict=True):
                live.clock.at = timed.at
                told = over_http(client, live, tokens, timed.request)
                assert alike(told, answer), (timed.request, told, answer)
        _same_log(live, by_library)


def over_http(client, live, tokens, request):
    """Ask over HTTP, logging on where no session is open, as the other faces do by themselves."""
    try:
        member = live.office.member(request.staff)
        question(request.question).read(request.values, request.purpose)
        desk = member.code, live.office.terminal(member, request.terminal)
    except BadValueError as error:  # said before anybody is logged on
        return {"code": error.code}
    except UnknownNameError as error:  # over HTTP the log-on fails, and says no more
        stated = {"staff": request.staff, "terminal": request.terminal}
        told = client.post("/v1/session", json={name: text for name, text in stated.items() if text is not None})
        assert told.json()["code"] == "log_on_failed"
        return {"code": error.code}
    except UsageError as error:
        assert client.post("/v1/session", json={"staff": request.staff}).json()["code"] == "log_on_failed"
        return {"code": error.code}
    headers = {"X-Purpose": request.purpose, "X-Case-No": request.case_no, "X-Grounds": request.grounds}
    headers = {name: value for name, value in headers.items() if value is not None}
    for attempt in (1, 2):
        stated = {**headers, "Authorization": f"Bearer {tokens.get(desk, 'jks_none')}"}
        found = client.post(f"/v1/{request.question}", json=request.values, headers=stated)
        if found.status_code != 401:
            return found.json()
        assert attempt == 1
        session = client.post("/v1/session", json={"staff": desk[0], "terminal": desk[1]})
        if session.status_code != 201:
            return session.json()
        tokens[desk] = session.json()["token"]
    raise AssertionError


def line(run, timed, database=None):
    """The command of a request."""
    request = timed.request
    words = ["query", *(["--database", database] if database else []), str(run), request.question]
    needed = {each.name for each in question(request.question).parameters if each.required}
    options = ["--as", request.staff, "--purpose", request.purpose, "--at", timed.at.isoformat(), "--format", "json"]
    for name, value in request.values.items():
        if name == "resident" and name in needed:
            words.append(value)
        else:
            options += [f"--{name.replace('_', '-')}", str(value)]
    for name, value in (("case", request.case_no), ("grounds", request.grounds), ("terminal", request.terminal)):
        options += [f"--{name}", value] if value is not None else []
    return [*words, *options]


def on_the_line(run, timed, database=None):
    """The answer of a command in this process."""
    found = CliRunner().invoke(COMMAND, line(run, timed, database))
    if isinstance(found.exception, SimulatorError):
        return {"code": found.exception.code}
    if not found.stdout:
        return {"code": "bad_value"}
    assert found.exit_code == (0 if json.loads(found.stdout)["code"] == "ok" else found.exit_code)
    return json.loads(found.stdout)


def in_a_process(run, timed, database=None):
    """The answer of a command as one types it."""
    command = [sys.executable, "-m", "simulator.cli", *line(run, timed, database)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in found.stderr
    if not found.stdout:
        assert found.returncode == 2, found.stderr
        return None
    told = json.loads(found.stdout)
    assert (found.returncode == 0) == (told["code"] == "ok")
    return told


def _commands(asked, by_library, run, database, way):
    """Each of the requests `asked` by a command of its own: the same answers, the same events."""
    for timed, answer in zip(asked, by_library[0], strict=False):
        told = way(run, timed, database)
        assert told in (answer, None), (timed.request, told, answer)
        assert told is not None or "event" not in answer
    with Live.open(run, clock=live_run.clock(), database=database) as live:
        _same_log(live, by_library)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, hall_folders, tmp_path):
    """A run with nothing asked of it yet, and the address of its PostgreSQL database, if it is there."""
    run = live_run.link(hall_folders, tmp_path / "line")
    if request.param == "sqlite":
        return run, None
    address = request.getfixturevalue("postgres").create()
    seed.seed(Dataset.open(hall_folders.run), seed.Order(target=address))
    return run, address


def test_commands_answer_as_the_library(asked, by_library, hall_folders, tmp_path):
    run = live_run.link(hall_folders, tmp_path / "line")
    _commands(asked[:ON_THE_LINE], by_library, run, None, on_the_line)


def test_real_commands_answer_as_the_library(asked, by_library, hall_folders, tmp_path):
    run = live_run.link(hall_folders, tmp_path / "line")
    _commands(asked[:3], by_library, run, None, in_a_process)


@pytest.mark.slow
def test_all_commands_answer_as_the_library(asked, by_library, where):
    _commands(asked, by_library, *where, on_the_line)


@pytest.mark.slow
def test_forty_real_commands_answer_as_the_library(asked, by_library, where):
    _commands(asked[:REAL], by_library, *where, in_a_process)
