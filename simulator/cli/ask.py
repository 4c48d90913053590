"""How commands ask for what must not be seen: passphrases come by prompt or from a private file, never as arguments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.labels import AnswerKey
    from simulator.pseudonym import Passphrase

PassphraseFile = Annotated[
    Path | None,
    typer.Option(help="Private file (mode 600) whose first line is the passphrase; without it you are asked."),
]


def passphrase(of_what: str, file: Path | None = None) -> "Passphrase":
    """The passphrase that opens `of_what`."""
    from simulator.pseudonym import Passphrase

    return (
        Passphrase.read(file)
        if file
        else Passphrase.of(typer.prompt(f"Passphrase of {of_what}", hide_input=True, err=True))
    )


def new_passphrase(of_what: str, file: Path | None = None) -> "Passphrase":
    """A new passphrase for `of_what`: long enough, and typed twice the same."""
    from simulator.pseudonym import Passphrase

    if file:
        return Passphrase.read(file).require_strong()
    words = f"New passphrase of {of_what} (15 characters or more)"
    return Passphrase.of(typer.prompt(words, hide_input=True, confirmation_prompt=True, err=True)).require_strong()


def answer_key(path: Path, file: Path | None) -> "AnswerKey":
    """The answer key at `path`: a folder, or a sealed file whose passphrase is asked for or in `file`."""
    from simulator.labels import AnswerKey

    return AnswerKey.unlock(path, passphrase(path.name, file)) if path.is_file() else AnswerKey.open(path)
