"""The room in which a drill takes place: seats, acts of the teams, acts of the facilitator. It knows no browser.

Each act is checked, written into the journal and only then taken in; so what a page shows is what a restart would
show.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator import drill
from simulator.console import feed
from simulator.console.frames import Frames
from simulator.console.journal import Entry, Journal
from simulator.console.progress import MINUTE_MS, Progress, Team
from simulator.drill.rules import NONE
from simulator.drill.spec import common
from simulator.errors import UsageError

CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""Letters of codes: none is taken for another when read aloud."""
_CODE_LENGTH = 6
_TOKEN_BYTES = 32
VERDICTS = ("misuse", "watch", "lawful")
ASKABLE = ("interview", "case_file", "preserve", "report")
"""Steps of an inquiry: an interview, a case file, evidence kept safe, a word to the superior."""


class NotNowError(UsageError):
    """An act that the state of the drill does not allow, in words for the one who tried."""

    code = "not_now"

    def __init__(self, ja: str, en: str) -> None:
        """Say why in both languages."""
        super().__init__(en)
        self.ja, self.en = ja, en


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits before a browser: a member of a team, or the facilitator (`team` empty)."""

    team: str
    member: str

    @property
    def facilitator(self) -> bool:
        """Whether this is the facilitator's seat."""
        return not self.team


