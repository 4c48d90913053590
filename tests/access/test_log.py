"""The log says what was decided, tells nothing of who was planned first, and shows every change to it."""

import hashlib
import shutil

import polars as pl
import pytest

from simulator.access import log
from simulator.access.log import tree
from simulator.access.log.batches import LeafWriter, leaves
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.record import EVENT_RECORD, pack
from simulator.errors import DamagedError, MissingError, StorageError
from simulator.pseudonym import Epochs
from simulator.schema import EVENT, SHOWN


@pytest.fixture(scope="module")
def answers(gate, requests):
    return gate.submit_batch(requests)


@pytest.fixture(scope="module")
def write(town, office, pseudonymizer):
    return lambda answers, folder: log.write_log(answers, town, office, Epochs.single(pseudonymizer), 3, folder)


@pytest.fixture(scope="module")
def written(answers, write, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return folder, write(answers, folder)


@pytest.fixture
def copied(written, tmp_path):
    shutil.copytree(written[0], tmp_path / "run")
    return tmp_path / "run", written[1]


def read(folder, table):
    return pl.concat(pl.read_parquet(path) for path in sorted((folder / "audit" / table).glob("*.parquet")))


def code(folder):
    return next((folder / "audit" / "checkpoint").iterdir()).name


def change(folder, edit, table=EVENT):
    """Replace the first file of a table by what `edit` makes of it."""
    path = sorted((folder / "audit" / table.name).glob("*.parquet"))[0]
    edit(pl.read_parquet(path)).write_parquet(path)


def test_every_request_gives_one_event(written, answers, requests):
    """Events number the requests without gaps, in time order, and say what was decided."""
    folder, made = written
    events = read(folder, "event").join(made.event_ids, on="event_id")
    assert events["event_id"].to_list() == list(range((3 << 40) + 1, (3 << 40) + 1 + requests.height))
    assert events["at"].is_sorted()
    both = events.join(answers.decided, on="request_no", suffix="_asked")
    assert both.height == requests.height == made.size
    for name in ("decision", "reason", "hits", "rows_returned", "fields", "case_no", "terminal", "role"):
        assert both[name].equals(both[f"{name}_asked"], check_names=False)


def test_people_are_pseudonyms(written, registry, office, pseudonymizer, requests):
    """Actor and resident are the realm's pseudonyms; a search names nobody but those it showed."""
    folder, made = written
    events = read(folder, "event").join(made.event_ids, on="event_id").join(requests, on="request_no", suffix="_asked")
    row = events.filter(pl.col("action") == "view").row(0, named=True)
    assert row["actor"] == pseudonymizer.one("staff", f"S{row['staff_no']:07d}")
    assert row["resident"] == pseudonymizer.one("resident", registry.keys["resident_code"][row["target"]])
    searches = events.filter(pl.col("action").is_in(["search", "list"]))
    assert searches["resident"].null_count() == searches.height
    assert searches["search_keys"].null_count() == 0
    assert searches["search_token"].n_unique() > 100


def test_shown_rows_are_those_of_the_gate(written, answers):
    """Each event has as many rows of residents shown as the gate listed."""
    folder, made = written
    shown = read(folder, "shown").join(made.event_ids, on="event_id")
    assert shown.height == answers.shown.height == made.shown
    counted = shown.group_by("request_no").len().sort("request_no")
    assert counted.equals(answers.shown.group_by("request_no").len().sort("request_no"))


def test_sessions_are_numbered_by_first_event(written, requests):
    """Session numbers ascend with their first event and map one to one to session keys."""
    folder, made = written
    events = read(folder, "event").join(made.event_ids, on="event_id").join(requests, on="request_no", suffix="_asked")
    events = events.sort("event_id")
    first = events.unique("session_id", keep="first", maintain_order=True)["session_id"].to_list()
    assert first == list(range(1, len(first) + 1))
    assert events.group_by("session_id").agg(pl.col("session_key").n_unique())["session_key"].max() == 1


def test_same_answers_give_the_same_bytes(written, gate, requests, write, tmp_path):
    """Shuffled requests give the same files to the last byte."""
    shuffled = gate.submit_batch(requests.sample(fraction=1.0, shuffle=True, seed=2))
    write(shuffled, tmp_path)
    for path in sorted(p for p in written[0].rglob("*") if p.is_file()):
        assert path.read_bytes() == (tmp_path / path.relative_to(written[0])).read_bytes()


def test_a_whole_log_verifies(written):
    """An untouched log has no finding, by its own checkpoint and by a head kept elsewhere."""
    folder, made = written
    assert log.verify_log(folder, code(folder)) == []
    assert log.verify_log(folder, code(folder), made.size, made.root) == []


EDITS = {
    "edited": (lambda f: f.with_columns(rows_returned=pl.Series(range(f.height))), "batch 0"),
    "swapped": (lambda f: pl.concat([f[:300], f[301], f[300], f[302:]]), "swapped"),
    "deleted": (lambda f: pl.concat([f[:600], f[601:]]), "missing"),
    "doubled": (lambda f: pl.concat([f[:600], f[599], f[600:]]), "twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_change_of_an_event_is_named(copied, name):
    """An event edited, swapped, deleted or doubled is found, with its batch and what was done."""
    edit, words = EDITS[name]
    change(copied[0], edit)
    findings = log.verify_log(copied[0], code(copied[0]))
    assert findings
    assert any(words in what and "event" in what for _, what in findings)


def test_change_of_a_person_shown_is_named(copied):
    """Another resident among those shown breaks the batch of the event."""
    change(copied[0], lambda f: f.with_columns(resident=pl.col("resident").reverse()), SHOWN)
    assert "whom it showed" in log.verify_log(copied[0], code(copied[0]))[0][1]


@pytest.mark.parametrize("cut", [1, 256, 1_000])
def test_cut_tail_is_named(copied, cut):
    """A log that lacks its last events is said to be cut."""
    path = sorted((copied[0] / "audit" / "event").glob("*.parquet"))[-1]
    frame = pl.read_parquet(path)
    frame.head(frame.height - cut).write_parquet(path)
    assert any("is cut" in what for _, what in log.verify_log(copied[0], code(copied[0])))


def test_rewritten_log_needs_the_head_kept_elsewhere(copied, answers, write, tmp_path):
    """A log rewritten as a whole verifies by itself, but not against the head that was kept."""
    fewer = answers.decided.filter(pl.col("staff_no") != 1)
    shown = answers.shown.join(fewer.select("request_no"), on="request_no", how="semi", maintain_order="left")
    folder = tmp_path / "forged"
    write(type(answers)(fewer, shown), folder)
    assert log.verify_log(folder, code(folder)) == []
    findings = log.verify_log(folder, code(folder), copied[1].size, copied[1].root)
    assert any("rewritten" in what for _, what in findings)


def test_changed_tiles_and_checkpoint_are_named(copied):
    """Damage to the tiles or the checkpoint is told from damage to the records."""
    folder, made = copied
    name = code(folder)
    tiles = folder / "audit" / "tiles" / f"{name}.bin"
    content = bytearray(tiles.read_bytes())
    content[40] ^= 1
    tiles.write_bytes(content)
    places = [place for place, _ in log.verify_log(folder, code(folder), made.size, made.root)]
    assert places[0].startswith("audit/tiles/")
    (folder / "audit" / "checkpoint" / code(folder)).write_bytes(b"jukisim/audit/1\nx\n")
    with pytest.raises(DamagedError, match="not a checkpoint"):
        log.verify_log(folder, code(folder))
    (folder / "audit" / "checkpoint" / name).unlink()
    with pytest.raises(MissingError):
        log.verify_log(folder, name)


def test_every_bit_of_a_record_counts(written):
    """Each bit flipped in the first 16 records changes the leaf."""
    events = read(written[0], "event").head(16)
    content = pack(EVENT, events).tobytes()
    whole = hashlib.sha256(content).digest()
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        assert hashlib.sha256(flipped).digest() != whole
    assert len(content) == 16 * EVENT_RECORD.itemsize


@pytest.mark.parametrize("column", EVENT.names)
def test_every_column_is_in_the_record(written, column):
    """Two events that differ in one column only have different records, null included."""
    events = read(written[0], "event")
    one = events.head(1)
    others = {
        "system": "TAX",
        "auth_method": "card",
        "extraction_id": "EX1",
        "override_id": "OV1",
        "approval_id": "AP1",
    }
    other = events.filter(pl.col(column).ne_missing(one[column][0]))[column].head(1).to_list() or [others.get(column)]
    changed = (
        one.with_columns(pl.lit(other[0]).alias(column)) if column != "at" else one.with_columns(at=pl.Series(other))
    )
    assert pack(EVENT, EVENT.conform(one)).tobytes() != pack(EVENT, EVENT.conform(changed)).tobytes()
    if EVENT[column].nullable:
        emptied = EVENT.conform(one.with_columns(pl.lit(None).alias(column)))
        zeroed = pack(EVENT, emptied)
        assert zeroed["nulls"][0] >> EVENT.names.index(column) & 1


def test_pieces_change_no_leaf(written):
    """Leaves are the same however the events are cut into pieces."""
    events, shown = read(written[0], "event").head(2_000), read(written[0], "shown")
    shown = shown.filter(pl.col("event_id") <= events["event_id"][-1])
    whole = list(leaves(events, shown))
    writer = LeafWriter()
    for start in range(0, 2_000, 333):
        piece = events[start : start + 333]
        writer.add(piece, shown.join(piece.select("event_id"), on="event_id", how="semi", maintain_order="left"))
    assert writer.close() == whole


@pytest.fixture
def writer(registry, office, pseudonymizer, tmp_path):
    return log.LogWriter.of(registry, office, Epochs.single(pseudonymizer), 0, tmp_path)


def failing(error):
    def fail(*_):
        raise error

    return fail


def left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("kept", "act"), [("_leaves", "add"), ("_months", "write")])
def test_what_fails_behind_is_told(kept, act, answers, writer, monkeypatch):
    """A thread that writes or hashes behind and fails ends the log, which leaves no file half-written, and no head."""
    monkeypatch.setattr(type(getattr(writer, kept)), act, failing(StorageError("no space left")))
    with pytest.raises(StorageError, match="no space"):
        writer.close(writer.add(answers))
    writer.abandon(KeyboardInterrupt())
    assert not (writer.folder / "audit" / "checkpoint").exists()
    assert kept == "_leaves" or left(writer.folder) == []


def test_of_two_failures_the_disk_is_told(answers, writer, monkeypatch):
    """Where writing and hashing both fail, the disk is what the user can do something about."""
    monkeypatch.setattr(type(writer._leaves), "add", failing(MemoryError()))
    monkeypatch.setattr(type(writer._months), "write", failing(StorageError("no space left")))
    with pytest.raises(StorageError, match="no space"):
        writer.close(writer.add(answers))
    writer.abandon(KeyboardInterrupt())
    assert left(writer.folder) == []


def test_what_is_abandoned_leaves_no_file_that_looks_whole(answers, writer):
    """A month that was being written when somebody stopped it is not there afterwards, whatever else fails then."""
    month = pl.col("at").dt.strftime("%Y-%m")
    decided = answers.decided.filter(month == month.min())
    assert decided.height
    writer.add(type(answers)(decided, answers.shown.clear()))
    writer._hashing.have(failing(MemoryError()))
    writer.abandon(KeyboardInterrupt())
    assert left(writer.folder) == []


def naive_root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return tree.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def test_tree_is_that_of_the_standard():
    """Roots follow the recursive definition of RFC 9162; every proof holds, for no other leaf or place."""
    hashes = [tree.leaf_hash(bytes([i])) for i in range(70)]
    assert tree.root([]) == hashlib.sha256(b"").digest()
    for size in range(1, 70):
        top = tree.root(hashes[:size])
        assert top == naive_root(hashes[:size])
        for place in range(size):
            path = tree.prove(hashes[:size], place)
            assert tree.proves(hashes[place], place, size, path, top)
            assert not tree.proves(hashes[place + 1], place, size, path, top)
            assert not tree.proves(hashes[place], place + 1, size, path, top)
            assert not tree.proves(hashes[place], place, size, [*path, top], top)
    with pytest.raises(IndexError):
        tree.prove(hashes, 70)


def test_checkpoint_reads_back():
    """A checkpoint is read as it was written; anything else is refused."""
    head = Checkpoint.of("482012", 3, bytes(range(32)), 600)
    content = head.to_bytes()
    assert Checkpoint.parse(content, "x") == head
    assert content.startswith(b"jukisim/audit/482012\n3\n")
    for broken in (content[:-1], content + b"x", content.replace(b"events 600", b"events 0600"), b"", b"\xff" * 40):
        with pytest.raises(DamagedError):
            Checkpoint.parse(broken, "x")
