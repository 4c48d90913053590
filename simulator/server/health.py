"""Whether the server is well, and what it has done: for probes and for Prometheus."""

import orjson
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from simulator.errors import SimulatorError
from simulator.server import openapi
from simulator.server.problems import of_error
from simulator.server.state import State

_HEALTH = {"type": "object", "required": ["status", "event"],
           "properties": {"status": {"const": "ok"}, "event": {"type": "integer"}}}  # fmt: skip


def add(app: FastAPI, state: State) -> None:
    """Add the routes of health and metrics."""

    async def healthy(_: Request) -> Response:
        try:
            state.live.journal.select("SELECT 1 AS one")
            state.live.register.base.connection.select("SELECT 1 AS one", {})
        except SimulatorError as error:
            return of_error(error).response()
        body = {"status": "ok", "event": state.live.journal.head.event_id}
        return Response(orjson.dumps(body), media_type="application/json")

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(_metrics(state))

    app.add_api_route(
        "/health", healthy, summary="Whether register and log can be used", operation_id="health", tags=["operation"],
        response_class=Response,
        responses={200: openapi.json_response("They can", _HEALTH), **openapi.problems(503)},
    )  # fmt: skip
    app.add_api_route(
        "/metrics", metrics, summary="Counters for Prometheus", operation_id="metrics", tags=["operation"],
        response_class=PlainTextResponse,
    )  # fmt: skip


def _metrics(state: State) -> str:
    lines = ["# TYPE jukisim_answers_total counter"]
    lines += [
        f'jukisim_answers_total{{question="{question}",code="{code}"}} {count}'
        for (question, code), count in sorted(state.counted.items())
    ]
    for name, value in (
        ("jukisim_events_total", state.keeper.events), ("jukisim_commits_total", state.keeper.commits),
    ):  # fmt: skip
        lines += [f"# TYPE {name} counter", f"{name} {value}"]
    return "\n".join([*lines, "# TYPE jukisim_tokens gauge", f"jukisim_tokens {len(state.tokens)}", ""])
