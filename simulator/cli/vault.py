"""``jukisim vault``: a keyring that two of three holders open together, and folders sealed by a passphrase."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.ask import PassphraseFile, new_passphrase, passphrase
from simulator.cli.keys import rows
from simulator.cli.output import Format, say, show

if TYPE_CHECKING:
    from simulator.pseudonym import Passphrase

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep keys so that no one person has them: three holders, each with a passphrase, of whom any two open the "
    "vault. And seal folders, such as a run's truth, with one passphrase.",
)
Vault = Annotated[Path, typer.Argument(help="Folder of the vault.")]
Two = Annotated[list[str], typer.Option("--holder", help="A holder who opens it; given twice.")]
Files = Annotated[
    list[str] | None,
    typer.Option(help="NAME=FILE: private file with the passphrase of holder NAME; without it they are asked."),
]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]


def _given(files: list[str] | None) -> dict[str, Path]:
    pairs = (text.partition("=") for text in files or [])
    return {name: Path(file) for name, _, file in pairs}


def two_holders(names: list[str], files: list[str] | None) -> "dict[str, Passphrase]":
    """The passphrases of the holders `names`, from their `files` or asked for."""
    given = _given(files)
    return {name: passphrase(f"holder {name}", given.get(name)) for name in names}


@app.command()
def create(
    vault: Vault,
    ring: Annotated[Path, typer.Option(help="Keyring to put into it, such as RUN.keys/keyring.")],
    holder: Annotated[list[str], typer.Option(help="Name of a holder, such as a staff number; given three times.")],
    passphrase_file: Files = None,
) -> None:
    """Put a keyring into a new vault; each of three holders types a passphrase of their own.

    The keyring file is left where it is: delete it when the vault has been opened once.

    Example: jukisim vault create town.vault --ring run.keys/keyring --holder S0000001 --holder S0000002
    --holder S0000003
    """
    from simulator.pseudonym import vault as library
    from simulator.pseudonym.keyring import Keyring

    given, held = _given(passphrase_file), Keyring.load(ring)
    library.create(vault, held, {name: new_passphrase(f"holder {name}", given.get(name)) for name in holder})
    say(f"{vault}: any two of {', '.join(holder)} open it. Try it, then delete {ring}")


@app.command("show")
def show_vault(
    vault: Vault,
    holder: Annotated[list[str] | None, typer.Option(help="A holder who opens it; given twice.")] = None,
    passphrase_file: Files = None,
    form: Form = Format.TABLE,
) -> None:
    """Show who holds a share; opened by two holders, the versions of the keys: number, state, fingerprint.

    Example: jukisim vault show town.vault --holder S0000001 --holder S0000003
    """
    from simulator.pseudonym import vault as library

    if not holder:
        show(({"holder": name} for name in library.holders(vault)), form)
    else:
        show(rows(library.open_vault(vault, two_holders(holder, passphrase_file))), form)


@app.command()
def rotate(vault: Vault, holder: Two, passphrase_file: Files = None) -> None:
    """Give the keyring in the vault a new active version; the one before stays readable until it is retired.

    Example: jukisim vault rotate town.vault --holder S0000001 --holder S0000002
    """
    from simulator.pseudonym import PseudonymKey
    from simulator.pseudonym import vault as library

    two = two_holders(holder, passphrase_file)
    ring = library.open_vault(vault, two).rotate(PseudonymKey.generate())
    library.change(vault, ring, two)
    say(f"version {len(ring.versions)} is active")


@app.command()
def move(
    vault: Vault,
    version: Annotated[int, typer.Argument(help="Number of the version.")],
    state: Annotated[str, typer.Argument(help="retired or destroyed.")],
    holder: Two,
    passphrase_file: Files = None,
) -> None:
    """Retire a version of the keys in the vault, or destroy a retired one for good.

    Example: jukisim vault move town.vault 1 retired --holder S0000001 --holder S0000002
    """
    from simulator.errors import UnknownNameError
    from simulator.pseudonym import vault as library
    from simulator.pseudonym.keyring import State

    if state not in ("retired", "destroyed"):
        raise UnknownNameError("state", state[:20], ["retired", "destroyed"])
    two = two_holders(holder, passphrase_file)
    library.change(vault, library.open_vault(vault, two).move(version, State(state)), two)
    say(f"version {version} is {state}")


@app.command()
def seal(
    folder: Annotated[Path, typer.Argument(help="Folder to seal, such as RUN.truth or a drill's keys.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Seal a folder with a passphrase into FOLDER.sealed, one private file. The folder is left where it is.

    A sealed RUN.truth is scored as it is: jukisim score asks for the passphrase.

    Example: jukisim vault seal run.truth
    """
    from simulator.errors import MissingError
    from simulator.labels import CONTEXT
    from simulator.pseudonym import seal as library

    if not folder.is_dir():
        msg = f"{folder} is not a folder"
        raise MissingError(msg)
    sealed = folder.with_name(folder.name + ".sealed")
    library.lock_folder(folder, sealed, new_passphrase(folder.name, passphrase_file), CONTEXT)
    say(f"{sealed}: delete {folder} when the seal has been opened once")


@app.command()
def unseal(
    sealed: Annotated[Path, typer.Argument(help="File made by vault seal or generate --seal.")],
    out: Annotated[Path, typer.Option(help="Folder to make.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Open a sealed file into a new folder; a wrong passphrase or a changed bit writes nothing.

    Example: jukisim vault unseal run.truth.sealed --out opened
    """
    from simulator.labels import CONTEXT
    from simulator.pseudonym import seal as library

    library.unlock_folder(sealed, out, passphrase(sealed.name, passphrase_file), CONTEXT)
    say(str(out))
