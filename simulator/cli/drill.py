"""``jukisim drill``: exercises for people."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import say, show

app = typer.Typer(
    help="Exercises for people: make a pack, grade what comes back, write the report.",
    no_args_is_help=True,
)
_DRILL = Annotated[Path, typer.Argument(help="Folder of a drill.")]
_KEY = Annotated[Path | None, typer.Option(help="Key file; without it DRILL.key beside the folder.")]


@app.command("list")
def list_() -> None:
    """List the drills that ship with the package.

    Example: jukisim drill list
    """
    from simulator import drill

    specs = [drill.load(name) for name in drill.names()]
    show({"drill": s.name, "題名": s.title.ja, "case": s.case.en, "questions": len(s.questions)} for s in specs)


@app.command()
def new(
    out: Annotated[Path, typer.Option(help="Folder to make; its key goes beside it.")],
    scenario: Annotated[str, typer.Option(help="Which drill; see jukisim drill list.")],
    difficulty: Annotated[int, typer.Option(help="1 to learn on, 2 as usual, 3 against careful people.")] = 2,
    minutes: Annotated[int, typer.Option(help="Length of the whole: briefing, search, write-up, debrief.")] = 90,
    team: Annotated[int, typer.Option(help="People in a team.")] = 4,
    teams: Annotated[int, typer.Option(help="How many teams: a workbook for each.")] = 5,
    lang: Annotated[str, typer.Option(help="Of the papers: ja or en.")] = "ja",
    seed: Annotated[
        int | None, typer.Option(help="For tests: whoever knows it can remake the answers. Without it one is drawn.")
    ] = None,
    residents: Annotated[int | None, typer.Option(help="Another size of the town, for the console.")] = None,
    days: Annotated[int | None, typer.Option(help="Another length of the log, for the console.")] = None,
) -> None:
    """Make a drill: brief, role cards, evidence, a workbook for each team, questions; answers and hints are sealed.

    Every pack is solved by its evidence alone before it is handed over; a town that cannot be is drawn anew. Nothing of
    what happened is in the folder but sealed; DRILL.key beside it opens it.

    Example: jukisim drill new --scenario kochi --out drill

    Example: jukisim drill new --scenario yokote --difficulty 1 --minutes 60 --teams 3 --lang en --out drill
    """
    from simulator import drill

    order = drill.order(
        scenario, seed=seed, difficulty=difficulty, minutes=minutes, team=team, teams=teams, lang=lang,
        residents=residents, days=days,
    )  # fmt: skip
    made = drill.make(order, out, lambda stage: say(f"  {stage}"))
    say(f"{out}: {len(made.questions)} questions, {made.manifest.rows['events']:,} events, {teams} workbooks.")
    say(f"Keep {drill.key_of(out)} from the teams: it opens the answers.")
