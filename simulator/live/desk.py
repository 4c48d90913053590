"""A run in use: staff ask, the gate decides, the register answers, the live log keeps it. The one service of all faces.

>>> with Live.open("town") as live:
...     clerk = min(live.office.members)
...     asked = Request(question="search", staff=clerk, purpose="income_tax", values={"name": "佐藤"})
...     answer = live.ask(asked)
>>> answer.event > live.run.manifest.rows["event"]  # it is in the log, granted or not
True
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from simulator.access.ask import Ask, Ruling, Typed
from simulator.access.live import LiveGate
from simulator.access.log.rows import event_row, shown_rows
from simulator.access.office import Desk
from simulator.access.policy import Policy
from simulator.clock import Clock, to_ms
from simulator.errors import UnknownNameError, UsageError
from simulator.live import memory, strangers
from simulator.live.answer import Answer, words
from simulator.live.entering import Issuer
from simulator.live.journal import Entry, Prepared
from simulator.live.office import Member
from simulator.live.opening import Place, place, rights
from simulator.live.overlay import Overlay
from simulator.live.people import NOBODY
from simulator.live.post import Post
from simulator.live.question import Question, Row, Shape
from simulator.live.questions import question
from simulator.live.questions._searching import typed
from simulator.live.rate import Limits, Rate
from simulator.live.sessions import Session, Sessions, ends_ms
from simulator.live.view import View
from simulator.schema.vocabulary import PURPOSES, SYSTEMS

_PURPOSES = [term.code for term in PURPOSES]
_SYSTEMS = [term.code for term in SYSTEMS]


class SessionOverError(UsageError):
    """The session that was named is over."""

    code = "session_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a member of staff.

    Attributes:
        question: its name.
        staff: staff number.
        purpose: for which purpose.
        values: what the question takes.
        case_no: the case.
        grounds: picked where the screen prompts, as for a protected resident.
        terminal: from where; None: the one at their desk.
        session: number of an open session; None: the open one of staff and terminal, or a new one.
        system: through which system it is asked, such as TAX; None: the question's own.
    """

    question: str
    staff: str
    purpose: str
    values: Mapping[str, Any] = field(default_factory=dict)
    case_no: str | None = None
    grounds: str | None = None
    terminal: str | None = None
    session: int | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An answer whose event is prepared, not yet on disk: nobody may see it before `Live.keep`."""

    answer: Answer
    prepared: tuple[Prepared, ...]


class Live:
    """An open run. One thread decides; `keep` may run in another."""

    def __init__(self, at: Place, clock: Clock | None, policy: Policy | None, limits: Limits) -> None:
        """Hold what `place` opened; `open` is the way in."""
        self.run, self.keys, self.municipality, self.journal = at.run, at.keys, at.municipality, at.journal
        self.clock: Clock = clock or at.clock
        self.office, self.people = at.office, at.people
        self._database, self._policy, self._tokens = at.database, policy or rights(at.run), at.tokens
        self.nation, self._issuer = at.nation, Issuer.of(at.run, at.municipality.code)
        self._limits = limits
        self.restore()

    @classmethod
    def open(  # noqa: PLR0913 - what is opened, and by which rules
        cls,
        run: Path | str,
        *,
        municipality: str | None = None,
        keys: Path | None = None,
        database: str | None = None,
        clock: Clock | None = None,
        policy: Policy | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        wait_s: float = 0.0,
        log: Path | None = None,
    ) -> Self:
        """Open the run at `run`, and its live log for writing.

        Args:
            run: folder of a run.
            municipality: six digits; needed if the run has several.
            keys: folder of its keys; ``RUN.keys`` if not given.
            database: ``postgresql://…`` of its register; the run's own SQLite file if not given.
            clock: tells the time; if not given, days run on from the end of the run, hours are those of now.
            policy: the table of rights; if not given the shipped one, with what the run's scenario changed of it.
            limits: how fast one member of staff may ask.
            wait_s: how long to wait while another process writes the live log, in seconds.
            log: file of the live log; in ``RUN.live`` if not given.

        Raises:
            MissingError: no run, no keys, no register.
            BusyError: another process writes the live log.
            DamagedError: a part is damaged, or the live log belongs to another run.
        """
        return cls(place(Path(run), municipality, keys, database, wait_s=wait_s, log=log), clock, policy, limits)

    def restore(self) -> None:
        """Forget what is not on disk: counts, approvals, sessions and changes are read from the live log again."""
        self.journal.reset()
        self.register = Overlay(self._database, beyond=self.nation, issuer=self._issuer)
        self.people.forget()
        self.gate = LiveGate(self._policy, self.register, Desk.of(self.office))
        self.rate, self.sessions = Rate(self._limits), Sessions(int(self.journal.meta["first_session"]))
        self.recalled: set[int] = set()
        self.post = Post()
        memory.restore(self)

    def ask(self, request: Request) -> Answer:
        """Answer `request`; its event is on disk when this returns.

        Raises:
            UnknownNameError: an unknown question, staff number, terminal, purpose or system; the message says
                what would do.
                An unknown number or terminal is a log-on that failed: its event is on disk.
            BadValueError: a value that the question cannot take.
            StorageError: the log or the register would not do it: nothing is shown.
        """
        self.keep(self.post.take(self))
        made = self.make(request)
        self.keep(made.prepared)
        return made.answer

    def make(self, request: Request) -> Made:
        """Decide `request` and prepare its event; show the answer only after `keep`.

        Where no session is open, one is opened first, and its log-on is on disk before this goes on.

        Raises:
            As `ask`.
        """
        asked = question(request.question)
        member = self._member(request.staff, request.terminal)
        if request.purpose not in _PURPOSES:
            raise UnknownNameError("purpose", request.purpose[:40], _PURPOSES)
        if request.system is not None and request.system not in _SYSTEMS:
            raise UnknownNameError("system", request.system[:40], _SYSTEMS)
        values = asked.read(request.values, request.purpose)
        terminal = self._terminal(member, request.terminal)
        with self.turn():
            session = self._session(member, terminal, request.session)
            if isinstance(session, Answer):
                return Made(session, ())
            self._catch_up()  # a log-on of its own ended the turn
            return self.decide(member, self._ask(asked, request, member, session, values), asked, values)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Where several processes write one log: take the turn, and give it back if nothing comes of it."""
        self._catch_up()
        try:
            yield
        except BaseException:
            self.journal.rest()
            raise

    def _catch_up(self) -> None:
        """Take the turn, and read again what others wrote; reading again gives the turn back."""
        while self.journal.begin():
            self.restore()

    def log_on(
        self, staff: str, terminal: str | None = None, auth_method: str = "vein", *, mistaken: bool = False
    ) -> tuple[Answer, Session | None]:
        """Open a session, or be refused; its event is on disk when this returns.

        Args:
            staff: staff number.
            terminal: from where; None: the one at their desk.
            auth_method: how.
            mistaken: whether the credential was wrong: a vein that was not read, a password mistyped.

        Raises:
            UnknownNameError: an unknown staff number, terminal or way of authentication.
            StorageError: the log would not take it.
        """
        member = self._member(staff, terminal, auth_method)
        where = self._terminal(member, terminal, auth_method)
        made, session = self.open_session(member, where, auth_method, mistaken=mistaken)
        self.keep(made.prepared)
        return made.answer, session

    def open_session(
        self, member: Member, terminal: str, auth_method: str, *, mistaken: bool = False
    ) -> tuple[Made, Session | None]:
        """Decide a log-on, perhaps with a `mistaken` credential, and prepare its event."""
        with self.turn():
            until = ends_ms(member.role, to_ms(self.clock.now()))
            session = self.sessions.make(member.staff_no, terminal, auth_method, until)
            ask = dataclasses.replace(self._logon("login", member, session), failed=mistaken)
            made = self.decide(member, ask, None, {})
        if not made.answer.granted:
            return made, None
        self.sessions.keep(session)
        return made, session

    def refuse_stranger(self, staff: str, terminal: str | None, auth_method: str = "vein") -> Made:
        """Refuse a log-on by a number, or at a terminal, that the office does not have, and prepare its event."""
        with self.turn():
            entry, answer = strangers.refused(self, staff, terminal, auth_method)
            prepared = self.journal.prepare(entry)
        return Made(dataclasses.replace(answer, event=prepared.event_id), (prepared,))

    def log_off(self, member: Member, session: Session) -> Made:
        """End a session and prepare its event."""
        with self.turn():
            self.sessions.end(session)
            return self.decide(member, self._logon("logout", member, session), None, {})

    def keep(self, prepared: tuple[Prepared, ...]) -> None:
        """Force prepared events to disk.

        Raises:
            StorageError: the disk would not take them; the state is as the log on disk has it.
        """
        try:
            self.journal.commit(prepared)
        except BaseException:
            self.restore()
            raise

    def waiting(self, member: Member, ask: Ask) -> list[Row]:
        """What of the day waits for an approval or review by `member`."""
        return [memory.waiting_row(self, each) for each in memory.waiting(self, member, ask)]

    def close(self) -> None:
        """Close run and log."""
        if self.nation is not None:
            self.nation.close()
        self.journal.close()
        self._database.connection.close()

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _ask(
        self, asked: Question, request: Request, member: Member, session: Session, values: Mapping[str, Any]
    ) -> Ask:
        return Ask(
            at=self.clock.now(), staff_no=member.staff_no, terminal=session.terminal, action=asked.action,
            screen=asked.screen, purpose=request.purpose, system=request.system or asked.system,
            auth_method=session.auth_method, session=session.number, case_no=request.case_no, grounds=request.grounds,
            target=self._target(asked, member, values), search=self._search(asked, values),
            sheets=values.get("sheets", values.get("copies")) if asked.prints else None,
        )  # fmt: skip

    def _target(self, asked: Question, member: Member, values: Mapping[str, Any]) -> int | None:
        if asked.shape is Shape.RESIDENT:
            return self.people.resolve("resident", values["resident"])
        if asked.shape is Shape.NEWCOMER and "resident" in values:
            return self.people.resolve("resident", values["resident"])
        if asked.shape is Shape.NEWCOMER and "newcomer" in values:
            known = self.people.resolve("newcomer", values["newcomer"])
            return None if known == NOBODY else known
        return memory.released(self, member, values["event"]) if asked.shape is Shape.RELEASE else None

    @staticmethod
    def _search(asked: Question, values: Mapping[str, Any]) -> Typed | None:
        if asked.shape is not Shape.SEARCH:
            return None
        name, match, texts = typed(values)
        return Typed(name=name, match=match, texts=texts)

    def _session(self, member: Member, terminal: str, number: int | None) -> Session | Answer:
        found = self.sessions.find(member.staff_no, terminal, number, to_ms(self.clock.now()))
        if found is not None:
            return found
        if number is not None:
            raise SessionOverError("the session is over: log on again")
        answer, session = self.log_on(member.code, terminal)
        return session or answer

    def _member(self, staff: str, terminal: str | None, auth_method: str = "vein") -> Member:
        """Whose number it is; nobody's is a log-on that failed, and recorded as one."""
        try:
            return self.office.member(staff)
        except UsageError:
            self.keep(self.refuse_stranger(staff, terminal, auth_method).prepared)
            raise

    def _terminal(self, member: Member, terminal: str | None, auth_method: str = "vein") -> str:
        """Where they sit; nowhere likewise."""
        try:
            return self.office.terminal(member, terminal)
        except UsageError:
            self.keep(self.refuse_stranger(member.code, terminal, auth_method).prepared)
            raise

    def _logon(self, action: str, member: Member, session: Session) -> Ask:
        return Ask(
            at=self.clock.now(), staff_no=member.staff_no, terminal=session.terminal, action=action, screen="logon",
            purpose="none", auth_method=session.auth_method, session=session.number,
        )  # fmt: skip

    def decide(self, member: Member, ask: Ask, asked: Question | None, values: Mapping[str, Any]) -> Made:
        """Let the gate decide `ask`, of a turn that is begun, and prepare its event."""
        memory.recall(self, ask.at.date())
        ruling, code = self._ruled(ask)
        view = View(self, member, ask, ruling, values)
        if asked is None or code != "ok":
            return self._prepared(view, code, [], None)
        detail = asked.record(view)
        if detail is not None and asked.shape is Shape.NEWCOMER:
            return self._entered(view, asked, detail)
        if detail is None or ask.target is None or not ruling.residents:
            return self._prepared(view, code, asked.rows(view), detail)
        before = self.register.snapshot()
        try:
            self.register.apply(ask.target, detail, ask.at.date())
            return self._prepared(view, code, asked.rows(view), detail)
        except BaseException:
            self.register.back_to(before)
            raise

    def _entered(self, view: View, asked: Question, detail: Row) -> Made:
        """The event is about the newcomer, who is in the register from now on."""
        before = self.register.snapshot()
        try:
            number = memory.enter(self.register, self.people, detail["entry"], view.day)
            ask = dataclasses.replace(view.ask, target=number)
            seen = dataclasses.replace(view, ask=ask, ruling=dataclasses.replace(view.ruling, residents=(number,)))
            return self._prepared(seen, "ok", asked.rows(seen), detail)
        except BaseException:
            self.register.back_to(before)
            raise

    def _prepared(self, view: View, code: str, rows: list[Row], detail: Row | None) -> Made:
        entry, said = self._entry(view.ask, view.ruling, detail), words(view, code, rows)
        prepared = self.journal.prepare(entry)
        self.gate.commit(view.ask, view.ruling)
        return Made(Answer(code=code, event=prepared.event_id, **said), (prepared,))

    def _ruled(self, ask: Ask) -> tuple[Ruling, str]:
        reason = self.rate.take(ask.staff_no, to_ms(ask.at))
        ruling = self.gate.answer(ask)
        if reason is None:
            return ruling, ruling.outside
        empty = dataclasses.replace(
            ruling, decision="deny", reason=reason, outside="too_fast", hits=None, residents=(), fields=(),
            protected_alert=False, approval_id=None, override_id=None, extraction_id=None, document_no=None,
            sheets=None, printer=None,
        )  # fmt: skip
        return empty, empty.outside

    def _entry(self, ask: Ask, ruling: Ruling, detail: Row | None) -> Entry:
        row = event_row(ask, ruling, 0, self.municipality.code, self._tokens)
        shown = shown_rows(ask, ruling, 0, self._tokens)
        del row["event_id"]
        return Entry(
            {**row, "at": to_ms(ask.at)}, tuple((each["resident"], each["household"]) for each in shown), detail
        )
