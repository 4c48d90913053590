"""Faults that no file system shows on request: a device that errs at a sync, a clock that steps."""

import errno
import itertools
import os
import time
from datetime import timedelta

import live_run
import pytest
import villages
from served import log_on, served

from simulator import export, generation
from simulator.dataset import Dataset
from simulator.errors import StorageError
from simulator.live.desk import Live
from simulator.live.opening import live_log
from simulator.live.verification import verify_live


def erring(monkeypatch, at):
    """The `at`-th sync to the device and all after it fail, as from a disk that is dying."""
    real, count = os.fsync, itertools.count(1)

    def fsync(handle):
        if next(count) >= at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("at", [1, 40, pytest.param(90, marks=pytest.mark.slow), 140])
def test_device_that_errs(scenario_file, whole, tmp_path, monkeypatch, at):
    """One line, nothing under a final name; on a device that works again the same order gives the same bytes."""
    order, out = generation.order(str(scenario_file), seed=3), tmp_path / "r"
    erring(monkeypatch, at)
    with pytest.raises(StorageError, match="Input/output error") as told:
        generation.generate(order, out)
    monkeypatch.undo()
    assert len(str(told.value).splitlines()) == 1
    assert not [name for name in villages.NAMES if out.with_name(out.name + name).exists()]
    generation.generate(order, out)
    assert villages.contents(out) == whole


def test_export_onto_a_device_that_errs(mini, tmp_path, monkeypatch):
    erring(monkeypatch, 2)
    with pytest.raises(StorageError, match="Input/output error"):
        export.export(mini, "csv", tmp_path / "out")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    assert export.export(mini, "csv", tmp_path / "out")


def test_clock_that_steps(scenario_file, whole, tmp_path, monkeypatch):
    """A clock that goes back and forth by hours while a run is made changes no byte and stops nothing."""
    real, steps = time.time, itertools.cycle((0.0, -7_200.0, 86_400.0, -31_536_000.0))
    monkeypatch.setattr(time, "time", lambda: real() + next(steps))
    monkeypatch.setattr(time, "time_ns", lambda: int((real() + next(steps)) * 1e9))
    out = tmp_path / "r"
    generation.generate(generation.order(str(scenario_file), seed=3), out)
    monkeypatch.undo()
    assert villages.contents(out) == whole


def test_served_log_with_a_clock_that_steps(hall_folders, tmp_path):
    """The server's clock goes back an hour and on by a day: every question is answered, the log is whole, in order."""
    run, clock = live_run.link(hall_folders, tmp_path / "here"), live_run.clock()
    with Live.open(run, clock=clock) as desk, served(desk) as client:
        code, resident, staff = desk.municipality.code, live_run.handle(desk, 3), live_run.staff(desk, "R01")
        headers = log_on(client, staff, "resident_certificate")
        answers = []
        for step in (0, -3_600, 60, -86_400, 90_000):
            clock.at += timedelta(seconds=step)
            asked = client.post("/v1/view", json={"resident": resident}, headers=headers)
            if asked.status_code == 401:  # the session is over by this clock
                headers = log_on(client, staff, "resident_certificate")
                asked = client.post("/v1/view", json={"resident": resident}, headers=headers)
            answers.append((asked.status_code, asked.json().get("event")))
    assert [status for status, _ in answers] == [200] * 5
    numbers = [event for _, event in answers]
    assert numbers == sorted(numbers)
    assert verify_live(live_log(run, code), Dataset.open(run).root) == []
