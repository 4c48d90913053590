"""Break the glass."""

from typing import Any

from simulator.live.question import Parameter, Question, Row, Shape
from simulator.live.questions._resident import RESIDENT


def _record(view: Any) -> Row:
    return {"override": view.values["why"]}


QUESTION = Question(
    name="override",
    ja="緊急閲覧",
    meaning="Break the glass: open one resident to oneself for an hour, without approval. "
    "Somebody else of the section must review it within a day (approve), or the next one is refused.",
    action="override",
    screen="approval",
    shape=Shape.RESIDENT,
    parameters=(
        RESIDENT,
        Parameter(name="why", ja="緊急の理由", meaning="Why it cannot wait.", required=True, sample="生命の危険"),
    ),
    rows=lambda _: [],
    record=_record,
)
