"""Is a live log what it was when each event was acknowledged? The first broken record is named, with the damage."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.access import log
from simulator.dataset import Dataset
from simulator.errors import DamagedError, MissingError, StorageError
from simulator.live import chain
from simulator.live.checkpoint import CHECKPOINT_SUFFIX, LiveCheckpoint, beside
from simulator.live.journal import Head, Journal, ServedLog
from simulator.live.opening import chosen

Finding = tuple[str, str]


def verify_live(place: Path | ServedLog, root: str, checkpoint: LiveCheckpoint | None = None) -> list[Finding]:
    """Check the live log at `place` of the run whose root is `root`; an empty list means that it is whole.

    Args:
        place: the SQLite file, or where in PostgreSQL.
        root: of the run, hexadecimal.
        checkpoint: a head of the log that was kept elsewhere; without one a log that was cut short, or rewritten
            from some event on to its end, cannot be told from a shorter or another one.

    Returns:
        Place and what is wrong there; the first broken event and the kind of damage.

    Raises:
        MissingError: there is no such log.
    """
    name = place.schema if isinstance(place, ServedLog) else f"{place.parent.name}/{place.name}"
    if isinstance(place, Path) and not place.is_file():
        msg = f"{place} is missing"
        raise MissingError(msg)
    try:
        with Journal.read(place) as journal:
            journal.check_of({"root": root})
            return list(_walk(journal, name, checkpoint))
    except (DamagedError, StorageError) as error:
        return [(name, f"does not read: {error}")]


def verify_beside(run: Path, root: str, kept: LiveCheckpoint | None = None) -> list[Finding]:
    """Check every live log in a file beside the run: against the head that lies with it, and one kept elsewhere.

    Args:
        run: folder of the run.
        root: of the run, hexadecimal.
        kept: a head that was kept elsewhere (`read_head`).

    Raises:
        MissingError: `kept` is of a log that is not there.
        DamagedError: a head that lies with its log is none.
    """
    folder, findings = beside(run, "live"), list[Finding]()
    logs = sorted(folder.glob("*.db"))
    if kept is not None and kept.municipality not in {path.stem for path in logs}:
        msg = f"the checkpoint is of the live log of {kept.municipality}; {folder} has none"
        raise MissingError(msg)
    for path in logs:
        own = path.with_suffix(CHECKPOINT_SUFFIX)
        heads = (read_head(own) if own.is_file() else None, kept if kept and kept.municipality == path.stem else None)
        findings += next((found for head in heads if (found := verify_live(path, root, head))), [])
    return findings


def verify_served(run: Dataset, database: str, kept: LiveCheckpoint | None = None) -> list[Finding]:
    """Check every live log of `run` that is in the PostgreSQL `database`: against a head kept elsewhere, if given.

    Args:
        run: the run.
        database: ``postgresql://…``.
        kept: a head that was kept elsewhere (`read_head`).

    Raises:
        MissingError: `kept` is of a log that is not there.
        StorageError: the database does not answer.
    """
    logs = [ServedLog(database, head.municipality) for head in run.manifest.logs]
    there = [log for log in logs if log.exists()]
    if kept is not None and kept.municipality not in {log.municipality for log in there}:
        msg = f"the checkpoint is of the live log of {kept.municipality}; the database has none"
        raise MissingError(msg)
    return [
        finding
        for log in there
        for finding in verify_live(log, run.root, kept if kept and kept.municipality == log.municipality else None)
    ]


def read_head(path: Path, signer: str | None = None) -> LiveCheckpoint:
    """The head of a live log in the file `path`, which `signer` (a verifier key) must have signed if given.

    Raises:
        MissingError: the file cannot be read.
        DamagedError: it is no head of a live log.
        SignatureError: it is not signed so.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise MissingError(msg) from error
    return LiveCheckpoint.parse(log.open_text(content, str(path), signer).decode("utf-8", "replace"), str(path))


def seal_head(run: Path, code: str | None, key: Path | None, database: str | None = None) -> log.Sealed:
    """The head of a live log as it is now, to be kept elsewhere, signed by the key in the private file `key` if given.

    Args:
        run: folder of the run.
        code: of the municipality; needed if the run has several.
        key: key file.
        database: ``postgresql://…`` that holds the log; without it the file beside the run.

    Raises:
        MissingError: there is no such log or key file.
        UsageError: the run has several municipalities and none is stated.
    """
    town = chosen(Dataset.open(run), code)
    place: Path | ServedLog = ServedLog(database, town) if database else beside(run, "live") / f"{town}.db"
    if not (place.is_file() if isinstance(place, Path) else place.exists()):
        msg = f"{town} has no live log: nothing was asked of it yet"
        raise MissingError(msg)
    with Journal.read(place) as journal:
        head = LiveCheckpoint(town, journal.head.event_id, journal.head.link)
    return log.seal_text(head.to_text().encode(), head.name, key)


def _walk(journal: Journal, name: str, checkpoint: LiveCheckpoint | None) -> Iterator[Finding]:
    before = journal.genesis
    marked = checkpoint is None or checkpoint.event_id == before.event_id
    for row, shown in _records(journal):
        problem = _problem(row, shown, before)
        if problem:
            yield name, f"event {before.event_id + 1}: {problem}"
            return
        before = Head(row["event_id"], row["link"])
        if checkpoint is not None and before.event_id == checkpoint.event_id:
            marked = True
            if before.link != checkpoint.link:
                yield name, f"events up to {before.event_id} are not those of the checkpoint: the log was rewritten"
                return
    if checkpoint is not None and not marked:
        yield name, f"ends at event {before.event_id}; the checkpoint knows event {checkpoint.event_id}: it was cut"
    yield from _strays(journal, name)


def _problem(row: dict[str, Any], shown: chain.Shown, before: Head) -> str:
    if row["event_id"] != before.event_id + 1:
        return f"is missing; the next that is there is {row['event_id']}"
    try:
        content = chain.record(row, shown, row["detail"])
    except DamagedError as error:
        return f"was edited: {error}"
    if chain.link(before.link, content) != row["link"]:
        return "was edited, swapped or re-linked: it does not follow from the event before it"
    return ""


def _records(journal: Journal, batch: int = 1_000) -> Iterator[tuple[dict[str, Any], chain.Shown]]:
    last = -(1 << 62)
    while rows := journal.select(
        "SELECT * FROM event WHERE event_id > :last ORDER BY event_id LIMIT :batch", last=last, batch=batch
    ):
        people = journal.select(
            "SELECT * FROM shown WHERE event_id BETWEEN :low AND :high ORDER BY event_id, rank",
            low=rows[0]["event_id"], high=rows[-1]["event_id"],
        )  # fmt: skip
        by_event: dict[int, list[dict[str, Any]]] = {}
        for person in people:
            by_event.setdefault(person["event_id"], []).append(person)
        for row in rows:
            theirs = by_event.get(row["event_id"], [])
            ranked = [p["rank"] for p in theirs] == list(range(len(theirs)))
            pairs = tuple((p["resident"], p["household"]) for p in theirs)
            yield row, pairs if ranked else (*pairs, (b"", b""))
        last = rows[-1]["event_id"]


def _strays(journal: Journal, name: str) -> Iterator[Finding]:
    """People shown by an event that is not there."""
    rows = journal.select("SELECT min(event_id) AS n FROM shown WHERE event_id NOT IN (SELECT event_id FROM event)")
    if rows[0]["n"] is not None:
        yield name, f"event {rows[0]['n']}: is missing, but people whom it showed are there"
