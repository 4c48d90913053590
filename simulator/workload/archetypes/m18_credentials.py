"""M18 credentials of another (technique): a session left open, a borrowed or a temporary card.

From outside: the log names somebody who was at lunch, on leave or at another terminal. Episodes of other archetypes
use it by their switch `evade.session`; the answer key then names the culprit beside the one in the log. It resembles
the shared terminal of a small branch.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """No knobs of its own: other archetypes use it."""


ARCHETYPE = Archetype(
    name="M18",
    title_ja="他人の認証情報・端末の使用（手口）",
    title_en="credentials of another (technique)",
    looks=__doc__,
    signals=("operator at two terminals", "operator absent by the roster", "temporary card"),
    sources=(
        "船橋市 2007–12 and 平塚市 2017–22: sessions of others; 仙台市 2022–23: a temporary card",
        "佐賀県警 c. 2018: a colleague's password obtained by a lie",
    ),
    params=Params,
    kind=Kind.TECHNIQUE,
)
