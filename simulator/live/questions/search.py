"""Search for residents: how many there are, and the first of them."""

from simulator.live.question import Question, Shape
from simulator.live.questions._searching import DETAILS, FORMS, MATCH

QUESTION = Question(
    name="search",
    ja="住民検索",
    meaning="Find residents by name, kana, birth date, address, resident code or My Number.",
    action="search",
    screen="search",
    shape=Shape.SEARCH,
    parameters=(*DETAILS, MATCH),
    rows=lambda view: view.table(),
    forms=FORMS,
)
