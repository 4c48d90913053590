"""Is each twin what the answer key says: lawful, and to the log the same as its misuse?"""

from collections.abc import Iterator

import polars as pl

from simulator.dataset import Dataset, Finding
from simulator.labels import AnswerKey

EQUAL = ("action", "system", "purpose", "role", "section", "match", "decision", "reason")
"""What a twin shares with its misuse. Source: the columns that the README names."""
FARTHEST_MINUTES, FARTHEST_DAYS = 120, 60
FARTHEST_FACTORS = {"met": 2**0.3, "session": 2.0}
"""At most how many times as often the one's resident stood in the log before as the other's, and how many times as many
events its session has; one more than each, so that none and one differ."""
_ROUNDING = 1e-9
_SESSION = ((pl.col("event_id") // (1 << 40)).alias("log"), pl.col("session_id"))
_KEYS = ["log", "session_id"]


def unlike(dataset: Dataset, key: AnswerKey) -> Iterator[Finding]:
    """Twins that are misuse themselves, match no misuse, or differ from it in what they must share."""
    pairs = key.labels.filter(pl.col("twin_of").is_not_null()).select("event_id", "twin_of", "misuse")
    events = _seen(dataset, pl.concat([pairs["event_id"], pairs["twin_of"]]).unique())
    both = pairs.join(events, on="event_id").join(events, left_on="twin_of", right_on="event_id", suffix="_misuse")
    known = set(key.misuse)
    minute = [pl.col(name).dt.hour().cast(pl.Int64) * 60 + pl.col(name).dt.minute() for name in ("at", "at_misuse")]
    days = (pl.col("at").dt.date() - pl.col("at_misuse").dt.date()).dt.total_days()
    apart = [(minute[0] - minute[1]).abs() > FARTHEST_MINUTES, days.abs() > FARTHEST_DAYS]
    apart += [_farther(name, factor) for name, factor in FARTHEST_FACTORS.items()]
    differs = pl.any_horizontal(*(~pl.col(name).eq_missing(pl.col(f"{name}_misuse")) for name in EQUAL), *apart)
    for event_id, twin_of, misuse, other in both.select("event_id", "twin_of", "misuse", differs).iter_rows():
        if misuse or other or twin_of not in known:
            yield Finding(f"truth/label {event_id}", f"it is no twin of event {twin_of}")


def _farther(name: str, factor: float) -> pl.Expr:
    one, other = pl.col(name) + 1, pl.col(f"{name}_misuse") + 1
    return pl.max_horizontal(one, other) > pl.min_horizontal(one, other) * (factor + _ROUNDING)


def _seen(dataset: Dataset, wanted: pl.Series) -> pl.DataFrame:
    """The events `wanted`, with `met`, how many events named the resident before, and `session`, its size."""
    log = dataset.scan("event")
    mine = log.filter(pl.col("event_id").is_in(wanted.implode()))
    found = mine.select("event_id", "at", "resident", *_SESSION, *EQUAL).collect()
    residents = found["resident"].drop_nulls().unique()
    named = log.filter(pl.col("resident").is_in(residents.implode())).select("event_id", "resident").sort("event_id")
    met = named.select("event_id", met=pl.int_range(pl.len()).over("resident")).collect()
    sessions = log.select(_SESSION).join(found.lazy().select(_SESSION).unique(), on=_KEYS, how="semi")
    session = sessions.group_by(_KEYS).agg(session=pl.len().cast(pl.Int64)).collect()
    whole = found.join(met, on="event_id", how="left").join(session, on=_KEYS)
    return whole.with_columns(pl.col("met").fill_null(0)).drop("resident", *_KEYS)
