"""Where a drill stands: a fold of its journal and nothing else, so it is the same after any crash.

Each kind of entry is a method ``_on_KIND`` of `Progress`. Minutes are those of the drill's own clock: it stands while
the facilitator pauses and while the server is dead.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.console.journal import Entry
from simulator.drill import Rating

MINUTE_MS = 60_000


@dataclass(slots=True)
class Mark:
    """An event that a team holds for misuse, or wants to look at again."""

    event_id: int
    verdict: str
    reason: str
    member: str
    minute: float


@dataclass(slots=True)
class Asked:
    """An interview or a case file that a team asked for.

    Attributes:
        number: `seq` of the entry that asked.
        what: ``interview`` or ``case_file``.
        target: staff number or case number.
        words: what the team wants to know.
        reply: the answer; None while there is none.
    """

    number: int
    team: str
    member: str
    what: str
    target: str
    words: str
    minute: float
    reply: str | None = None


@dataclass(slots=True)
class Message:
    """A timed inject or a word of the facilitator, as it was sent.

    Attributes:
        number: `seq` of the entry that sent it.
        inject: identity of the inject; None for the facilitator's own words.
        words: the facilitator's own words.
        teams: who gets it; empty for all.
    """

    number: int
    inject: str | None
    words: str
    teams: tuple[str, ...]
    minute: float


@dataclass(slots=True)
class Team:
    """What a team has done so far.

    Attributes:
        members: names by digest of the seat's token.
        marks: by event.
        accused: staff number → why.
        answers: number of the question → values.
        judgement: number of the criterion of the rubric → text.
        ratings: number of the criterion → what the facilitator gave for that text; gone when the text changes.
        hints: (number of the question, step) → minute.
        handed_in: minute, or None while they work.
        filters: what each member last looked for.
        seen: highest number of a message that each member has seen.
    """

    name: str
    members: dict[str, str] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)
    accused: dict[str, str] = field(default_factory=dict)
    answers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    judgement: dict[int, str] = field(default_factory=dict)
    ratings: dict[int, Rating] = field(default_factory=dict)
    hints: dict[tuple[int, int], float] = field(default_factory=dict)
    protocol: list[tuple[str, str, float]] = field(default_factory=list)
    handed_in: float | None = None
    filters: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Feed:
    """The office's day as it plays in live mode.

    Attributes:
        base_ms: instant of the office at the drill's clock `base_elapsed_ms`.
        speed: seconds of the office in a second of the drill.
        running: whether it moves.
        released: episodes that the facilitator let go.
    """

    base_ms: int
    base_elapsed_ms: int
    speed: float
    running: bool = True
    released: set[str] = field(default_factory=set)

    def at_ms(self, elapsed_ms: int) -> int:
        """The instant of the office when the drill's clock shows `elapsed_ms`, gates not considered."""
        moved = (elapsed_ms - self.base_elapsed_ms) * self.speed if self.running else 0
        return self.base_ms + int(moved)


