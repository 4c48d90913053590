"""A small town with the columns that the workload reads, made without the population."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest
from filled import filled

from simulator.clock import Window
from simulator.schema import ADDRESS, CHANGE, FIGURE, PROTECTION, RELATION
from simulator.streams import Stream
from simulator.workload import OfficeSpec, WorkloadSpec, build_office, plan_lawful

RESIDENTS = 4_000
WINDOW = Window(date(2025, 3, 10), date(2025, 4, 14))


@dataclass(frozen=True)
class SmallTown:
    window: Window
    residents: pl.DataFrame
    addresses: pl.DataFrame
    changes: pl.DataFrame
    figures: pl.DataFrame
    relations: pl.DataFrame
    protections: pl.DataFrame


def small_town() -> SmallTown:
    stream = Stream(5, "/town")
    born = np.datetime64("1930-01-01") + stream.below("born", RESIDENTS, 34_000)
    residents = pl.DataFrame(
        {
            "resident_no": np.arange(RESIDENTS, dtype=np.uint32),
            "household_no": np.arange(RESIDENTS, dtype=np.uint32) // 2,
            "address_no": np.arange(RESIDENTS, dtype=np.uint32) // 2,
            "sex": ["male", "female"] * (RESIDENTS // 2),
            "family_name": [f"氏{k}" for k in stream.below("family", RESIDENTS, 60)],
            "given_name": [f"名{k}" for k in stream.below("given", RESIDENTS, 90)],
            "kana_key": [f"カナ{k}" for k in stream.below("kana", RESIDENTS, 2_500)],
            "birth_date": born,
            "nationality": ["JP"] * RESIDENTS,
            "resident_since": [date(2010, 4, 1)] * RESIDENTS,
        }
    )
    n = 60
    reasons = ("転入", "転出", "転居", "死亡", "出生")
    days = [date(2025, 3, 11), date(2025, 3, 27), date(2025, 4, 3)]
    changes = pl.DataFrame(
        {
            "change_no": range(n),
            "happened_on": [days[k % 3] for k in range(n)],
            "notified_on": [days[k % 3] for k in range(n)],
            "reason": [reasons[k % 5] for k in range(n)],
            "resident_no": stream.below("changed", n, RESIDENTS),
        }
    ).with_columns(
        pl.lit(None, dtype=pl.UInt32).alias(c) for c in ("household_from", "household_to", "address_from", "address_to")
    )
    return SmallTown(
        WINDOW,
        residents,
        ADDRESS.empty(),
        filled(CHANGE, changes),
        FIGURE.empty(),
        RELATION.empty(),
        PROTECTION.empty(),
    )


@pytest.fixture(scope="session")
def town():
    return small_town()


@pytest.fixture(scope="session")
def office(town):
    return build_office(OfficeSpec(), town, Stream(1, "/office"))


@pytest.fixture(scope="session")
def plan(town, office):
    return plan_lawful(WorkloadSpec(), town, office, Stream(1, "/lawful"))
