"""Instants and days as ISO 8601, written from tables of their parts: no formatting per row."""

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.pseudonym.text import fixed_texts, spread

ZONE = b"+09:00"
_AHEAD_MS = 9 * 3_600_000
_DAY_MS, _MINUTE_MS, _SECOND_MS = 86_400_000, 60_000, 1000
_PARTS = np.dtype([("day", "S10"), ("minute", "S6"), ("second", "S3"), ("ms", "S4"), ("zone", "S6")])


def to_texts(instants: pl.Series) -> pl.Series:
    """Each of `instants` as ``2025-03-10T08:31:05.123+09:00``; nulls stay null. Years from 1 to 9999."""
    known = instants.drop_nulls()
    local = known.dt.epoch("ms").to_numpy() + _AHEAD_MS
    day, in_day = np.divmod(local, _DAY_MS)
    minute, in_minute = np.divmod(in_day.astype(np.int32), _MINUTE_MS)
    second, ms = np.divmod(in_minute, _SECOND_MS)
    rows = np.empty(len(known), dtype=_PARTS)
    rows["day"], rows["minute"] = _days(day), _minutes()[minute]
    rows["second"], rows["ms"], rows["zone"] = _seconds()[second], _milliseconds()[ms], ZONE
    return spread(fixed_texts(rows.view(np.uint8).reshape(len(rows), _PARTS.itemsize)), instants)


def _days(day: npt.NDArray[np.int64]) -> npt.NDArray[np.bytes_]:
    """The date of each number of days since 1970: every day between the first and the last is written once."""
    if not len(day):
        return np.empty(0, dtype="S10")
    first, last = int(day.min()), int(day.max())
    if last - first > len(day):
        return np.datetime_as_string(day.astype("datetime64[D]")).astype("S10")
    dates = np.datetime_as_string(np.arange(first, last + 1).astype("datetime64[D]")).astype("S10")
    found: npt.NDArray[np.bytes_] = dates[day - first]
    return found


@cache
def _minutes() -> npt.NDArray[np.bytes_]:
    return np.array([f"T{hour:02}:{minute:02}".encode() for hour in range(24) for minute in range(60)])


@cache
def _seconds() -> npt.NDArray[np.bytes_]:
    return np.array([f":{second:02}".encode() for second in range(60)])


@cache
def _milliseconds() -> npt.NDArray[np.bytes_]:
    return np.array([f".{ms:03}".encode() for ms in range(1000)])
