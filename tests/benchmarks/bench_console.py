# ruff: noqa: T201 (a script that measures)
"""The console with five teams of four at once: how long an interaction takes; how long half a million events open.

python tests/benchmarks/bench_console.py [--events 500000] [--clients 20] [--seconds 40] [--think 4] [--real FOLDER]

The office is made up in columns (no truth, no run), or with --real played: the drill kochi with 30,000 residents for a
year, kept in FOLDER for the next time. Room, journal and pages are the real ones, in a process of its own on loopback.
Clients speak NiceGUI's protocol over WebSockets as a browser does: each thinks for `think` seconds on average, then
filters, turns the page, opens an event or marks it; an interaction ends when the changed element has come. Two real
browsers (Chromium) filter beside them, and their time includes drawing.
"""

import argparse
import ast
import asyncio
import html
import json
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import httpx
import polars as pl
import socketio

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
WORDS = ("佐藤", "鈴木 清", "S0000012", "高橋", "2025-0001", "渡辺", "T0", "伊藤 葵")
REAL_SEED = 9_500
_ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
_QUERY = re.compile(r"query: (\{.*?\}),\n", re.DOTALL)


def play(folder: Path) -> None:
    """Play a year of a town with half a million events as a drill does, and keep its evidence in `folder`."""
    from simulator import drill  # noqa: PLC0415
    from simulator.drill import making  # noqa: PLC0415

    order = drill.order("kochi", seed=REAL_SEED, difficulty=1, residents=30_000, days=365)
    cpu = time.process_time()
    town = making.play(order, order.seed)
    folder.mkdir(parents=True)
    for name, frame in town.tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    print(f"played: {town.evidence.events.height:,} events in {time.process_time() - cpu:.0f} CPU s")


def frames(events: int, real: Path | None):
    """The evidence, ready to be looked at: that in the folder `real`, or made up."""
    import made_evidence  # noqa: PLC0415

    from simulator.console import evidence  # noqa: PLC0415
    from simulator.drill.evidence import Evidence  # noqa: PLC0415

    if real is not None:
        return evidence.from_evidence(Evidence({p.stem: pl.scan_parquet(p) for p in real.glob("*.parquet")}))
    return made_evidence.made(events=events, staff=400, people=60_000, days=60)


def serve(folder: Path, events: int, told, real: Path | None) -> None:
    """Serve a made-up drill; tells port, codes and how long opening took."""
    import made_drill  # noqa: PLC0415 - in the server's process only

    from simulator.console import running  # noqa: PLC0415

    begin = time.perf_counter()
    room = made_drill.room(folder, teams=5, frames=frames(events, real))
    opening = time.perf_counter() - begin
    begin = time.perf_counter()
    room.frames.warm()
    room.start()
    serving = running.Serving(port=0, minutes=10)
    listening = running.listening(serving)
    told.send((listening.getsockname()[1], room.progress.codes, opening))
    asyncio.run(running.answer(running.Held(room, folder), listening, serving))


