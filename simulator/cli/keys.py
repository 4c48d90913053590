"""``jukisim keys``: make, rotate, show, retire and destroy the keys of pseudonyms. No command prints a key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.output import Format, say, show

if TYPE_CHECKING:
    from simulator.pseudonym.keyring import Keyring

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keys of pseudonyms. A key file (keys new) starts a run: jukisim generate --key. The run keeps a keyring, "
    "RUN.keys/keyring, whose versions go pending, active, read-only, retired, destroyed. No command prints a key.",
)
Ring = Annotated[Path, typer.Argument(help="Keyring file, such as RUN.keys/keyring.")]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
Version = Annotated[int, typer.Argument(help="Number of the version, as keys show lists it.")]


@app.command()
def new(path: Annotated[Path, typer.Argument(help="Key file to make; readable by its owner only.")]) -> None:
    """Make a key file for jukisim generate --key; prints its fingerprint, which tells nothing of the key.

    Example: jukisim keys new town.key
    """
    from simulator.pseudonym import PseudonymKey

    key = PseudonymKey.generate()
    key.save(path)
    typer.echo(key.fingerprint)
    say(f"{path}: keep it apart from the runs made with it; whoever has both can undo every pseudonym")


@app.command()
def rotate(
    ring: Annotated[Path, typer.Argument(help="Keyring file; with --key a new one.")],
    key: Annotated[Path | None, typer.Option(help="Key file that a new keyring begins with.")] = None,
) -> None:
    """Give a keyring a new active version; the one before stays readable until it is retired.

    Example: jukisim keys rotate run.keys/keyring
    """
    from simulator.pseudonym import PseudonymKey
    from simulator.pseudonym.keyring import Keyring

    if key:
        Keyring.of(PseudonymKey.load(key)).create(ring)
    rotated = Keyring.load(ring).rotate(PseudonymKey.generate())
    rotated.save(ring)
    say(f"version {len(rotated.versions)} is active")


@app.command("show")
def show_ring(ring: Ring, form: Form = Format.TABLE) -> None:
    """Show the versions of a keyring: number, state, fingerprint.

    Example: jukisim keys show run.keys/keyring
    """
    from simulator.pseudonym.keyring import Keyring

    show(rows(Keyring.load(ring)), form)


def rows(ring: "Keyring") -> list[dict[str, int | str | None]]:
    """A keyring as rows, without its keys."""
    return [
        {"version": v.number, "state": str(v.state), "fingerprint": v.key.fingerprint if v.key else None}
        for v in ring.versions
    ]


@app.command()
def retire(ring: Ring, version: Version) -> None:
    """End the overlap: pseudonyms of this version can no longer be made or looked up, nor people told of older uses.

    Example: jukisim keys retire run.keys/keyring 1
    """
    from simulator.pseudonym.keyring import Keyring, State

    Keyring.load(ring).move(version, State.RETIRED).save(ring)
    say(f"version {version} is retired")


@app.command()
def destroy(
    ring: Ring,
    version: Version,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy the key of a retired version for good: nobody can ever undo its pseudonyms with this keyring.

    Copies of the file that somebody kept, a key file given to generate, and the insecure default are beyond reach.

    Example: jukisim keys destroy run.keys/keyring 1
    """
    from simulator.pseudonym.keyring import Keyring, State

    found = Keyring.load(ring).move(version, State.DESTROYED)
    if not yes:
        typer.confirm(f"Destroy the key of version {version} for good?", abort=True, err=True)
    found.save(ring)
    say(f"version {version} is destroyed")
