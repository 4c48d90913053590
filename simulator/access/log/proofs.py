"""Proofs for others: that an event is in the log of a checkpoint, and that an older log is the beginning of a newer.

A leaf of the tree is a batch of 256 events, so a proof of inclusion hands over the batch: whoever checks it hashes the
records, which hold pseudonyms and digests of texts, and needs neither the run nor a key.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from simulator.access.log import tree
from simulator.access.log.batches import BATCH, content
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.events import LOG_BITS
from simulator.access.log.record import EVENT_RECORD, SHOWN_RECORD, pack
from simulator.access.log.verification import Log, batched, read
from simulator.clock import from_ms
from simulator.errors import DamagedError, MissingError, UsageError
from simulator.schema import EVENT, SHOWN

_COUNTS = 8


def logs(folder: Path) -> list[str]:
    """Municipalities that have a log in the run `folder`, in order.

    Raises:
        MissingError: there is none.
    """
    found = sorted(path.name for path in (folder / "audit" / "checkpoint").glob("*"))
    if not found:
        msg = f"no audit log in {folder}; give the public half of a run"
        raise MissingError(msg)
    return found


def head(folder: Path, municipality: str) -> Checkpoint:
    """The head of a log.

    Raises:
        MissingError: there is no such log.
        DamagedError: it does not decode.
    """
    log = Log(folder, municipality)
    return Checkpoint.parse(read(log.checkpoint), log.name(log.checkpoint))


def prove_event(folder: Path, event_id: int) -> dict[str, Any]:
    """The proof that `event_id` is in its log, as plain values for JSON.

    Raises:
        UsageError: no log of the run has such an event.
        DamagedError: the log is not what was sealed.
    """
    for code in logs(folder):
        log = Log(folder, code)
        first = _first(log)
        if first >> LOG_BITS == event_id >> LOG_BITS and event_id >= first:
            return _inclusion(log, event_id)
    msg = f"no log of {folder} has an event {event_id}"
    raise UsageError(msg)


def _first(log: Log) -> int:
    for _, events, _ in batched(log):
        return int(events["event_id"][0])
    return -1


def _inclusion(log: Log, event_id: int) -> dict[str, Any]:
    sealed, tiles = head(log.folder, log.code), log.leaves()
    batch, held = _batch(log, event_id)
    if batch >= sealed.leaves or held is None or not _has(held, event_id):
        msg = f"no log of {log.folder} has an event {event_id}; the log of {log.code} has {sealed.events}"
        raise UsageError(msg)
    path = tree.prove(tiles, batch)
    if not tree.proves(tree.leaf_hash(held), batch, sealed.leaves, path, sealed.root):
        msg = f"batch {batch} of {log.code} is not what was sealed; see: jukisim audit verify {log.folder}"
        raise DamagedError(msg)
    return {
        "proof": "inclusion", "checkpoint": sealed.to_bytes().decode(), "event_id": event_id, "batch": batch,
        "path": _texts(path), "records": base64.b64encode(held).decode(),
    }  # fmt: skip


def _batch(log: Log, event_id: int) -> tuple[int, bytes | None]:
    """The number of the batch that should hold the event, and its content; none beyond the end."""
    passed = 0
    for _, events, shown in batched(log):
        if event_id <= events["event_id"][-1]:
            place = max(0, event_id - events["event_id"][0]) // BATCH
            part = events.slice(place * BATCH, BATCH)
            low, high = part["event_id"][0], part["event_id"][-1]
            people = shown.filter(shown["event_id"].is_between(low, high))
            return passed + place, content(pack(EVENT, part), pack(SHOWN, people))
        passed += -(-events.height // BATCH)
    return passed, None


def _ends(log: Log) -> set[int]:
    """After how many events a batch ends that is not a whole one: where the log was sealed, and then grew."""
    count, ends = 0, set[int]()
    for _, events, _ in batched(log):
        count += events.height
        ends |= {count} if events.height % BATCH else set()
    return ends


def prove_growth(folder: Path, old: Checkpoint) -> dict[str, Any]:
    """The proof that the log of the checkpoint `old` is the beginning of the log as it is now.

    Raises:
        UsageError: the log is shorter now, of another form, or `old` ends within a batch.
        DamagedError: the log does not begin with it.
    """
    log = Log(folder, old.municipality)
    now, tiles = head(folder, old.municipality), log.leaves()
    if old.schema != now.schema or old.leaves > now.leaves or old.events > now.events:
        msg = f"the log had {old.events} events in {old.leaves} batches, and has {now.events} in {now.leaves}: cut"
        raise DamagedError(msg)
    if not old.leaves:
        raise UsageError("the older head is of an empty log, with which every log begins: there is nothing to prove")
    if old.events % BATCH and old.events not in _ends(log):
        msg = f"the older log ended within a batch of {BATCH}: keep checkpoints of whole batches to prove growth"
        raise UsageError(msg)
    path = tree.prove_consistency(tiles, old.leaves)
    if not tree.consistent(old.leaves, now.leaves, path, old.root, now.root):
        msg = f"the log of {old.municipality} does not begin with that of the checkpoint: it was rewritten"
        raise DamagedError(msg)
    return {
        "proof": "consistency", "old": old.to_bytes().decode(), "checkpoint": now.to_bytes().decode(),
        "path": _texts(path),
    }  # fmt: skip


def check_proof(text: str, kept: Checkpoint, where: str) -> list[str]:
    """What is wrong with the proof `text` (JSON) against a checkpoint that was `kept` elsewhere; empty if it holds.

    Raises:
        DamagedError: it is not a proof.
    """
    try:
        proof = json.loads(text)
        path = [base64.b64decode(each, validate=True) for each in proof["path"]]
        found = Checkpoint.parse(proof["checkpoint"].encode(), where)
        check = {"inclusion": _check_inclusion, "consistency": _check_growth}[proof["proof"]]
        return list(check(proof, path, kept, found))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, binascii.Error) as error:
        msg = f"{where} is not a proof of `jukisim audit prove` or `consistency`: {error}"
        raise DamagedError(msg) from error


def _check_inclusion(proof: dict[str, Any], path: list[bytes], kept: Checkpoint, found: Checkpoint) -> Iterator[str]:
    held, batch, event_id = base64.b64decode(proof["records"], validate=True), proof["batch"], proof["event_id"]
    if found != kept:
        yield "it is about another head than the one that was kept"
    if not isinstance(batch, int) or not tree.proves(tree.leaf_hash(held), batch, kept.leaves, path, kept.root):
        yield "its records are not in the log of that head"
    if not _has(held, event_id):
        yield f"its records do not hold event {event_id}"


def _check_growth(proof: dict[str, Any], path: list[bytes], kept: Checkpoint, found: Checkpoint) -> Iterator[str]:
    old = Checkpoint.parse(proof["old"].encode(), "old")
    if kept not in (old, found):
        yield "it is about other heads than the one that was kept"
    if old.municipality != found.municipality:
        yield "its two heads are of different logs"
    if not tree.consistent(old.leaves, found.leaves, path, old.root, found.root):
        yield "the newer log does not begin with the older: it was rewritten"


def described(text: str) -> dict[str, Any]:
    """What the event of a proof of inclusion says, as far as its record has it in words; empty for another proof."""
    proof = json.loads(text)
    if proof["proof"] != "inclusion":
        return {}
    records = _records(base64.b64decode(proof["records"]))
    row = records[records["event_id"] == proof["event_id"]][0]
    words = {column.name: column.choices[int(row[column.name])] for column in EVENT if column.choices}
    kept = ("action", "screen", "purpose", "role", "decision")
    return {"event_id": int(row["event_id"]), "at": from_ms(int(row["at"])).isoformat(), **{n: words[n] for n in kept}}


def _records(held: bytes) -> np.ndarray[Any, np.dtype[np.void]]:
    count, people = (int.from_bytes(held[place : place + 4], "big") for place in (0, 4))
    if len(held) != _COUNTS + count * EVENT_RECORD.itemsize + people * SHOWN_RECORD.itemsize:
        raise ValueError("its records are not of this version's form")
    return np.frombuffer(held, dtype=EVENT_RECORD, count=count, offset=_COUNTS)


def _has(held: bytes, event_id: int) -> bool:
    ids = _records(held)["event_id"].tolist()
    return event_id in ids and all(after == before + 1 for before, after in pairwise(ids))


def _texts(path: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in path]
