"""Read the operation log."""

from simulator.live.question import Kind, Parameter, Question, Shape

QUESTION = Question(
    name="log",
    ja="操作履歴照会",
    meaning="Read the operation log of the live days, newest first, by day, by staff number or by resident.",
    action="list",
    screen="audit",
    shape=Shape.OFFICE,
    parameters=(
        Parameter(name="on", ja="日", meaning="Only this day.", kind=Kind.DAY, sample="2025-07-01"),
        Parameter(name="operator", ja="職員番号", meaning="Only this member of staff.", sample="S0123456"),
        Parameter(name="about", ja="対象者", meaning="Only this resident (pseudonym).", kind=Kind.RESIDENT,
                  sample="1K3TAZF7G3QW9M8B2N5RJ4XYCD"),
        Parameter(name="most", ja="件数", meaning="At most so many, 100 if not stated.", kind=Kind.COUNT, low=1,
                  high=1_000, sample=100),
    ),
    rows=lambda view: view.log(),
)  # fmt: skip
