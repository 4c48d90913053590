"""Schemathesis asks every operation by its description, rightly and wrongly, with all its checks, and finds nothing."""

import json
import subprocess
import sys

import live_run
import pytest
from served import log_on, served

from simulator.live.desk import Live
from simulator.live.questions import questions
from simulator.live.verification import verify_live

CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "422", "429"]
"""
# 422 is among them: which details go together, and what makes a pseudonym one, JSON Schema cannot say.


def _described(client, live, folder):
    """The description, with pseudonyms, staff and events that exist, so that more than refusals is asked."""
    told = client.get("/openapi.json").json()
    handles = [live_run.handle(live, number) for number in range(30)] + [live_run.nobody()]
    known = {"resident": handles, "about": handles, "staff": [live_run.staff(live, role) for role in ("R01", "R05")]}
    for path in told["paths"].values():
        for operation in path.values():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            for name, values in known.items():
                if name in schema.get("properties", {}):
                    schema["properties"][name] = {"enum": values}
    file = folder / "openapi.json"
    file.write_text(json.dumps(told))
    return file


def _run(hall_folders, folder, examples, *chosen):
    clock = live_run.Ticking()
    with (
        Live.open(live_run.link(hall_folders, folder), clock=clock, policy=live_run.everything()) as live,
        served(live) as client,
    ):
        headers = log_on(client, live_run.staff(live, "R01"), "resident_certificate")
        config = folder / "schemathesis.toml"
        config.write_text(CONFIG)
        command = [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "--config-file", str(config), "run", str(_described(client, live, folder)), "--url", str(client.base_url),
            "--checks", "all", "--max-examples", str(examples), "--seed", "7", "--no-color",
            "--header", f"Authorization: {headers['Authorization']}",
            *(chosen or ("--exclude-operation-id", "session_delete")),  # it would end the session of all others
        ]  # fmt: skip
        found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        assert found.returncode == 0, found.stdout[-6_000:] + found.stderr[-2_000:]
        assert live.journal.select("SELECT count(*) AS n FROM event")[0]["n"] > (0 if chosen else examples)
        path = live_run.live_file(live)
    assert verify_live(path, live.run.root) == []


def test_every_operation_holds(hall_folders, tmp_path):
    _run(hall_folders, tmp_path / "here", 50)


@pytest.mark.slow
@pytest.mark.parametrize(
    "operation", [*questions(), "session_post", "session_get", "session_delete", "health", "metrics"]
)
def test_an_operation_holds_a_thousand_times(hall_folders, tmp_path, operation):
    _run(hall_folders, tmp_path / "here", 1_000, "--include-operation-id", operation)
