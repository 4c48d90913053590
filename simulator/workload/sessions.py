"""Sessions: each half of a working day of an entitled member of staff is one, from log-on to log-off."""

import numpy as np
import polars as pl

from simulator.schema import REQUEST
from simulator.streams import Stream, Weights
from simulator.workload.office import Office
from simulator.workload.sections import WORKING_ROLES

_ASSUMED_PRESENT_RATE = 0.96  # share of half days in which an entitled person logs on at all
_ASSUMED_LOGOUT_RATE = 0.93  # the rest leave the terminal to its time-out
_ASSUMED_AUTH = Weights.of((70, 30))  # vein or card; Source: domain.md 3.3 names both
_LUNCH_MS = 3_600_000
_EDGE_MS = 420_000  # log-on and log-off lie within seven minutes of the half day's ends


def sessions(office: Office, stream: Stream) -> pl.DataFrame:
    """One row a session: slot, staff_no, section, terminal, auth_method, session_key, opens, closes (ms), logs_out."""
    roster = (
        office.roster.join(office.staff.select("staff_no", "section", "role"), on="staff_no")
        .filter(pl.col("role").cast(pl.String).is_in(WORKING_ROLES))
        .sort("day", "staff_no")
        .with_columns(pl.col("starts", "ends", "lunch_starts").dt.epoch("ms"))
    )
    common = ["day", "staff_no", "section", "terminal"]
    morning = roster.select(*common, opens="starts", closes="lunch_starts")
    afternoon = roster.select(*common, opens=pl.col("lunch_starts") + _LUNCH_MS, closes="ends")
    halves = pl.concat([morning, afternoon]).sort("day", "staff_no", "opens")
    n = halves.height
    auth = stream.pick("auth", n, _ASSUMED_AUTH)
    drawn = halves.with_columns(
        pl.col("opens") + pl.Series(stream.below("opens", n, _EDGE_MS)),
        pl.col("closes") - pl.Series(stream.below("closes", n, _EDGE_MS)),
        pl.Series("auth_method", np.array(["vein", "card"])[auth]),
        pl.Series("session_key", stream.bits("key", n)),
        pl.Series("logs_out", stream.chance("logs_out", n, _ASSUMED_LOGOUT_RATE)),
        pl.Series("present", stream.chance("present", n, _ASSUMED_PRESENT_RATE)),
    )
    return drawn.filter("present").drop("present").with_row_index("slot")


def logons(slots: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """The log-on and log-off requests of `slots`."""
    on = slots.select("slot", at=pl.col("opens"), action=pl.lit("login"))
    off = slots.filter("logs_out").select("slot", at=pl.col("closes"), action=pl.lit("logout"))
    both = pl.concat([on, off])
    n = both.height
    rows = both.with_columns(
        pl.Series("request_no", stream.bits("request_no", n)),
        pl.Series("tie", stream.bits("tie", n)),
        screen=pl.lit("logon"), purpose=pl.lit("none"), system=pl.lit("MUNI"),
    )  # fmt: skip
    return requests(rows, slots)


def requests(rows: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """Rows with `slot` and `at` in ms as a frame of table request; columns that are lacking become null."""
    columns = slots.select("slot", "staff_no", "terminal", "auth_method", "session_key")
    whole = rows.join(columns, on="slot", how="left", maintain_order="left")
    lacking = [pl.lit(None).alias(name) for name in REQUEST.names if name not in whole.columns]
    return REQUEST.conform(whole.with_columns(*lacking, instant("at")))


def instant(name: str) -> pl.Expr:
    """Milliseconds as an instant in Japan."""
    return (
        pl.from_epoch(name, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo").alias(name)
    )
