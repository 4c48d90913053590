"""Sessions: a stay at a terminal from log-on to log-off, a part of a working day before or after lunch or a break."""

import numpy as np
import polars as pl

from simulator.clock import HOUR_MS
from simulator.schema import REQUEST
from simulator.streams import Ints, Stream
from simulator.workload.office import Office
from simulator.workload.sections import COUNTERS, ENTITLED_ROLES, NETWORK, WORKING_ROLES

_ASSUMED_PRESENT_RATE = 0.96  # share of half days in which an entitled person logs on at all
_ASSUMED_BREAK_RATE = 0.35  # of half days have a meeting or an errand, after which one logs on again
_ASSUMED_LOGOUT_RATE = 0.93  # the rest leave the terminal to its time-out
_ASSUMED_OFFICERS_RATE = 0.3  # of half days in which auditors and administrators log on
_ASSUMED_DESK_RATE = 0.55  # of half days in which others without a counter log on: they do when they need to
_ASSUMED_FAILED = 0.0015  # of days on which someone without an account tries to log on
_ASSUMED_MISTAKEN = 0.03  # of log-ons fail at first
_ASSUMED_TEMPORARY = (
    0.006  # of days a card was forgotten and a temporary one is lent; Source of the fact: domain.md 3.3
)
# Vein or card; Source: domain.md 3.3 names both.
_ASSUMED_VEIN_RATE = 0.7
_LUNCH_MS = HOUR_MS
_EDGE_MS = 420_000  # log-on and log-off lie within seven minutes of the half day's ends
_BREAK_MS = (900_000, 4_500_000)
_SHORTEST_MS = 600_000


def sessions(office: Office, stream: Stream) -> pl.DataFrame:
    """One row a session.

    Columns: slot, staff_no, seat, section, role, day, terminal, auth_method, session_key, opens, closes (ms), logs_out.
    """
    shifts = office.shifts.filter(pl.col("role").is_in(ENTITLED_ROLES), pl.col("section") != NETWORK.code)
    halves = _halves(shifts, stream)
    machines = office.shifts.filter(pl.col("section") == NETWORK.code).select(
        *_COMMON, opens=pl.col("starts") + 5_000, closes=pl.col("ends") - 5_000, logs_out=pl.lit(value=True)
    )
    both = pl.concat([_with_breaks(halves, stream), machines]).sort("day", "staff_no", "opens").with_row_index("slot")
    whole = both.with_columns(_auth(both, stream), pl.Series("session_key", stream.bits("key", both.height)))
    for day, method in office.moved.methods:
        later = (pl.col("day") >= day) & (pl.col("section") != NETWORK.code)
        whole = whole.with_columns(auth_method=pl.when(later).then(pl.lit(method)).otherwise("auth_method"))
    return whole


_COMMON = ("day", "staff_no", "seat", "section", "role", "terminal")


