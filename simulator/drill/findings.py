"""What a team hands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An event that a team takes for misuse, why, and in which minute of the search it said so."""

    event_id: int
    reason: str = ""
    minute: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HintTaken:
    """A hint that a team paid for: the question's number, the step 1–3, the minute."""

    question: int
    step: int
    minute: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A step of the inquiry: an interview with a member of staff, a look into a file, a report to a superior."""

    kind: str
    target: str = ""
    minute: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All of it. Unfinished findings are graded as they stand.

    Attributes:
        team: its name.
        members: who belongs to it.
        answers: number of the question → values.
        marks: events, in the order in which they were marked.
        hints: hints taken.
        accused: staff numbers whom the team would hand to the disciplinary authority.
        judgement: number of the criterion of the rubric, from 1 → free words.
        protocol: steps of the inquiry, in order of time.
        minutes: used of the search phase.
        unread: cells that could not be read, in words.
    """

    team: str
    members: tuple[str, ...] = ()
    answers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    hints: tuple[HintTaken, ...] = ()
    accused: tuple[str, ...] = ()
    judgement: Mapping[int, str] = field(default_factory=dict)
    protocol: tuple[Action, ...] = ()
    minutes: float | None = None
    unread: tuple[str, ...] = ()
