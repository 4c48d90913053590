"""Search the nation over Juki-net: four details and the code, no household."""

from simulator.live.question import Question, Shape
from simulator.live.questions._searching import DETAILS, FORMS, MATCH

QUESTION = Question(
    name="national",
    ja="全国サーバ検索",
    meaning="Find residents over Juki-net: name, birth date, sex, address and codes; never a household.",
    action="search",
    screen="national",
    shape=Shape.SEARCH,
    parameters=(*DETAILS, MATCH),
    rows=lambda view: view.table(),
    system="JUKI",
    forms=FORMS,
)
