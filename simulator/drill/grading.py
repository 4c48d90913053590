"""Grades what a team handed in: answers, marks beside detectors at the same budget, and how it went about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from simulator.drill import same
from simulator.drill.findings import Findings
from simulator.drill.pack import Pack, Question
from simulator.drill.rules import NONE, Form
from simulator.drill.secret import Secret
from simulator.drill.spec import common

PENALTY = 10
"""Points that each wrongly suspected colleague takes."""
REPORT, PRESERVE, INTERVIEW, CASE_FILE = "report", "preserve", "interview", "case_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question, graded.

    Attributes:
        number: of the question.
        given, wanted: the team's values and the accepted ones.
        right: whether they agree.
        points, cost: earned before hints, and taken by them; never more than earned.
    """

    number: int
    given: tuple[str, ...]
    wanted: tuple[str, ...]
    right: bool
    points: int
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a facilitator gives for free words: marks of the criterion's scale, and a remark."""

    marks: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One criterion of the rubric.

    Attributes:
        number: of the criterion, from 1.
        words: what the team wrote; empty for nothing.
        rating: the facilitator's; None while there is none.
    """

    number: int
    words: str
    rating: Rating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How well a search by a budget did; what is looked for is an official with a resident.

    Attributes:
        budget: pairs looked into.
        hits, wrong: that were misuse, and that were lawful; grey areas and errors count as neither.
        all: pairs of misuse in the log.
    """

    budget: int
    hits: int
    wrong: int
    all: int

    @property
    def precision(self) -> float | None:
        """Share of misuse among what was looked into; None if nothing was."""
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the misuse that was found; None if there was none to find."""
        return self.hits / self.all if self.all else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """All of it.

    Attributes:
        team: its name.
        lines: the questions.
        points_max: the most that the questions can bring.
        search: by the marks of the team.
        baselines: reference detector → the same at the same budget.
        minutes_to_first_true: until the first mark that was misuse; None if there is none or no time is known.
        wrongly_accused: staff numbers of those named who did nothing.
        missed: staff numbers of those who did and were not named.
        hint_cost: points that hints took.
        protocol: mistakes of the inquiry, as keys of the words ``mistake_…``.
        judged: the criteria of the rubric, in their order.
        unread: cells that could not be read.
    """

    team: str
    lines: tuple[Line, ...]
    points_max: int
    search: Search
    baselines: Mapping[str, Search]
    minutes_to_first_true: float | None
    wrongly_accused: tuple[str, ...]
    missed: tuple[str, ...]
    hint_cost: int
    protocol: tuple[str, ...]
    judged: tuple[Judged, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Earned in all, at least 0."""
        earned = sum(line.points - line.cost for line in self.lines)
        return max(0, earned - PENALTY * len(self.wrongly_accused))

    @property
    def rated(self) -> int:
        """How many criteria the facilitator has rated."""
        return sum(one.rating is not None for one in self.judged)

    @property
    def marks(self) -> int | None:
        """What the free words earned; a person gave it, so no points are made of it. None while one is not rated."""
        given = [one.rating.marks for one in self.judged if one.rating is not None]
        return sum(given) if given and len(given) == len(self.judged) else None


Pair = tuple[str, str]


def grade(pack: Pack, secret: Secret, findings: Findings, ratings: Mapping[int, Rating] | None = None) -> Grade:
    """Grade `findings`, finished or not; pure, and quick however long the log is.

    Args:
        pack: the drill.
        secret: what is sealed of it.
        findings: of one team.
        ratings: criterion of the rubric → what the facilitator gives for the team's words.
    """
    kinds = _pairs(secret.labels)
    marked = _marked(pack, secret, findings)
    lines = tuple(_line(q, secret, findings) for q in pack.questions)
    guilty, neutral = _staff(secret.labels, "misuse"), _staff(secret.labels, "grey", "error")
    named = set(findings.accused) - {NONE}
    return Grade(
        team=findings.team,
        lines=lines,
        points_max=pack.points,
        search=_search(marked, kinds),
        baselines={name: _search(pairs[: len(marked)], kinds) for name, pairs in secret.rankings.items()},
        minutes_to_first_true=_first_true(secret, findings),
        wrongly_accused=tuple(sorted(named - guilty - neutral)),
        missed=tuple(sorted(guilty - named)),
        hint_cost=sum(line.cost for line in lines),
        protocol=tuple(_mistakes(findings)),
        judged=tuple(_judged(findings, ratings or {})),
        unread=findings.unread,
    )