class Room:
    """A drill in progress."""

    def __init__(self, pack: drill.Pack, secret: drill.Secret, frames: Frames, journal: Journal) -> None:
        """Take up the drill where its `journal` left it.

        Args:
            pack: what teams may open.
            secret: what is sealed, opened by the facilitator's key.
            frames: the evidence, shaped.
            journal: open for writing.
        """
        self.pack, self.secret, self.frames, self.journal = pack, secret, frames, journal
        self.questions = {question.number: question for question in pack.questions}
        self.injects = {inject.id: inject for inject in secret.injects}
        self.gates = feed.gates(frames, secret.labels)
        self.progress = Progress(team_names(pack), working_minutes(pack))
        self._seats: dict[str, Seat] = {}
        self._scores: dict[str, tuple[int, drill.Grade]] = {}
        self._touched: dict[str, int] = {}
        for entry in journal.entries:
            self._take(entry)
        self._open()

    def _open(self) -> None:
        if not self.progress.codes:
            self._do("codes", codes={name: _code() for name in ("", *self.progress.teams)})
        if self.progress.running:
            last = max(self.journal.last_beat_ms, self.journal.entries[-1].at_ms)
            self._do("gone", from_ms=min(last, self.journal.now_ms()))
        self.journal.beat()

    def _take(self, entry: Entry) -> None:
        self.progress.apply(entry)
        if entry.kind == "seat":
            self._seats[entry.body["digest"]] = Seat(entry.team, entry.member)
        if entry.kind == "leave":
            self._seats.pop(entry.body["digest"], None)
        if entry.team and entry.kind not in {"look", "seen", "seat", "leave"}:
            self._touched[entry.team] = entry.seq
        if entry.kind == "rate":
            self._touched[entry.body["team"]] = entry.seq

    def _do(self, kind: str, seat: Seat | None = None, /, **body: Any) -> Entry:
        entry = self.journal.add(kind, seat.team if seat else "", seat.member if seat else "", **body)
        self._take(entry)
        return entry

    @property
    def now_ms(self) -> int:
        """The present, in milliseconds since 1970."""
        return self.journal.now_ms()

    @property
    def minute(self) -> float:
        """How long the drill has run, in minutes, pauses not counted."""
        return self.progress.elapsed_ms(self.now_ms) / MINUTE_MS

    @property
    def until(self) -> int | None:
        """How many events have arrived; None for all."""
        return feed.arrived(self.frames, self.progress, self.gates, self.now_ms)

    @property
    def office_ms(self) -> int | None:
        """The instant of the office in live mode."""
        return feed.office_ms(self.progress, self.gates, self.now_ms)

    def sit(self, code: str, member: str) -> str | None:
        """Sign in with a `code`; the token of the new seat, or None if the code is nobody's."""
        wanted = code.strip().upper().encode()
        found = [name for name, own in self.progress.codes.items() if secrets.compare_digest(own.encode(), wanted)]
        if not found:
            return None
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._do("seat", Seat(found[0], member.strip() or "―"), digest=_digest(token))
        return token

    def seat(self, token: str | None) -> Seat | None:
        """Whose `token` it is; None for nobody's."""
        return self._seats.get(_digest(token)) if token else None

    def leave(self, token: str) -> None:
        """Give a seat back; the work of the team stays."""
        if seat := self.seat(token):
            self._do("leave", seat, digest=_digest(token))

    def team(self, seat: Seat) -> Team:
        """The state of the team of `seat`."""
        return self.progress.teams[seat.team]

    def _working(self, seat: Seat) -> None:
        if not self.progress.started:
            raise NotNowError("演習はまだ始まっていません。", "The drill has not begun.")
        if self.team(seat).handed_in is not None:
            raise NotNowError("提出済みのため変更できません。", "Your work is handed in and cannot be changed.")
        if not self.progress.running:
            raise NotNowError("演習は一時停止中です。", "The drill is paused.")

    def mark(self, seat: Seat, event_id: int, verdict: str, reason: str) -> None:
        """Hold the event for misuse, for one to be watched, or for lawful, and say why."""
        self._working(seat)
        row = self.frames.event_rows.get(event_id)
        stop = self.until
        if row is None or verdict not in VERDICTS or (stop is not None and row >= stop):
            raise NotNowError("その履歴はありません。", "There is no such event.")
        self._do("mark", seat, event_id=event_id, verdict=verdict, reason=reason.strip())

    def unmark(self, seat: Seat, event_id: int) -> None:
        """Take a mark back."""
        self._working(seat)
        if event_id in self.team(seat).marks:
            self._do("unmark", seat, event_id=event_id)

    def accuse(self, seat: Seat, staff: str, reason: str) -> None:
        """Name a member of staff as suspected of misuse; `NONE` says that nobody is."""
        self._working(seat)
        if staff not in self.frames.staff_rows and staff != NONE:
            raise NotNowError("その職員番号は職員名簿にありません。", "There is no such staff number.")
        self._do("accuse", seat, staff=staff, reason=reason.strip())

    def clear(self, seat: Seat, staff: str) -> None:
        """Take a suspicion back."""
        self._working(seat)
        if staff in self.team(seat).accused:
            self._do("clear", seat, staff=staff)

    def answer(self, seat: Seat, question: int, values: Iterable[str]) -> None:
        """Answer a question; the last answer counts."""
        self._working(seat)
        given = [value.strip() for value in values if value.strip()]
        if tuple(given) != self.team(seat).answers.get(question, ()):
            self._do("answer", seat, question=question, values=given)

    def judge(self, seat: Seat, item: int, text: str) -> None:
        """Write down what the team makes of it, by the criterion of the rubric numbered `item`."""
        self._working(seat)
        if text.strip() != self.team(seat).judgement.get(item, ""):
            self._do("judge", seat, item=item, text=text.strip())

    def hint(self, seat: Seat, question: int) -> int:
        """Take the next hint of a question, and pay for it; the step that was taken."""
        self._working(seat)
        step = 1 + max((s for number, s in self.team(seat).hints if number == question), default=0)
        if (question, step) not in self.secret.hints:
            raise NotNowError("この設問のヒントはこれで全部です。", "There are no more hints for this question.")
        self._do("hint", seat, question=question, step=step)
        return step

    def ask(self, seat: Seat, what: str, target: str, words: str) -> None:
        """Take a step of the inquiry; the facilitator answers interviews, the rest is answered at once."""
        self._working(seat)
        number = target.strip()
        unknown = number not in self.frames.staff_rows if what == "interview" else what == "case_file" and not number
        if what not in ASKABLE or unknown:
            raise NotNowError("対象の番号を確かめてください。", "Check the number that you ask about.")
        reply = {} if what == "interview" else {"reply": self._answered(what, number)}
        self._do("ask", seat, what=what, target=number, words=words.strip(), **reply)

    def _answered(self, what: str, number: str) -> str:
        if what == "case_file":
            return self._case_file(number)
        words = {
            "preserve": ("操作履歴と端末を保全しました。", "Log and terminals are preserved."),
            "report": ("所属長に報告しました。指示を待ってください。", "Your superior is told and will answer."),
        }
        return words[what][self.pack.manifest.lang == "en"]

    def _case_file(self, number: str) -> str:
        found = self.secret.case_files.get(number)
        lang = self.pack.manifest.lang
        if found is not None:
            return str(found.of(lang))
        if number in self.frames.case_rows:
            words = "受付簿に記載のとおりの書類が綴じられています。", "The file holds what the case list says."
        else:
            words = "この番号の書類は見当たりません。", "There is no file under this number."
        return words[lang == "en"]

    def hand_in(self, seat: Seat) -> None:
        """Hand in the team's findings; the facilitator can give them back."""
        self._working(seat)
        self._do("hand_in", seat)

    def look(self, seat: Seat, wanted: Mapping[str, Any]) -> None:
        """Keep what a member last looked for, so that another browser goes on from there."""
        if self.team(seat).filters.get(seat.member) != wanted:
            self._do("look", seat, filter=dict(wanted))

    def see(self, seat: Seat, number: int) -> None:
        """Note that a member has read the messages up to `number`."""
        if self.team(seat).seen.get(seat.member, 0) < number:
            self._do("seen", seat, number=number)

    def start(self) -> None:
        """Begin the search; teams see the evidence from now on."""
        if not self.progress.started:
            self._do("start")

    def pause(self) -> None:
        """Stop the clock; teams can read but not act."""
        if self.progress.running:
            self._do("pause")

    def resume(self) -> None:
        """Let the clock run again."""
        if self.progress.started and not self.progress.running and not self.progress.finished:
            self._do("resume")

    def extend(self, minutes: float) -> None:
        """Put minutes on the clock, or take some off."""
        self._do("extend", minutes=minutes)

    def finish(self) -> None:
        """End the search; what teams have counts as handed in."""
        if self.progress.started and not self.progress.finished:
            self._do("finish")

    def reopen(self, team: str) -> None:
        """Give a team its work back."""
        if self.progress.finished:
            raise NotNowError("演習は終了しています。", "The drill is over.")
        self._do("reopen", team=team)

    def rate(self, team: str, item: int, marks: int, remark: str = "") -> None:
        """Give `marks` for the words of a team that has handed in, by the criterion numbered `item`."""
        own, rubric = self.progress.teams[team], common().rubric
        if own.handed_in is None:
            raise NotNowError("提出前の班は評価できません。", "The team has not handed in yet.")
        if not 1 <= item <= len(rubric) or marks not in rubric[item - 1].marks:
            raise NotNowError("その評点は基準にありません。", "The scale has no such marks.")
        if own.ratings.get(item) != drill.Rating(marks=marks, remark=remark.strip()):
            self._do("rate", team=team, item=item, marks=marks, remark=remark.strip())

    def send(self, inject: str, teams: Iterable[str] = ()) -> None:
        """Send a prepared inject, to all teams if none is named; a second time it is not sent."""
        if inject in self.injects and inject not in self.progress.sent():
            self._do("message", inject=inject, words="", teams=list(teams))

    def say(self, words: str, teams: Iterable[str] = ()) -> None:
        """Send words of the facilitator's own."""
        if words.strip():
            self._do("message", inject=None, words=words.strip(), teams=list(teams))

    def reply(self, number: int, words: str) -> None:
        """Answer what a team asked for."""
        if number in self.progress.asked and words.strip():
            self._do("reply", number=number, words=words.strip())

    def send_by_itself(self, *, on: bool) -> None:
        """Whether injects are sent in their minute."""
        self._do("auto", on=on)

    def reported(self, paths: Iterable[str]) -> None:
        """Note that the report was written."""
        self._do("report", paths=list(paths))

    def play(self, *, at_ms: int | None = None, speed: float | None = None, running: bool | None = None) -> None:
        """Live mode: begin, go somewhere, change the speed, stop or go on; what is None stays as it is."""
        was = self.progress.feed
        base = at_ms if at_ms is not None else self.office_ms
        self._do(
            "feed",
            base_ms=base if base is not None else feed.start_ms(self.frames, self.gates, None),
            speed=speed if speed is not None else (was.speed if was else 60.0),
            running=running if running is not None else (was.running if was else True),
        )

    def release(self, episodes: Iterable[str]) -> None:
        """Let episodes of misuse go; the office's day goes on from where it stands."""
        office = self.office_ms
        self._do("release", episodes=list(episodes))
        if office is not None:
            self.play(at_ms=office)

    def skip_night(self) -> None:
        """Go to the next morning of the office."""
        office = self.office_ms
        if office is not None:
            self.play(at_ms=feed.next_morning_ms(self.frames, office))

    def tick(self) -> None:
        """Once in a while: send what is due, and note that the server lives."""
        if self.progress.running and self.progress.auto:
            for inject in self.secret.injects:
                if inject.minute <= self.minute:
                    self.send(inject.id)
        self.journal.beat()

    def findings(self, team: str) -> drill.Findings:
        """What the team has found, in the form that is graded."""
        own = self.progress.teams[team]
        marks = sorted((m for m in own.marks.values() if m.verdict == "misuse"), key=lambda m: (m.minute, m.event_id))
        return drill.Findings(
            team=team,
            members=tuple(dict.fromkeys(own.members.values())),
            answers=dict(own.answers),
            marks=tuple(drill.Mark(event_id=m.event_id, reason=m.reason, minute=m.minute) for m in marks),
            hints=tuple(drill.HintTaken(question=q, step=s, minute=at) for (q, s), at in own.hints.items()),
            accused=tuple(own.accused),
            judgement=dict(own.judgement),
            protocol=tuple(drill.Action(kind=k, target=target, minute=at) for k, target, at in own.protocol),
            minutes=own.handed_in if own.handed_in is not None else self.minute,
        )

    def grade(self, team: str) -> drill.Grade:
        """How the team stands by the truth; worked out anew only when it did something."""
        at = self._touched.get(team, 0)
        known = self._scores.get(team)
        if known is None or known[0] != at:
            known = at, drill.grade(self.pack, self.secret, self.findings(team), self.progress.teams[team].ratings)
            self._scores[team] = known
        return known[1]


def team_names(pack: drill.Pack) -> list[str]:
    """The names of the teams, in the language of the drill."""
    word = "第{}班" if pack.manifest.lang == "ja" else "Team {}"
    return [word.format(number) for number in range(1, pack.manifest.teams + 1)]


def working_minutes(pack: drill.Pack) -> int:
    """How long teams work at the console: the search and the write-up."""
    phases = pack.manifest.phases
    return sum(phases.get(key, 0) for key in ("search", "write")) or pack.manifest.minutes


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