def filters(events: int, real: Path | None) -> None:
    """How long a filter takes alone, with its page and its chart: CPU and wall time, the least and the most of five."""
    from simulator.console import charts, search  # noqa: PLC0415
    from simulator.console.search import Filter  # noqa: PLC0415

    begin = time.perf_counter(), time.process_time()
    shown = frames(events, real)
    shown.warm()
    spent = time.perf_counter() - begin[0], time.process_time() - begin[1]
    print(f"{len(shown.events):,} events opened: {spent[0]:.1f} s wall, {spent[1]:.1f} CPU s")
    staff = str(shown.events["staff_code"][len(shown.events) // 2])
    for wanted in (Filter(), Filter(text="佐藤"), Filter(staff=staff), Filter(action="view", off_duty=True),
                   Filter(section="tax", case="without", order="dwell_s", descending=True)):  # fmt: skip
        taken = []
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            found = search.find(shown, wanted)
            search.page(shown, found, 2)
            charts.over_time(shown, found, "n")
            taken.append((time.process_time() - cpu, time.perf_counter() - wall))
        cpu_ms, wall_ms = (1_000 * min(column) for column in zip(*taken, strict=True))
        most_ms = 1_000 * max(wall for _, wall in taken)
        print(f"{cpu_ms:7.1f} ms CPU {wall_ms:7.1f}-{most_ms:.1f} ms wall  {len(found):7,} found  {wanted.plain()}")


class Client:
    """One member of a team, as their browser speaks."""

    def __init__(self, url: str, code: str, name: str) -> None:
        self.url, self.code, self.name = url, code, name
        self.taken: dict[str, list[float]] = {}
        self.waited: dict[int, asyncio.Event] = {}
        self.rows: list[dict] = []
        self.word = ""

    async def enter(self) -> None:
        """Sign in, load the page of the log, open the socket."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as web:
            await web.post("/sign-in", data={"code": self.code, "member": self.name})
            page = (await web.get("/log")).text
            cookies = "; ".join(f"{k}={v}" for k, v in web.cookies.items())
        self.elements = json.loads(html.unescape(_ELEMENTS.search(page)[1]))
        query = ast.literal_eval(_QUERY.search(page)[1]) | {"tab_id": self.name, "document_id": self.name}
        self.client_id = query["client_id"]
        self.socket = socketio.AsyncClient()
        self.socket.on("update", self._updated)
        address = "&".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in query.items())
        await self.socket.connect(f"{self.url}?{address}", socketio_path="/_nicegui_ws/socket.io",
                                  transports=["websocket"], headers={"Cookie": cookies})  # fmt: skip
        self._find()

    def _find(self) -> None:
        self.field = self._element(lambda e: e.get("props", {}).get("data-field") == "text")
        self.table = self._element(lambda e: "rows" in e.get("props", {}) and "columns" in e["props"])
        self.panel = self._element(lambda e: e.get("props", {}).get("id") == "detail")
        self.rows = self.elements[self.table]["props"]["rows"]

    def _element(self, fits) -> str:
        return next(key for key, element in self.elements.items() if fits(element))

    async def _updated(self, message: dict) -> None:
        for key, element in message.items():
            if key == self.table and element:
                self.rows = element["props"]["rows"]
            if element:
                self.elements[key] = element
            if key in self.waited:
                self.waited.pop(key).set()

    async def _do(self, kind: str, key: str, event: str, args: list, until: str) -> None:
        listener = next(e["listener_id"] for e in self.elements[key]["events"] if e["type"].startswith(event))
        self.waited[until] = came = asyncio.Event()
        begin = time.perf_counter()
        message = {"id": int(key), "client_id": self.client_id, "listener_id": listener}
        await self.socket.emit("event", message | {"args": [json.dumps(arg) for arg in args]})
        await asyncio.wait_for(came.wait(), 60)
        self.taken.setdefault(kind, []).append((time.perf_counter() - begin) * 1_000)

    async def act(self, draw: random.Random) -> None:
        """One interaction."""
        kind = draw.choices(("filter", "turn", "open", "order"), (4, 3, 3, 1))[0]
        if kind == "filter" or not self.rows:
            self.word = draw.choice([word for word in WORDS if word != self.word])  # the same again would ask nothing
            await self._do("filter", self.field, "update:", [self.word], self.table)
        elif kind == "open":
            row = draw.choice(self.rows)
            await self._do("open", self.table, "rowClick", [{}, row, 0], self.panel)
        else:
            pages = dict(self.elements[self.table]["props"]["pagination"])
            pages |= {"page": pages["page"] % 3 + 1} if kind == "turn" else {"sortBy": "staff_code", "page": 1}
            pages |= {"descending": draw.random() < 1 / 2}
            await self._do(kind, self.table, "request", [{"pagination": pages}], self.table)

    async def work(self, ready: asyncio.Barrier, seconds: float, think: float, seed: int) -> None:
        """Interact for so long, once everybody is there."""
        await ready.wait()
        draw, until = random.Random(seed), time.perf_counter() + seconds  # noqa: S311 - a load, no secret
        while time.perf_counter() < until:
            await asyncio.sleep(draw.expovariate(1 / think))
            await self.act(draw)


async def browse(url: str, code: str, ready: asyncio.Barrier, seconds: float, think: float) -> list[float]:
    """Filter in a real browser until the time is over; from the last key to the drawn count, in ms."""
    from playwright.async_api import async_playwright  # noqa: PLC0415

    taken: list[float] = []
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(f"{url}/sign-in")
        await page.fill("#code", code)
        await page.fill("#member", "browser")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#found")
        await ready.wait()
        until, turn = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            await asyncio.sleep(think)
            before, turn = await page.inner_text("#found"), turn + 1
            begin = time.perf_counter()
            await page.locator('[data-field="text"]').fill(WORDS[turn % len(WORDS)])
            await page.wait_for_function("t => document.querySelector('#found').innerText !== t", arg=before)
            taken.append((time.perf_counter() - begin) * 1_000)
        await browser.close()
    return taken


def cpu_s(pid: int) -> float:
    """User and system time of a process, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quantile(values: list[float], share: float) -> float:
    """The `share` quantile of `values`."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


async def measure(options: argparse.Namespace, port: int, codes: dict[str, str], pid: int) -> None:
    """Let everybody in, work, and print."""
    url = f"http://127.0.0.1:{port}"
    teams = [code for name, code in codes.items() if name]
    clients = [Client(url, teams[n % len(teams)], f"member {n}") for n in range(options.clients)]
    for client in clients:
        await client.enter()
    before = cpu_s(pid)
    ready = asyncio.Barrier(options.clients + options.browsers)
    browsers = [browse(url, teams[n], ready, options.seconds, options.think) for n in range(options.browsers)]
    working = [client.work(ready, options.seconds, options.think, seed) for seed, client in enumerate(clients)]
    done = await asyncio.gather(*working, *browsers)
    spent = cpu_s(pid) - before
    everything: list[float] = []
    for kind in ("filter", "turn", "order", "open"):
        values = [ms for client in clients for ms in client.taken.get(kind, [])]
        everything += values
        print(f"{kind:>8} {len(values):5} p50 {quantile(values, 0.5):7.1f} ms  p95 {quantile(values, 0.95):7.1f} ms")
    seen = [ms for values in done[len(working) :] for ms in values]
    for kind, values in (("all", everything), ("browsers", seen)):
        p50, p95, most = quantile(values, 0.5), quantile(values, 0.95), max(values, default=float("nan"))
        print(f"{kind:>8} {len(values):5} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms  max {most:7.1f} ms")
    print("in browsers 300 ms of it are the wait for the next key")
    print(f"server: {spent:.1f} CPU s for {len(everything) + len(seen)} interactions; load {os.getloadavg()[0]:.1f}")
    for client in clients:
        await client.socket.disconnect()


def main() -> None:
    """Serve, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind, given in (("events", int, 500_000), ("clients", int, 20), ("seconds", float, 40.0),
                              ("think", float, 4.0), ("browsers", int, 2)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind, default=given)
    parser.add_argument("--real", type=Path)
    options = parser.parse_args()
    if options.real is not None and not options.real.is_dir():
        play(options.real)
    filters(options.events, options.real)
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(Path(folder), options.events, there, options.real)
        )
        server.start()
        port, codes, opening = here.recv()
        print(f"opened in {opening:.1f} s by the server, and it answers")
        try:
            asyncio.run(measure(options, port, codes, server.pid))
        finally:
            server.kill()
            server.join()


if __name__ == "__main__":
    main()
