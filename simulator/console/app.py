"""The console as a web application: who may come in, and the pages behind the door."""

import asyncio
import json
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse
from nicegui import ui
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator import drill, storage
from simulator.console.pages.here import Here
from simulator.console.pages.shell import Shell
from simulator.console.room import Room
from simulator.console.sign_in import page
from simulator.console.words import LANGUAGES

SEAT, LANGUAGE = "jukisim_seat", "jukisim_language"
_WRONG_CODE_WAIT_S = 0.7
_RECONNECT_S = 20.0
_Typed = Annotated[str, Form()]
_FAVICON = "🗂️"


def create_app(room: Room, reports: Path, hosts: frozenset[str]) -> FastAPI:
    """The application of a drill in progress.

    Args:
        room: the drill.
        reports: folder for the after-action reports.
        hosts: names under which a browser may reach it; others are refused, so no foreign page can lead here.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _doors(app, room, reports)
    _pages(room, reports)
    ui.run_with(
        app, title=room.pack.manifest.title.of(room.pack.manifest.lang), language="ja", tailwind=False,
        favicon=_FAVICON, reconnect_timeout=_RECONNECT_S, show_welcome_message=False, binding_refresh_interval=None,
    )  # fmt: skip
    app.add_middleware(_OwnHost, hosts=hosts)
    return app


def _language(request: Request, room: Room) -> str:
    chosen = request.cookies.get(LANGUAGE)
    return chosen if chosen in LANGUAGES else str(room.pack.manifest.lang)


def _doors(app: FastAPI, room: Room, reports: Path) -> None:
    @app.get("/sign-in")
    def sign_in(request: Request) -> HTMLResponse:
        return HTMLResponse(page(room.pack.manifest.title, _language(request, room), wrong=False))

    @app.post("/sign-in")
    async def signed_in(request: Request, code: _Typed, member: _Typed = "") -> Response:
        token = room.sit(code, member)
        if token is None:
            await asyncio.sleep(_WRONG_CODE_WAIT_S)
            words = page(room.pack.manifest.title, _language(request, room), wrong=True)
            return HTMLResponse(words, status_code=HTTPStatus.FORBIDDEN)
        answer = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
        answer.set_cookie(SEAT, token, httponly=True, samesite="strict", max_age=86_400)
        return answer

    @app.get("/leave")
    def leave(request: Request) -> Response:
        room.leave(request.cookies.get(SEAT, ""))
        answer = RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)
        answer.delete_cookie(SEAT)
        return answer

    @app.get("/language/{lang}")
    def language(lang: str, request: Request) -> Response:
        back = urlsplit(request.headers.get("referer", "/")).path or "/"
        answer = RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)
        answer.set_cookie(LANGUAGE, lang if lang in LANGUAGES else "ja", samesite="strict", max_age=30 * 86_400)
        return answer

    @app.get("/reports/{name}")
    def report(name: str, request: Request) -> Response:
        seat = room.seat(request.cookies.get(SEAT))
        known = {path.name: path for path in reports.iterdir()} if reports.is_dir() else {}
        if seat is None or not seat.facilitator or name not in known:
            return PlainTextResponse("not found", status_code=HTTPStatus.NOT_FOUND)
        return FileResponse(known[name])


def _pages(room: Room, reports: Path) -> None:
    @ui.page("/")
    @ui.page("/{_:path}")
    def console(request: Request) -> Response | None:
        seat = room.seat(request.cookies.get(SEAT))
        if seat is None:
            return RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)
        Shell(Here(room, seat, _language(request, room)), lambda: write_report(room, reports))
        return None


def write_report(room: Room, folder: Path) -> list[Path]:
    """Grade every team as it stands; the report, and what was found and how it was graded, go into `folder`.

    Raises:
        UsageError: the extra ``excel`` is not installed.
        StorageError: the disk would not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    grades = [room.grade(name) for name in room.progress.teams]
    told = [
        {"findings": asdict(room.findings(name)), "grade": asdict(grade)}
        for name, grade in zip(room.progress.teams, grades, strict=True)
    ]
    kept = folder / "grades.json"
    storage.write_bytes(kept, json.dumps(told, ensure_ascii=False, indent=1).encode())
    written = [*drill.report(room.pack, room.secret, grades, folder), kept]
    room.reported(path.name for path in written)
    return written


class _OwnHost:
    """Refuses requests for another host and sockets opened by another page."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and not self._own(scope):
            refused = PlainTextResponse("this console does not answer under that name", HTTPStatus.MISDIRECTED_REQUEST)
            if scope["type"] == "http":
                await refused(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(scope, receive, send)

    def _own(self, scope: Scope) -> bool:
        headers = {name: content.decode("latin-1") for name, content in scope["headers"]}
        origin = headers.get(b"origin")
        asked = headers.get(b"host", "")
        return (not self.hosts or _host(asked) in self.hosts) and (origin is None or urlsplit(origin).netloc == asked)


def _host(asked: str) -> str:
    return urlsplit(f"//{asked}").hostname or ""
