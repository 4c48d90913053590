"""List what waits for an approval or a review."""

from simulator.live.question import Question, Shape

QUESTION = Question(
    name="waiting",
    ja="承認待ち一覧",
    meaning="List today's requests of the section that wait for an approval, and break-glass that waits for review.",
    action="list",
    screen="approval",
    shape=Shape.OFFICE,
    rows=lambda view: view.waiting(),
)
