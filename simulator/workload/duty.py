"""Who is on duty on which day, from when to when: leave, sickness, lunch in shifts, overtime, weekend openings."""

from datetime import date

import numpy as np
import polars as pl

from simulator.clock import DAY_MS, HOUR_MS, Window
from simulator.schema import ROSTER
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.workload import second
from simulator.workload.folk import Flags
from simulator.workload.posts import KINDS
from simulator.workload.rhythm import day_start
from simulator.workload.sections import BY_CODE
from simulator.workload.settings import OfficeSpec
from simulator.world.calendar import epoch_day, is_business_day
from simulator.world.openings import before_election, is_weekend_opening

MINUTE_MS = 60_000
STARTS_MS = 8 * HOUR_MS + 30 * MINUTE_MS  # Source: domain.md 3.6, 8:30-17:15
ENDS_MS = 17 * HOUR_MS + 15 * MINUTE_MS
_SHORT_MS = (9 * HOUR_MS, 16 * HOUR_MS)
ASSUMED_SHORT_RATE = 0.5  # of staff by fiscal year work from 9 to 16
LUNCHES_MS = tuple(11 * HOUR_MS + m * MINUTE_MS for m in (30, 60, 90, 150))
_COUNTER_LUNCH = Weights.of((3, 0, 3, 3))  # Source: domain.md 3.6, in shifts from 11:30 to 14:30 at counters
_DESK_LUNCH = Weights.of((1, 16, 2, 1))  # ASSUMED: desks rest at noon, but for who minds the telephone
# Source: domain.md 3.6: tax sections January to May and before elections; the shares of evenings are assumed.
ASSUMED_LATE_TAX, ASSUMED_LATE_ELECTION, ASSUMED_LATE_MOVES, ASSUMED_LATE = 0.45, 0.7, 0.5, 0.06
_TAX_MONTHS = (1, 2, 3, 4, 5)
_LATEST_MINUTES = 240
ASSUMED_SICK_RATE = 0.004  # of days on which a sickness of one to five days begins
_SICK_DAYS = 5
ASSUMED_LONG_LEAVE = 0.02  # of staff are away for 60 to 200 days: child care, illness
ASSUMED_WEEKEND_DUTY = {"citizen": 0.6, "insurance": 0.3, "child": 0.3}
_YEAR_DAYS = 365


def roster(spec: OfficeSpec, posts: pl.DataFrame, kinds: Ints, window: Window, stream: Stream) -> pl.DataFrame:
    """Table ``roster`` without terminals, and ``seat``, ``section``, ``role`` of the day; `kinds` by staff_no."""
    days = [day for day in window.days() if is_business_day(day) or is_weekend_opening(day)]
    people = posts.filter(pl.col("seat") >= 0)
    on_day = second.one_a_day(_held(people, days, window), days)
    who, day = on_day["staff_no"].to_numpy(), on_day["number"].to_numpy()
    n = int(people["staff_no"].max()) + 1  # type: ignore[arg-type]
    cell = who * len(days) + day
    away = _away(spec, n, days, window, stream)[who, day]
    sections = on_day["section"].to_list()
    weekend = np.array([is_weekend_opening(d) for d in days])[day]
    duty = stream.unit("weekend", n * len(days))[cell]
    called = np.array([ASSUMED_WEEKEND_DUTY.get(name, 0.0) for name in sections]) > duty
    short = (kinds == KINDS.index("fiscal_year")) & stream.chance("short", n, ASSUMED_SHORT_RATE)
    base = day_start(window, np.array([(d - window.start).days for d in days]))[day]
    counter = np.array([BY_CODE[name].counter for name in sections])
    lunch = np.where(
        counter,
        stream.pick("counter_lunch", n * len(days), _COUNTER_LUNCH)[cell],
        stream.pick("desk_lunch", n * len(days), _DESK_LUNCH)[cell],
    )
    late = _overtime(sections, days, day, stream.unit("late", n * len(days))[cell])
    extra = stream.below("overtime", n * len(days), _LATEST_MINUTES - 20)[cell]
    ends = np.where(short[who], _SHORT_MS[1], ENDS_MS) + np.where(late & ~short[who], (20 + extra) * MINUTE_MS, 0)
    frame = on_day.select("staff_no", "seat", "section", "role").with_columns(
        pl.Series("day", np.array(days, dtype="datetime64[D]")[day]),
        pl.Series("starts", base + np.where(short[who], _SHORT_MS[0], STARTS_MS)),
        pl.Series("ends", base + ends),
        pl.Series("lunch_starts", base + np.array(LUNCHES_MS)[lunch]),
    )
    return frame.filter(pl.Series(~away & (~weekend | called))).sort("day", "staff_no")