class Progress:
    """The state of a drill; feed it every entry, in order."""

    def __init__(self, teams: Iterable[str], minutes: float) -> None:
        """Begin with `teams` and `minutes` on the clock."""
        self.teams = {name: Team(name) for name in teams}
        self.minutes = float(minutes)
        self.codes: dict[str, str] = {}
        self.facilitators: set[str] = set()
        self.started = self.finished = False
        self.auto = True
        self.asked: dict[int, Asked] = {}
        self.messages: dict[int, Message] = {}
        self.feed: Feed | None = None
        self.seq = 0
        self._since_ms: int | None = None
        self._before_ms = 0

    @property
    def running(self) -> bool:
        """Whether the clock moves."""
        return self._since_ms is not None

    def elapsed_ms(self, now_ms: int) -> int:
        """How long the drill has run at `now_ms`, pauses not counted."""
        return self._before_ms + (max(now_ms - self._since_ms, 0) if self._since_ms is not None else 0)

    def sent(self) -> set[str]:
        """The injects that were sent or dropped."""
        return {message.inject for message in self.messages.values() if message.inject is not None}

    def open_requests(self) -> list[Asked]:
        """What teams asked for and nobody answered yet, oldest first."""
        return [asked for asked in self.asked.values() if asked.reply is None]

    def messages_of(self, team: str) -> list[Message]:
        """What `team` was sent, newest first."""
        return [m for m in reversed(self.messages.values()) if not m.teams or team in m.teams]

    def apply(self, entry: Entry) -> None:
        """Take `entry` in."""
        taken: Callable[[Entry, float], None] = getattr(self, f"_on_{entry.kind}")
        taken(entry, self.elapsed_ms(entry.at_ms) / MINUTE_MS)
        self.seq = entry.seq

    def _on_codes(self, entry: Entry, _: float) -> None:
        self.codes = dict(entry.body["codes"])

    def _on_seat(self, entry: Entry, _: float) -> None:
        if entry.team:
            self.teams[entry.team].members[entry.body["digest"]] = entry.member
        else:
            self.facilitators.add(entry.body["digest"])

    def _on_leave(self, entry: Entry, _: float) -> None:
        self.facilitators.discard(entry.body["digest"])
        if entry.team:
            self.teams[entry.team].members.pop(entry.body["digest"], None)

    def _on_start(self, entry: Entry, _: float) -> None:
        self.started, self._since_ms = True, entry.at_ms

    def _on_pause(self, entry: Entry, _: float) -> None:
        self._before_ms, self._since_ms = self.elapsed_ms(entry.at_ms), None

    def _on_resume(self, entry: Entry, _: float) -> None:
        self._since_ms = entry.at_ms

    def _on_gone(self, entry: Entry, _: float) -> None:
        self._before_ms, self._since_ms = self.elapsed_ms(entry.body["from_ms"]), entry.at_ms

    def _on_extend(self, entry: Entry, _: float) -> None:
        self.minutes += entry.body["minutes"]

    def _on_finish(self, entry: Entry, minute: float) -> None:
        self._on_pause(entry, minute)
        self.finished = True
        for team in self.teams.values():
            team.handed_in = minute if team.handed_in is None else team.handed_in

    def _on_message(self, entry: Entry, minute: float) -> None:
        body = entry.body
        self.messages[entry.seq] = Message(entry.seq, body["inject"], body["words"], tuple(body["teams"]), minute)

    def _on_seen(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].seen[entry.member] = entry.body["number"]

    def _on_look(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].filters[entry.member] = entry.body["filter"]

    def _on_mark(self, entry: Entry, minute: float) -> None:
        body = entry.body
        mark = Mark(body["event_id"], body["verdict"], body["reason"], entry.member, minute)
        before = self.teams[entry.team].marks.get(mark.event_id)
        if before is not None and before.verdict == mark.verdict:
            mark.minute = before.minute
        self.teams[entry.team].marks[mark.event_id] = mark

    def _on_unmark(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].marks.pop(entry.body["event_id"], None)

    def _on_accuse(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].accused[entry.body["staff"]] = entry.body["reason"]

    def _on_clear(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].accused.pop(entry.body["staff"], None)

    def _on_answer(self, entry: Entry, _: float) -> None:
        self.teams[entry.team].answers[entry.body["question"]] = tuple(entry.body["values"])

    def _on_judge(self, entry: Entry, _: float) -> None:
        team, number = self.teams[entry.team], int(entry.body["item"])
        team.judgement[number] = entry.body["text"]
        team.ratings.pop(number, None)

    def _on_rate(self, entry: Entry, _: float) -> None:
        body = entry.body
        rating = Rating(marks=body["marks"], remark=body["remark"])
        self.teams[body["team"]].ratings[body["item"]] = rating

    def _on_hint(self, entry: Entry, minute: float) -> None:
        self.teams[entry.team].hints.setdefault((entry.body["question"], entry.body["step"]), minute)

    def _on_ask(self, entry: Entry, minute: float) -> None:
        body = entry.body
        asked = Asked(entry.seq, entry.team, entry.member, body["what"], body["target"], body["words"], minute)
        asked.reply = body.get("reply")
        self.asked[entry.seq] = asked
        self.teams[entry.team].protocol.append((asked.what, asked.target, minute))

    def _on_reply(self, entry: Entry, _: float) -> None:
        self.asked[entry.body["number"]].reply = entry.body["words"]

    def _on_hand_in(self, entry: Entry, minute: float) -> None:
        self.teams[entry.team].handed_in = minute

    def _on_reopen(self, entry: Entry, _: float) -> None:
        self.teams[entry.body["team"]].handed_in = None

    def _on_report(self, entry: Entry, _: float) -> None:
        """The report was written; nothing changes."""

    def _on_auto(self, entry: Entry, _: float) -> None:
        self.auto = entry.body["on"]

    def _on_feed(self, entry: Entry, _: float) -> None:
        body, released = entry.body, self.feed.released if self.feed else set()
        elapsed = self.elapsed_ms(entry.at_ms)
        self.feed = Feed(body["base_ms"], elapsed, body["speed"], body["running"], released)

    def _on_release(self, entry: Entry, _: float) -> None:
        if self.feed is not None:
            self.feed.released |= set(entry.body["episodes"])
