"""``jukisim drill``: exercises for people."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

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


@app.command("open")
def open_(
    pack: _DRILL,
    out: Annotated[Path | None, typer.Option(help="Folder for guide and injects, with answers.")] = None,
    hint: Annotated[int | None, typer.Option(help="Only a hint: the number of the question …")] = None,
    step: Annotated[int, typer.Option(help="… and which of its three.")] = 1,
    key: _KEY = None,
) -> None:
    """Open what is sealed, for the facilitator: guide with answers and timings, injects to hand out; or one hint alone.

    Example: jukisim drill open drill --out facilitator

    Example: jukisim drill open drill --hint 3 --step 1
    """
    from simulator import drill
    from simulator.drill.papers import write_guide
    from simulator.errors import UsageError
    from simulator.pseudonym import PseudonymKey

    opened = drill.open_pack(pack)
    if hint is not None:
        master = PseudonymKey.load(key or drill.key_of(pack))
        typer.echo(drill.open_hint(opened, opened.question(hint).number, step, master).of(opened.manifest.lang))
    elif out is None:
        raise UsageError("give --out FOLDER for the guide, or --hint N --step S for one hint")
    else:
        for path in write_guide(opened, drill.unseal(opened, key), out):
            say(str(path))


_MARKS = Annotated[Path | None, typer.Option(help="The facilitator's marks for the free words (drill marking).")]


@app.command()
def marking(
    pack: _DRILL,
    answers: Annotated[Path, typer.Option(help="Folder with the workbooks that the teams filled in.")],
    out: Annotated[Path, typer.Option(help="Workbook to make: words of every team, cells for marks.")],
) -> None:
    """Write the sheet on which a facilitator marks the teams' free words by the rubric; grade and report read it.

    Example: jukisim drill marking drill --answers handed-in --out marks.xlsx
    """
    from simulator import drill

    opened = drill.open_pack(pack)
    drill.write_marks(out, drill.read_folder(opened, answers), opened.manifest.lang)
    say(f"{out}: fill in the yellow cells, then: jukisim drill report {pack} --answers {answers} --marks {out}")


@app.command()
def grade(
    pack: _DRILL,
    answers: Annotated[Path, typer.Option(help="Folder with the workbooks that the teams filled in.")],
    marks: _MARKS = None,
    key: _KEY = None,
    form: Annotated[Format, typer.Option("--format", help="Of the table.")] = Format.TABLE,
) -> None:
    """Grade the teams' workbooks; every cell that cannot be read is named and the rest counts.

    Example: jukisim drill grade drill --answers handed-in

    Example: jukisim drill grade drill --answers handed-in --marks marks.xlsx
    """
    from simulator import drill

    opened = drill.open_pack(pack)
    grades = drill.grade_folder(opened, drill.unseal(opened, key), answers, marks)
    for one in grades:
        for cell in one.unread:
            say(f"{one.team}: {cell}")
    show((drill.summary_row(one) for one in grades), form)


@app.command()
def report(
    pack: _DRILL,
    answers: Annotated[Path, typer.Option(help="Folder with the workbooks that the teams filled in.")],
    out: Annotated[Path, typer.Option(help="Folder for report.html and report.docx.")],
    lang: Annotated[str | None, typer.Option(help="ja or en; without it that of the drill.")] = None,
    marks: _MARKS = None,
    key: _KEY = None,
) -> None:
    """Write the report after the exercise: one page for a superior, then teams beside machines, clues and lessons.

    Example: jukisim drill report drill --answers handed-in --out report
    """
    from simulator import drill

    opened = drill.open_pack(pack)
    secret = drill.unseal(opened, key)
    for path in drill.report(opened, secret, drill.grade_folder(opened, secret, answers, marks), out, lang=lang):
        say(str(path))


@app.command()
def export(
    pack: _DRILL,
    form: Annotated[str, typer.Option("--format", help="ctfd, bots or folder.")],
    out: Annotated[Path, typer.Option(help="Folder to make; answers and hints are open in it.")],
    key: _KEY = None,
) -> None:
    """Write the drill for another platform: CTFd challenges, scoreboard CSVs, or plain folders to hand out and to keep.

    Example: jukisim drill export drill --format ctfd --out challenges
    """
    from simulator import drill
    from simulator.drill.export import export as write

    opened = drill.open_pack(pack)
    paths = write(opened, drill.unseal(opened, key), form, out)
    say(f"{out}: {len(paths)} parts")
