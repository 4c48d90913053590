"""Extract the list of a purpose."""

from simulator.live.question import Question, Shape

QUESTION = Question(
    name="extract",
    ja="データ抽出",
    meaning="Extract everyone whom the purpose's yearly list holds, such as electoral_roll. Needs an approval.",
    action="export",
    screen="extraction",
    shape=Shape.MANY,
    rows=lambda view: view.table(),
)
