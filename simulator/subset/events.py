"""The part of a log that is about some residents, as a log of its own: same numbers of events, a tree anew."""

from pathlib import Path

import polars as pl

from simulator import storage
from simulator.access.log import tree
from simulator.access.log.batches import LeafWriter
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.verification import Log, batched
from simulator.access.log.writing import part
from simulator.dataset import LogHead
from simulator.schema import EVENT, SHOWN

c = pl.col


def about(source: Path, code: str, tokens: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events of the log of `code` about the residents `tokens` (pseudonyms), and whom of them they showed.

    An event stays if it concerns one of them or showed one of them; and where any event of a session stays, so do the
    session's log-on, log-off and searches that found nobody.
    """
    pieces = [(events, shown) for _, events, shown in batched(Log(source, code))]
    wanted = tokens.implode()
    people = [shown.filter(c("resident").is_in(wanted)) for _, shown in pieces]
    ids = pl.concat([frame["event_id"] for frame in people]).unique().implode()
    theirs = c("resident").is_in(wanted).fill_null(value=False) | c("event_id").is_in(ids)
    sessions = pl.concat([events.filter(theirs)["session_id"] for events, _ in pieces]).unique().implode()
    idle = c("resident").is_null() & (c("rows_returned").fill_null(0) == 0) & c("session_id").is_in(sessions)
    return pl.concat([events.filter(theirs | idle) for events, _ in pieces]), pl.concat(people)


def write(events: pl.DataFrame, shown: pl.DataFrame, code: str, folder: Path) -> LogHead:
    """Write `events` and `shown` by month as the log of `code` in the run `folder`, with tiles and checkpoint.

    Raises:
        StorageError: the disk would not take it.
    """
    leaves = LeafWriter()
    leaves.add(events, shown)
    months = events["at"].dt.strftime("%Y-%m")
    for month in months.unique(maintain_order=True):
        some = events.filter(months == month)
        theirs = shown.filter(c("event_id").is_between(some["event_id"][0], some["event_id"][-1]))
        storage.write_parquet(EVENT, some, part(folder, EVENT, code, month))
        storage.write_parquet(SHOWN, theirs, part(folder, SHOWN, code, month))
    hashes = leaves.close()
    head = Checkpoint.of(code, len(hashes), tree.root(hashes), events.height)
    storage.write_bytes(folder / "audit" / "tiles" / f"{code}.bin", b"".join(hashes))
    storage.write_bytes(folder / "audit" / "checkpoint" / code, head.to_bytes())
    return LogHead(code, head.events, head.root_text)
