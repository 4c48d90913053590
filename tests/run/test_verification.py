"""A run that was touched anywhere is found, and the place is named."""

import shutil

import polars as pl
import pytest

from simulator import storage
from simulator.dataset import Dataset, verify, verify_people
from simulator.schema import EVENT, RESIDENT
from simulator.streams import Stream


@pytest.fixture
def copy(mini_folders, tmp_path):
    """A copy of the run to be damaged."""
    return shutil.copytree(mini_folders.run, tmp_path / "run")


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_untouched_run_is_whole(mini_folders):
    """A finished run has no finding, also against its own checkpoint kept elsewhere."""
    assert verify(mini_folders.run, mini_folders.run / "checkpoint") == []


def test_every_file_is_guarded_against_every_bit(copy):
    """One flipped bit, at a random place of any file of the run, is found and the file is named."""
    assert len(files(copy)) > 15
    for number, path in enumerate(files(copy)):
        whole = path.read_bytes()
        for bit in Stream(1).below(f"bit{number}", 3, len(whole) * 8):
            changed = bytearray(whole)
            changed[bit // 8] ^= 1 << (bit % 8)
            path.write_bytes(changed)
            findings = verify(copy)
            assert findings, path
            name = path.relative_to(copy).as_posix()
            assert any(name in str(f) for f in findings), (name, findings)
        path.write_bytes(whole)
    assert verify(copy) == []


def test_every_cut_tail_is_found(copy):
    """A file that lacks its last byte, or its second half, or is gone, is named."""
    for path in files(copy):
        whole = path.read_bytes()
        name = path.relative_to(copy).as_posix()
        for length in (len(whole) - 1, len(whole) // 2):
            path.write_bytes(whole[:length])
            assert any(name in str(f) for f in verify(copy)), name
        path.write_bytes(whole)
    audit = next((copy / "audit" / "event").iterdir())
    audit.unlink()
    assert any(audit.name in f.place and "missing" in f.what for f in verify(copy))


def test_swapped_records_are_named(copy):
    """Two swapped rows of the log are found, in the file and in the tree with their batch of event_ids."""
    path = next((copy / "audit" / "event").iterdir())
    events = pl.read_parquet(path)
    order = [1, 0, *range(2, events.height)]
    storage.write_parquet(EVENT, events[order], path)
    findings = verify(copy)
    assert any(path.name in f.place for f in findings)
    assert any("swapped" in f.what and "events 1–256" in f.what for f in findings), findings


def test_stranger_is_found(copy):
    """A file that the manifest does not list is named."""
    (copy / "auditor" / "extra.txt").write_text("x", encoding="utf-8")
    assert [f.place for f in verify(copy)] == ["auditor/extra.txt"]


def test_run_rewritten_as_a_whole_is_found_by_the_checkpoint(mini_folders, tmp_path):
    """A run that agrees with itself but not with the checkpoint kept elsewhere is found."""
    kept = tmp_path / "kept"
    kept.write_text("jukisim/run/mini\n5\n" + "0" * 64 + "\n", encoding="utf-8")
    findings = verify(mini_folders.run, kept)
    assert [f.place for f in findings] == ["checkpoint"]
    assert "rewritten" in findings[0].what


def test_people_of_a_run_are_possible(mini):
    """No rule of the written list finds an impossible record, and a planted one is named."""
    assert verify_people(mini) == []


def test_impossible_record_is_named(copy):
    """A resident born after the window is found by its rules, with table and row."""
    path = next((copy / "registry" / "resident").iterdir())
    later = pl.when(pl.col("resident_no") == 7).then(pl.date(2031, 1, 1)).otherwise("birth_date")
    storage.write_parquet(RESIDENT, pl.read_parquet(path).with_columns(birth_date=later), path)
    findings = verify_people(Dataset.open(copy))
    assert any(f.place == "registry/residents row 7" for f in findings), findings
