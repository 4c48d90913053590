"""Show the numbers that a record hides."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="unmask",
    ja="個人番号・住民票コード表示",
    meaning="Show one resident's resident code and My Number, as far as the purpose grants them.",
    action="unmask",
    screen="numbers",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
)
