"""A disk that fills up, at every stage: one clear error, nothing torn under a final name, done once there is space."""

import io
import subprocess
import sys

import live_run
import pytest
import small_disk
import villages
from served import log_on, served

from simulator import drill, export, generation, publish, seed, stream
from simulator.dataset import Dataset
from simulator.drill import making
from simulator.errors import StorageError
from simulator.live.desk import Live
from simulator.live.journal import Journal
from simulator.live.opening import live_log
from simulator.live.verification import verify_live
from simulator.seed.files import FORMS

SLOW = pytest.mark.slow
LATER = ("log", "difficulty", "leak gate", "keys")
STAGES = ("register", "digests", *(pytest.param(name, marks=SLOW) for name in LATER))
"""At whose beginning the disk fills: the log, the tables and the receipt of a municipality, and the joining."""
SHARES = (0.6, pytest.param(0.0, marks=SLOW), pytest.param(0.98, marks=SLOW))
"""Of what is to be written, so much has room."""


@pytest.fixture
def disk(tmp_path):
    with small_disk.mounted(tmp_path / "disk") as made:
        yield made


def contents(folder):
    """Every byte of a file or folder, by path."""
    files = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def starved(disk, room, make, out):
    """`make` out with too little room: it is told, nothing is left; with room again it succeeds."""
    disk.fill(room)
    with pytest.raises(StorageError) as told:
        make(out)
    assert len(str(told.value).splitlines()) == 1, told.value
    assert disk.left() == []
    disk.empty()
    make(out)


@pytest.mark.parametrize("stage", STAGES)
def test_generation_on_a_full_disk(disk, scenario_file, whole, stage):
    """Full when the last municipality or the joining comes to `stage`: what was finished is kept, the rest is made."""
    order, out = generation.order(str(scenario_file), seed=3), disk.place / "r"

    def fill(words, share):
        if words.endswith(stage) and share > 0.7 and not disk.filler.exists():
            disk.fill()

    with pytest.raises(StorageError, match=r"[23] of 3 municipalities are finished and kept") as told:
        generation.generate(order, out, fill)
    assert len(str(told.value).splitlines()) == 1, told.value
    assert disk.left() == [".r.part"]
    disk.empty()
    generation.generate(order, out)
    assert villages.contents(out) == whole
    assert disk.left() == ["r", "r.keys", "r.truth"]


def test_command_on_a_full_disk_is_one_line(disk):
    """The command exits 1 with one line and leaves nothing; after space is freed the same command succeeds."""
    command = [sys.executable, "-m", "simulator.cli", "generate", "mini", "--seed", "1", "--out", str(disk.place / "r")]
    disk.fill(600_000)
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert len(found.stderr.strip().splitlines()) == 1, found.stderr
    assert "could not be" in found.stderr
    assert disk.left() == []
    disk.empty()
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("form", [*export.names(), publish.NAME])
def test_export_on_a_full_disk(disk, mini, tmp_path, form, share):
    """Every writer: whole or nothing, and the same bytes once there is room."""

    def make(out):
        publish.hugging_face(mini.path, out) if form == publish.NAME else export.export(mini, form, out)

    make(tmp_path / "whole")
    wanted = contents(tmp_path / "whole")
    starved(disk, int(share * sum(map(len, wanted.values()))), make, disk.place / "out")
    assert contents(disk.place / "out") == wanted


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("form", [None, *FORMS])
def test_seeding_on_a_full_disk(disk, mini, tmp_path, form, share):
    """A database or files for another system: whole or nothing."""

    def make(out):
        seed.seed(mini, seed.Order(target=str(out), form=form))

    make(tmp_path / "whole")
    wanted = contents(tmp_path / "whole")
    starved(disk, int(share * sum(map(len, wanted.values()))), make, disk.place / "out")
    assert contents(disk.place / "out") == wanted


