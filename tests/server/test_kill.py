"""A server killed under load: its log holds, and no event that was acknowledged is lost."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

import httpx
import live_run
import pytest

from simulator.dataset import Dataset
from simulator.live.desk import Live
from simulator.live.journal import Journal
from simulator.live.opening import live_log
from simulator.live.verification import verify_live

CLIENTS = 4


def _start(run):
    command = [sys.executable, "-m", "simulator.cli", "serve", str(run), "--port", "0", "--seconds", "60"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = server.stderr.readline()
    found = re.search(r"http://[\d.:]+", line)
    assert found, line + server.stderr.read()
    return server, found.group()


def _load(address, staff, handles, acknowledged, *, over):
    """Ask until the server is gone; keep the number of every event that was answered.

    Somebody who asked too much within the last minute, also of a server that was killed since, is not let in again.
    """
    with httpx.Client(base_url=address, timeout=10, trust_env=False) as client:
        try:
            opened = client.post("/v1/session", json={"staff": staff})
            if opened.status_code == 429:
                acknowledged.append(opened.json()["event"])
                return
            token = opened.json()["token"]
            headers = {"Authorization": f"Bearer {token}", "X-Purpose": "resident_certificate", "X-Grounds": "duty"}
            while not over.is_set():
                found = client.post("/v1/view", json={"resident": random.choice(handles)}, headers=headers)  # noqa: S311
                if found.status_code != 503:
                    acknowledged.append(found.json()["event"])
        except httpx.TransportError:
            return


def _round(run, staff, handles, wait_s):
    acknowledged, over = [], threading.Event()
    server, address = _start(run)
    clients = [
        threading.Thread(target=_load, args=(address, each, handles, acknowledged), kwargs={"over": over})
        for each in staff
    ]
    for client in clients:
        client.start()
    time.sleep(wait_s)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    over.set()
    for client in clients:
        client.join(20)
    server.stderr.close()
    return acknowledged


def _killed(hall_folders, folder, rounds):
    run = live_run.link(hall_folders, folder)
    with Live.open(run, clock=live_run.clock()) as live:
        handles = [live_run.handle(live, number) for number in range(40)]
        staff = [member.code for member in live.office.members.values() if member.role == "R01"][:CLIENTS]
        code = live.municipality.code
    drawn, every, path = random.Random(5), [], live_log(run, code)  # noqa: S311 - moments to kill at
    for _ in range(rounds):
        every += _round(run, staff, handles, drawn.uniform(0.1, 1.2))
        assert verify_live(path, Dataset.open(run).root) == []
        with Journal.read(path) as journal:
            held = {row["event_id"] for row in journal.select("SELECT event_id FROM event")}
        assert set(every) <= held
    assert len(set(every)) == len(every) > rounds


def test_killed_five_times(hall_folders, tmp_path):
    _killed(hall_folders, tmp_path / "here", 5)


@pytest.mark.slow
def test_killed_fifty_times(hall_folders, tmp_path):
    _killed(hall_folders, tmp_path / "here", 50)


def test_a_server_stops_by_itself_and_on_request(hall_folders, tmp_path):
    """SIGTERM finishes what was asked; the next writer may begin at once."""
    run = live_run.link(hall_folders, tmp_path / "here")
    server, address = _start(run)
    assert httpx.get(f"{address}/health", trust_env=False).status_code == 200
    second = subprocess.run(
        [sys.executable, "-m", "simulator.cli", "serve", str(run), "--port", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "one process writes a live log" in second.stderr
    assert "Traceback" not in second.stderr
    server.terminate()
    assert server.wait(20) in (0, -signal.SIGTERM)
    server.stderr.close()
    with Live.open(run, clock=live_run.clock()):
        pass
