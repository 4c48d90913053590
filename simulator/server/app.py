"""The application: sessions, one route for each question, health, metrics, the citizen's page."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import simulator
from simulator.errors import SimulatorError
from simulator.live import desk
from simulator.live.desk import Live
from simulator.live.question import BadValueError, Question
from simulator.live.questions import questions
from simulator.server import citizen, health, openapi, sessions
from simulator.server.keeping import Keeper
from simulator.server.problems import UNAUTHORIZED, ProblemError, of_error, refusal
from simulator.server.state import State
from simulator.server.tokens import Tokens

LONGEST_BODY = 65_536
"""Bytes of a request body; the longest that a question takes has a tenth of it."""
_DESCRIPTION = (
    "A synthetic resident register behind one gate. Log on as simulated staff (POST /v1/session), state a purpose, "
    "and ask. Every request leaves one audit event before it is answered. Nobody in it is real."
)
Handler = Callable[[Request], Awaitable[Response]]


class App(FastAPI):
    """FastAPI, whose questions are answered without its middleware, routing and dependencies: half of their cost.

    Attributes:
        questions: the handler of each question's path.
    """

    questions: dict[str, Handler]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a question at once, and all else as FastAPI does."""
        handler = self.questions.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if handler is None:
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await handler(request)
        except ProblemError as error:
            response = error.response()
        except SimulatorError as error:
            response = of_error(error).response()
        except Exception as error:
            await (await _unexpected(request, error))(scope, receive, send)
            raise
        await response(scope, receive, send)


def create_app(live: Live) -> FastAPI:
    """The application that serves `live`; it closes nothing."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        state.keeper = Keeper(live)
        yield
        await state.keeper.close()

    state = State(live, Tokens())
    app = App(
        title="jukisim", version=simulator.__version__, description=_DESCRIPTION, lifespan=lifespan,
        exception_handlers={
            ProblemError: _problem, SimulatorError: _error, HTTPException: _http, Exception: _unexpected,
        },
    )  # fmt: skip
    app.state.live = state
    app.questions = {}
    sessions.add(app, state)
    for question in questions().values():
        _add(app, state, question)
    health.add(app, state)
    citizen.add(app, state)
    _describe(app)
    return app


def _add(app: App, state: State, question: Question) -> None:
    path, handler = f"/v1/{question.name}", _handler(state, question)
    app.questions[path] = handler
    app.add_api_route(
        path,
        handler,
        methods=["POST"],
        name=question.name,
        operation_id=question.name,
        summary=question.ja,
        description=question.meaning,
        tags=["questions"],
        response_class=Response,
        responses={
            200: openapi.json_response("What was asked was shown or done", openapi.ANSWER),
            **openapi.problems(400, 401, 403, 404, 413, 422, 429, 503),
        },
        openapi_extra={
            "parameters": openapi.HEADERS,
            "requestBody": openapi.question_body(question),
            "security": [{"bearer": []}],
        },
    )


def _handler(state: State, question: Question) -> Handler:
    live, counted = state.live, state.counted

    async def handler(request: Request) -> Response:
        headers = request.headers
        holder = state.tokens.holder(headers.get("authorization"), live.clock.now())
        if holder is None:
            return UNAUTHORIZED.response()
        values = _stated(await read_object(request))
        stated = desk.Request(
            question=question.name, staff=holder.member.code, purpose=_purpose(headers.get("x-purpose")),
            values=values, case_no=headers.get("x-case-no"), grounds=headers.get("x-grounds"),
            terminal=holder.session.terminal, session=holder.session.number, system=headers.get("x-system"),
        )  # fmt: skip
        if posted := live.post.take(live):
            await state.keeper.keep(posted)
        made = live.make(stated)
        await state.keeper.keep(made.prepared)
        answer = made.answer
        counted[question.name, answer.code] += 1
        if not answer.granted:
            return refusal(answer)
        return Response(orjson.dumps(answer.to_dict()), media_type="application/json")

    return handler


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """`values`, none of which may be null: the schema of no parameter takes it."""
    for name, value in values.items():
        if value is None:
            raise BadValueError(name[:40], "is null; leave out what is not stated")
    return values


def _purpose(stated: str | None) -> str:
    if stated is None:
        raise ProblemError(400, "purpose_missing", "No purpose is stated", "state it in the header X-Purpose")
    return stated


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object that the body of `request` is.

    Raises:
        ProblemError: it is too long, or no JSON object.
    """
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LONGEST_BODY:
            raise ProblemError(413, "body_too_long", "The body is too long", f"at most {LONGEST_BODY} bytes")
    try:
        found = orjson.loads(bytes(content))
    except orjson.JSONDecodeError as error:
        raise ProblemError(400, "bad_json", "The body is not JSON", str(error)) from error
    if not isinstance(found, dict):
        raise ProblemError(
            400, "bad_json", "The body is not a JSON object", 'send an object such as {"kana": "サトウ"}'
        )
    return found


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - what it is registered for
    return error.response()


async def _error(_: Request, error: Exception) -> Response:
    assert isinstance(error, SimulatorError)  # noqa: S101 - what it is registered for
    return of_error(error).response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    response = ProblemError(error.status_code, f"http_{error.status_code}", str(error.detail)).response()
    response.headers.update(error.headers or {})
    if error.status_code == 405:  # noqa: PLR2004 - Method Not Allowed
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """The methods that the path of `request` has, over all its routes."""
    return {
        method
        for route in request.app.routes
        if getattr(route, "path", None) == request.scope["path"]
        for method in route.methods or ()
    }


async def _unexpected(_request: Request, _: Exception) -> Response:
    return ProblemError(500, "internal", "The server has a fault; nothing was shown").response()


def _describe(app: FastAPI) -> None:
    """Name the bearer scheme in the description."""
    made = app.openapi()
    made.setdefault("components", {})["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "Token of POST /v1/session, jks_…"}
    }
    app.openapi_schema = made