def summary_row(graded: Grade) -> dict[str, str | int]:
    """One line of a table."""
    search = graded.search
    return {
        "team": graded.team, "points": graded.points, "of": graded.points_max,
        "right": sum(line.right for line in graded.lines), "marked": search.budget, "hits": search.hits,
        "misuse pairs": search.all, "wrongly accused": len(graded.wrongly_accused), "hints": graded.hint_cost,
        "free words": "―" if graded.marks is None else f"{graded.marks}/{marks_max()}",
        "unread cells": len(graded.unread),
    }  # fmt: skip


def marks_max() -> int:
    """The most that the free words can earn."""
    return sum(max(criterion.marks) for criterion in common().rubric)


def _judged(findings: Findings, ratings: Mapping[int, Rating]) -> Iterable[Judged]:
    for number in range(1, len(common().rubric) + 1):
        yield Judged(number=number, words=findings.judgement.get(number, ""), rating=ratings.get(number))


def _line(question: Question, secret: Secret, findings: Findings) -> Line:
    wanted = secret.answers[question.number].values
    given = tuple(findings.answers.get(question.number, ()))
    right = bool(given) and same.right(given, wanted, Form(question.kind))
    points = question.points if right else 0
    steps = {hint.step for hint in findings.hints if hint.question == question.number}
    cost = sum(question.hint_costs[step - 1] for step in steps if 1 <= step <= len(question.hint_costs))
    return Line(
        number=question.number, given=given, wanted=wanted, right=right, points=points, cost=min(cost, points)
    )  # fmt: skip


def _pairs(labels: pl.DataFrame) -> dict[Pair, str]:
    """What each pair of official and resident truly was: misuse before all else."""
    order = {"look-alike": 0, "error": 1, "grey": 2, "misuse": 3}
    ranked = labels.with_columns(rank=pl.col("kind").replace_strict(order, default=0)).sort("rank")
    rows = ranked.select("staff_code", pl.col("person_no").fill_null(""), "kind").iter_rows()
    return {(staff or "", person): kind for staff, person, kind in rows}


def _marked(pack: Pack, secret: Secret, findings: Findings) -> list[Pair]:
    """The pairs that the marks are about, each once, in their order; an event that does not exist is wrong."""
    wanted = [mark.event_id for mark in findings.marks]
    known = {
        e: (s or "", p or "") for e, s, p in secret.labels.select("event_id", "staff_code", "person_no").iter_rows()
    }
    missing = [number for number in wanted if number not in known]
    if missing:
        events = pack.evidence.events.select("event_id", "staff_code", "person_no")
        rows = events.filter(pl.col("event_id").is_in(missing)).iter_rows()
        known |= {event: (staff or "", person or "") for event, staff, person in rows}
    return list(dict.fromkeys(known.get(number, ("", str(number))) for number in wanted))


def _search(pairs: Iterable[Pair], kinds: Mapping[Pair, str]) -> Search:
    chosen = list(pairs)
    told = [kinds.get(pair, "lawful") for pair in chosen]
    hits = sum(kind == "misuse" for kind in told)
    wrong = sum(kind in ("lawful", "look-alike") for kind in told)
    return Search(budget=len(chosen), hits=hits, wrong=wrong, all=sum(kind == "misuse" for kind in kinds.values()))


def _staff(labels: pl.DataFrame, *kinds: str) -> set[str]:
    return set(labels.filter(pl.col("kind").is_in(kinds))["staff_code"].drop_nulls().to_list())


def _first_true(secret: Secret, findings: Findings) -> float | None:
    true = secret.misuse_event_ids
    minutes = [mark.minute for mark in findings.marks if mark.event_id in true and mark.minute is not None]
    return min(minutes) if minutes else None


def _mistakes(findings: Findings) -> Iterable[str]:
    """What went wrong in the order of the inquiry."""
    kinds = [step.kind for step in findings.protocol]
    if findings.accused and PRESERVE not in kinds:
        yield "mistake_not_preserved"
    if INTERVIEW in kinds and CASE_FILE not in kinds[: kinds.index(INTERVIEW)]:
        yield "mistake_interview_first"
    if findings.accused and set(findings.accused) != {NONE} and REPORT not in kinds:
        yield "mistake_not_reported"
