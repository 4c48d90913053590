"""Print one resident's record from the screen."""

from simulator.live.question import Kind, Parameter, Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="print",
    ja="画面印刷",
    meaning="Print one resident's record; the log keeps printer and sheets.",
    action="print",
    screen="record",
    shape=Shape.RESIDENT,
    parameters=(
        RESIDENT,
        Parameter(name="sheets", ja="枚数", meaning="Sheets, 1 to 100.", kind=Kind.COUNT, low=1, high=100, sample=1),
    ),
    rows=lambda view: view.table(),
    prints=True,
)
