"""Statistics of the log for auditors: what the standard specification of resident systems has printed.

Each takes the events (table ``event``, lazily) and gives a small frame, so that memory does not grow with the log.
Source: domain.md 3.4 and 3.5 (items of the log; off-hours, high-volume and search lists as auditors use them); the
hours and thresholds are ASSUMED, and arguments.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from simulator.errors import UnknownNameError, UsageError
from simulator.pseudonym import to_texts
from simulator.world.calendar import is_business_day

ASSUMED_NIGHT_FROM = 22
ASSUMED_NIGHT_UNTIL = 5
"""Hours that count as night (深夜). Source of the bounds: 労働基準法37条4項 counts night work from 22 to 5."""
ASSUMED_MASS_HITS = 100
"""Residents found by one search above which it is a mass search; lists end at 100 rows (policy)."""
_LOOKS = ("view", "unmask", "print", "issue", "list", "search")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A list that can be printed: its name, its title, and how it is made of events."""

    name: str
    ja: str
    meaning: str
    make: Callable[[pl.LazyFrame], pl.LazyFrame]


def _by_actor(events: pl.LazyFrame, *counts: pl.Expr) -> pl.LazyFrame:
    grouped = events.group_by("actor").agg(
        pl.col("role", "section").last(), *counts, first=_minute(pl.col("at").min()), last=_minute(pl.col("at").max())
    )
    return grouped.sort(counts[0].meta.output_name(), "actor", descending=[True, False])


def _minute(at: pl.Expr) -> pl.Expr:
    return at.dt.strftime("%Y-%m-%d %H:%M")


def _count(name: str, condition: pl.Expr) -> pl.Expr:
    return condition.sum().alias(name)


def _is(action: str) -> pl.Expr:
    return pl.col("action") == action


def _refused() -> pl.Expr:
    return pl.col("decision") == "deny"


def _night() -> pl.Expr:
    hour = pl.col("at").dt.hour()
    return (hour >= ASSUMED_NIGHT_FROM) | (hour < ASSUMED_NIGHT_UNTIL)


def _closed(events: pl.LazyFrame) -> pl.Expr:
    days: Sequence[date] = events.select(pl.col("at").dt.date().unique()).collect()["at"].to_list()
    return pl.col("at").dt.date().is_in([day for day in days if not is_business_day(day)])


def _outside(events: pl.LazyFrame) -> pl.LazyFrame:
    closed = _closed(events)
    some = events.filter(_night() | closed)
    return _by_actor(some, pl.len().alias("events"), _count("night", _night()), _count("holiday", closed))


def _failures(events: pl.LazyFrame) -> pl.LazyFrame:
    failed = events.filter(_is("login") & _refused())
    wrong = pl.col("reason").str.starts_with("LOGON")
    return _by_actor(
        failed,
        pl.len().alias("failures"),
        _count("wrong_credential", wrong),
        pl.col("terminal").n_unique().alias("terminals"),
    )


def _accesses(events: pl.LazyFrame) -> pl.LazyFrame:
    looked = events.filter(pl.col("action").is_in(_LOOKS))
    return _by_actor(
        looked, pl.len().alias("accesses"), *(_count(action, _is(action)) for action in _LOOKS),
        pl.col("resident").n_unique().alias("residents"), _count("refused", _refused()),
    )  # fmt: skip


def _mass(events: pl.LazyFrame) -> pl.LazyFrame:
    searched = events.filter(_is("search") & (pl.col("hits") > ASSUMED_MASS_HITS))
    most = pl.col("hits").max().alias("most_found")
    return _by_actor(searched, pl.len().alias("searches"), most, _count("refused", _refused()))


def _numbers(events: pl.LazyFrame) -> pl.LazyFrame:
    by_number = pl.col("search_keys").str.starts_with("my_number").fill_null(value=False)
    by_code = pl.col("search_keys").str.starts_with("resident_code").fill_null(value=False)
    used = events.filter(pl.col("my_number") | by_code | _is("unmask"))
    return _by_actor(
        used, pl.len().alias("uses"), _count("searches_by_my_number", by_number),
        _count("searches_by_resident_code", by_code), _count("shown", pl.col("my_number") & ~by_number),
        _count("without_case", pl.col("case_no").is_null()),
    )  # fmt: skip


def _prints(events: pl.LazyFrame) -> pl.LazyFrame:
    printed = events.filter(pl.col("printer").is_not_null())
    grouped = printed.group_by("printer").agg(
        sheets=pl.col("sheets").cast(pl.UInt64).sum(), certificates=pl.col("document_no").count(), prints=pl.len(),
        actors=pl.col("actor").n_unique(),
    )  # fmt: skip
    return grouped.sort("sheets", "printer", descending=[True, False])


def _releases(events: pl.LazyFrame) -> pl.LazyFrame:
    kinds = ("approve", "override", "export")
    some = events.filter(pl.col("action").is_in(kinds) | pl.col("protected_alert"))
    return _by_actor(
        some, pl.len().alias("events"), *(_count(kind, _is(kind)) for kind in kinds),
        _count("protected_alerts", pl.col("protected_alert")),
    )  # fmt: skip


def _months(events: pl.LazyFrame) -> pl.LazyFrame:
    month = pl.col("at").dt.strftime("%Y-%m").alias("month")
    counts = [_count(name, _is(name)) for name in ("search", "view", "issue", "update")]
    return events.group_by(month).agg(pl.len().alias("events"), *counts, _count("refused", _refused())).sort("month")


STATISTICS = {
    each.name: each
    for each in (
        Statistic("months", "月別操作件数", "Events by month and kind.", _months),
        Statistic(
            "accesses", "ID別アクセス件数", "Accesses by operator, and how many residents they concern.", _accesses
        ),
        Statistic(
            "outside", "深夜・休日アクセス", "Events at night (22 to 5) and on days when offices are closed.", _outside
        ),
        Statistic("logons", "ログオン失敗", "Refused log-ons by operator.", _failures),
        Statistic("mass", "大量検索", "Searches that found more than 100 residents.", _mass),
        Statistic("numbers", "番号による検索・個人番号利用", "Searches by number, and My Numbers shown.", _numbers),
        Statistic("printing", "印刷・証明書発行", "Sheets and certificates by printer.", _prints),
        Statistic(
            "releases", "承認・緊急閲覧・抽出・支援措置", "Approvals, break-glass, extractions and alerts.", _releases
        ),
    )
}


def table(
    name: str, events: pl.LazyFrame, top: int, days: tuple[date | None, date | None] = (None, None)
) -> pl.DataFrame:
    """The first `top` rows of the statistic `name`; operators as text, times in Japan.

    Args:
        name: of `STATISTICS`.
        events: table ``event``.
        top: most rows.
        days: first and last day, None for open.

    Raises:
        UnknownNameError: there is no such statistic.
        UsageError: the last day is before the first.
    """
    if name not in STATISTICS:
        raise UnknownNameError("list", name, STATISTICS)
    first, last = days
    if first and last and last < first:
        msg = f"the last day {last} is before the first {first}"
        raise UsageError(msg)
    day = pl.col("at").dt.date()
    some = events.filter(day.is_between(first or date.min, last or date.max))
    frame = STATISTICS[name].make(some).head(top).collect()
    return frame.with_columns(actor=to_texts(frame["actor"])) if "actor" in frame.columns else frame
