"""Makes a delivery: the log part by part, each event as its system claims it, and the faults with what they touch."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.clock import to_ms
from simulator.dataset import Dataset
from simulator.delivery.planning import DeliverySpec, Fault, Site, plan
from simulator.schema.delivery import FAULT, SOURCE
from simulator.streams import Stream

FIRST_LINK = bytes(16)
_COLUMNS = ("event_id", "at", "system", "terminal", "actor")


def deliver(dataset: Dataset, spec: DeliverySpec, seed: int, out: Path) -> pl.DataFrame:
    """Write the delivery of `dataset` into the new folder `out`, the faults into ``out.truth``; the faults.

    Args:
        dataset: the run; nothing in it changes.
        spec: how many faults.
        seed: of the faults; whoever has it can remake them.
        out: folder to make.

    Raises:
        ExistsError: one of the folders is already there.
        StorageError: the disk would not take it.
    """
    with storage.whole_folders({"truth": out.with_name(f"{out.name}.truth"), "out": out}) as draft:
        told = [_town(dataset, spec, Stream(seed).at("delivery", head.municipality), head.municipality, draft / "out")
                for head in dataset.manifest.logs]  # fmt: skip
        faults = FAULT.conform(_numbered(pl.concat(told)))
        storage.write_parquet(FAULT, faults, draft / "truth" / "fault.parquet")
        storage.write_bytes(draft / "out" / "run.sha256", f"{dataset.root}\n".encode())
    return faults


@dataclass(slots=True)
class _Tape:
    """One system's log while it is recorded: its last number and link."""

    number: int = 0
    link: bytes = FIRST_LINK


@dataclass(slots=True)
class _Recorder:
    """Carries the tapes of one municipality from part to part, and counts what each fault touches."""

    faults: list[Fault]
    tapes: dict[str, _Tape] = field(default_factory=dict)
    touched: Counter[int] = field(default_factory=Counter)

    def part(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` of the log as the systems hand them over."""
        claimed = rows.rename({"at": "source_at", "terminal": "source_terminal", "actor": "source_operator"})
        for number, fault in enumerate(self.faults):
            hit = _hit(rows, fault)
            self.touched[number] += int(hit.sum()) if fault.fault != "broken_chain" else min(1, int(hit.sum()))
            claimed = _claimed(claimed, fault, hit)
        linked = self._linked(claimed, self._changed(rows))
        lost = [_hit(rows, fault) for fault in self.faults if fault.fault == "missing_hours"]
        return linked.filter(~pl.any_horizontal(*lost)) if lost else linked

    def _changed(self, rows: pl.DataFrame) -> set[int]:
        """The events whose record was changed after it was linked: the first of each span."""
        breaks = (rows.filter(_hit(rows, fault)) for fault in self.faults if fault.fault == "broken_chain")
        return {int(found["event_id"][0]) for found in breaks if found.height}

    def _linked(self, claimed: pl.DataFrame, changed: set[int]) -> pl.DataFrame:
        numbers, links = [], []
        columns = ("event_id", "system", "source_at", "source_terminal", "source_operator")
        stamped = claimed.select(columns).with_columns(
            pl.col("source_at").dt.epoch("ms"), pl.col("system").cast(pl.String)
        )
        for event_id, system, at, terminal, operator in stamped.iter_rows():
            tape = self.tapes.setdefault(system, _Tape())
            tape.number += 1
            tape.link = link(tape.link, (event_id, at + (event_id in changed), terminal, operator))
            numbers.append(tape.number)
            links.append(tape.link)
        return claimed.with_columns(
            pl.Series("source_seq", numbers, dtype=pl.Int64), pl.Series("source_link", links, dtype=pl.Binary)
        )


def link(before: bytes, row: tuple[int, int, str, bytes | None]) -> bytes:
    """The link of a row: event_id, milliseconds, terminal, operator."""
    event_id, at, terminal, operator = row
    text = f"{event_id}|{at}|{terminal}|".encode() + (operator or b"")
    return hashlib.blake2b(before + text, digest_size=16).digest()


def _hit(rows: pl.DataFrame, fault: Fault) -> pl.Series:
    """Which rows of the log the fault touches."""
    within = pl.col("at").dt.epoch("ms").is_between(to_ms(fault.first), to_ms(fault.last), closed="left")
    own = {
        "clock_skew": pl.col("terminal") == fault.place, "shared_terminal": pl.col("terminal") == fault.place,
        "renamed_operator": pl.col("actor").bin.encode("hex") == fault.place,
    }.get(fault.fault, pl.col("system").cast(pl.String) == fault.place)  # fmt: skip
    return rows.select(within & own).to_series()


def _claimed(rows: pl.DataFrame, fault: Fault, hit: pl.Series) -> pl.DataFrame:
    if fault.fault == "clock_skew":
        wrong = pl.col("source_at") + timedelta(seconds=fault.amount)
        return rows.with_columns(source_at=pl.when(hit).then(wrong).otherwise("source_at"))
    if fault.fault == "shared_terminal":
        return rows.with_columns(source_operator=pl.when(~hit).then("source_operator"))
    if fault.fault == "renamed_operator":
        other = pl.lit(_renamed(bytes.fromhex(fault.place)))
        known = pl.col("source_operator").is_not_null() & hit
        return rows.with_columns(source_operator=pl.when(known).then(other).otherwise("source_operator"))
    return rows


def _renamed(token: bytes) -> bytes:
    """Another pseudonym of the same form, from which nobody finds the first."""
    return token[:1] + hashlib.blake2b(token, digest_size=len(token) - 1, person=b"renamed").digest()


def _parts(dataset: Dataset, code: str) -> Iterator[pl.DataFrame]:
    """The log of one municipality, a month at a time."""
    for file in dataset.files("event"):
        if file.name.startswith(code):
            yield pl.read_parquet(file, columns=list(_COLUMNS)).sort("event_id")


def _town(dataset: Dataset, spec: DeliverySpec, stream: Stream, code: str, folder: Path) -> pl.DataFrame:
    names = [file for file in dataset.files("event") if file.name.startswith(code)]
    terminals = pl.concat(pl.read_parquet(f) for f in dataset.files("terminal") if f.name.startswith(code))
    recorder = _Recorder(plan(spec, Site.of(terminals, pl.scan_parquet(names)), stream))
    for file, rows in zip(names, _parts(dataset, code), strict=True):
        storage.write_parquet(SOURCE, SOURCE.conform(recorder.part(rows)), folder / "source" / file.name)
    touched = recorder.touched
    told = [
        {"fault": f.fault, "municipality": code, "place": f.place, "first_at": to_ms(f.first),
         "last_at": to_ms(f.last), "amount": f.amount or touched[n], "event_count": touched[n]}
        for n, f in enumerate(recorder.faults)
    ]  # fmt: skip
    kinds = {name: FAULT.polars[name] for name in FAULT.names if name != "fault_id"}
    instants = {"first_at": pl.Int64, "last_at": pl.Int64}
    return pl.DataFrame(told, schema=kinds | instants).with_columns(
        pl.from_epoch(name, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo").alias(name)
        for name in instants
    )


def _numbered(faults: pl.DataFrame) -> pl.DataFrame:
    """Those that touch an event, numbered."""
    seen = faults.filter(pl.col("event_count") > 0)
    number = (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(3)
    return seen.with_columns(fault_id=pl.format("F{}", number))
