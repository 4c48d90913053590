"""Is each twin what the answer key says: lawful, and to the log the same as its misuse?"""

from collections.abc import Iterator

import polars as pl

from simulator.dataset import Dataset, Finding
from simulator.labels import AnswerKey

EQUAL = ("action", "system", "purpose", "role", "section", "match", "decision", "reason")
"""What a twin shares with its misuse. Source: the columns that the README names."""
FARTHEST_MINUTES = 120


def unlike(dataset: Dataset, key: AnswerKey) -> Iterator[Finding]:
    """Twins that are misuse themselves, match no misuse, or differ from it in what they must share."""
    pairs = key.labels.filter(pl.col("twin_of").is_not_null()).select("event_id", "twin_of", "misuse")
    columns = ["event_id", "at", *EQUAL]
    wanted = pl.concat([pairs["event_id"], pairs["twin_of"]])
    events = dataset.scan("event").select(columns).filter(pl.col("event_id").is_in(wanted.implode())).collect()
    both = pairs.join(events, on="event_id").join(events, left_on="twin_of", right_on="event_id", suffix="_misuse")
    known = set(key.misuse)
    minute = [pl.col(name).dt.hour().cast(pl.Int64) * 60 + pl.col(name).dt.minute() for name in ("at", "at_misuse")]
    apart = (minute[0] - minute[1]).abs() > FARTHEST_MINUTES
    differs = pl.any_horizontal(*(~pl.col(name).eq_missing(pl.col(f"{name}_misuse")) for name in EQUAL), apart)
    for event_id, twin_of, misuse, other in both.select("event_id", "twin_of", "misuse", differs).iter_rows():
        if misuse or other or twin_of not in known:
            yield Finding(f"truth/label {event_id}", f"it is no twin of event {twin_of}")
