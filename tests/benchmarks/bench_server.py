# ruff: noqa: T201 (a script that measures)
"""The HTTP face under load: requests a second, p50 and p99, and the server's CPU for each, beside a bare FastAPI route.

PYTHONPATH=tests/support python tests/benchmarks/bench_server.py [RUN] [--seconds 10] [--rate 200] [--residents 20000]
    [--database sqlite|postgresql|both]

Without RUN a run of as many residents is made in a temporary folder; of a million it takes some minutes. PostgreSQL is
a server of its own that forces every commit to disk, as SQLite does; its CPU is told beside that of our process. The
server is a process of its own on loopback and stops by itself; requests are sent at a fixed rate, so that a slow answer
does not slow the next, and then as fast as four clients can. `bare` is a FastAPI route that answers with a JSON of the
same length and does nothing else.
"""

import argparse
import asyncio
import functools
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import served_postgres

from simulator import seed
from simulator.dataset import Dataset
from simulator.live.desk import Live

BARE = """
import sys, uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response
app = FastAPI()
body = b"x" * 420
@app.post("/bare")
async def bare(request: Request) -> Response:
    await request.body()
    return Response(body, media_type="application/json")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""
PORT = 8483
STATED = {"X-Purpose": "resident_certificate", "X-Case-No": "2025-100001", "X-Grounds": "application"}


def cpu_s(pid: int, *, ended: bool = False) -> float:
    """User and system time of a process, in seconds; with that of its children who have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK")


async def paced(client: httpx.AsyncClient, make, rate: float, seconds: float) -> list[float]:
    """Latencies in ms of requests sent at `rate` a second; a request's time begins when it is due."""
    taken: list[float] = []
    begin = time.perf_counter()

    async def one(due: float) -> None:
        found = await client.send(make())
        assert found.status_code == 200, found.text
        taken.append((time.perf_counter() - due) * 1_000)

    tasks = []
    for number in range(int(rate * seconds)):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    return sorted(taken)


async def flat_out(client: httpx.AsyncClient, make, seconds: float, clients: int = 4) -> int:
    """How many requests `clients` get answered, one after another, in `seconds`."""
    end, done = time.perf_counter() + seconds, 0

    async def some() -> None:
        nonlocal done
        while time.perf_counter() < end:
            found = await client.send(make())
            assert found.status_code == 200, found.text
            done += 1

    await asyncio.gather(*(some() for _ in range(clients)))
    return done


