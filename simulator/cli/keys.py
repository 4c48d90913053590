"""``jukisim keys``: make, rotate and show the keys of pseudonyms. No command prints a key."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Keys of pseudonyms: make, rotate, show.")


@app.command()
def new(path: Annotated[Path, typer.Argument(help="Key file to make; readable by its owner only.")]) -> None:
    """Make a key file for jukisim generate --key."""
    from simulator.pseudonym import PseudonymKey

    key = PseudonymKey.generate()
    key.save(path)
    typer.echo(key.fingerprint)


@app.command()
def rotate(
    ring: Annotated[Path, typer.Argument(help="Keyring file; with --key a new one.")],
    key: Annotated[Path | None, typer.Option(help="Key file that a new keyring begins with.")] = None,
) -> None:
    """Give a keyring a new active version; the one before stays readable."""
    from simulator.pseudonym import PseudonymKey
    from simulator.pseudonym.keyring import Keyring

    if key:
        Keyring.of(PseudonymKey.load(key)).create(ring)
    rotated = Keyring.load(ring).rotate(PseudonymKey.generate())
    rotated.save(ring)
    typer.echo(f"version {len(rotated.versions)} is active", err=True)


@app.command()
def show(ring: Annotated[Path, typer.Argument(help="Keyring file.")]) -> None:
    """Show the versions of a keyring: number, state, fingerprint."""
    from simulator.pseudonym.keyring import Keyring

    for version in Keyring.load(ring).versions:
        typer.echo(f"{version.number}\t{version.state}\t{version.key.fingerprint if version.key else '-'}")
