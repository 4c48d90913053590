"""Events a CPU second and peak memory of each export format, on the log of a run repeated to the size asked for.

Usage: python tests/benchmarks/bench_export.py RUN [EVENTS] [FORMAT ...]; each format runs in a process of its own, so
that its peak memory is its own. POLARS_MAX_THREADS=1 is set: the figures are for one core.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl

from simulator import export, storage
from simulator.dataset import Dataset, Manifest
from simulator.schema import EVENT, SHOWN

FORMATS = ("csv", "jsonl", "parquet", "sqlite", "ecs", "ocsf", "cef", "syslog", "fhir", "otel", "hec", "elasticsearch")


@dataclass(frozen=True)
class Repeated:
    """A log as large as asked for, and none of the small tables."""

    folder: Path
    manifest: Manifest

    def files(self, table: str) -> list[Path]:
        """The parts of a table."""
        return [path] if (path := self.folder / f"{table}.parquet").is_file() else []


def repeat(run: Dataset, folder: Path, events: int) -> None:
    """Write the log of `run` again and again, renumbered, until it holds `events` events, in whole row groups."""
    frames = {table: run.table(table.name) for table in (EVENT, SHOWN)}
    size = frames[EVENT].height
    for table, frame in frames.items():
        with storage.parquet_pieces(table, folder / f"{table.name}.parquet") as write:
            held: list[pl.DataFrame] = []
            for copy in range(-(-events // size)):
                shifted = frame.with_columns(pl.col("event_id") + copy * size)
                held.append(shifted.filter(pl.col("event_id") <= events))
                if sum(f.height for f in held) >= storage.ROW_GROUP or (copy + 1) * size >= events:
                    write(pl.concat(held))
                    held = []


def measure(run: Path, log: Path, form: str, events: int) -> None:
    """Print the line of one format."""
    repeated = Repeated(log, Dataset.open(run).manifest)
    with tempfile.TemporaryDirectory(dir=log) as out:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, clock = time.process_time(), time.perf_counter()
        written = export.export(repeated, form, Path(out) / "out")  # type: ignore[arg-type]
        spent, passed = time.process_time() - start, time.perf_counter() - clock
        size = sum(path.stat().st_size for path in written)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(
        f"{form:14s} {events / spent:12,.0f} events/CPU-s {events / passed:12,.0f} events/s "
        f"{size / events:8.1f} B/event "
        f"{before / 1024:6.0f} → {peak / 1024:6.0f} MiB\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Make the log, then one process for each format."""
    run, events = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    if len(sys.argv) > 4 and sys.argv[3] == "--log":
        measure(run, Path(sys.argv[4]), sys.argv[5], events)
        return
    with tempfile.TemporaryDirectory() as folder:
        repeat(Dataset.open(run), Path(folder), events)
        for form in sys.argv[3:] or FORMATS:
            subprocess.run([sys.executable, __file__, str(run), str(events), "--log", folder, form], check=True)


if __name__ == "__main__":
    main()