def _halves(shifts: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Mornings and afternoons; two who share a terminal have one each."""
    place = pl.int_range(pl.len()).over("day", "terminal")
    shared = pl.len().over("day", "terminal") > 1
    own = shifts.with_columns(place=place, shared=shared)
    morning = own.filter(~pl.col("shared") | (pl.col("place") == 0)).select(
        *_COMMON, opens="starts", closes="lunch_starts"
    )
    afternoon = own.filter(~pl.col("shared") | (pl.col("place") == 1)).select(
        *_COMMON, opens=pl.col("lunch_starts") + _LUNCH_MS, closes="ends"
    )
    halves = pl.concat([morning, afternoon]).sort("day", "staff_no", "opens")
    n = halves.height
    working, counter = halves["role"].is_in(WORKING_ROLES), halves["section"].is_in(list(COUNTERS))
    desk = np.where(working.to_numpy(), _ASSUMED_DESK_RATE, _ASSUMED_OFFICERS_RATE)
    rate = np.where(counter.to_numpy(), _ASSUMED_PRESENT_RATE, desk)
    drawn = halves.with_columns(
        pl.col("opens") + 20_000 + pl.Series(stream.below("opens", n, _EDGE_MS)),
        pl.col("closes") - pl.Series(stream.below("closes", n, _EDGE_MS)),
        pl.Series("present", stream.chance("present", n, rate)),
    )
    return drawn.filter("present", pl.col("closes") - pl.col("opens") > _SHORTEST_MS).drop("present")


def _with_breaks(halves: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Some half days cut in two by a break in which nobody is logged on."""
    n = halves.height
    opens, closes = halves["opens"].to_numpy(), halves["closes"].to_numpy()
    low, high = _BREAK_MS
    length = low + stream.below("break_length", n, high - low)
    room = closes - opens - length - 2 * _SHORTEST_MS
    cut = stream.chance("break", n, _ASSUMED_BREAK_RATE) & (room > 0)
    begins = opens + _SHORTEST_MS + stream.below("break_begins", n, np.maximum(room, 1))
    logs_out = stream.chance("logs_out", n, _ASSUMED_LOGOUT_RATE)
    leaves = stream.chance("logs_out_before_break", n, _ASSUMED_LOGOUT_RATE / 2)
    before = halves.with_columns(
        pl.Series("closes", np.where(cut, begins, closes)), pl.Series("logs_out", np.where(cut, leaves, logs_out))
    )
    after = halves.with_columns(pl.Series("opens", begins + length), pl.Series("logs_out", logs_out))
    return pl.concat([before, after.filter(pl.Series(cut))])


def _auth(both: pl.DataFrame, stream: Stream) -> pl.Series:
    """How each session was opened: each person's own way, a temporary card where the card was forgotten."""
    staff = both["staff_no"].to_numpy()
    day = both["day"].to_physical().to_numpy()
    people = int(staff.max(initial=0)) + 1
    vein = stream.chance("vein", people, _ASSUMED_VEIN_RATE)[staff]
    first = int(day.min(initial=0))
    cell = staff * (int(day.max(initial=0)) - first + 1) + day - first
    forgot = stream.chance("forgot", int(cell.max(initial=0)) + 1, _ASSUMED_TEMPORARY)[cell]
    machine = (both["section"] == NETWORK.code).to_numpy()
    own = np.where(machine, 0, np.where(vein, 1, np.where(forgot, 3, 2)))
    return pl.Series("auth_method", ["password", "vein", "card", "temp_card"]).gather(own)


def logons(slots: pl.DataFrame, office: Office, stream: Stream) -> pl.DataFrame:
    """The log-on and log-off requests of `slots`, and the refused log-ons of those whose account has ended."""
    on = slots.select("slot", at=pl.col("opens"), action=pl.lit("login"))
    off = slots.filter("logs_out").select("slot", at=pl.col("closes"), action=pl.lit("logout"))
    both = pl.concat([on, off])
    n = both.height
    rows = both.with_columns(
        pl.Series("request_no", stream.bits("request_no", n)),
        pl.Series("tie", stream.bits("tie", n)),
        screen=pl.lit("logon"), purpose=pl.lit("none"), system=pl.lit("MUNI"),
    )  # fmt: skip
    return pl.concat(
        [requests(rows, slots), _mistaken(slots, stream.at("mistaken")), _refused(office, stream.at("barred"))]
    )


def _mistaken(slots: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Log-ons that fail at first: a vein not read, a wrong password; the right one follows within seconds."""
    people = slots.filter(pl.col("section") != NETWORK.code)
    tried = people.filter(pl.Series(stream.chance("fails", people.height, _ASSUMED_MISTAKEN)))
    n = tried.height
    rows = tried.select("slot").with_columns(
        pl.Series("at", tried["opens"].to_numpy() - 4_000 - stream.below("before", n, 16_000)),
        pl.Series("request_no", stream.bits("request_no", n)), pl.Series("tie", stream.bits("tie", n)),
        action=pl.lit("login"), screen=pl.lit("logon"), purpose=pl.lit("none"), system=pl.lit("MUNI"),
        failed=pl.lit(value=True),
    )  # fmt: skip
    return requests(rows, slots)


def _refused(office: Office, stream: Stream) -> pl.DataFrame:
    """People of sections without entitlement who try a terminal nearby: once in a while, and in vain."""
    idle = office.shifts.filter(~pl.col("role").is_in(ENTITLED_ROLES))
    n = idle.height
    tried = idle.filter(pl.Series(stream.chance("tries", n, _ASSUMED_FAILED)))
    m = tried.height
    places = office.moved.first_terminals.filter(~pl.col("section").is_in([NETWORK.code]), pl.col("office") == "H00")[
        "terminal"
    ]
    at = tried["starts"].to_numpy() + stream.below("at", m, 6 * HOUR_MS)
    rows = tried.select("staff_no", "day").with_columns(
        pl.Series("at", at),
        pl.Series("terminal", [places[int(k)] for k in stream.below("terminal", m, len(places))], dtype=pl.String),
        pl.Series("session_key", stream.bits("key", m)), pl.Series("request_no", stream.bits("request_no", m)),
        pl.Series("tie", stream.bits("tie", m)), auth_method=pl.lit("card"), action=pl.lit("login"),
        screen=pl.lit("logon"), purpose=pl.lit("none"), system=pl.lit("MUNI"),
    )  # fmt: skip
    return _conformed(office.moved.at_desks(rows, pl.col("day")))


def requests(rows: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """Rows with `slot` and `at` in ms as a frame of table request; columns that are lacking become null."""
    columns = slots.select("slot", "staff_no", "terminal", "auth_method", "session_key")
    return _conformed(rows.join(columns, on="slot", how="left", maintain_order="left"))


def _conformed(rows: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None).alias(name) for name in REQUEST.names if name not in rows.columns]
    return REQUEST.conform(rows.with_columns(*lacking, instant("at")))


def instant(name: str) -> pl.Expr:
    """Milliseconds as an instant in Japan."""
    return (
        pl.from_epoch(name, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo").alias(name)
    )


def room(slots: pl.DataFrame) -> Ints:
    """Milliseconds of each session in which work may begin and end."""
    return (slots["closes"] - slots["opens"]).to_numpy() - 60_000
