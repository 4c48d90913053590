"""What a question sees of the run once the gate has ruled: only what was granted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from simulator.access.ask import Ask, Ruling
from simulator.clock import JST, from_ms, to_ms
from simulator.live import certificates, showing
from simulator.live.entering import ENTERED
from simulator.live.office import Member
from simulator.live.people import NOBODY
from simulator.live.question import BadValueError, Row
from simulator.live.questions.update import CLOSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.live.desk import Live


_UNKNOWN = "nobody who was removed here or is of another municipality has that pseudonym"
_LEAVING = ("転出", CLOSED)


@dataclass(frozen=True, slots=True)
class View:
    """One answer in the making.

    Attributes:
        live: the run in use.
        member: who asks.
        ask: the request.
        ruling: what the gate granted.
        values: what was stated.
    """

    live: "Live"
    member: Member
    ask: Ask
    ruling: Ruling
    values: "Mapping[str, Any]"

    @property
    def day(self) -> date:
        """The day of the request."""
        return self.ask.at.date()

    def table(self) -> list[Row]:
        """The residents that may be shown, with the fields that may be."""
        names, people = showing.columns(self.ruling.fields), self.live.people
        rows = self.live.register.persons(self.ruling.residents)
        return [showing.shown(row, names, people.handle, people.household) for row in rows]

    def forwarded(self) -> dict[str, str]:
        """To whom a measure about the resident goes, and from which day on each will act on it."""
        nation = self.live.nation
        if nation is None:
            return {}
        return {
            code: day
            for person in self.live.register.persons(self.ruling.residents)
            for code, day in nation.post(person["resident_code"], self.day).items()
        }

    def notice(self) -> Row:
        """What another municipality told of the move of the resident.

        Raises:
            BadValueError: none did.
        """
        nation = self.live.nation
        told = nation.notices(self.live.register) if nation is not None else []
        found = next((notice for notice in told if notice.number == self.ask.target), None)
        if found is None:
            raise BadValueError(
                "reason", "no municipality has told that they moved there, or it is closed; see `history`"
            )
        sent = [found.sender, found.event]
        return {"happened_on": found.happened_on, "destination": found.destination, "notice": sent}

    def origin(self) -> Row:
        """Where the records of a newcomer stand: of one who was removed here, and in another municipality of the run.

        Raises:
            BadValueError: it is nobody's, or that of somebody who lives here or died.
        """
        nation, handle = self.live.nation, self.values["newcomer"]
        again = self._removed(self.live.people.resolve("newcomer", handle))
        found = nation.newcomer(handle, self.day) if nation is not None else None
        if nation is not None and found is not None:
            there = nation.neighbours[found[0]]
            came = {**again, "from": list(found), "came_from": there.town.prefecture + there.town.name}
            if again or found[1] < ENTERED:
                return came
            if found[1] in there.records:
                return {**came, "record": list(there.records[found[1]])}
            raise BadValueError(
                "newcomer", "was entered there since the run was made: state names, birth date and address"
            )
        if not again:
            raise BadValueError("newcomer", f"{_UNKNOWN}; `national` and `removed` show whom it can mean")
        return again

    def _removed(self, number: int) -> Row:
        """That the resident `number` of this register comes again, and from where; nothing for nobody.

        Raises:
            BadValueError: they cannot, or only in a household of their own, for the gate to decide.
        """
        if number == NOBODY:
            return {}
        stands, told = self.live.register.standing(number, self.day), self.live.register.changes(number)
        if stands.protected and "resident" in self.values:
            raise BadValueError("newcomer", f"{_UNKNOWN}; `national` and `removed` show whom it can mean")
        if not stands.removed:
            raise BadValueError("newcomer", "lives here already: 転居 or 職権修正 is meant")
        if any(row["reason"] == "死亡" for row in told):
            raise BadValueError("newcomer", "is recorded as dead: 職権修正 is meant")
        left_for = [row["address_to"] for row in told if row["reason"] in _LEAVING and row["address_to"]]
        return {"again": number, "came_from": left_for[-1] if left_for else "不明"}

    def changes(self) -> list[Row]:
        """The changes of the resident's record."""
        return [row for number in self.ruling.residents for row in self.live.register.changes(number)]

    def certificate(self) -> list[Row]:
        """The resident as the certificate names them."""
        return self.table()

    def document(self) -> str | None:
        """The certificate issued, as HTML."""
        if self.ruling.document_no is None:
            return None
        number, kind = self.ruling.residents[0], self.values["kind"]
        whole = self.live.register.household(number, self.day, guarded_too=True) if kind == "household" else (number,)
        return certificates.render(
            kind, self.live.register.persons(whole), self.live.municipality, self.ruling.document_no, self.ask.at
        )

    def waiting(self) -> list[Row]:
        """What waits for an approval or a review of the asker's section."""
        return self.live.waiting(self.member, self.ask)

    def log(self) -> list[Row]:
        """Events of the live log, newest first."""
        wanted, values = self.values, dict[str, Any](most=self.values.get("most", 100))
        conditions = ["TRUE"]
        if "on" in wanted:
            conditions.append("at >= :low AND at < :high")
            values |= dict(zip(("low", "high"), _span(wanted["on"], wanted["on"]), strict=True))
        if "operator" in wanted:
            conditions.append("actor = :actor")
            values["actor"] = self.live.office.member(wanted["operator"]).actor
        if "about" in wanted:
            number = self.live.people.resolve("about", wanted["about"])
            names = None if number == NOBODY else self.live.people.names(number)
            conditions.append("(resident = :who OR event_id IN (SELECT event_id FROM shown WHERE resident = :who))")
            values["who"] = names[0] if names else b""
        found = self.live.journal.select(
            "SELECT event_id, at, actor, section, terminal, screen, action, purpose, case_no, search_keys, hits, "  # noqa: S608 - our own conditions
            f"rows_returned, decision, reason FROM event WHERE {' AND '.join(conditions)} "
            "ORDER BY event_id DESC LIMIT :most",
            **values,
        )
        return [self._event(row) for row in found]

    def _event(self, row: Row) -> Row:
        member = self.live.office.by_actor.get(row.pop("actor"))
        at = from_ms(row.pop("at")).isoformat(timespec="milliseconds")
        return {"event": row.pop("event_id"), "at": at, "operator": member.code if member else None, **row}

    def statistics(self) -> list[Row]:
        """Events of the live log by section, action and decision."""
        low, _ = _span(self.values.get("since", date(1970, 1, 2)), self.day)
        _, high = _span(self.day, self.values.get("until", date(9999, 1, 1)))
        return self.live.journal.select(
            "SELECT section, action, decision, count(*) AS events, count(DISTINCT actor) AS operators, "
            "sum(rows_returned) AS residents FROM event WHERE at >= :low AND at < :high "
            "GROUP BY section, action, decision ORDER BY section, action, decision",
            low=low, high=high,
        )  # fmt: skip


def _span(first: date, last: date) -> tuple[int, int]:
    """Milliseconds at which `first` begins and `last` ends."""
    try:
        following = last + timedelta(days=1)
    except OverflowError as error:
        raise BadValueError("until", "must be a day before 9999-12-31") from error
    return to_ms(datetime.combine(first, time(), JST)), to_ms(datetime.combine(following, time(), JST))
