"""What a careful auditor can find in a delivery without knowing its faults: gaps, breaks, clocks, unknown names."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.dataset import Dataset, Finding
from simulator.delivery.making import FIRST_LINK, link
from simulator.schema.delivery import SOURCE


def examine(folder: Path, dataset: Dataset) -> list[Finding]:
    """Hold the delivery in `folder` against the central log of `dataset`.

    Raises:
        MissingError, DamagedError: a file is not there or does not decode.
    """
    findings: list[Finding] = []
    for head in dataset.manifest.logs:
        files = sorted((folder / "source").glob(f"{head.municipality}*.parquet"))
        rows = SOURCE.conform(pl.concat(storage.read_parquet(file) for file in files)).sort("event_id")
        for (system,), tape in sorted(rows.partition_by("system", as_dict=True).items()):
            findings += [Finding(f"{head.municipality} {system}", what) for what in _tape(tape)]
        findings += [Finding(head.municipality, what) for what in _beside(rows, dataset)]
    return findings


def _tape(tape: pl.DataFrame) -> Iterator[str]:
    """Numbers that are missing, and links that do not fit the one before; after a gap the chain is taken up anew."""
    before, expected = FIRST_LINK, 1
    columns = ("source_seq", "event_id", "source_at", "source_terminal", "source_operator", "source_link")
    for number, *row, claimed in tape.select(columns).with_columns(pl.col("source_at").dt.epoch("ms")).iter_rows():
        if number != expected:
            yield f"numbers {expected} to {number - 1} are missing"
        elif claimed != link(before, tuple(row)):
            yield f"number {number} does not fit the link before it"
        before, expected = claimed, number + 1


def _beside(rows: pl.DataFrame, dataset: Dataset) -> Iterator[str]:
    """Terminals whose clock differs from the centre's, or that name nobody; operators whom the staff list lacks."""
    at = dataset.scan("event").select("event_id", "at").filter(pl.col("event_id").is_in(rows["event_id"].implode()))
    both = rows.join(at.collect(), on="event_id").with_columns(
        fast=(pl.col("source_at") - pl.col("at")).dt.total_seconds()
    )
    by = both.group_by("source_terminal").agg(
        pl.col("fast").median(), pl.col("source_operator").null_count().alias("unnamed")
    )
    for terminal, fast, unnamed in by.sort("source_terminal").iter_rows():
        if fast:
            yield f"terminal {terminal} is {abs(fast):.0f} s {'fast' if fast > 0 else 'slow'}"
        if unnamed:
            yield f"terminal {terminal} names no operator ({unnamed} events)"
    known = set(dataset.table("staff")["actor"])
    for operator in rows["source_operator"].drop_nulls().unique().sort():
        if operator not in known:
            yield f"operator {operator.hex()} is in no staff list"
