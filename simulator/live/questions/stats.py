"""Statistics of the log for auditors."""

from simulator.live.question import Kind, Parameter, Question, Shape

QUESTION = Question(
    name="stats",
    ja="操作履歴集計",
    meaning="Count the events of the live days by section, action and decision.",
    action="list",
    screen="statistics",
    shape=Shape.OFFICE,
    parameters=(
        Parameter(name="since", ja="開始日", meaning="From this day.", kind=Kind.DAY, sample="2025-07-01"),
        Parameter(name="until", ja="終了日", meaning="Up to this day.", kind=Kind.DAY, sample="2025-07-31"),
    ),
    rows=lambda view: view.statistics(),
)
