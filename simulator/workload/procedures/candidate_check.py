"""Check of who stands for office or holds it (公職の候補者・公職者の住所要件の確認).

A candidate for the assembly must have lived in the municipality for three months (公職選挙法10条); the electoral
section looks at it when papers are handed in, when a seat falls vacant, and when an objection is raised.

The rates are assumed, so that public figures come to the volume of domain.md 3.1 and 3.7.
"""

from simulator.workload.procedure import BY_PERSON, HISTORY, SEARCH, VIEW, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Known

PROCEDURE = Procedure(
    name="candidate_check",
    title_ja="公職の候補者・公職者の住所要件の確認",
    title_en="check of who stands for office or holds it",
    purpose="electoral_roll",
    system="MUNI",
    section="electoral",
    acts=(SEARCH, VIEW, HISTORY._replace(rate=0.6)),
    searches=BY_PERSON,
    source=Known((("politician", 1.0), ("official", 0.3)), Season(elections=25.0, counter=False), hours=None),
    prefix="EH",
)
