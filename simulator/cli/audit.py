"""Commands for auditors: heads and proofs of the log, its verification, statistics."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.output import Format, say, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.access.log import Checkpoint

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The audit log for auditors: proofs, signed heads, statistics."
)
Run = Annotated[Path, typer.Argument(help="Folder of a run (its public half).")]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
Out = Annotated[Path | None, typer.Option(help="File to write; stdout if not given.")]
Kept = Annotated[Path, typer.Option("--checkpoint", help="Head of the log that was kept elsewhere (audit head).")]
Signer = Annotated[str | None, typer.Option(help="Verifier key name+number+key: the head must be signed by it.")]
_NOT_PASSED = 4


@app.command("head")
def head(
    run: Run,
    municipality: Annotated[str | None, typer.Option(help="Six-digit code; needed if the run has several.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file: sign the head with it.")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Of the live log of what was asked since, not of the run.")
    ] = False,
    database: Annotated[str | None, typer.Option(help="postgresql://… that holds the live log; with --live.")] = None,
    out: Out = None,
) -> None:
    """Give the head of a log, to be kept elsewhere: size and root in C2SP checkpoint form, signed with --key.

    Example: jukisim audit head run --key city.key --out /mnt/elsewhere/head
    """
    from simulator.access import log
    from simulator.live import verification

    made = verification.seal_head(run, municipality, key, database) if live else log.seal_head(run, municipality, key)
    _give(made.content, out)
    if made.verifier:
        say(f"verifier key (for --signer): {made.verifier}")


@app.command("prove")
def prove(run: Run, event_id: Annotated[int, typer.Argument(help="The event.", min=0)], out: Out = None) -> None:
    """Prove that an event is in the log: a JSON file that can be checked without the run.

    Example: jukisim audit prove run 17 --out proof.json
    """
    import json

    from simulator.access import log

    _give((json.dumps(log.prove_event(run, event_id), indent=1) + "\n").encode(), out)


@app.command("consistency")
def consistency(
    run: Run,
    since: Annotated[Path, typer.Option(help="Older head of the same log.")],
    signer: Signer = None,
    out: Out = None,
) -> None:
    """Prove that the log as it is now begins with the log of an older head. Exit 4: it does not.

    Example: jukisim audit consistency run --since old-head --out growth.json
    """
    import json

    from simulator.access import log

    _give((json.dumps(log.prove_growth(run, _kept(since, signer)), indent=1) + "\n").encode(), out)


@app.command("check")
def check(
    proof: Annotated[Path, typer.Argument(help="Proof made by audit prove or audit consistency.")],
    checkpoint: Kept,
    signer: Signer = None,
) -> None:
    """Check a proof against a head that was kept elsewhere; the run is not needed. Exit 4: it does not hold.

    Example: jukisim audit check proof.json --checkpoint head --signer "$VERIFIER"
    """
    from simulator.access import log

    text = log.read_text(proof)
    _stop_if(log.check_proof(text, _kept(checkpoint, signer), str(proof)))
    for name, value in log.described(text).items():
        typer.echo(f"{name:10} {value}")
    say(f"{proof} holds")


@app.command("verify")
def verify(
    run: Run,
    checkpoint: Annotated[list[Path] | None, typer.Option(help="Head of a log that was kept elsewhere.")] = None,
    signer: Signer = None,
) -> None:
    """Hash every record of every log again; name the first broken batch of each. Exit 4: something was changed.

    Example: jukisim audit verify run --checkpoint head
    """
    from simulator.access import log

    heads = [_kept(path, signer) for path in checkpoint or ()]
    _stop_if(f"{place}: {what}" for place, what in log.verify_logs(run, heads))
    say(f"every record of every log of {run} is as it was sealed" + (", and the head that was kept." if heads else "."))


@app.command("statistics")
def statistics(
    run: Run,
    what: Annotated[str, typer.Argument(help="Name of a list; without it they are listed.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1_000_000, help="Most rows.")] = 20,
    form: Form = Format.TABLE,
) -> None:
    """Print the lists that an auditor reads: night and holiday, log-on failures, accesses, mass searches, numbers.

    Example: jukisim audit statistics run outside --top 10
    """
    from simulator.access import statistics as library
    from simulator.dataset import Dataset

    if not what:
        show(({"list": s.name, "一覧": s.ja, "meaning": s.meaning} for s in library.STATISTICS.values()), form)
        return
    days = (since.date() if since else None, until.date() if until else None)
    found = library.table(what, Dataset.open(run).scan("event"), top, days)
    show(found.to_dicts(), form)
    if found.is_empty():
        say(f"{library.STATISTICS[what].ja}: none ({library.STATISTICS[what].meaning})")


def _kept(path: Path, signer: str | None) -> "Checkpoint":
    from simulator.access import log

    return log.read_head(path, signer)


def _give(content: bytes, out: Path | None) -> None:
    from simulator import storage
    from simulator.errors import ExistsError

    if out is None:
        typer.echo(content.decode(), nl=False)
        return
    if out.exists():
        msg = f"{out} is already there; a head or proof that was kept is not overwritten"
        raise ExistsError(msg)
    storage.write_bytes(out, content)
    say(str(out))


def _stop_if(findings: "Iterable[str]") -> None:
    found = list(findings)
    for each in found:
        typer.echo(each)
    if found:
        raise typer.Exit(_NOT_PASSED)
