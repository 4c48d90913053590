"""The office: sections, staff, accounts, terminals and the roster of working days."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from simulator.clock import HOUR_MS, Window, day_start_ms
from simulator.schema import ACCOUNT, ROSTER, SECTION, STAFF, TERMINAL
from simulator.streams import Ints, Stream, Weights
from simulator.workload.sections import ASSUMED_SECTIONS, COUNTERS, ENTITLED_ROLES, OFFICE_TITLES
from simulator.workload.settings import OfficeSpec
from simulator.workload.town import Town
from simulator.world.calendar import business_days

_KINDS = ("regular", "reappointed", "fiscal_year", "dispatched")
# Source: domain.md 6.2: staff by fiscal year are about a third of heads; the rest of the split is assumed.
_ASSUMED_KINDS = Weights.of((60, 5, 32, 3))
_MINUTE_MS = 60_000
_STARTS_MS = 8 * HOUR_MS + 30 * _MINUTE_MS  # Source: domain.md 3.6, 8:30–17:15
_ENDS_MS = 17 * HOUR_MS + 15 * _MINUTE_MS
_LUNCHES_MS = tuple(11 * HOUR_MS + m * _MINUTE_MS for m in (30, 60, 90, 120))  # Source: domain.md 3.6, in shifts
_TAX_MONTHS = (1, 2, 3, 4, 5)  # Source: domain.md 3.6, overtime in tax sections January to May
_TAX_ROLES = ("R05", "R06")
_ASSUMED_OVERTIME_RATE = 0.4
_ADULT_AGES = (20, 64)
_OPENED = date(2019, 4, 1)


@dataclass(frozen=True, slots=True)
class Office:
    """Frames of the tables section, staff, account, terminal and roster, all inside a run."""

    sections: pl.DataFrame
    staff: pl.DataFrame
    accounts: pl.DataFrame
    terminals: pl.DataFrame
    roster: pl.DataFrame


def build_office(spec: OfficeSpec, population: Town, stream: Stream) -> Office:
    """Make the office of `population` for its window; two thirds of the staff are residents of it."""
    staff = _staff(spec, population, stream.at("staff"))
    terminals = _terminals(staff)
    roster = _roster(spec, staff, population.window, stream.at("roster"))
    return Office(_sections(), staff, _accounts(staff), terminals, roster)


def _sections() -> pl.DataFrame:
    rows = [(s.code, s.title, s.office, OFFICE_TITLES[s.office], s.role in ENTITLED_ROLES) for s in ASSUMED_SECTIONS]
    return SECTION.conform(pl.DataFrame(rows, schema=list(SECTION.names), orient="row"))


def _places(count: int) -> list[int]:
    """The section of each member of staff: at least two in each, else in proportion."""
    whole = sum(s.staff for s in ASSUMED_SECTIONS)
    heads = [max(2, s.staff * count // whole) for s in ASSUMED_SECTIONS]
    order = sorted(range(len(heads)), key=lambda i: -heads[i])
    step = 1 if sum(heads) < count else -1
    turn = 0
    while sum(heads) != count:
        heads[order[turn % len(order)]] = max(1, heads[order[turn % len(order)]] + step)
        turn += 1
    return [i for i, n in enumerate(heads) for _ in range(n)]


def _staff(spec: OfficeSpec, town: Town, stream: Stream) -> pl.DataFrame:
    n = spec.staff
    place = _places(n)
    people = town.residents
    year = town.window.start.year
    adults = people.filter(
        (year - pl.col("birth_date").dt.year()).is_between(*_ADULT_AGES),
        pl.col("nationality") == "JP",
        pl.col("resident_since") < town.window.start,
    )
    chosen = adults[stream.order("persons", adults.height)[:n]].select(
        "resident_no", "birth_date", "family_name", "given_name"
    )
    here = pl.Series(stream.chance("here", n, spec.resident_rate))
    numbers = 100_000 + stream.order("codes", 900_000)[:n]
    return STAFF.conform(
        chosen.with_columns(
            pl.Series("staff_no", np.arange(n)),
            pl.Series("staff_code", [f"S{code:07d}" for code in numbers]),
            pl.Series("section", [ASSUMED_SECTIONS[i].code for i in place]),
            pl.Series("role", [ASSUMED_SECTIONS[i].role for i in place]),
            pl.Series("employment", [_KINDS[k] for k in stream.pick("employment", n, _ASSUMED_KINDS)]),
            pl.Series("supervisor", [i == 0 or place[i] != place[i - 1] for i in range(n)]),
            pl.when(here).then("resident_no").otherwise(None).alias("resident_no"),
            pl.lit(_OPENED).alias("hired_on"),
        ).with_columns(employment=pl.when("supervisor").then(pl.lit("regular")).otherwise("employment"))
    )


def _accounts(staff: pl.DataFrame) -> pl.DataFrame:
    entitled = staff.filter(pl.col("role").cast(pl.String).is_in(ENTITLED_ROLES))
    return ACCOUNT.conform(
        entitled.select("staff_no", "role", "section", valid_from="hired_on", valid_to=pl.lit(None, dtype=pl.Date))
    )


def _terminals(staff: pl.DataFrame) -> pl.DataFrame:
    """One terminal for each entitled member of staff; the section's counter ones come first."""
    offices = {s.code: s.office for s in ASSUMED_SECTIONS}
    rows = [
        (terminal_code(no), section, offices[section], section in COUNTERS)
        for no, section, role in staff.select("staff_no", "section", "role").iter_rows()
        if role in ENTITLED_ROLES
    ]
    return TERMINAL.conform(pl.DataFrame(rows, schema=list(TERMINAL.names), orient="row"))


def terminal_code(staff_no: int) -> str:
    """The terminal at the desk of `staff_no`."""
    return f"T{staff_no + 1:04d}"


def _roster(spec: OfficeSpec, staff: pl.DataFrame, window: Window, stream: Stream) -> pl.DataFrame:
    days = business_days(window)
    m = staff.height
    n = m * len(days)
    who: Ints = np.tile(np.arange(m), len(days))
    starts = np.repeat([day_start_ms(day) for day in days], m)
    roles = staff["role"].cast(pl.String)
    tax = np.tile(roles.is_in(_TAX_ROLES).to_numpy(), len(days)) & np.repeat([d.month in _TAX_MONTHS for d in days], m)
    late = tax & stream.chance("late", n, _ASSUMED_OVERTIME_RATE)
    overtime = np.where(late, stream.below("overtime", n, 150) * _MINUTE_MS, 0)
    lunch = np.array(_LUNCHES_MS)[stream.below("lunch", n, len(_LUNCHES_MS))]
    terminal = [terminal_code(i) if roles[i] in ENTITLED_ROLES else None for i in range(m)]
    frame = pl.DataFrame(
        {
            "staff_no": who,
            "day": np.repeat(np.array(days, dtype="datetime64[D]"), m),
            "starts": starts + _STARTS_MS,
            "ends": starts + _ENDS_MS + overtime,
            "lunch_starts": starts + lunch,
            "terminal": pl.Series(terminal * len(days), dtype=pl.String),
            "present": ~stream.chance("leave", n, spec.leave_rate),
        }
    )
    instants = [_instant(name) for name in ("starts", "ends", "lunch_starts")]
    return ROSTER.conform(frame.filter("present").with_columns(instants))


def _instant(name: str) -> pl.Expr:
    return (
        pl.from_epoch(name, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo").alias(name)
    )
