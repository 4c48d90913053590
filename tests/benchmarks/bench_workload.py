"""Lawful work end to end (plan, gate, audit record, Parquet) beside a template filler and an event loop of processes.

The template filler does what Splunk Eventgen does: a line with tokens, each replaced by a random value; it has no
people, no cases and no decisions. The event loop does what a SimPy model does: a heap of generators that say when they
go on; it decides nothing and writes nothing. Run: ``python tests/benchmarks/bench_workload.py [SCENARIO]``.
"""

import heapq
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simulator import scenario
from simulator.generation.part import Task
from simulator.pseudonym import PseudonymKey
from simulator.simulate import make

TEMPLATE = "@at@ actor=@actor@ action=@action@ resident=@resident@ case=@case@ hits=@hits@ decision=@decision@"
LINES = 200_000


def templated(count: int) -> int:
    """Fill `count` lines."""
    draw = random.Random(1)  # noqa: S311 - as the tool does
    tokens: dict[str, Callable[[], str]] = {
        "@at@": lambda: f"2025-04-{draw.randrange(1, 31):02d}T{draw.randrange(8, 18):02d}:{draw.randrange(60):02d}",
        "@actor@": lambda: f"S{draw.randrange(500):07d}",
        "@action@": lambda: draw.choice(("search", "view", "issue")),
        "@resident@": lambda: f"{draw.randrange(100_000):011d}",
        "@case@": lambda: f"JH25-{draw.randrange(99_999):05d}",
        "@hits@": lambda: str(draw.randrange(9)),
        "@decision@": lambda: "allow",
    }
    written = 0
    for _ in range(count):
        line = TEMPLATE
        for token, value in tokens.items():
            line = line.replace(token, value())
        written += len(line)
    return written


def looped(count: int) -> int:
    """Let 500 clerks take steps until `count` are taken."""
    draw = random.Random(1)  # noqa: S311 - as the library does

    def clerk(number: int) -> Iterator[float]:
        while True:
            for _ in range(4):
                yield draw.expovariate(1 / 30)
            yield draw.expovariate(1 / (600 + number))

    heap = [(draw.random(), number, clerk(number)) for number in range(500)]
    heapq.heapify(heap)
    for _ in range(count):
        now, number, steps = heapq.heappop(heap)
        heapq.heappush(heap, (now + next(steps), number, steps))
    return count


def main() -> None:
    """Print events a second of each, and ratios within this run."""
    name = sys.argv[1] if len(sys.argv) > 1 else "demo"
    rates = {}
    for label, work in (("template filler", templated), ("event loop", looped)):
        begun = time.perf_counter()
        work(LINES)
        rates[label] = LINES / (time.perf_counter() - begun)
    with tempfile.TemporaryDirectory() as folder:
        stages: dict[str, float] = {}
        seen = [time.process_time(), "start"]

        def progress(stage: str) -> None:
            now = time.process_time()
            stages[str(seen[1])] = stages.get(str(seen[1]), 0.0) + now - float(seen[0])
            seen[:] = [now, stage]

        begun = time.perf_counter()
        key = PseudonymKey.insecure()
        chosen = scenario.load(name)
        site = Task(scenario=chosen, seed=1, code=chosen.municipalities[0], jobs=2).site(key, Path(folder) / "run")
        made = make(chosen, site, progress)
        wall = time.perf_counter() - begun
        progress("end")
    events = made.rows["event"]
    rates["whole run, wall"] = events / wall
    rates["plan, gate, record, Parquet: a core"] = events / (stages["lawful work"] + stages["log"])
    for label, rate in rates.items():
        print(f"{label:40s} {rate:12,.0f} events/s   {rate / rates['template filler']:6.2f} x template filler")  # noqa: T201
    print(f"{events:,} events; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")  # noqa: T201
    print({stage: round(seconds, 2) for stage, seconds in stages.items()}, "CPU s")  # noqa: T201


if __name__ == "__main__":
    main()
