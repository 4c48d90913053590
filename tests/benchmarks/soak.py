"""Endurance: a server under steady requests and a stream in step with time, watched for growth and drift.

Run: ``python tests/benchmarks/soak.py [MINUTES [REQUESTS_PER_SECOND]]`` (an hour at 20 a second). Each line is a tenth
of the time: memory of both processes, length of the live log and of its write-ahead log, answers and their 99th
percentile. It ends with what grew over the second half, and with how late the stream was.
"""

import dataclasses
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import live_run

from simulator import generation, scenario
from simulator.generation import Order, RunFolders
from simulator.live.desk import Live
from simulator.pseudonym import PseudonymKey

PARTS = 10
DAY_S = 86_400


def _run(folder: Path) -> RunFolders:
    """A few days of a town with a full town hall."""
    mini = scenario.load("mini")
    few = dataclasses.replace(mini, office=dataclasses.replace(mini.office, staff=170), days=2, misuse={})
    folders = RunFolders(folder / "hall")
    generation.generate(Order(scenario=few, seed=3, key=PseudonymKey.insecure()), folders.run)
    return folders


def _memory(process: subprocess.Popen[str]) -> float:
    """MiB that the process holds; 0 when it has ended."""
    try:
        text = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found[1]) / 1024 if found else 0.0


class Clients:
    """One thread that asks at a fixed rate and keeps how long each answer took."""

    def __init__(self, address: str, staff: str, handles: list[str], rate: float) -> None:
        self.address, self.staff, self.handles, self.rate = address, staff, handles, rate
        self.took: list[float] = []
        self.failed, self.over = 0, threading.Event()

    def __call__(self) -> None:
        draw = random.Random(1)  # noqa: S311 - a load
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as client:
            token = client.post("/v1/session", json={"staff": self.staff}).json()["token"]
            head = {"Authorization": f"Bearer {token}", "X-Purpose": "resident_certificate", "X-Grounds": "duty"}
            turn = time.monotonic()
            while not self.over.is_set():
                turn += 1 / self.rate
                time.sleep(max(0.0, turn - time.monotonic()))
                began = time.monotonic()
                answer = client.post("/v1/view", json={"resident": draw.choice(self.handles)}, headers=head)
                self.took.append(time.monotonic() - began)
                self.failed += answer.status_code >= 500


@dataclasses.dataclass
class Watched:
    """A server and a stream that run.

    Attributes:
        run, server, stream, clients: what is watched.
        began: when, by the monotonic clock.
    """

    run: Path
    server: subprocess.Popen[str]
    stream: subprocess.Popen[str]
    clients: Clients
    began: float
    seen: int = 0

    @classmethod
    def start(cls, folders: RunFolders, whole_s: float, rate: float) -> "Watched":
        """Start both, and ask at `rate`."""
        with Live.open(folders.run, clock=live_run.clock()) as live:
            handles, staff = [live_run.handle(live, n) for n in range(200)], live_run.staff(live, "R01")
        command, run = [sys.executable, "-m", "simulator.cli"], str(folders.run)
        serve = [*command, "serve", run, "--port", "0", "--seconds", str(int(whole_s) + 300)]
        play = [*command, "stream", run, "--to", f"{run}.played", "--speed", str(2 * DAY_S / whole_s)]
        server = subprocess.Popen(serve, stderr=subprocess.PIPE, text=True)
        address = re.search(r"http://[\d.:]+", server.stderr.readline())  # type: ignore[union-attr]
        clients = Clients(address[0], staff, handles, rate)  # type: ignore[index]
        stream = subprocess.Popen(play, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=clients, daemon=True).start()
        return cls(folders.run, server, stream, clients, time.monotonic())

    def row(self) -> tuple[float, ...]:
        """What is seen now."""
        took = sorted(self.clients.took[self.seen :])
        self.seen += len(took)
        files = list(Path(f"{self.run}.live").glob("*"))
        wal = sum(p.stat().st_size for p in files if p.name.endswith("-wal")) / 1024
        rest = sum(p.stat().st_size for p in files if not p.name.endswith("-wal")) / 1024
        slow = took[int(len(took) * 0.99)] * 1_000 if took else 0.0
        minutes = (time.monotonic() - self.began) / 60
        return minutes, _memory(self.server), _memory(self.stream), rest, wal, self.seen, slow, self.clients.failed

    def close(self) -> None:
        """End the clients and the server, and wait for the stream."""
        self.clients.over.set()
        self.stream.wait(600)
        self.server.terminate()
        self.server.wait(60)


def main() -> None:
    """Soak both, and print what was seen."""
    wanted = [float(argument) for argument in sys.argv[1:]]
    minutes, rate = wanted[0] if wanted else 60.0, wanted[1] if len(wanted) > 1 else 20.0
    whole_s, rows = minutes * 60, []
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched.start(_run(Path(folder)), whole_s, rate)
        print("  min server MiB stream MiB    log kB   wal kB  answers   p99 ms  5xx")  # noqa: T201
        for part in range(1, PARTS + 1):
            time.sleep(max(0.0, watched.began + whole_s * part / PARTS - time.monotonic()))
            rows.append(watched.row())
            print("{:5.1f} {:10.1f} {:10.1f} {:9.0f} {:8.0f} {:8.0f} {:8.1f} {:4.0f}".format(*rows[-1]), flush=True)  # noqa: T201
        watched.close()
        late = time.monotonic() - watched.began - whole_s
    grew = [rows[-2][column] - rows[PARTS // 2][column] for column in (1, 2)]
    print(f"second half: server {grew[0]:+.1f} MiB, stream {grew[1]:+.1f} MiB")  # noqa: T201
    print(f"the stream ended {late:+.1f} s after its time; {watched.seen / whole_s:.2f} answers/s of {rate:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
