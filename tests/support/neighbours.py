"""A run of two municipalities that exchange households, for what passes between their gates."""

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import live_run
import polars as pl

from simulator import scenario
from simulator.clock import JST
from simulator.generation import Order, RunFolders, generate
from simulator.live.answer import Answer
from simulator.live.desk import Live, Request
from simulator.live.office import Member
from simulator.pseudonym import PseudonymKey

HERE, THERE, BEYOND = "482013", "482021", "484059"
SEED = 3
OPENING = datetime(2025, 4, 10, 9, 0, tzinfo=JST)


def made(folder: Path, codes: tuple[str, ...] = (HERE, THERE), residents: int = 4_000) -> RunFolders:
    """A month with few requests, so that some have moved from one to the other."""
    mini, folders = scenario.load("mini"), RunFolders(folder / "pair")
    pair = dataclasses.replace(
        mini, municipalities=codes, days=30, misuse={},
        population=dataclasses.replace(mini.population, residents=residents),
        workload=dataclasses.replace(mini.workload, volume=0.02), office=dataclasses.replace(mini.office, staff=60),
    )  # fmt: skip
    generate(Order(scenario=pair, seed=SEED, key=PseudonymKey.insecure()), folders.run)
    return folders


def clerk(live: Live, role: str) -> Member:
    """Somebody with `role` who has an account and a desk on the day of `OPENING`."""
    held = live.office.accounts.filter(pl.col("valid_from") <= OPENING.date(), pl.col("valid_to").is_null())
    members = live.office.members.values()
    return next(m for m in members if m.role == role and m.staff_no in held["staff_no"] and m.terminal)


def ask(live: Live, question: str, role: str, purpose: str, **values: Any) -> Answer:
    """What `clerk` is answered two seconds later."""
    stated = {name: values.pop(name) for name in ("grounds",) if name in values}
    live.clock.at += timedelta(seconds=2)
    code = clerk(live, role).code
    return live.ask(
        Request(question=question, staff=code, purpose=purpose, values=values, case_no=live_run.CASE, **stated)
    )


def national(live: Live, **typed: Any) -> Answer:
    """A search over the network."""
    return ask(live, "national", "R01", "resident_change", grounds="duty", **typed)


def alone(live: Live, both: pl.DataFrame) -> dict[str, Any]:
    """A resident present in this register and not in the other."""
    twice = set(both["resident_code"])
    present = (n for n in range(50, 400) if live.register.standing(n, OPENING.date()) == (True, False, False))
    rows = live.register.persons(list(present))
    return next(row for row in rows if row["resident_code"] not in twice)
