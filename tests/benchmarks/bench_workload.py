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

from simulator import population, scenario, storage, workload
from simulator.access import Gate, Policy
from simulator.access.log.batches import LeafWriter
from simulator.access.log.events import Merged, Names
from simulator.generation.part import Task
from simulator.pseudonym import PseudonymKey, Realm
from simulator.registry import Registry
from simulator.schema import EVENT, SHOWN
from simulator.simulate.municipality import months
from simulator.world.municipality import municipality

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


class Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        """Start."""
        self.taken: dict[str, float] = {}
        self.last = time.process_time()

    def lap(self, stage: str) -> None:
        """Count what has passed since the last call for `stage`."""
        now = time.process_time()
        self.taken[stage] = self.taken.get(stage, 0.0) + now - self.last
        self.last = now


def lawful(name: str, folder: Path) -> tuple[int, int, Clock]:
    """The lawful path alone, one stage after the other in one thread: events, people shown, and the clock."""
    chosen = scenario.load(name)
    site = Task(scenario=chosen, seed=1, code=chosen.municipalities[0]).site(PseudonymKey.insecure(), folder)
    residents, staff = chosen.sized(site.code)
    people = population.build(residents, municipality(site.code), chosen.window, site.people, 2)
    office = workload.build_office(staff, people, site.stream.at("office"))
    registry, clock = Registry.of(people), Clock()
    plan = workload.plan_lawful(chosen.workload, people, office, site.stream.at("work"))
    clock.lap("plan")
    gate = Gate(Policy.default(), registry, office)
    names = Names.of(registry, office.staff, chosen.rotation.epochs(site.key, Realm.audit(site.code)))
    clock.lap("pseudonyms")
    leaves, events, shown = LeafWriter(), 0, 0
    for number, span in enumerate(months(chosen.window)):
        requests = plan.between(*span)
        clock.lap("plan")
        answers = gate.submit_batch(requests)
        clock.lap("gate")
        merged = Merged.of(answers, 1 + events)
        for part, made in enumerate(merged.chunks(registry, names)):
            seen = merged.people(made, names)
            clock.lap("pseudonyms")
            leaves.add(made, seen)
            clock.lap("audit record")
            for table, frame in ((EVENT, made), (SHOWN, seen)):
                storage.write_parquet(table, frame, folder / f"{table.name}-{number}-{part}.parquet")
            clock.lap("Parquet")
        events, shown = events + len(merged.order), shown + answers.shown.height
    return events, shown, clock


def main() -> None:
    """Print events by CPU second of each, so that others on the machine matter less, and ratios within this run."""
    name = sys.argv[1] if len(sys.argv) > 1 else "demo"
    rates = {}
    for label, work in (("template filler", templated), ("event loop", looped)):
        begun = time.process_time()
        work(LINES)
        rates[label] = LINES / (time.process_time() - begun)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        events, shown, clock = lawful(name, Path(folder))
        wall = time.perf_counter() - begun
    rates |= {f"ours, {stage}": events / seconds for stage, seconds in clock.taken.items()}
    rates["ours, plan to Parquet, a core"] = events / sum(clock.taken.values())
    for label, rate in rates.items():
        print(f"{label:40s} {rate:12,.0f} events/CPU-s   {rate / rates['template filler']:6.2f} x template filler")  # noqa: T201
    whole = sum(clock.taken.values())
    print({stage: f"{seconds:.2f} CPU s, {seconds / whole:.0%}" for stage, seconds in clock.taken.items()})  # noqa: T201
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{events:,} events, {shown:,} shown, {wall:.1f} s with people and office; peak {memory:,.0f} MiB")  # noqa: T201


if __name__ == "__main__":
    main()
