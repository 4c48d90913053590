"""List the candidates of a search."""

from simulator.live.question import Question, Shape
from simulator.live.questions._searching import DETAILS, FORMS, MATCH

QUESTION = Question(
    name="list",
    ja="該当者一覧",
    meaning="List the residents that a search finds, in the order of kana and birth date.",
    action="list",
    screen="candidates",
    shape=Shape.SEARCH,
    parameters=(*DETAILS, MATCH),
    rows=lambda view: view.table(),
    forms=FORMS,
)
