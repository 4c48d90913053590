"""View a removed record."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="removed",
    ja="除票照会",
    meaning="Show the record of a resident who died or moved away.",
    action="view",
    screen="removed",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
)
