"""The tree of commands and the one place where an error becomes a line and an exit code.

Heavy imports stay inside the commands: ``--help`` must not load them.
"""

import sys
from collections.abc import Callable

import typer

from simulator import memory
from simulator.cli import (
    audit,
    certify,
    console,
    keys,
    live,
    look,
    make,
    policy,
    population,
    privacy,
    query,
    reidentify,
    use,
    vault,
)
from simulator.cli.bench import app as bench
from simulator.cli.bundle import bundle
from simulator.cli.divide import deliver, grow, split, subset
from simulator.cli.drill import app as drill
from simulator.cli.replay import replay
from simulator.cli.seed import seed
from simulator.cli.stream import stream
from simulator.errors import SimulatorError

app = typer.Typer(
    name="jukisim",
    help="A synthetic resident registry, its offices and its audit log, with the truth kept apart. "
    "Start with: jukisim demo",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    make.demo, make.generate, make.plan, look.inspect, look.verify, use.detect, use.score, use.export, split, subset,
    grow, stream, replay, seed, certify.certify, look.schema, look.doctor, bundle,
    live.disclose, live.serve,
)  # fmt: skip
for _command in _COMMANDS:
    app.command()(_command)
app.add_typer(look.scenarios, name="scenarios")
app.add_typer(look.archetypes, name="archetypes")
app.add_typer(population.app, name="population")
app.add_typer(policy.app, name="policy")
app.add_typer(audit.app, name="audit")
app.add_typer(bench, name="bench")
app.command()(deliver)
drill.command()(console.serve)
app.add_typer(drill, name="drill")
app.add_typer(keys.app, name="keys")
app.add_typer(privacy.app, name="privacy")
app.add_typer(reidentify.app, name="reidentify")
app.add_typer(vault.app, name="vault")
app.add_typer(query.app, name="query")

EXIT_INTERRUPTED = 130


def main() -> None:
    """Run a command; every expected failure is one line on stderr and an exit code of `simulator.errors`."""
    memory.thrifty()
    try:
        app()
    except SimulatorError as error:
        _stop(str(error), error.exit_code)
    except SystemExit as ending:  # Typer turns an interrupt into this code and says nothing
        if ending.code == EXIT_INTERRUPTED:
            _stop("stopped; nothing half-made was left under a final name", EXIT_INTERRUPTED)
        raise
    except OSError as error:
        _stop(f"{error.filename or 'the system'}: {error.strerror or error}", 1)


def _stop(line: str, code: int) -> None:
    typer.echo(f"jukisim: {line}", err=True)
    sys.exit(code)
