"""Commands that ask the register as a member of staff: one for each question, made from its declaration."""

import inspect
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.output import Format, say, show
from simulator.live.question import Kind, Parameter, Question
from simulator.live.questions import questions

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Ask a run's register as a member of staff: "
    "jukisim query RUN view RESIDENT --as S0123456 --purpose income_tax. "
    "Every request passes the gate and leaves an event in RUN.live. `jukisim query RUN staff` lists who you can be.",
)
_REFUSED, _NOT_FOUND, _FAILED = 3, "not_found", 1
_WAIT_S = 5.0
_TYPES: dict[Kind, Any] = {Kind.COUNT: int, Kind.FLAG: bool}
Form = Annotated[Format, typer.Option("--format", help="Form of the answer on stdout.")]
COMMON: dict[str, Any] = {
    "staff": Annotated[str, typer.Option("--as", help="Staff number, such as S0123456; `staff` lists them.")],
    "purpose": Annotated[str, typer.Option(help="Purpose (事務), such as income_tax; `jukisim policy show ROLE`.")],
    "case_no": Annotated[str | None, typer.Option("--case", help="Case number (受付番号), such as 2025-100001.")],
    "grounds": Annotated[str | None, typer.Option(help="Grounds (利用事由) where the screen prompts, as application.")],
    "terminal": Annotated[str | None, typer.Option(help="Terminal; the one at their desk if not given.")],
    "at": Annotated[str | None, typer.Option(help="When, as 2025-07-01T10:30; now, on a day after the run, if not.")],
    "form": Form,
}
_DEFAULTS = {"staff": ..., "purpose": ..., "form": Format.TABLE}


@app.callback()
def choose(
    ctx: typer.Context,
    run: Annotated[Path, typer.Argument(help="Folder of a run; RUN.keys must lie beside it.")],
    municipality: Annotated[str | None, typer.Option(help="Six digits; needed if the run has several.")] = None,
    database: Annotated[str | None, typer.Option(help="postgresql://… of register and live log.")] = None,
) -> None:
    """Ask a run's register as a member of staff, through the gate."""
    ctx.obj = {"run": run, "municipality": municipality, "database": database}


@app.command("staff")
def staff(ctx: typer.Context, form: Form = Format.TABLE) -> None:
    """List the staff of the office: whom you can ask as, with role, section and terminal."""
    from simulator.live.opening import office_of

    show(office_of(ctx.obj["run"], ctx.obj["municipality"]).rows(), form)


def _ask(asked: Question, ctx: typer.Context, values: dict[str, Any]) -> None:
    from simulator.live.desk import Live, Request

    stated = {parameter.name: values[parameter.name] for parameter in asked.parameters}
    request = Request(
        question=asked.name, staff=values["staff"], purpose=values["purpose"], case_no=values["case_no"],
        grounds=values["grounds"], terminal=values["terminal"],
        values={name: value for name, value in stated.items() if value is not None},
    )  # fmt: skip
    with Live.open(**ctx.obj, clock=_clock(values["at"]), wait_s=_WAIT_S) as live:
        answer = live.ask(request)
    _tell(answer, values)


def _clock(at: str | None) -> Any:
    from simulator.clock import JST, SimClock
    from simulator.errors import UsageError

    if at is None:
        return None
    try:
        stated = datetime.fromisoformat(at)
    except ValueError as error:
        msg = f"--at {at[:40]!r} is no time; write it as 2025-07-01T10:30"
        raise UsageError(msg) from error
    return SimClock(stated if stated.tzinfo else stated.replace(tzinfo=JST))


def _tell(answer: Any, values: dict[str, Any]) -> None:
    out = values.get("out")
    if answer.document is not None and out is not None:
        from simulator import storage

        storage.write_bytes(out, answer.document.encode())
    if values["form"] is Format.JSON:
        import json

        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1, default=str))
    elif answer.rows:
        show(answer.rows if values["form"] is Format.CSV else _readable(answer.rows), values["form"])
    _words(answer)


def _readable(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One record as lines of title and value; several without the columns that are empty in all."""
    from simulator.live.showing import TITLES

    if len(rows) == 1:
        return [{"項目": TITLES.get(n, n), "field": n, "value": v} for n, v in rows[0].items() if v is not None]
    held = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in held} for row in rows]


def _words(answer: Any) -> None:
    if answer.alert:
        say("【支援措置対象者】 a protection measure holds: the whereabouts must not reach the other party")
    if answer.hits is not None:
        say(f"{answer.hits} found, {len(answer.rows)} shown")
    for name, number in answer.numbers.items():
        say(f"{name} {number}")
    if not answer.granted:
        say(f"jukisim: {answer.ja} / {answer.en} (event {answer.event})")
        sys.exit(_FAILED if answer.code == _NOT_FOUND else _REFUSED)


def _parameter(parameter: Parameter) -> inspect.Parameter:
    words = f"{parameter.ja}. {parameter.meaning}"
    kind: Any = _TYPES.get(parameter.kind, str)
    positional = parameter.kind is Kind.RESIDENT and parameter.required
    option = typer.Option(f"--{parameter.name.replace('_', '-')}", help=words)
    annotation: Any = Annotated[kind, typer.Argument(help=words) if positional else option]
    if parameter.required:
        return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    optional: Any = Annotated[kind | None, option]
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=optional, default=None)


def _command(asked: Question) -> Callable[..., None]:
    def command(ctx: typer.Context, **values: Any) -> None:
        _ask(asked, ctx, values)

    own = [_parameter(parameter) for parameter in asked.parameters]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=_DEFAULTS.get(name))
        for name, kind in COMMON.items()
    ]
    common = [each.replace(default=inspect.Parameter.empty) if each.default is ... else each for each in common]
    if asked.document:
        out = Annotated[Path | None, typer.Option(help="Write the page to print to this HTML file.")]
        common.append(inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, annotation=out, default=None))
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    command.__signature__ = inspect.Signature([context, *own, *common])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (context, *own, *common)}
    command.__doc__ = f"{asked.ja}: {asked.meaning}"
    return command


for _name, _question in questions().items():
    app.command(_name)(_command(_question))