async def measure(name: str, client: httpx.AsyncClient, pid: int, make, load: tuple[float, float]) -> dict[str, object]:
    """One line of the table; `load` is the rate a second and for how many seconds."""
    rate, seconds = load
    await paced(client, make, rate, 1)
    before = cpu_s(pid)
    taken = await paced(client, make, rate, seconds)
    paced_us = (cpu_s(pid) - before) / len(taken) * 1e6
    before = cpu_s(pid)
    done = await flat_out(client, make, seconds)
    busy_us = (cpu_s(pid) - before) / done * 1e6
    quantile = {f"p{q}_ms": round(taken[min(len(taken) - 1, len(taken) * q // 100)], 2) for q in (50, 99)}
    return {"route": name, "at_rate": rate, **quantile, "cpu_us_at_rate": round(paced_us),
            "per_s_flat_out": round(done / seconds), "cpu_us_flat_out": round(busy_us)}  # fmt: skip


def serve(run: Path, seconds: float, database: str | None) -> tuple[subprocess.Popen[str], str]:
    """A server of `run` and its address."""
    command = [sys.executable, "-m", "simulator.cli", "serve", str(run), "--port", "0", "--seconds", str(int(seconds))]
    command += ["--per-second", "100000", "--per-minute", "1000000"]
    command += ["--database", database] if database else []
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    found = re.search(r"http://[\d.:]+", server.stderr.readline())
    assert found, server.stderr.read()
    return server, found.group()


def people(run: Path) -> tuple[list[str], list[str], list[str]]:
    """Staff to ask as (many), pseudonyms to view, and kana to search."""
    with Live.open(run) as live:
        size = live.register.base.connection.select("SELECT count(*) AS n FROM resident", {})[0]["n"]
        rows = live.register.persons(range(0, size, max(1, size // 500)))
        day = live.clock.now().date()
        rows = [row for row in rows if live.register.standing(row["resident_no"], day) == (True, False, False)]
        staff = [m.code for m in live.office.members.values() if m.role in ("R01", "R02", "R03", "R04") and m.terminal]
        handles = [live.people.handle(row["resident_code"]) for row in rows]
    return staff, handles, sorted({row["kana_key"] for row in rows})


async def tokens_of(client: httpx.AsyncClient, staff: list[str]) -> list[str]:
    """A session for each of `staff` who may log on."""
    made = [await client.post("/v1/session", json={"staff": code}) for code in staff]
    return [each.json()["token"] for each in made if each.status_code == 201]


async def of_questions(run: Path, load: tuple[float, float], database: str | None) -> list[dict[str, object]]:
    """The lines of view and search."""
    staff, handles, kana = people(run)
    server, address = serve(run, load[1] * 8 + 300, database)
    turn = itertools.count()
    try:
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            tokens = await tokens_of(client, staff)

            def ask(question: str, name: str, values: list[str]) -> httpx.Request:
                number = next(turn)
                headers = {**STATED, "Authorization": f"Bearer {tokens[number % len(tokens)]}"}
                body = {name: values[number % len(values)]}
                return client.build_request("POST", f"/v1/{question}", json=body, headers=headers)

            view = functools.partial(ask, "view", "resident", handles)
            search = functools.partial(ask, "search", "kana", kana)
            where = "postgresql" if database else "sqlite"
            return [
                await measure(f"{name} {where}", client, server.pid, make, load)
                for name, make in (("view", view), ("search", search))
            ]
    finally:
        server.terminate()
        server.wait()


async def of_bare(load: tuple[float, float]) -> dict[str, object]:
    """The line of a route that does nothing."""
    server = subprocess.Popen([sys.executable, "-c", BARE, str(PORT)])
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30, trust_env=False) as client:
            for _ in range(200):
                try:
                    await client.post("/bare")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.3)
            make = functools.partial(client.build_request, "POST", "/bare", json={"resident": "x" * 26}, headers=STATED)
            return await measure("bare", client, server.pid, make, load)
    finally:
        server.terminate()
        server.wait()


def postgres_cpu_s(folder: Path) -> float:
    """CPU of all processes of a server of PostgreSQL, in seconds."""
    mine = (each for each in Path("/proc").glob("[0-9]*") if str(folder).encode() in _read(each / "cmdline"))
    parents = {int(each.name) for each in mine}
    children = (int(each.name) for each in Path("/proc").glob("[0-9]*") if _parent(each) in parents)
    return sum(cpu_s(pid, ended=True) for pid in {*parents, *children} if Path(f"/proc/{pid}").exists())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _parent(process: Path) -> int:
    fields = _read(process / "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


async def on_postgres(run: Path, load: tuple[float, float]) -> list[dict[str, object]]:
    """The lines of a register and a log in PostgreSQL."""
    server = served_postgres.start(fsync="on", full_page_writes="on", shared_buffers="512MB")
    try:
        address = server.create()
        seed.seed(Dataset.open(run), seed.Order(target=address))
        before = postgres_cpu_s(server.folder)
        rows = await of_questions(run, load, address)
        return [*rows, {"postgresql_cpu_s_of_both": round(postgres_cpu_s(server.folder) - before, 2)}]
    finally:
        server.stop()


async def run_all(run: Path, load: tuple[float, float], database: str) -> list[dict[str, object]]:
    """The table."""
    rows = await of_questions(run, load, None) if database != "postgresql" else []
    rows += await on_postgres(run, load) if database != "sqlite" else []
    return [*rows, await of_bare(load)]


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    stated = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = stated.run
        if run is None:
            run = Path(folder) / "run"
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "simulator.cli",
                    "generate",
                    "demo",
                    "--seed",
                    "1",
                    "--days",
                    "5",
                    "--residents",
                    str(stated.residents),
                    "--out",
                    str(run),
                ],
                check=True,
            )
        for row in asyncio.run(run_all(run, (stated.rate, stated.seconds), stated.database)):
            print(json.dumps(row))


if __name__ == "__main__":
    main()
