"""View how a resident's record changed."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="history",
    ja="異動履歴照会",
    meaning="Show the changes of one resident's record, oldest first.",
    action="view",
    screen="history",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.changes(),
)
