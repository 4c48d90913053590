"""The register in both databases: rows loaded a second, and how long a look-up and a search take.

Run: ``python tests/benchmarks/bench_databases.py [RESIDENTS]``; a million residents take about 3 GB and some minutes.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from simulator import population, registry, storage
from simulator.clock import Window
from simulator.registry import Asked, Database
from simulator.streams import Stream
from simulator.world.municipality import DEMO

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import served_postgres

DAY = date(2025, 4, 10)
RESIDENTS = 1_000_000
LOOKS, SEARCHES = 2_000, 200
LISTED = 50  # what a screen lists; more are refused


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(run: Callable[[], object]) -> float:
    """Seconds that `run` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def spread(calls: Sequence[Callable[[], object]]) -> str:
    """The median and the 99th percentile of `calls`, in milliseconds."""
    took = 1_000 * np.array([timed(call) for call in calls])
    return f"p50 {np.percentile(took, 50):8.3f} ms   p99 {np.percentile(took, 99):8.3f} ms"


def searches(people: population.Population) -> dict[str, list[Asked]]:
    """Searches of each kind for people of the register."""
    draw = Stream(1, "bench").below("who", SEARCHES, people.residents.height)
    rows = people.residents[draw].to_dicts()

    def asked(name: str, match: str, key: str, low: int, high: int) -> list[Asked]:
        texts = (row[key][low:high] for row in rows)
        return [Asked(name=name, match=match, texts=(t,), day=DAY, limit=LISTED, most=LISTED) for t in texts if t]

    return {
        "resident code": asked("resident_code", "exact", "resident_code", 0, 11),
        "kana, whole": asked("kana", "exact", "kana_key", 0, 99),
        "kana, first 4": asked("kana", "prefix", "kana_key", 0, 4),
        "name, first 2": asked("name", "prefix", "name_key", 0, 2),
        "name, any 2": asked("name", "partial", "name_key", 1, 3),
        "name, any 3": asked("name", "partial", "name_key", 1, 4),
        "kana, any 5": asked("kana", "partial", "kana_key", 2, 7),
    }


def measure(name: str, database: Database, people: population.Population) -> None:
    """Look-ups and searches of one database."""
    numbers = Stream(1, "bench").below("looks", LOOKS, people.residents.height).tolist()
    for no in numbers[:100]:
        database.record(no)
    say(f"{name:10s} record by number        {spread([lambda no=no: database.record(no) for no in numbers])}")
    for kind, some in searches(people).items():
        found = [database.find(each) for each in some]
        many = sum(each.count > LISTED for each in found) / len(found)
        took = spread([lambda each=each: database.find(each) for each in some])
        say(f"{name:10s} search {kind:16s} {took}   too many {many:4.0%}")


def _loading(name: str, took: float, rows: int, size: int) -> str:
    return f"{name:10s}, whole {took:14.1f} s {rows / took:10,.0f} rows/s {size / 2**20:8,.0f} MiB"


def main() -> None:
    """Load both, then ask both the same."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else RESIDENTS
    window = Window(date(2025, 4, 1), date(2025, 7, 1))
    people = population.build(population.PopulationSpec(size), DEMO, window, Stream(5), 2)
    start = time.perf_counter()
    made = registry.served_layout(people)
    rows = sum(frame.height for frame in made.tables.values())
    say(f"{people.residents.height:,} residents, {rows:,} rows in {len(made.tables)} tables")
    say(f"laying out            {time.perf_counter() - start:7.1f} s")
    server = served_postgres.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path, address = Path(folder) / "registry.db", server.create()
            took = timed(lambda: registry.write_database(people, path))
            say(_loading("sqlite", took, rows, path.stat().st_size))
            took = timed(lambda: storage.fill_postgres(address, made))
            served = Database.open(address)
            size_sql = "SELECT pg_database_size(current_database()) AS n"
            (held,) = served.connection.select(size_sql, {})
            say(_loading("postgresql", took, rows, held["n"]))
            filed = Database.open(path)
            for name, database in (("sqlite", filed), ("postgresql", served)):
                measure(name, database, people)
                database.connection.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
