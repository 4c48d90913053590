"""Commands on the table of rights: show a role's rules, explain one decision, see the matrix, check, export."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.output import Format, say, show

if TYPE_CHECKING:
    from simulator.access import Policy

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The table of rights: who may do what, and why.")
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
Folder = Annotated[
    Path | None, typer.Option("--policy", help="Folder of your own TOML files; the shipped one if not given.")
]
Role = Annotated[str, typer.Argument(help="Role, R01 to R23.")]
_REFUSED, _NOT_PASSED = 3, 4


class Export(StrEnum):
    """Forms of an exported policy."""

    CEDAR = "cedar"
    SCHEMA = "cedar-schema"
    ENTITIES = "cedar-entities"


def _policy(folder: Path | None) -> "Policy":
    from simulator.access import Policy

    return Policy.default() if folder is None else Policy.load(folder)


@app.command("show")
def show_role(role: Role, folder: Folder = None, form: Form = Format.TABLE) -> None:
    """Show every rule of a role: purposes, actions, reach, fields, limits.

    Example: jukisim policy show R17
    """
    rules = _policy(folder).rules_of(role)
    show((rule.row() for rule in rules), form)
    if not rules:
        say(f"{role} has no entitlement: every request is refused")


@app.command("explain")
def explain(
    role: Role,
    purpose: Annotated[str, typer.Argument(help="Purpose, such as property_tax.")],
    action: Annotated[str, typer.Argument(help="Action, such as view.")],
    folder: Folder = None,
) -> None:
    """Say which rule decides a request, with its limits and its legal basis; exit 3 if none allows it, and why not.

    Example: jukisim policy explain R06 property_tax unmask
    """
    from simulator.access.policy import why_not

    policy = _policy(folder)
    rule = policy.rule(role, purpose, action)
    if rule is None:
        say(f"refused: {why_not(policy, role, purpose, action)}")
        raise typer.Exit(_REFUSED)
    typer.echo(rule.page())


@app.command("matrix")
def matrix(
    purpose: Annotated[str | None, typer.Option(help="Only for this purpose, such as pension.")] = None,
    folder: Folder = None,
    form: Form = Format.TABLE,
) -> None:
    """Show at a glance which role may do what, and how far it reaches.

    Example: jukisim policy matrix --purpose resident_certificate
    """
    from simulator.access.policy import LEGEND
    from simulator.access.policy import matrix as rows

    show(rows(_policy(folder), purpose), form)
    say(LEGEND)


@app.command("check")
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of TOML files; the shipped one if not given.")] = None,
) -> None:
    """Check policy files: known words, one file a role, no cell with two rules, no rule that nobody could use.

    Exit 0: in order. Exit 2: a file does not hold. Exit 4: it holds, but rules cannot be meant as they are.
    """
    from simulator.access.policy import findings

    policy = _policy(folder)
    found = findings(policy)
    for each in found:
        typer.echo(each)
    if found:
        raise typer.Exit(_NOT_PASSED)
    say(f"in order: {len(policy.rules)} rules")


@app.command("export")
def export(
    form: Annotated[Export, typer.Option("--format", help="What to write.")] = Export.CEDAR,
    folder: Folder = None,
) -> None:
    """Write the table as a Cedar policy (or its schema or entities) to stdout, to be read or analysed elsewhere.

    Example: jukisim policy export --format cedar > policy.cedar
    """
    from simulator.access import cedar

    policy = _policy(folder)
    texts = {
        Export.CEDAR: lambda: cedar.to_cedar(policy),
        Export.SCHEMA: cedar.to_schema,
        Export.ENTITIES: cedar.to_entities,
    }
    typer.echo(texts[form](), nl=form is Export.ENTITIES)
