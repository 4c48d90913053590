"""Is a live log what it was when each event was acknowledged? The first broken record is named, with the damage."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from simulator.errors import DamagedError, MissingError, StorageError
from simulator.live import chain
from simulator.live.journal import Head, Journal, ServedLog

ORIGIN = "jukisim/live/"
Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LiveCheckpoint:
    """The head of a live log, to be kept elsewhere: whose log, how long, and the link there.

    Attributes:
        municipality: its six digits.
        event_id: of the last event.
        link: there, 32 bytes.
    """

    municipality: str
    event_id: int
    link: bytes

    def to_text(self) -> str:
        """Three lines, as c2sp.org/tlog-checkpoint has them: origin, size, base64."""
        return f"{ORIGIN}{self.municipality}\n{self.event_id}\n{base64.b64encode(self.link).decode()}\n"

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        """Read one.

        Raises:
            DamagedError: it is none.
        """
        try:
            origin, number, link = text.splitlines()
            found = cls(origin.removeprefix(ORIGIN), int(number), base64.b64decode(link, validate=True))
        except (ValueError, binascii.Error) as error:
            msg = (
                f"{where} is not a checkpoint of a live log: three lines are wanted, the first beginning with {ORIGIN}"
            )
            raise DamagedError(msg) from error
        if not text.startswith(ORIGIN):
            msg = f"{where} is not a checkpoint of a live log: it should begin with {ORIGIN}"
            raise DamagedError(msg)
        return found


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