@pytest.fixture(scope="module")
def town():
    """A drill's order with a town that holds its promise."""
    order = drill.order("kochi", seed=5, difficulty=1, team=2, teams=1, residents=1_500, days=30)
    return order, making.settled(order)


@pytest.mark.parametrize("share", SHARES)
def test_new_drill_on_a_full_disk(disk, tmp_path, town, share, monkeypatch):
    """Papers, workbooks, slides and sealed files: neither half a pack nor a key without its pack."""
    order, settled = town
    monkeypatch.setattr(making, "settled", lambda *_: settled)
    drill.make(order, tmp_path / "whole")
    wanted = contents(tmp_path / "whole")
    starved(disk, int(share * sum(map(len, wanted.values()))), lambda out: drill.make(order, out), disk.place / "d")
    assert contents(disk.place / "d").keys() == wanted.keys()
    assert drill.unseal(drill.open_pack(disk.place / "d")).answers == settled.secret.answers
    assert disk.left() == ["d", "d.key"]


def test_drill_whose_towns_have_no_room(disk, tmp_path):
    """The runs that a drill is drawn from lie beside it: a disk too small for them is told, and nothing is left."""
    disk.fill(200_000)
    order = drill.order("kochi", seed=5, difficulty=1, team=2, teams=1, residents=1_500, days=30)
    with pytest.raises(StorageError, match="could not be"):
        drill.make(order, disk.place / "d")
    assert disk.left() == []


def test_served_log_on_a_full_disk(disk, hall_folders, tmp_path):
    """A question whose event the disk would not take gets no answer but 503; none that was answered is lost."""
    run = live_run.link(hall_folders, tmp_path / "here")
    live = run.with_name(f"{run.name}.live")
    live.unlink()
    live.symlink_to(disk.place)
    with Live.open(run, clock=live_run.clock()) as desk, served(desk) as client:
        code, resident = desk.municipality.code, live_run.handle(desk, 3)
        headers = log_on(client, live_run.staff(desk, "R01"), "resident_certificate")

        def view():
            return client.post("/v1/view", json={"resident": resident}, headers=headers).status_code

        answers = [view() for _ in range(5)]
        disk.fill()
        while answers[-1] == 200:
            answers.append(view())
            assert len(answers) < 5_000
        assert answers[-1] == 503
        disk.empty()
        assert view() == 200
    with Journal.read(live_log(run, code)) as journal:
        held = journal.select("SELECT count(*) AS n FROM event WHERE action = 'view'")[0]["n"]
    assert held == answers.count(200) + 1
    assert verify_live(live_log(run, code), Dataset.open(run).root) == []


def test_stream_into_a_full_disk(disk, mini, tmp_path):
    """No half line in the file; the cursor says where to go on, and every event is there once there is room."""
    out, cursor, whole = disk.place / "events", disk.place / "cursor", tmp_path / "whole"

    def play(path):
        sink = stream.sink(str(path), io.BytesIO())
        return stream.play(mini, "ecs", sink, cursor=cursor if path == out else None, sleep=lambda _: None)

    play(whole)
    disk.fill(int(0.7 * whole.stat().st_size))
    with pytest.raises(StorageError, match="call again with the same --cursor"):
        play(out)
    assert out.read_bytes().endswith(b"\n")
    assert whole.read_bytes().startswith(out.read_bytes())
    disk.empty()
    play(out)
    assert list(dict.fromkeys(out.read_bytes().splitlines())) == whole.read_bytes().splitlines()


def test_stream_goes_on_after_half_a_line(mini, tmp_path):
    """Half a line that a killed process left is cut off before the next goes after it."""
    out = tmp_path / "events"
    stream.play(mini, "ecs", stream.sink(str(out), io.BytesIO()), limit=3)
    wanted = out.read_bytes()
    out.write_bytes(wanted + wanted[:100])
    stream.sink(str(out), io.BytesIO()).close()
    assert out.read_bytes() == wanted
