"""Approve what waits, or review a break-glass."""

from typing import Any

from simulator.live.question import Kind, Parameter, Question, Row, Shape


def _record(view: Any) -> Row:
    return {"released": view.values["event"]}


QUESTION = Question(
    name="approve",
    ja="承認",
    meaning="Release what a colleague of the section waits for, or review a colleague's break-glass. "
    "The purpose must be the one of the request.",
    action="approve",
    screen="approval",
    shape=Shape.RELEASE,
    parameters=(
        Parameter(
            name="event", ja="履歴番号", kind=Kind.COUNT, required=True, low=1, high=2**53, sample=1,
            meaning="Number of the event that waits, as `waiting` shows it.",
        ),
    ),
    rows=lambda _: [],
    record=_record,
)  # fmt: skip
