"""A run of so many events, end to end, and what memory it takes: cities of 100,000 for a year, made as `generate` does.

Prints a line when a city is finished (events so far, CPU seconds, peak memory of this process and of the largest of its
workers) and a last one with events by second, of CPU and of wall, of what this process made: plan, gate, misuse, audit
record, Parquet, register, auditor's tables, difficulty, and for the whole run digests and the leak gate.

Run: ``python tests/benchmarks/bench_volume.py 10000000 --folder /tmp/volume [--jobs 2]``. A run that was stopped goes
on where it was when the same command is given again; the folder is left behind.
"""

# ruff: noqa: E402 (the allocators are told before they are loaded, as the command does)

from simulator import memory

memory.thrifty()
import argparse
import dataclasses
import resource
import time
from pathlib import Path

from simulator import scenario
from simulator.generation import Order, generate
from simulator.pseudonym import PseudonymKey
from simulator.scenario import Scenario
from simulator.world.municipality import MUNICIPALITIES

EVENTS_OF_A_CITY = 1_360_000  # measured: scenario city, seed 1
_ROOM = 130_000


def cities(events: int) -> Scenario:
    """The scenario `city`, in so many municipalities as have `events` events together; no misuse but the edition's."""
    count = max(1, -(-events // EVENTS_OF_A_CITY))
    large = [place.code for place in MUNICIPALITIES if place.block_capacity * 17_600 >= _ROOM]
    one = scenario.load("city")
    return dataclasses.replace(one, name=f"cities-{count}", municipalities=tuple(large[:count]))


@dataclasses.dataclass(slots=True)
class Tally:
    """What there is to tell so far."""

    folder: Path
    wall: float = dataclasses.field(default_factory=time.perf_counter)

    def told(self, words: str, _share: float) -> None:
        """Print a line at the end of every municipality, and at each stage of the whole."""
        if words.endswith("municipalities") or words.replace(" ", "").isalpha():
            print(f"{self.line()}  {words}", flush=True)  # noqa: T201

    def line(self) -> str:
        """Seconds and MiB."""
        return f"{cpu():9.1f} CPU s {time.perf_counter() - self.wall:9.1f} s wall {peak():7,.0f} MiB peak"


def cpu() -> float:
    """CPU seconds of this process and of workers that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def peak() -> float:
    """The highest resident memory of this process or of any of its workers that has ended, in MiB."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main() -> None:
    """Make the run, or go on with it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("events", type=int)
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--jobs", type=int, default=1)
    given = asked.parse_args()
    tally, chosen = Tally(given.folder), cities(given.events)
    order = Order(scenario=chosen, seed=1, key=PseudonymKey.insecure(), jobs=given.jobs)
    begun = len(list(given.folder.parent.glob(f".{given.folder.name}*/parts/*/receipt.json")))
    made = generate(order, given.folder, tally.told)
    rows = made.manifest.rows["event"]
    own = rows * (len(chosen.municipalities) - begun) / len(chosen.municipalities)
    print(f"{tally.line()}  {rows:,} events in {len(chosen.municipalities)} municipalities")  # noqa: T201
    wall = time.perf_counter() - tally.wall
    print(  # noqa: T201
        f"{own:,.0f} of them made by this process: {own / cpu():,.0f} events by CPU second, {own / wall:,.0f} by second"
    )


if __name__ == "__main__":
    main()
