"""A run that is killed, stopped or starved goes on, and its bytes are those of a run that nobody disturbed."""

import json
import os
import random
import shutil
import signal
import subprocess
import time

import filelock
import psutil
import pytest
import villages

from simulator import generation
from simulator.dataset import Dataset
from simulator.errors import ExistsError, StoppedError, StorageError, UnknownNameError
from simulator.generation import RunFolders
from simulator.generation.part import find

KILLS = 10


def wish(scenario_file, **more):
    return generation.order(str(scenario_file), seed=3, **more)


def _kill_once(command, wait_s):
    """Start, wait, kill; whether it had ended before."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as making:
        try:
            making.wait(wait_s)
        except subprocess.TimeoutExpired:
            os.kill(making.pid, signal.SIGKILL)
            return False
        return True


def _killed(scenario_file, whole, folder, kills):
    """Kill runs at random moments until `kills` have died; each is then finished and compared."""
    drawn, died, number = random.Random(11), 0, 0  # noqa: S311 - moments to kill at
    began = time.monotonic()
    villages.made(scenario_file, folder / "timed", "--only", villages.CODES[0])
    usual_s = time.monotonic() - began
    while died < kills:
        out, number = folder / f"r{number}", number + 1
        command = villages.command(scenario_file, out, "--jobs", str(1 + number // 2 % 2))
        ended = False
        while not ended and died < kills:
            ended = _kill_once(command, drawn.uniform(0.3, 1.3) * usual_s)
            died += not ended
            named = [name for name in villages.NAMES if out.with_name(out.name + name).exists()]
            assert "" not in named or len(named) == 3, "the public half bears its name last"
        if not ended:
            generation.generate(wish(scenario_file), out)
        assert villages.contents(out) == whole
        assert not RunFolders(out).draft.path.exists()


def test_killed_runs_go_on(scenario_file, whole, tmp_path):
    """Ten times killed at random, a run is finished by the same order with the bytes of an undisturbed one."""
    _killed(scenario_file, whole, tmp_path, KILLS)


@pytest.mark.slow
def test_runs_killed_forty_times_go_on(scenario_file, whole, tmp_path):
    """Forty times killed, one worker and two in turn."""
    _killed(scenario_file, whole, tmp_path, 40)


@pytest.fixture(scope="module")
def once(scenario_file, tmp_path_factory):
    """The draft of a run that was stopped in its third municipality."""
    out = tmp_path_factory.mktemp("stopped") / "r"
    with pytest.raises(StoppedError, match=r"stopped; 2 of 3 municipalities are finished and kept in .*\.r\.part"):
        generation.generate(wish(scenario_file), out, villages.Stop(20))
    return RunFolders(out).draft.path


@pytest.fixture
def stopped(once, tmp_path):
    """The folders of that run, for one test alone."""
    folders = RunFolders(tmp_path / "r")
    shutil.copytree(once, folders.draft.path)
    return folders


def test_stopped_run_makes_only_what_is_missing(scenario_file, whole, stopped):
    """What was finished is not made again, and the share that is done never falls."""
    told = []
    generation.generate(wish(scenario_file), stopped.run, lambda words, share: told.append((words, share)))
    begun = {words.split()[0] for words, _ in told if words.endswith(" people")}
    assert len(begun) == 1
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert villages.contents(stopped.run) == whole


@pytest.mark.parametrize("harm", ["cut", "flip", "missing", "receipt"])
def test_torn_part_is_not_taken_for_finished(stopped, harm):
    """A part of which one file was cut, changed or lost is removed, so that it is made again."""
    part = stopped.draft.parts / villages.CODES[0]
    assert find(stopped.draft.parts, part.name) is not None
    victim = max(part.rglob("*.parquet"), key=lambda path: path.stat().st_size)
    content = victim.read_bytes()
    if harm == "cut":
        victim.write_bytes(content[:-7])
    elif harm == "flip":
        victim.write_bytes(content[:99] + bytes([content[99] ^ 1]) + content[100:])
    elif harm == "missing":
        victim.unlink()
    else:
        (part / "receipt.json").write_text("{")
    assert find(stopped.draft.parts, part.name) is None
    assert not part.exists()


def test_another_order_does_not_take_the_draft(scenario_file, stopped):
    """Another seed, size or part is refused in one line and harms nothing; --fresh begins anew."""
    other = generation.order(str(scenario_file), seed=4)
    for order in (other, wish(scenario_file, only=("482013",))):
        with pytest.raises(ExistsError, match="another order"):
            generation.generate(order, stopped.run)
    assert stopped.draft.finished == 2
    with pytest.raises(StoppedError, match="1 of 3"):
        generation.generate(other, stopped.run, villages.Stop(12), fresh=True)


def test_blind_run_keeps_its_seed(scenario_file, tmp_path):
    """A secret seed is drawn once: a stopped blind run goes on with it."""
    blind = generation.order(str(scenario_file), blind=True)
    with pytest.raises(StoppedError):
        generation.generate(blind, tmp_path / "r", villages.Stop(12))
    generation.generate(generation.order(str(scenario_file), blind=True), tmp_path / "r")
    kept = json.loads((tmp_path / "r.truth" / "seed.json").read_bytes())["seed"]
    assert kept == blind.seed


@pytest.mark.parametrize("handed", [1, 2])
def test_killed_between_the_names(scenario_file, whole, stopped, handed, monkeypatch):
    """Killed when some of the three folders bear their names, the next call gives the others theirs."""
    draft = stopped.draft
    monkeypatch.setattr(RunFolders, "hand_over", lambda _: None)
    with pytest.raises(Exception, match="not a"):
        generation.generate(wish(scenario_file), stopped.run)
    monkeypatch.undo()
    for part, final in ((draft.truth, stopped.truth), (draft.keys, stopped.keys))[:handed]:
        part.rename(final)
    generation.generate(wish(scenario_file), stopped.run)
    assert villages.contents(stopped.run) == whole


def test_killed_workers_are_replaced(scenario_file, whole, tmp_path):
    """A worker that is killed costs what it was making, and no byte."""
    command = villages.command(scenario_file, tmp_path / "r", "--jobs", "2")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as making:
        parts = tmp_path / ".r.part" / "parts"
        while not list(parts.glob(".*")):
            assert making.poll() is None, making.stderr.read()
            time.sleep(0.02)
        children = psutil.Process(making.pid).children()
        workers = [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
        os.kill(workers[0], signal.SIGKILL)
        assert making.wait(900) == 0, making.stderr.read()
    assert villages.contents(tmp_path / "r") == whole


def test_second_process_is_refused(scenario_file, tmp_path):
    """While one process makes a run a second is refused, and does not take the first one's lock away for a third."""
    folders = RunFolders(tmp_path / "r")
    with filelock.FileLock(folders.draft.lock):
        for _ in range(2):
            with pytest.raises(ExistsError, match="another process"):
                generation.generate(wish(scenario_file), folders.run)
            assert folders.draft.lock.exists()


