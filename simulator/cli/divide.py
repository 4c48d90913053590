"""``jukisim split``, ``subset``, ``grow``, ``deliver``: parts to learn from, smaller and longer runs, faulty logs."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, progress, say, show


def split(
    runs: Annotated[list[Path], typer.Argument(help="One run, or for --how seed at least three, the last to test on.")],
    out: Annotated[Path, typer.Option(help="Folder to make; the test part's labels go to OUT.truth.")],
    how: Annotated[str, typer.Option(help="temporal, operator, seed or archetype. By rows is refused.")] = "temporal",
    hold_out: Annotated[list[str] | None, typer.Option(help="Archetype that the learning parts do not hold.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Split runs for learning: train and validation with labels, test without; bench.toml says what may be opened.

    Examples: jukisim split run --out parts  ·  jukisim split run --how archetype --hold-out M12 --out parts
    """
    from simulator import split as library
    from simulator.dataset import Dataset
    from simulator.labels import AnswerKey

    keys = [AnswerKey.open(run.with_name(f"{run.name}.truth")) for run in runs]
    counts = library.split([Dataset.open(run) for run in runs], keys, how, out, hold_out or [])
    show(
        (
            {"part": name, "events": count, "labels": "no" if name == "test" else "yes"}
            for name, count in counts.items()
        ),
        form,
    )
    say(f"In Python: from simulator.split import load_split; part = load_split({str(out)!r}, 'train')")


def subset(
    run: Annotated[Path, typer.Argument(help="Folder of a run; its keys must lie beside it.")],
    out: Annotated[Path, typer.Option(help="Folder to make; OUT.truth and OUT.keys appear beside it.")],
    district: Annotated[list[int] | None, typer.Option(help="Number of a district; again for each.")] = None,
    share: Annotated[float | None, typer.Option(help="Share of the households instead, such as 0.1.")] = None,
) -> None:
    """Make a smaller run: some districts or a share of the households, with all whom their records need.

    Register, log, cases, labels and keys stay consistent; pseudonyms and event numbers are those of RUN. The same
    share gives the same households, and a smaller share a part of them.

    Examples: jukisim subset run --district 1 --out north  ·  jukisim subset run --share 0.1 --out tenth
    """
    from simulator.dataset import Dataset
    from simulator.subset import Choice
    from simulator.subset import subset as library

    made = library(Dataset.open(run), Choice(districts=tuple(district or ()), share=share), out)
    (people, all_people), (events, all_events) = made.residents, made.events
    say(f"{out}: {people:,} of {all_people:,} residents, {events:,} of {all_events:,} events")


def grow(
    run: Annotated[Path, typer.Argument(help="Folder of a run; its truth and keys must lie beside it. It stays.")],
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months are added.")],
    out: Annotated[Path, typer.Option(help="Folder to make; OUT.truth and OUT.keys appear beside it.")],
    stories: Annotated[
        bool,
        typer.Option("--stories", help="Play what the scenario counts (episodes = N) once more; rates go on."),
    ] = False,
) -> None:
    """Make a longer run: some months more, going on from the state in which RUN ends, without changing what is there.

    Earlier files, rows, ids, pseudonyms and labels stay byte for byte; files are added for the new days, and the log
    goes on: jukisim audit consistency proves it against a checkpoint of RUN. The register moves on, the office keeps
    its posts (no transfers of 1 April, no renewal of protection measures), and numbers follow on the last ones.

    Example: jukisim grow run --months 3 --out longer
    """
    from simulator import growth as library
    from simulator.dataset import Dataset

    source = Dataset.open(run)
    with progress(len(source.manifest.logs) * (len(library.STAGES) - 1) + 1) as stage:
        made = library.grow(source, months, out, stage, stories=stories)
    say(f"{out}: {made.window.start} to {made.window.end}, {made.events:,} events more, root {made.run.root[:16]}…")


def deliver(
    run: Annotated[Path, typer.Argument(help="Folder of a run; nothing in it changes.")],
    out: Annotated[Path, typer.Option(help="Folder to make; which faults there are goes to OUT.truth.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of the faults; whoever has it can remake them.")],
    clocks: Annotated[int, typer.Option(min=0, max=50, help="Terminals whose clock is wrong.")] = 2,
    shared: Annotated[int, typer.Option(min=0, max=50, help="Counter terminals that record no operator.")] = 1,
    gaps: Annotated[int, typer.Option(min=0, max=50, help="Lost spans of one to three hours.")] = 2,
    breaks: Annotated[int, typer.Option(min=0, max=50, help="Records changed after they were linked.")] = 1,
    renamed: Annotated[int, typer.Option(min=0, max=50, help="Operators who get another id.")] = 2,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Hand the log over as the source systems would: with wrong clocks, lost hours, shared terminals, broken chains.

    The run stays whole; OUT/source joins with its log by event_id. The table printed is what can be found in OUT
    without knowing the faults.

    Example: jukisim deliver run --seed 7 --out delivered
    """
    from simulator import delivery as library
    from simulator.dataset import Dataset

    dataset = Dataset.open(run)
    wish = library.DeliverySpec(clocks=clocks, shared=shared, gaps=gaps, breaks=breaks, renamed=renamed)
    faults = library.deliver(dataset, wish, seed, out)
    show(({"place": f.place, "finding": f.what} for f in library.examine(out, dataset)), form)
    say(f"{out}: {faults.height} faults, told in {out}.truth/fault.parquet")
