"""Matched twins: for a misuse event a lawful one that the log cannot tell from it, chosen and never made.

A twin is equal in action, screen, system, purpose, role, section, match, band of hits, decision and reason, of a case
that issues something or not, as the misuse does, and near in hour, day, dwell, the events of the session and how often
the log named the resident before, so that no record in use too often tells; it differs only in what the auditor's
other tables say: whose case it is, and who is who to whom.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import polars as pl

from simulator.access import log
from simulator.pseudonym import Epochs
from simulator.streams import Ints

EQUAL = (
    "action", "screen", "system", "purpose", "role", "section", "match", "hits_band", "decision", "reason", "numbered",
    "looks_only",
)  # fmt: skip
TWIN = "TWIN"
"""The archetype of a twin that is no look-alike: ordinary work."""
FARTHEST = {"hour": 2.0, "day": 60.0, "dwell": 1.0, "met": 0.3, "session": 1.0}
"""Farthest that a twin may be: in hours of the day, in days, and in the logarithm (base 2) of one more than the seconds
on the screen, than the events that named the resident before, and than the events of the session."""
_REACH = np.array(list(FARTHEST.values()))
_ASKED = ("action", "screen", "system", "purpose", "match")
_NUMBERED = pl.col("case_no").is_not_null().alias("numbered")
_DONE = ("issue", "update", "print", "export")
_IN_LOG = {"dwell_s": "dwell", "met": "met", "session": "session"}
_TEXTS = ("section", "reason")
_BANDS = (1, 2, 3, 6, 11, 31, 101)


@dataclass(slots=True)
class Candidates:
    """Misuse and what might match it, gathered from the log's pieces in order of time; memory does not grow with them.

    Attributes:
        made: the requests of misuse of the whole run.
        epochs: the versions of the log's pseudonyms.
        met: how often the log has named each resident so far: all under version 1, then all under version 2 ….
    """

    made: pl.DataFrame
    epochs: Epochs
    met: Ints
    _found: list[pl.DataFrame] = field(default_factory=list)

    @classmethod
    def of(cls, made: pl.DataFrame, residents: pl.Series, epochs: Epochs, met: pl.DataFrame | None) -> Self:
        """Begin a log, or go on with one.

        Args:
            made: the requests of misuse.
            residents: their pseudonyms by row number, under each version of `epochs`.
            epochs: those versions.
            met: resident and len, how often each stands in the log that goes on; None for a new log.
        """
        count = np.zeros(len(residents), dtype=np.int64)
        if met is not None:
            named = residents.alias("resident").to_frame().join(met, on="resident", how="left", maintain_order="left")
            count += named["len"].fill_null(0).to_numpy()
        return cls(made, epochs, count)

    def add(self, decided: pl.DataFrame, request_case: pl.DataFrame) -> pl.Series:
        """Take in the next piece; request_no of its misuse and of what might match misuse of the whole run.

        Args:
            decided: requests with what was decided (`Answers.decided`), whole cases.
            request_case: request_no and case_index of what of `decided` belongs to a case.
        """
        columns = ("request_no", "at", "hits", "case_no", "dwell_s", *(n for n in EQUAL if n in decided.columns))
        alike = self.made.select(*_ASKED, _NUMBERED).unique()
        near = decided.select(*columns, _NUMBERED, self._met(decided), pl.len().over("session_key").alias("session"))
        near = near.join(alike, on=alike.columns, how="semi", nulls_equal=True, maintain_order="left")
        results = decided.select("request_no", "action").filter(pl.col("action").is_in(_DONE))
        done = results.join(request_case, on="request_no")["case_index"].unique()
        shaped = near.join(request_case, on="request_no", how="left", maintain_order="left")
        self._found.append(shaped.select("request_no", *_measures(done)))
        return self._found[-1]["request_no"]

    def _met(self, decided: pl.DataFrame) -> pl.Series:
        """How often the log named the resident of each request before it; 0 where it names nobody."""
        named = pl.col("target").is_not_null() & ~pl.col("action").cast(pl.String).is_in(log.TOGETHER)
        order = log.in_time(decided)
        rows = order[decided.select(named).to_series().to_numpy()[order]]
        version = self.epochs.places(decided["at"]).to_numpy()[rows].astype(np.int64)
        who = decided["target"].to_numpy()[rows].astype(np.int64) + version * (len(self.met) // len(self.epochs))
        by = np.argsort(who, kind="stable")
        each, first, size = np.unique(who[by], return_index=True, return_counts=True)
        before = np.zeros(decided.height, dtype=np.int64)
        before[rows[by]] = self.met[who[by]] + np.arange(len(by)) - np.repeat(first, size)
        self.met[each] += size
        return pl.Series("met", before)

    def pairs(self, labels: pl.DataFrame) -> pl.DataFrame:
        """Pairs request_no (lawful) and twin_of (misuse) of what was taken in: see `match`."""
        return match(pl.concat(self._found), labels)


def match(shaped: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Pairs request_no (lawful) and twin_of (misuse): each lawful event once, the nearest left for each misuse event.

    Args:
        shaped: what `measured` gave of the whole run.
        labels: request_no, misuse and lookalike of the labelled ones; only lawful requests become twins.

    Returns:
        Columns request_no and twin_of, both of the run; misuse without a lawful equal has no row.
    """
    bad = labels.filter("misuse").select("request_no")
    if bad.is_empty():
        return pl.DataFrame(schema={"request_no": pl.UInt64, "twin_of": pl.UInt64})
    wanted = shaped.join(bad, on="request_no", how="semi").sort("request_no")
    pool = shaped.join(labels.filter(~pl.col("lookalike")).select("request_no"), on="request_no", how="anti")
    pool = pool.join(wanted.select(EQUAL).unique(), on=EQUAL, how="semi", nulls_equal=True).sort("request_no")
    groups = pool.partition_by(EQUAL, as_dict=True, maintain_order=True)
    pairs: list[tuple[int, int]] = []
    for key, part in wanted.partition_by(EQUAL, as_dict=True, maintain_order=True).items():
        if key in groups:
            pairs += _nearest(part, groups[key])
    return pl.DataFrame(pairs, schema={"request_no": pl.UInt64, "twin_of": pl.UInt64}, orient="row")


