"""An office made up in columns for the console's tests and benchmark: no run, no truth, any number of events."""

from datetime import date

import numpy as np
import polars as pl

from simulator.clock import HOUR_MS, day_start_ms
from simulator.console import frames
from simulator.schema import EVENT
from simulator.schema.types import JST_MS

FIRST_DAY = date(2025, 6, 2)
SECTIONS = ("citizen", "tax", "welfare", "branch", "school")
FAMILY = ("佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤")
GIVEN = ("幸子", "清", "和子", "誠", "恵", "翔太", "葵")


def _names(count, rng):
    return [
        f"{FAMILY[a]} {GIVEN[b]}" for a, b in zip(rng.integers(0, 6, count), rng.integers(0, 7, count), strict=True)
    ]


def tables(events=2_000, staff=40, people=3_000, days=10, seed=7):
    """The tables of an evidence with so many `events`, as keyword arguments of `frames.build`."""
    rng = np.random.default_rng(seed)
    staff_codes = [f"S{n:07d}" for n in range(1, staff + 1)]
    persons = [f"{n:010d}" for n in range(1, people + 1)]
    sections = [SECTIONS[n % len(SECTIONS)] for n in range(staff)]
    day = np.sort(rng.integers(0, days, events))
    at = day_start_ms(FIRST_DAY) + day * 24 * HOUR_MS + rng.integers(int(8.4 * HOUR_MS), int(17.6 * HOUR_MS), events)
    who = rng.integers(0, staff, events)
    whom = rng.integers(0, people, events)
    action = rng.choice(["search", "view", "view", "issue", "print"], events)
    cases = [f"2025-{n:06d}" for n in range(1, 501)]
    case = rng.integers(0, 900, events)
    log = pl.DataFrame({
        "event_id": np.arange(1, events + 1), "at": pl.Series(np.sort(at)).cast(JST_MS),
        "system": ["MUNI"] * events, "screen": ["record"] * events, "session_id": who * 1000 + day,
        "staff_code": pl.Series(staff_codes)[who], "role": ["R01"] * events, "section": pl.Series(sections)[who],
        "office": ["main"] * events, "terminal": [f"T{n:03d}" for n in who], "auth_method": ["vein"] * events,
        "action": action, "purpose": ["resident_certificate"] * events,
        "case_no": [cases[n] if n < len(cases) else None for n in case],
        "hits": rng.integers(0, 9, events), "person_no": pl.Series(persons)[whom],
        "household_no": pl.Series([f"H{n // 2:07d}" for n in range(people)])[whom],
        "resident_municipality": ["480011"] * events, "protected_alert": rng.random(events) < 0.01,
        "rows_returned": rng.integers(0, 5, events), "decision": ["allow"] * events, "reason": ["granted"] * events,
        "dwell_s": rng.integers(5, 300, events), "my_number": [False] * events,
    })  # fmt: skip
    assert set(log.columns) - {"staff_code", "person_no", "household_no"} <= set(EVENT.names)
    duty = [(code, n) for n in range(days) for code in staff_codes]
    starts = [day_start_ms(FIRST_DAY) + n * 24 * HOUR_MS + int(8.5 * HOUR_MS) for _, n in duty]
    return {
        "events": log,
        "staff": pl.DataFrame({
            "staff_code": staff_codes, "name": _names(staff, rng), "section": sections, "role": ["R01"] * staff,
            "employment": ["regular"] * staff, "supervisor": [n < len(SECTIONS) for n in range(staff)],
            "person_no": persons[:staff], "household_no": [f"H{n // 2:07d}" for n in range(staff)],
        }),
        "people": pl.DataFrame({
            "person_no": persons, "name": _names(people, rng), "protected": rng.random(people) < 0.01,
            "household_no": [f"H{n // 2:07d}" for n in range(people)], "district": [str(n % 9) for n in range(people)],
        }),
        "cases": pl.DataFrame({
            "case_no": cases, "purpose": ["resident_certificate"] * 500, "section": ["citizen"] * 500,
            "opened": pl.Series([day_start_ms(FIRST_DAY) + 9 * HOUR_MS] * 500).cast(JST_MS),
            "closed": pl.Series([day_start_ms(FIRST_DAY) + 10 * HOUR_MS] * 500).cast(JST_MS),
            "person_no": persons[:500],
        }),
        "roster": pl.DataFrame({
            "staff_code": [code for code, _ in duty],
            "starts": pl.Series(starts).cast(JST_MS), "ends": pl.Series([s + 9 * HOUR_MS for s in starts]).cast(JST_MS),
            "lunch_starts": pl.Series([s + int(3.5 * HOUR_MS) for s in starts]).cast(JST_MS),
        }).with_columns(day=pl.col("starts").dt.date()),
        "titles": {"citizen": "市民課", "tax": "市民税課", "main": "本庁舎"},
    }  # fmt: skip


def made(**sizes):
    """The evidence of `tables`, shaped."""
    return frames.build(**tables(**sizes))
