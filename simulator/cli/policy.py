"""Commands on the table of rights: show a role's rules, explain one decision, check the files."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The table of rights: who may do what, and why.")
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
_REFUSED = 3


@app.command("show")
def show_role(
    role: Annotated[str, typer.Argument(help="Role, R01 to R23.")],
    form: Form = Format.TABLE,
) -> None:
    """Show every rule of a role: purposes, actions, reach, fields, limits."""
    from simulator.access import Policy

    rules = Policy.default().rules_of(role)
    show((rule.row() for rule in rules), form)
    if not rules:
        say(f"{role} has no entitlement: every request is refused")


@app.command("explain")
def explain(
    role: Annotated[str, typer.Argument(help="Role, R01 to R23.")],
    purpose: Annotated[str, typer.Argument(help="Purpose, such as property_tax.")],
    action: Annotated[str, typer.Argument(help="Action, such as view.")],
) -> None:
    """Say which rule decides a request, with its limits and its legal basis. Exit 3 if none allows it."""
    from simulator.access import Policy

    rule = Policy.default().rule(role, purpose, action)
    if rule is None:
        say(f"refused: no rule lets {role} {action} for {purpose}")
        raise typer.Exit(_REFUSED)
    typer.echo(rule.page())


@app.command("check")
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of TOML files; the shipped one if not given.")] = None,
) -> None:
    """Check policy files: one file a role, no cell with two rules, only known words."""
    from simulator.access import Policy

    policy = Policy.default() if folder is None else Policy.load(folder)
    say(f"in order: {len(policy.rules)} rules")
