"""Residents a second and peak memory: this generator to Parquet and SQLite beside what one would write today.

``python tests/benchmarks/bench_population.py [RESIDENTS]`` runs every case in a process of its own, one after the
other, and prints a table with the ratio to the script that users write today (Faker and sqlite-utils). The peers get
10,000 rows: their rate does not depend on the number. Tables of names are loaded before the clock starts, for all.
"""
# ruff: noqa: PLC0415 (a case imports what it needs and no more: its memory is measured)

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PEER_ROWS = 10_000
COLUMNS = (
    "family", "given", "family_kana", "given_kana", "sex", "birth", "prefecture", "city", "town", "postal", "phone",
)  # fmt: skip


def ours(form: str, jobs: int, residents: int, folder: Path) -> int:
    """Residents with households, kana, addresses, codes, pseudonyms and a season of changes."""
    from dataclasses import replace

    from simulator import populate

    wish = populate.wish("demo", "482013", seed=1, residents=residents)
    few = replace(wish.nation, spec=replace(wish.nation.spec, residents=50))
    populate.populate(replace(wish, nation=few), folder / "warm")
    start_clocks()
    return populate.populate(replace(wish, form=form, jobs=jobs), folder / "people")["resident"]


def blocks(residents: int, _folder: Path) -> int:
    """The same people made and thrown away: what writing does not cost."""
    from simulator import populate
    from simulator.population.block import make_block

    wish = populate.wish("demo", "482013", seed=1, residents=residents)
    plans = list(wish.plans)
    make_block(plans[-1])
    start_clocks()
    return sum(make_block(plan).residents.height for plan in plans)


def faker_rows(count: int) -> Iterator[dict[str, Any]]:
    """Rows as a developer draws them from Faker, kana that match by its pairs."""
    from faker import Faker

    fake = Faker("ja_JP")
    fake.seed_instance(1)
    for number in range(count):
        male = fake.random.random() < 0.49
        given = fake.first_name_male_pair() if male else fake.first_name_female_pair()
        family = fake.last_name_pair()
        values = (family[0], given[0], family[1], given[1], "M" if male else "F", fake.date_of_birth().isoformat(),
                  fake.prefecture(), fake.city(), fake.town(), fake.zipcode(), fake.phone_number())  # fmt: skip
        yield {"id": number, **dict(zip(COLUMNS, values, strict=True))}


def script(_residents: int, folder: Path) -> int:
    """Faker and sqlite-utils' insert_all with defaults."""
    import sqlite_utils

    next(faker_rows(1))
    start_clocks()
    database = sqlite_utils.Database(folder / "people.db")
    database["resident"].insert_all(faker_rows(PEER_ROWS), pk="id")
    return PEER_ROWS


def mimesis(_residents: int, folder: Path) -> int:
    """Mimesis' providers called directly, to CSV; it has no kana and no towns."""
    import csv

    from mimesis import Address, Datetime, Person
    from mimesis.enums import Gender
    from mimesis.locales import Locale

    person, address, day = Person(Locale.JA, seed=1), Address(Locale.JA, seed=1), Datetime(Locale.JA, seed=1)
    start_clocks()
    with (folder / "people.csv").open("w", encoding="utf-8") as out:
        write = csv.writer(out).writerow
        for number in range(PEER_ROWS):
            gender = Gender.MALE if number % 2 else Gender.FEMALE
            write((number, person.last_name(gender=gender), person.first_name(gender=gender), gender.value,
                   day.date(start=1920, end=2024), address.prefecture(), address.city(), address.street_name(),
                   address.zip_code(), person.phone_number()))  # fmt: skip
    return PEER_ROWS


def one(_residents: int, _folder: Path) -> int:
    """Residents shown alone, each from a block that nothing else has made."""
    from simulator import scenario
    from simulator.world.municipality import MUNICIPALITIES

    nation = scenario.load("demo").nation(1, residents=1_000_000)
    nation.resident(MUNICIPALITIES[0], 5)
    start_clocks()
    for number in range(12):
        nation.resident(MUNICIPALITIES[number % 5], number * 77_777)
    return 12


CASES = {
    "script": script, "mimesis": mimesis, "blocks": blocks,
    "parquet-1": lambda n, f: ours("parquet", 1, n, f), "parquet-2": lambda n, f: ours("parquet", 2, n, f),
    "sqlite-1": lambda n, f: ours("sqlite", 1, n, f), "sqlite-2": lambda n, f: ours("sqlite", 2, n, f), "one": one,
}  # fmt: skip
TITLES = {
    "script": "Faker + sqlite-utils insert_all", "mimesis": "Mimesis, direct, to CSV", "blocks": "ours, made only",
    "parquet-1": "ours to Parquet", "parquet-2": "ours to Parquet, 2 workers", "sqlite-1": "ours to SQLite, indexed",
    "sqlite-2": "ours to SQLite, 2 workers", "one": "ours, one resident alone",
}  # fmt: skip
_started: list[tuple[float, float]] = []


def start_clocks() -> None:
    """Start the clocks: all is loaded."""
    _started.append((time.perf_counter(), time.process_time()))


def child(case: str, residents: int) -> None:
    """Run one case and print its figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        rows = CASES[case](residents, Path(folder))
        wall, cpu = time.perf_counter() - _started[-1][0], time.process_time() - _started[-1][1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    sys.stdout.write(json.dumps({"rows": rows, "wall": wall, "cpu": cpu, "peak": peak}) + "\n")


def main(residents: int) -> None:
    """Run all cases and print the table."""
    base = 0.0
    sys.stdout.write(f"{'case':34}{'rows':>10}{'rows/s':>10}{'per CPU-s':>11}{'ratio':>8}{'peak MiB':>10}\n")
    for case, title in TITLES.items():
        command = [sys.executable, __file__, "--case", case, str(residents)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        rate, per_cpu = found["rows"] / found["wall"], found["rows"] / found["cpu"]
        base = base or per_cpu
        figures = f"{found['rows']:>10,}{rate:>10,.0f}{per_cpu:>11,.0f}{per_cpu / base:>8.1f}{found['peak']:>10,.0f}"
        sys.stdout.write(f"{title:34}{figures}\n")
        if case == "one":
            sys.stdout.write(f"one resident alone: {1000 * found['cpu'] / found['rows']:.0f} ms of computation\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        child(sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
