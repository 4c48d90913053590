"""Commands that make runs: demo and generate."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.ask import PassphraseFile, new_passphrase
from simulator.cli.output import Format, meter, progress, say, show

Jobs = Annotated[int, typer.Option(min=1, help="Workers; changes the speed and no byte.")]
CheckDigits = Annotated[
    str | None,
    typer.Option(help="How resident codes and My Numbers end: invalid (nobody's, the default) or valid."),
]
Collisions = Annotated[
    bool,
    typer.Option("--i-understand-collisions", help="Needed for valid: some numbers are living people's by chance."),
]
SEED_LIMIT = 2**128
DEMO_SEED = 2022


def generate(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a TOML file of your own.")],
    out: Annotated[
        str, typer.Option(help="Folder to make, or s3://bucket/run; OUT.truth and OUT.keys appear beside it.")
    ],
    seed: Annotated[
        int | None, typer.Option(min=0, max=SEED_LIMIT - 1, help="Published seed: it gives the labels away.")
    ] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Draw a secret seed; it is kept in OUT.truth only.")] = False,
    key: Annotated[Path | None, typer.Option(help="Pseudonym key file; without it the insecure default.")] = None,
    residents: Annotated[int | None, typer.Option(min=1, help="Residents instead of the scenario's number.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days instead of the scenario's number.")] = None,
    jobs: Jobs = 2,
    check_digits: CheckDigits = None,
    collisions: Collisions = False,
    rotate_every: Annotated[
        int | None, typer.Option(min=1, help="Days after which the log's pseudonyms get a new key version.")
    ] = None,
    seal: Annotated[
        bool, typer.Option("--seal", help="Seal the truth with a passphrase: OUT.truth.sealed, one file.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    only: Annotated[
        str | None, typer.Option(help="Municipalities to make, of the scenario's: six-digit codes with commas.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="local: processes of this machine, one municipality each; dask: a cluster's workers.")
    ] = "local",
    scheduler: Annotated[
        str | None, typer.Option(help="Address of the dask scheduler, such as tcp://10.0.0.5:8786.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Drop what an unfinished run left, and begin anew.")] = False,
) -> None:
    """Make a run of SCENARIO: registry, offices, audit log in OUT; the answer key in OUT.truth.

    A run that was killed or stopped goes on when the same command is given again, and gives the same bytes.

    Example: jukisim generate demo --seed 7 --out run

    Two municipalities of the nation: jukisim generate nation --seed 7 --only 492019,945030 --out two

    For a blind drill: jukisim generate demo --blind --seal --out run
    """
    from simulator import generation as maker

    instead = maker.Overrides(
        residents=residents, days=days, check_digits=check_digits, collisions_understood=collisions,
        rotate_every_days=rotate_every,
    )  # fmt: skip
    chosen = tuple(only.split(",")) if only else ()
    order = maker.order(scenario, seed=seed, blind=blind, key=key, jobs=jobs, instead=instead, only=chosen)
    order = dataclasses.replace(order, scheduler=maker.scheduler_for(engine, scheduler))
    if seal or passphrase_file:
        order = dataclasses.replace(order, seal=new_passphrase(f"{Path(out).name}.truth", passphrase_file))
    with meter() as told:
        made = maker.generate_at(order, out, told, fresh=fresh)
    say(f"{out}: {made.rows['event']:,} events, root {made.root[:16]}…")
    say(f"Keep {out}/checkpoint elsewhere: jukisim verify {out} --checkpoint FILE finds any later rewriting.")


def plan(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a TOML file of your own.")],
    residents: Annotated[int | None, typer.Option(min=1, help="Residents instead of the scenario's number.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days instead of the scenario's number.")] = None,
    only: Annotated[str | None, typer.Option(help="Municipalities, of the scenario's: codes with commas.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Workers, on this machine or a cluster.")] = 2,
    form: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.TABLE,
) -> None:
    """Say what a run of SCENARIO will cost before it is made: rows, bytes, CPU hours, memory of a worker.

    Example: jukisim plan nation --jobs 64
    """
    from simulator import forecast
    from simulator import generation as maker

    instead, wanted = maker.Overrides(residents=residents, days=days), tuple(only.split(",")) if only else ()
    order = maker.order(scenario, seed=0, instead=instead, only=wanted)
    show(forecast.forecast(order.scenario, order.codes, jobs).rows(), form)


def demo(
    out: Annotated[Path, typer.Option(help="Folder to make.")] = Path("demo"),
    seed: Annotated[int, typer.Option(min=0, max=SEED_LIMIT - 1, help="Another seed, another city.")] = DEMO_SEED,
    jobs: Jobs = 2,
) -> None:
    """Make a small city, let its offices work for 90 days, hide two kinds of misuse, look for them, and report.

    Everything is made up; nothing is fetched. It takes under a minute. Open OUT.report.html when it is done.
    """
    from simulator import demo as library

    with progress(library.stage_count()) as stage:
        shown = library.run(out, seed, jobs, stage)
    typer.echo(shown.words())
