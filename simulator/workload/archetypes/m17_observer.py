"""M17 privileged observer: those who may read the log read it about colleagues.

From outside: a look at the log's screen more, about a record that no sampling has drawn. It resembles the lawful
sampling of the log and the handling of an incident.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, Step, check_knobs, retarget
from simulator.workload.context import Context, Wish
from simulator.workload.moves import several

_LOG = Wish(needs=frozenset({"view"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 reads about up to `most_people`; 1 about one.
        most_people: colleagues at stealth 0, 1–20.
        sections: where the actor works: those who may read the log.
    """

    stealth: float = 0.5
    most_people: int = 6
    sections: tuple[str, ...] = ("audit",)

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 1, 20))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one watcher: what the log says about colleagues, in the place of samplings of the actor's own."""
    actors = ctx.staff(*p.sections)
    ctx.story.motive, ctx.story.relation = "curiosity", "colleague"
    known: list[int] | None = None
    for number in range(several(ctx, p.most_people, p.stealth)):
        taken = ctx.take(actors, wish=_LOG)
        if taken is None:
            return
        actors = [taken.staff_no]
        known = ctx.colleagues(taken.staff_no) if known is None else known
        if not known:
            return
        victim = known.pop(ctx.rng.below(len(known)))
        ctx.story.victims.append(victim)
        ctx.story.story_ja = f"操作履歴を点検する立場の職員が、点検を装って同僚{number + 1}人に関する履歴をのぞき見た。"
        ctx.story.story_en = f"One who samples the log read what it says about {number + 1} colleague(s)."
        stated, status = ctx.leave(taken, victim)
        for row in taken.steps:
            outcome = yield Step(retarget(row, victim, stated), row["request_no"], "watching", status)
            if not outcome.granted:
                break


ARCHETYPE = Archetype(
    name="M17",
    title_ja="特権者によるのぞき見",
    title_en="privileged observer",
    looks=__doc__,
    signals=("log read about colleagues", "no sampling of this resident"),
    sources=(
        "沼津市 2024–25: administrators watched colleagues' screens, 2,867 times in eight months",
        "京都市 2008: tax data read about an employee under posts given for it",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("tip", 7), ("log_check", 1)), (60, 600), (("suspension", 5), ("reprimand", 4))),
)
