"""A delivery claims what faulty systems claim; every fault is labelled, can be found, and leaves the run whole."""

import polars as pl
import pytest
from typer.testing import CliRunner

from simulator import dataset
from simulator.cli.app import app
from simulator.delivery import DeliverySpec, deliver, examine
from simulator.errors import ExistsError
from simulator.schema.delivery import FAULT, SOURCE

WISH = DeliverySpec(clocks=3, shared=2, gaps=4, breaks=3, renamed=3)
NONE = DeliverySpec(clocks=0, shared=0, gaps=0, breaks=0, renamed=0)


@pytest.fixture(scope="module")
def delivered(mini, tmp_path_factory):
    out = tmp_path_factory.mktemp("delivery") / "out"
    return out, deliver(mini, WISH, 7, out)


def _source(out):
    return SOURCE.conform(pl.concat(pl.read_parquet(f) for f in sorted((out / "source").glob("*.parquet"))))


def _joined(out, mini):
    return _source(out).join(mini.table("event").select("event_id", "at", "terminal", "actor"), on="event_id")


def test_without_faults_the_systems_say_what_the_centre_says(mini, tmp_path):
    """Every event is handed over as it was, and nothing is found in it."""
    assert deliver(mini, NONE, 7, tmp_path / "out").is_empty()
    both = _joined(tmp_path / "out", mini)
    assert both.height == mini.manifest.rows["event"]
    assert both["source_at"].equals(both["at"].alias("source_at"))
    assert both["source_operator"].equals(both["actor"].alias("source_operator"))
    assert examine(tmp_path / "out", mini) == []


def test_every_claim_that_differs_belongs_to_a_labelled_fault(mini, delivered):
    """Wrong times stand at the skewed terminals, missing and other operators where the key says so; nowhere else."""
    out, faults = delivered
    both = _joined(out, mini)
    assert FAULT.conform(faults).equals(faults)
    assert set(faults["fault"]) >= {"clock_skew", "missing_hours", "broken_chain"}
    skews = dict(faults.filter(pl.col("fault") == "clock_skew").select("place", "amount").iter_rows())
    late = both.with_columns(fast=(pl.col("source_at") - pl.col("at")).dt.total_seconds())
    assert dict(late.filter(pl.col("fast") != 0).select("terminal", "fast").unique().iter_rows()) == skews
    shared = faults.filter(pl.col("fault") == "shared_terminal")["place"]
    assert set(both.filter(pl.col("source_operator").is_null())["terminal"]) == set(shared)
    other = both.filter(pl.col("source_operator") != pl.col("actor"))["actor"].bin.encode("hex")
    assert set(other) <= set(faults.filter(pl.col("fault") == "renamed_operator")["place"])
    lost = int(faults.filter(pl.col("fault") == "missing_hours")["event_count"].sum())
    assert 0 < mini.manifest.rows["event"] - both.height <= lost  # spans may meet


def test_what_can_be_found_are_the_faults(mini, delivered):
    """As many broken links as there are, each skewed and shared terminal, and gaps; no false one."""
    out, faults = delivered
    found = [finding.what for finding in examine(out, mini)]
    counts = dict(faults.group_by("fault").len().with_columns(pl.col("fault").cast(pl.String)).iter_rows())
    assert sum("does not fit" in what for what in found) <= counts["broken_chain"]
    assert sum("s fast" in what or "s slow" in what for what in found) == counts["clock_skew"]
    assert sum("names no operator" in what for what in found) == counts.get("shared_terminal", 0)
    assert sum("in no staff list" in what for what in found) <= counts.get("renamed_operator", 0)
    assert any("are missing" in what for what in found)


def test_the_run_stays_whole_and_the_faults_lie_apart(mini, delivered):
    """No digest of the run changes, and OUT holds no fault."""
    out, faults = delivered
    assert dataset.verify(mini.path) == []
    assert not list(out.rglob("*fault*"))
    kept = pl.read_parquet(out.with_name("out.truth") / "fault.parquet")
    assert FAULT.conform(kept).equals(faults)


def test_the_same_seed_has_the_same_faults(mini, delivered, tmp_path):
    """Twice the same, another seed others; a folder that is there is not overwritten."""
    out, faults = delivered
    assert deliver(mini, WISH, 7, tmp_path / "again").equals(faults)
    assert _source(tmp_path / "again").equals(_source(out))
    assert not deliver(mini, WISH, 8, tmp_path / "other").equals(faults)
    with pytest.raises(ExistsError, match="already exists"):
        deliver(mini, WISH, 7, out)


def test_command_hands_over_and_says_what_can_be_found(mini, tmp_path):
    """The table on stdout names findings; a number out of range is told with the range."""
    runner = CliRunner()
    told = runner.invoke(
        app, ["deliver", str(mini.path), "--seed", "7", "--out", str(tmp_path / "d"), "--format", "csv"]
    )
    assert told.exit_code == 0
    assert told.stdout.startswith("place,finding")
    assert runner.invoke(app, ["deliver", str(mini.path), "--seed", "7", "--out", "x", "--gaps", "99"]).exit_code == 2
