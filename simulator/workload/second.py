"""Second posts (兼務): some serve in another section as well, on two days of the week, under an account for it."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.streams import Stream
from simulator.workload.posts import Seats
from simulator.workload.sections import ASSUMED_SECTIONS, WORKING_ROLES
from simulator.workload.settings import OfficeSpec

KIND = "second"
_WEEK = 5
_AFTER = 2  # the second day there is so many office days after the first
_FIRST_DAYS = (1, 60)  # ASSUMED: the order for it is given within two months of the post


def posts(spec: OfficeSpec, own: Seats, people: pl.DataFrame, window: Window, stream: Stream) -> pl.DataFrame:
    """Postings as ``posts.postings`` gives them, of kind "second"; none unless the scenario wants some.

    They are regular staff of working sections who neither lead nor help in season, each in a working section that is
    not theirs, as long as they hold their own post. Both accounts are open at once.
    """
    n, share = len(own.section), spec.two_posts or 0.0
    working = [section for section in ASSUMED_SECTIONS if section.role in WORKING_ROLES]
    fits = (own.kind == 0) & ~own.head & np.array([s in working and not s.helps for s in own.section])
    chosen = fits & stream.chance("chosen", n, share)
    to, after = stream.below("to", n, len(working) - 1), stream.below("after", n, _FIRST_DAYS[1]) + _FIRST_DAYS[0]
    rows = []
    for person, seat, _, _, first, last, _ in people.filter(pl.col("kind") == "own", pl.col("seat") >= 0).iter_rows():
        there = [section for section in working if section is not own.section[seat]][int(to[seat])]
        begin = first + timedelta(days=int(after[seat]))
        if chosen[seat] and begin < min(window.end, last or window.end):
            rows.append((person, 2 * n + seat, there.code, there.role, begin, last, KIND))
    return pl.DataFrame(rows, schema=people.schema, orient="row")


def one_a_day(on_day: pl.DataFrame, days: list[date]) -> pl.DataFrame:
    """Of each person and day (``number``) one row: the second post on its two days of the week, else the other one."""
    if KIND not in on_day["kind"]:
        return on_day
    weekday = np.array([day.weekday() for day in days])[on_day["number"].to_numpy()]
    first = on_day["seat"].to_numpy() % _WEEK
    second = (on_day["kind"] == KIND).to_numpy()
    turn = pl.Series("turn", second & ((weekday == first) | (weekday == (first + _AFTER) % _WEEK)))
    told = on_day.with_columns(turn, second=pl.Series(second))
    elsewhere = pl.col("turn").any().over("staff_no", "number")
    return told.filter(pl.col("second") == elsewhere).select(on_day.columns)
