"""View a resident's protection measure."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="protection",
    ja="支援措置照会",
    meaning="Show whether a protection measure (DV等支援措置) holds for a resident, from when to when, against whom.",
    action="view",
    screen="protection",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
)
