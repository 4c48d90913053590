"""The citizen's page: who looked at me. In Japanese, without script, to be printed."""

from urllib.parse import parse_qs

import jinja2
from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from simulator.errors import UsageError
from simulator.live import citizen
from simulator.live.disclosure import Disclosed
from simulator.server.state import State

_LONGEST_FORM = 1_000
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def add(app: FastAPI, state: State) -> None:
    """Add the page."""
    template = jinja2.Environment(
        loader=jinja2.PackageLoader("simulator.server", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("disclosure.html.j2")

    def page(status: int, told: Disclosed | None, message: str = "") -> Response:
        place = state.live.municipality
        on = state.live.clock.now()
        text = template.render(place=place, told=told, message=message, on=f"{on.year}年{on.month}月{on.day}日")
        return HTMLResponse(text, status, headers=_SAFE)

    async def form(_: Request) -> Response:
        return page(200, None)

    async def answer(request: Request) -> Response:
        code = await _code(request)
        if code is None:
            return page(400, None, "住民票コードを11桁の数字で入力してください。")
        try:
            told, prepared = citizen.make(state.live, code)
        except UsageError:
            return page(404, None, "該当する方が見つかりません。番号をお確かめください。")
        await state.keeper.keep(prepared)
        state.counted["disclosure", "ok"] += 1
        return page(200, told)

    app.add_api_route("/disclosure", form, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/disclosure", answer, methods=["POST"], include_in_schema=False, response_class=HTMLResponse)


async def _code(request: Request) -> str | None:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LONGEST_FORM:
            return None
    stated = parse_qs(content.decode("utf-8", "replace")).get("code", [""])[0]
    digits = "".join(stated.split()).replace("-", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) == 11 else None  # noqa: PLR2004 - 住民票コード
