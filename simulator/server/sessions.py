"""Logging on and off as simulated staff."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response

from simulator.errors import UsageError
from simulator.live.answer import Answer
from simulator.live.question import LONGEST_TEXT
from simulator.schema.vocabulary import AUTH_METHODS
from simulator.server import openapi
from simulator.server.problems import UNAUTHORIZED, ProblemError, refusal
from simulator.server.state import State
from simulator.server.tokens import Holder

Handler = Callable[[Request], Awaitable[Response]]
_METHODS = [term.code for term in AUTH_METHODS]
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_TAKES = ("staff", "terminal", "auth_method", "credential")
_CREDENTIALS = ["right", "mistaken"]
_BODY: dict[str, Any] = {
    "type": "object", "required": ["staff"], "additionalProperties": False,
    "properties": {
        "staff": {**_TEXT, "description": "Staff number, such as S0123456."},
        "terminal": {**_TEXT, "description": "Terminal; the one at their desk if not given."},
        "auth_method": {"type": "string", "enum": _METHODS},
        "credential": {
            "type": "string", "enum": _CREDENTIALS,
            "description": "Nobody has a real one: say mistaken for a vein not read or a password mistyped.",
        },
    },
}  # fmt: skip
_SESSION = {
    "type": "object", "required": ["session", "staff", "section", "role", "terminal", "expires"],
    "properties": {
        "token": {"type": "string"}, "session": {"type": "integer"}, "staff": {"type": "string"},
        "section": {"type": "string"}, "role": {"type": "string"}, "terminal": {"type": "string"},
        "expires": {"type": "string"},
    },
}  # fmt: skip
_BEARER: dict[str, Any] = {"security": [{"bearer": []}]}


def add(app: FastAPI, state: State) -> None:
    """Add the routes of sessions."""

    async def log_on(request: Request) -> Response:
        from simulator.server.app import read_object  # noqa: PLC0415 - it adds these routes

        stated = _checked(await read_object(request))
        live, at = state.live, state.live.clock.now()
        try:
            member = live.office.member(stated["staff"])
            terminal = live.office.terminal(member, stated.get("terminal"))
        except UsageError:
            made = live.refuse_stranger(stated["staff"], stated.get("terminal"), stated.get("auth_method", "vein"))
            await state.keeper.keep(made.prepared)
            return _refused(state, made.answer)
        mistaken = stated.get("credential") == "mistaken"
        made, session = live.open_session(member, terminal, stated.get("auth_method", "vein"), mistaken=mistaken)
        await state.keeper.keep(made.prepared)
        if session is None:
            return _refused(state, made.answer)
        state.counted["log_on", "ok"] += 1
        token, holder = state.tokens.give(member, session, at)
        return _json({"token": token, **_told(holder)}, 201)

    async def who(request: Request) -> Response:
        holder = _holder(state, request)
        return UNAUTHORIZED.response() if holder is None else _json(_told(holder), 200)

    async def log_off(request: Request) -> Response:
        holder = _holder(state, request)
        if holder is None:
            return UNAUTHORIZED.response()
        made = state.live.log_off(holder.member, holder.session)
        state.tokens.take(request.headers["authorization"])
        await state.keeper.keep(made.prepared)
        return Response(status_code=204)

    shown = openapi.json_response("The session", _SESSION)
    sample = {"staff": "S0123456"}
    routes: tuple[tuple[Handler, str, str, int, dict[int | str, dict[str, Any]], dict[str, Any]], ...] = (
        (log_on, "POST", "Log on", 201, {201: shown, **openapi.problems(400, 403, 413, 422, 429, 503)},
         {"requestBody": openapi.body(_BODY, sample)}),
        (who, "GET", "Show the session", 200, {200: shown, **openapi.problems(401)}, _BEARER),
        (log_off, "DELETE", "Log off", 204, {204: {"description": "Over"}, **openapi.problems(401, 503)}, _BEARER),
    )  # fmt: skip
    for handler, method, words, status, responses, extra in routes:
        app.add_api_route(
            "/v1/session", handler, methods=[method], summary=words, operation_id=f"session_{method.lower()}",
            tags=["session"], status_code=status, response_class=Response, responses=responses, openapi_extra=extra,
        )  # fmt: skip


def _refused(state: State, answer: Answer) -> Response:
    """The same for a number that nobody has, one without account, and a terminal that is not there."""
    state.counted["log_on", answer.code] += 1
    return refusal(answer)


def _checked(stated: Mapping[str, Any]) -> dict[str, str]:
    for name, value in stated.items():
        if name not in _TAKES or not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
            raise _bad(name[:40])
    if "staff" not in stated:
        raise _bad("staff")
    for name, words in (("auth_method", _METHODS), ("credential", _CREDENTIALS)):
        if stated.get(name, words[0]) not in words:
            raise _bad(name)
    return dict(stated)


def _bad(name: str) -> ProblemError:
    right = (
        f"a log-on takes text: staff, and if need be terminal, auth_method, one of {', '.join(_METHODS)}, and "
        f"credential, {' or '.join(_CREDENTIALS)}"
    )
    return ProblemError(422, "bad_value", "A parameter is not right", f"{name}: {right}", {"parameter": name})


def _holder(state: State, request: Request) -> Holder | None:
    return state.tokens.holder(request.headers.get("authorization"), state.live.clock.now())


def _told(holder: Holder) -> dict[str, Any]:
    member, session = holder.member, holder.session
    return {
        "session": session.number, "staff": member.code, "section": member.section, "role": member.role,
        "terminal": session.terminal, "expires": holder.expires.isoformat(),
    }  # fmt: skip


def _json(content: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
