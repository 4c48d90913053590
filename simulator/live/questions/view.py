"""View one resident's record."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="view",
    ja="住民票照会",
    meaning="Show one resident's record: the fields that the purpose grants.",
    action="view",
    screen="record",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
)
