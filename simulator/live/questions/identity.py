"""View one resident's identity information over Juki-net: four details and the codes, no household."""

from simulator.live.question import Question, Shape
from simulator.live.questions._resident import RESIDENT

QUESTION = Question(
    name="identity",
    ja="本人確認情報照会",
    meaning="Show one resident's identity information over Juki-net: name, birth date, sex, address and codes.",
    action="view",
    screen="national",
    shape=Shape.RESIDENT,
    parameters=(RESIDENT,),
    rows=lambda view: view.table(),
    system="JUKI",
)
