"""``jukisim reidentify``: who stands behind a pseudonym, by dual control, every act in the live log."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.output import Format, say, show
from simulator.cli.query import _clock
from simulator.cli.vault import Files, two_holders

if TYPE_CHECKING:
    from simulator.live.desk import Live
    from simulator.pseudonym.keyring import Keyring

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Learn who a pseudonym stands for. Somebody asks, two different supervisors approve within 24 hours, one "
    "answer is given. Break-glass opens it to one person for an hour and must be reviewed before the next. Every act, "
    "refused ones too, stands in RUN.live and in what jukisim disclose tells the citizen.",
)
Run = Annotated[Path, typer.Argument(help="Folder of a run; RUN.keys must lie beside it.")]
As = Annotated[str, typer.Option("--as", help="Staff number of who does it; jukisim query RUN staff lists them.")]
Number = Annotated[str, typer.Argument(help="Number of the inquiry (R0001) or break-glass (G0001).")]
Pseudonym = Annotated[str, typer.Argument(help="The 26 characters.")]
Kind = Annotated[str, typer.Option(help="resident, household or staff.")]
Town = Annotated[str | None, typer.Option(help="Six digits; needed if the run has several municipalities.")]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
At = Annotated[
    str | None, typer.Option(help="When it is done, as 2025-07-01T10:30; now on the run's days if not given.")
]


def _open(run: Path, municipality: str | None, at: str | None) -> "Live":
    from simulator.live.desk import Live

    return Live.open(run, municipality=municipality, clock=_clock(at), wait_s=5.0)


@app.command()
def request(
    run: Run,
    pseudonym: Pseudonym,
    staff: As,
    purpose: Annotated[str, typer.Option(help="Code of the purpose, as audit or public_request.")],
    case: Annotated[str, typer.Option(help="Number of the case.")],
    basis: Annotated[str, typer.Option(help="Legal basis, as 個人情報の保護に関する法律69条.")],
    kind: Kind = "resident",
    realm: Annotated[str | None, typer.Option(help="Realm of the pseudonym; the audit log's if not given.")] = None,
    municipality: Town = None,
    at: At = None,
) -> None:
    """Ask who a pseudonym stands for; prints the number of the inquiry.

    Example: jukisim reidentify request run 14GZQ65V021AGGE6S0NADHWBY0 --as S0001234 --purpose audit --case A-17
    --basis 監査規程5条
    """
    from simulator import reidentify

    asked = reidentify.Asked(
        pseudonym=pseudonym, purpose=purpose, case_no=case, legal_basis=basis, kind=kind, realm=realm
    )
    with _open(run, municipality, at) as live:
        made = reidentify.request(live, staff, asked)
    typer.echo(made.number)
    say("Two different supervisors must approve within 24 hours: jukisim reidentify approve")


@app.command()
def approve(run: Run, number: Number, staff: As, municipality: Town = None, at: At = None) -> None:
    """Approve an inquiry: by a supervisor who did not ask and has not approved it yet.

    Example: jukisim reidentify approve run R0001 --as S0000009
    """
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        made = reidentify.approve(live, staff, number)
        say(f"{made.number}: {made.state(live.clock.now())}")


@app.command()
def answer(
    run: Run,
    number: Number,
    staff: As,
    vault: Annotated[Path | None, typer.Option(help="Vault with the keys, instead of those of the run.")] = None,
    holder: Annotated[list[str] | None, typer.Option(help="Holder who opens the vault; given twice.")] = None,
    municipality: Town = None,
    at: At = None,
) -> None:
    """Give the one answer to an approved inquiry, to who asked: the identifier on stdout, shown once, logged nowhere.

    With --vault the approvers open it: their staff numbers are the names of its holders.

    Example: jukisim reidentify answer run R0001 --as S0001234
    """
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        ring = _ring(vault, holder or [], number, live) if vault else None
        _tell(reidentify.answer(live, staff, number, ring))


def _ring(vault: Path, names: list[str], number: str, live: "Live") -> "Keyring":
    from simulator.cli.ask import passphrase
    from simulator.pseudonym.errors import ApprovalError
    from simulator.pseudonym.vault import open_vault
    from simulator.reidentify import Ledger

    if sorted(names) != sorted(Ledger.read(live).inquiry(number).approvers):
        raise ApprovalError("the holders who open the vault are the two who approved; name both with --holder")
    return open_vault(vault, {name: passphrase(f"holder {name}") for name in names})


def _tell(found: str | None) -> None:
    if found is None:
        say("nobody of this register has that pseudonym")
        raise typer.Exit(1)
    typer.echo(found)


@app.command("break-glass")
def break_glass(
    run: Run,
    staff: As,
    incident: Annotated[str, typer.Option(help="Number of the incident.")],
    reason: Annotated[str, typer.Option(help="Why there is no time for approvals.")],
    municipality: Town = None,
    at: At = None,
) -> None:
    """Open re-identification to yourself alone, for 60 minutes; prints its number. Somebody else must review it.

    Example: jukisim reidentify break-glass run --as S0001234 --incident I-3 --reason 行方不明者の捜索
    """
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        made = reidentify.break_glass(live, staff, incident=incident, reason=reason)
    typer.echo(made.number)
    say("Open for 60 minutes. No other use is possible until it is reviewed: jukisim reidentify review")


@app.command("glass-answer")
def glass_answer(
    run: Run, number: Number, pseudonym: Pseudonym, staff: As, kind: Kind = "resident", municipality: Town = None,
    at: At = None,
) -> None:  # fmt: skip
    """Learn who a pseudonym stands for under break-glass; each use is recorded.

    Example: jukisim reidentify glass-answer run G0001 14GZQ65V021AGGE6S0NADHWBY0 --as S0001234
    """
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        _tell(reidentify.glass_answer(live, staff, number, pseudonym, kind=kind))


@app.command()
def review(
    run: Run,
    number: Number,
    staff: As,
    finding: Annotated[str, typer.Option(help="What was found: was the use called for?")],
    municipality: Town = None,
    at: At = None,
) -> None:
    """Review and end a use of break-glass: by a supervisor who is not the one who broke it.

    Example: jukisim reidentify review run G0001 --as S0000009 --finding 妥当
    """
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        made = reidentify.review(live, staff, number, finding)
    say(f"{made.number}: reviewed")


@app.command()
def crosswalk(
    run: Run,
    staff: As,
    vault: Annotated[Path, typer.Option(help="Vault with the keys; its holders are named by staff number.")],
    holder: Annotated[list[str], typer.Option(help="A supervisor who opens the vault; given twice.")],
    case: Annotated[str, typer.Option(help="Number of the case.")],
    basis: Annotated[str, typer.Option(help="Legal basis, as 監査規程5条.")],
    version: Annotated[list[int], typer.Option(help="Number of a key version; given twice or more.")],
    kind: Kind = "resident",
    passphrase_file: Files = None,
    municipality: Town = None,
    at: At = None,
    form: Form = Format.TABLE,
) -> None:
    """Say which pseudonyms of two key versions mean the same person: one row each on stdout, kept nowhere.

    It undoes what rotation is for: two supervisors who did not ask open the vault, and the live log keeps who and why.

    Example: jukisim reidentify crosswalk run --as S0001234 --vault town.vault --holder S0000001 --holder S0000002
    --case A-17 --basis 監査規程5条 --version 1 --version 2 --format csv
    """
    from simulator import reidentify

    walk = reidentify.Walk(versions=tuple(version), case_no=case, legal_basis=basis, kind=kind)
    with _open(run, municipality, at) as live:
        found = reidentify.crosswalk(live, staff, walk, vault, two_holders(holder, passphrase_file))
    show(found.iter_rows(named=True), form)


@app.command("list")
def listing(
    run: Run,
    municipality: Town = None,
    at: At = None,
    form: Form = Format.TABLE,
) -> None:
    """List every inquiry and use of break-glass, and where it stands."""
    from simulator import reidentify

    with _open(run, municipality, at) as live:
        show(reidentify.listing(live), form)