def test_part_of_a_scenario_is_that_part_of_the_whole(scenario_file, whole, tmp_path):
    """Any municipality made without the others has the files that it has with them, event numbers too."""
    out = tmp_path / "r"
    generation.generate(wish(scenario_file, only=("484059", "482021")), out)
    some, all_ = villages.contents(out), whole
    own = [name for name in all_ if "484059" in name or "482021" in name]
    assert len(own) > 40
    assert {name: some[name] for name in own} == {name: all_[name] for name in own}
    assert not [name for name in some if "482013" in name]
    assert "Part of the scenario: 2 of its 3 municipalities." in Dataset.open(out).manifest.notes
    with pytest.raises(UnknownNameError, match="482056"):
        wish(scenario_file, only=("482056",))


def test_read_only_folder_is_one_line(scenario_file, tmp_path):
    """Where nothing can be written the command says where, and leaves nothing."""
    if os.geteuid() == 0:
        place = tmp_path / "disk"
        place.mkdir()
        if shutil.which("mount") is None:
            pytest.skip("left out: root may write everywhere, and there is no mount")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(place)], check=True)
    else:
        place = tmp_path / "disk"
        place.mkdir(mode=0o500)
    try:
        with pytest.raises(StorageError, match="could not be written"):
            generation.generate(wish(scenario_file), place / "r")
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", str(place)], check=True)
