"""``jukisim population``: look at any one resident of the nation without making the others."""

from typing import Annotated

import typer

from simulator.cli.make import DEMO_SEED, SEED_LIMIT
from simulator.cli.output import Format, say, show

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The people: any resident, tables of any size.")
Seed = Annotated[int, typer.Option(min=0, max=SEED_LIMIT - 1, help="Seed of the nation: the same as of a run.")]
Form = Annotated[Format, typer.Option("--format", help="Form on stdout; json keeps the parts apart.")]
Scenario = Annotated[str, typer.Option(help="Scenario whose window and population hold: a name or a TOML file.")]


@app.command("show")
def show_resident(
    municipality: Annotated[str | None, typer.Option(help="Six-digit code of a municipality.")] = None,
    index: Annotated[int | None, typer.Option(min=0, help="Which resident of it, from 0.")] = None,
    code: Annotated[str | None, typer.Option(help="Instead of both: a resident code, eleven digits.")] = None,
    residents: Annotated[int | None, typer.Option(min=1, help="Residents of each municipality.")] = None,
    seed: Seed = DEMO_SEED,
    scenario: Scenario = "demo",
    form: Annotated[
        Format, typer.Option("--format", help="Form on stdout; json keeps the parts apart.")
    ] = Format.TABLE,
) -> None:
    """Show one resident with household, address, kin and history; only the block they live in is made.

    Example: jukisim population show --municipality 482013 --index 12345
    """
    from simulator import scenario as scenarios

    entry = scenarios.load(scenario).nation(seed, residents).find(municipality, index, code)
    show([entry.parts] if form is Format.JSON else entry.rows(), form)
    say(entry.words)
