"""Another municipality of the run: its register with what its live log recorded, and the measures that it forwarded."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from simulator.live import memory
from simulator.live.entering import recorded
from simulator.live.journal import Journal, ServedLog
from simulator.live.overlay import Overlay, Row
from simulator.live.people import People
from simulator.registry import Forwarded
from simulator.world.municipality import Municipality

_UPDATES = (
    "SELECT event_id, at, resident, detail FROM event WHERE event_id > :read AND event_id <= :head "
    "AND action = 'update' AND detail IS NOT NULL ORDER BY event_id"
)
Sent = dict[str, dict[str, list[Forwarded]]]


@dataclass(frozen=True, slots=True)
class Notice:
    """A 転入通知: somebody of one municipality was registered in another.

    Attributes:
        sender: code of the other, which tells it.
        event: of the registration there.
        number: resident_no in the municipality that was left.
        happened_on: when they moved, ISO 8601.
        destination: where to.
    """

    sender: str
    event: int
    number: int
    happened_on: str
    destination: str


@dataclass(slots=True)
class Neighbour:
    """A register and a live log that are read, never written.

    Attributes:
        town: whose.
        people: its residents by the pseudonyms of its log.
        guests: the same by the pseudonyms that the desks of the one who looks show.
        register: as it stands now.
        log: its live log, which may not be there.
        sent: what was forwarded since the run was made, by receiving municipality and resident code.
        moved: who was registered there since the run was made, by the municipality that they left.
        records: where the run has a record of each of them, by resident_no there.
    """

    town: Municipality
    people: People
    guests: People
    register: Overlay
    log: Path | ServedLog
    sent: Sent = field(default_factory=dict)
    moved: dict[str, list[Notice]] = field(default_factory=dict)
    records: dict[int, tuple[str, int]] = field(default_factory=dict)
    _journal: Journal | None = None
    _read: int = 0

    def refresh(self) -> None:
        """Read what was recorded there meanwhile.

        Raises:
            StorageError, DamagedError: the log cannot be read.
        """
        journal = self._opened()
        head = 0 if journal is None else journal.select("SELECT max(event_id) AS head FROM event")[0]["head"] or 0
        if journal is None or head <= self._read:
            return
        for row in journal.select(_UPDATES, read=self._read, head=head):
            self._take(row)
        self._read = head

    def _take(self, row: Row) -> None:
        number, detail = memory.record(self.register, self.people, row), json.loads(row["detail"])
        measure, entry = detail.get("measure", {}), detail.get("entry", {})
        if entry:
            (person,) = self.register.persons([number])
            self.guests.add(number, person["resident_code"], person["household_no"])
        if "from" in entry:
            self.records[number] = recorded(entry)
            code, left = entry["from"]
            town = self.town.prefecture + self.town.name
            notice = Notice(self.town.code, row["event_id"], left, entry["happened_on"], town)
            self.moved.setdefault(code, []).append(notice)
        for code, known_on in measure.get("forwarded", {}).items():
            days = (date.fromisoformat(text) for text in (known_on, measure["since"], measure["until"]))
            (person,) = self.register.persons([number])
            self.sent.setdefault(code, {}).setdefault(person["resident_code"], []).append(Forwarded(*days))

    def _opened(self) -> Journal | None:
        if self._journal is None and (self.log.is_file() if isinstance(self.log, Path) else self.log.exists()):
            self._journal = Journal.read(self.log)
        return self._journal

    def close(self) -> None:
        """Close register and log."""
        self.register.base.connection.close()
        if self._journal is not None:
            self._journal.close()