def _held(posts: pl.DataFrame, days: list[date], window: Window) -> pl.DataFrame:
    """One row for each posting and day on which it is held: staff_no, seat, section, role, number of the day."""
    ordinal = np.array([epoch_day(d) for d in days])
    low = np.searchsorted(ordinal, posts["valid_from"].to_physical().to_numpy())
    last = posts["valid_to"].fill_null(window.end).to_physical().to_numpy()
    high = np.searchsorted(ordinal, last)
    counts = np.maximum(high - low, 0)
    row = np.repeat(np.arange(posts.height), counts)
    number = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + low[row]
    return posts.select("staff_no", "seat", "section", "role", "kind")[row].with_columns(pl.Series("number", number))


def _away(spec: OfficeSpec, n: int, days: list[date], window: Window, stream: Stream) -> Flags:
    """Who is not there, shape ``(n_staff, days)``."""
    shape = (n, len(days))
    away = stream.chance("leave", n * len(days), spec.leave_rate).reshape(shape)
    begins = stream.chance("sick", n * len(days), ASSUMED_SICK_RATE).reshape(shape)
    lasts = stream.below("sick_days", n * len(days), _SICK_DAYS).reshape(shape)
    for lag in range(min(_SICK_DAYS, len(days))):
        away[:, lag:] |= (begins & (lasts >= lag))[:, : shape[1] - lag]
    rate = ASSUMED_LONG_LEAVE * max(1.0, window.day_count / _YEAR_DAYS)
    some = stream.chance("long", n, rate)
    first = stream.below("long_from", n, window.day_count + 200) - 200
    length = 60 + stream.below("long_days", n, 140)
    number = np.array([(d - window.start).days for d in days])
    away |= some[:, None] & (first[:, None] <= number) & (number < (first + length)[:, None])
    return np.asarray(away)


def _overtime(sections: list[str], days: list[date], day: Ints, u: Floats) -> Flags:
    """Who stays late."""
    tax = np.array([d.month in _TAX_MONTHS for d in days])[day]
    polls = np.array([before_election(d) for d in days])[day]
    moves = np.array([(3, 24) <= (d.month, d.day) <= (4, 10) for d in days])[day]
    names = np.array(sections)
    rate = np.full(len(u), ASSUMED_LATE)
    rate = np.where(tax & np.isin(names, ["income_tax", "property_tax"]), ASSUMED_LATE_TAX, rate)
    rate = np.where(polls & (names == "electoral"), ASSUMED_LATE_ELECTION, rate)
    return np.asarray(u < np.where(moves & (names == "citizen"), ASSUMED_LATE_MOVES, rate))


def machine_duty(posts: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Machines are on duty all day and every day; their lunch is a formality of the table."""
    days = np.arange(window.day_count)
    base = day_start(window, days)
    frames = [
        pl.DataFrame({"staff_no": np.full(len(days), row["staff_no"])}).with_columns(
            pl.lit(row["seat"], pl.Int64).alias("seat"),
            pl.lit(row["section"]).alias("section"),
            pl.lit(row["role"]).alias("role"),
            pl.Series("day", (days + epoch_day(window.start)).astype("datetime64[D]")),
            pl.Series("starts", base),
            pl.Series("ends", base + DAY_MS - 1),
            pl.Series("lunch_starts", base),
            pl.lit(row["terminal"]).alias("terminal"),
        )
        for row in posts.iter_rows(named=True)
    ]
    return pl.concat(frames)


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Milliseconds as instants: the table ``roster``."""
    instants = [
        pl.from_epoch(c, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo").alias(c)
        for c in ("starts", "ends", "lunch_starts")
    ]
    return ROSTER.conform(frame.with_columns(instants))
