"""View the household of a resident."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="household",
    ja="世帯照会",
    meaning="Show everyone who lives in one resident's household.",
    action="view",
    screen="household",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
)