def labels(known: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """A label for each twin of `pairs`: lawful, of the episode whose misuse it matches, with `twin_of`."""
    whose = known.rename({"request_no": "twin_of"}).drop("misuse", "lookalike", "grey", "reason_status")
    told = pairs.join(whose, on="twin_of", maintain_order="left").with_columns(
        archetype=pl.lit(TWIN), stage=pl.lit("twin"), motive=pl.lit("work"), relation=pl.lit("case"),
        reason_status=pl.lit("real"), misuse=pl.lit(value=False), lookalike=pl.lit(value=False),
        grey=pl.lit(value=False),
    )  # fmt: skip
    return told.select(*known.columns, "twin_of")


def _measures(done: pl.Series) -> list[pl.Expr]:
    hour = pl.col("at").dt.hour() + pl.col("at").dt.minute() / 60
    return [
        *(pl.col(name) for name in EQUAL if name not in ("hits_band", "looks_only", *_TEXTS)),
        pl.col(_TEXTS).cast(pl.Categorical),
        pl.sum_horizontal(pl.col("hits") >= least for least in _BANDS).alias("hits_band"),
        (~pl.col("case_index").is_in(done.implode())).fill_null(value=True).alias("looks_only"),
        hour.alias("hour"),
        pl.col("at").dt.epoch("d").cast(pl.Float64).alias("day"),
        *((pl.col(name).fill_null(0) + 1).log(2).alias(of) for name, of in _IN_LOG.items()),
    ]


def _nearest(wanted: pl.DataFrame, pool: pl.DataFrame) -> list[tuple[int, int]]:
    numbers, there = pool["request_no"].to_numpy(), pool.select(list(FARTHEST)).to_numpy() / _REACH
    free = np.ones(pool.height, dtype=np.bool_)
    pairs = []
    for number, own in zip(wanted["request_no"], wanted.select(list(FARTHEST)).to_numpy() / _REACH, strict=True):
        apart = np.abs(there - own)
        fits = free & (apart <= 1).all(axis=1)
        if fits.any():
            best = int(np.where(fits, apart.sum(axis=1), np.inf).argmin())
            free[best] = False
            pairs.append((int(numbers[best]), int(number)))
    return pairs
