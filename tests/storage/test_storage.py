"""Files appear whole or not at all, and damage is said in one line."""

import contextlib
import resource
import sqlite3

import polars as pl
import pytest
from filled import filled

from simulator import storage
from simulator.errors import DamagedError, ExistsError, MissingError, StorageError
from simulator.schema import HOUSEHOLD, SHOWN

ROWS = 40_000
LIMIT_BYTES = 20_000


def shown(rows=ROWS):
    tokens = [i.to_bytes(16, "big") for i in range(rows)]
    columns = {"event_id": range(rows), "rank": [0] * rows, "resident": tokens, "household": tokens}
    return SHOWN.conform(pl.DataFrame(columns))


def households(rows=ROWS):
    numbers = pl.DataFrame({"household_no": range(rows)})
    return filled(
        HOUSEHOLD, numbers.with_columns(address_no="household_no", head="household_no", kind=pl.lit("single"), size=1)
    )


@contextlib.contextmanager
def small_disk():
    """No file may grow beyond 20 kB: the system refuses the write, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def pieces(path):
    with storage.parquet_pieces(SHOWN, path) as write:
        for _ in range(4):
            write(shown())


WRITERS = {
    "bytes": lambda path: storage.write_bytes(path, b"x" * 100_000),
    "parquet": lambda path: storage.write_parquet(SHOWN, shown(), path),
    "pieces": pieces,
    "database": lambda path: storage.create_database(
        path, storage.Layout({HOUSEHOLD: households()}, {"household": [("head",)]})
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_full_disk_leaves_nothing(tmp_path, name):
    """On a full disk every writer raises StorageError and leaves no file, not even a draft."""
    with small_disk(), pytest.raises(StorageError, match="could not be written"):
        WRITERS[name](tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_in_place_of_a_folder_is_said(tmp_path, name):
    """A path that cannot hold a file gives StorageError and leaves nothing."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        WRITERS[name](tmp_path / "file" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["bytes", "parquet", "pieces"])
def test_failed_write_keeps_the_old_file(tmp_path, name):
    """What was there before a failed write is still there, whole."""
    (tmp_path / "out").write_bytes(b"old")
    with small_disk(), pytest.raises(StorageError):
        WRITERS[name](tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"old"


@pytest.mark.parametrize("name", WRITERS)
def test_same_rows_give_the_same_bytes(tmp_path, name):
    """Two writes of the same rows are the same file, and leave no draft."""
    for target in ("a", "b"):
        WRITERS[name](tmp_path / target)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_interrupted_write_leaves_nothing(tmp_path):
    """An exception in the middle of writing leaves neither file nor draft."""

    def write():
        with storage.whole_file(tmp_path / "out") as draft:
            draft.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "cuts", [[], [0], [1, 2], [100_000], [131_072], [50_000, 131_072, 262_144, 262_145], [300_000]]
)
def test_parts_give_the_bytes_of_the_whole(tmp_path, cuts):
    """Wherever the rows are cut, at row groups or elsewhere; also nothing at all."""
    rows = pl.DataFrame({"event_id": range(300_000), "rank": 1}, schema={"event_id": pl.Int64, "rank": pl.UInt16})
    whole = SHOWN.conform(rows.with_columns(resident=pl.lit(b"r" * 16), household=pl.lit(b"h" * 16)))
    for frame, name in ((whole, "some"), (whole[:0], "none")):
        storage.write_parquet(SHOWN, frame, tmp_path / f"{name}-whole")
        ends = [*cuts, frame.height]
        parts = (frame[start:end] for start, end in zip([0, *cuts], ends, strict=True))
        storage.write_parts(SHOWN, parts, tmp_path / f"{name}-parts")
        assert (tmp_path / f"{name}-parts").read_bytes() == (tmp_path / f"{name}-whole").read_bytes()


def test_pieces_read_back(tmp_path):
    """Rows written in pieces read back in order."""
    pieces(tmp_path / "out")
    assert storage.read_parquet(tmp_path / "out").equals(pl.concat([shown()] * 4))


@pytest.mark.parametrize("damage", [lambda c: c[:-50], lambda c: b"", lambda c: b"no parquet at all" * 9])
def test_damaged_parquet_is_said(tmp_path, damage):
    """Parquet that was cut, emptied or replaced raises DamagedError. (Flipped bits inside need the digests.)"""
    path = tmp_path / "x.parquet"
    storage.write_parquet(SHOWN, shown(100), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedError, match=r"x\.parquet"):
        storage.read_parquet(path)
    with pytest.raises(MissingError):
        storage.read_parquet(tmp_path / "none.parquet")


def test_database_reads_back(tmp_path):
    """Rows, keys and indexes of a database are those that were given; it is not overwritten."""
    path = tmp_path / "x.db"
    WRITERS["database"](path)
    connection = storage.connect(path)
    (row,) = connection.select("SELECT * FROM household WHERE head = :head", {"head": 7})
    assert row == {
        "household_no": 7, "address_no": 7, "head": 7, "kind": "single", "size": 1, "household_ref": "0",
    }  # fmt: skip
    assert connection.select("SELECT count(*) AS n FROM household", {}) == [{"n": ROWS}]
    plan = connection.select("EXPLAIN QUERY PLAN SELECT * FROM household WHERE head = 7", {})
    assert "idx_household_head" in plan[0]["detail"]
    connection.close()
    with pytest.raises(ExistsError):
        WRITERS["database"](path)


def test_read_only_database_refuses_writes(tmp_path):
    """A database opened for reading cannot be written."""
    path = tmp_path / "x.db"
    WRITERS["database"](path)
    connection = storage.connect(path)
    with pytest.raises(StorageError, match="readonly"):
        connection.select("DELETE FROM household", {})
    connection.close()


@pytest.mark.parametrize("damage", [lambda c: b"x" * 100 + c[100:], lambda c: c[:4096] + b"\xff" * 8192 + c[12288:]])
def test_damaged_database_is_said(tmp_path, damage):
    """A database with a broken header or broken pages raises DamagedError."""
    path = tmp_path / "x.db"
    WRITERS["database"](path)
    path.write_bytes(damage(path.read_bytes()))
    connection = storage.connect(path)
    with pytest.raises(DamagedError, match=r"x\.db"):
        connection.select("SELECT sum(size) AS n FROM household", {})
    connection.close()


def test_transaction_is_whole_or_nothing(tmp_path):
    """A failed transaction leaves nothing; a second writer is refused while the first writes."""
    path = tmp_path / "x.db"
    WRITERS["database"](path)
    writer = storage.connect(path, read_only=False)

    def fail():
        with writer.transaction():
            writer.select("DELETE FROM household", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert writer.select("SELECT count(*) AS n FROM household", {}) == [{"n": ROWS}]
    second = sqlite3.connect(path, timeout=0)
    with writer.transaction():
        writer.select("DELETE FROM household WHERE head > 9", {})
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.execute("BEGIN IMMEDIATE")
    assert writer.select("SELECT count(*) AS n FROM household", {}) == [{"n": 10}]
    second.close()
    writer.close()
    with pytest.raises(MissingError):
        storage.connect(tmp_path / "none.db")
