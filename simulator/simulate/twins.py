"""Matched twins: for a misuse event a lawful one that the log cannot tell from it, chosen and never made.

A twin is equal in action, screen, system, purpose, role, section, match, band of hits, decision and reason, of a case
that issues something or not, as the misuse does, and near in hour and dwell; so it differs only in what the auditor's
other tables say: whose case it is, and who is who to whom.
"""

import numpy as np
import polars as pl

EQUAL = (
    "action", "screen", "system", "purpose", "role", "section", "match", "hits_band", "decision", "reason", "numbered",
    "looks_only",
)  # fmt: skip
TWIN = "TWIN"
"""The archetype of a twin that is no look-alike: ordinary work."""
FARTHEST_HOURS, FARTHEST_DWELL = 2.0, 1.0
"""Farthest that a twin may be in hours of the day, and in the logarithm (base 2) of the seconds on the screen."""
_ASKED = ("action", "screen", "system", "purpose", "match")
_NUMBERED = pl.col("case_no").is_not_null().alias("numbered")
_DONE = ("issue", "update", "print", "export")
_BANDS = (1, 2, 3, 6, 11, 31, 101)


def measured(decided: pl.DataFrame, made: pl.DataFrame, request_case: pl.DataFrame) -> pl.DataFrame:
    """What twins are chosen by, of the misuse of `decided` and of what might match misuse of the whole run.

    Args:
        decided: requests with what was decided (`Answers.decided`), whole cases.
        made: the requests of misuse of the whole run.
        request_case: request_no and case_index of what of `decided` belongs to a case.
    """
    columns = ("request_no", "at", "hits", "case_no", "dwell_s", *(name for name in EQUAL if name in decided.columns))
    alike = made.select(*_ASKED, _NUMBERED).unique()
    near = decided.select(columns).with_columns(_NUMBERED)
    near = near.join(alike, on=alike.columns, how="semi", nulls_equal=True, maintain_order="left")
    results = decided.select("request_no", "action").filter(pl.col("action").is_in(_DONE))
    done = results.join(request_case, on="request_no")["case_index"].unique()
    shaped = near.join(request_case, on="request_no", how="left", maintain_order="left")
    return shaped.select("request_no", *_measures(done))


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
        *(pl.col(name) for name in EQUAL if name not in ("hits_band", "looks_only")),
        pl.sum_horizontal(pl.col("hits") >= least for least in _BANDS).alias("hits_band"),
        (~pl.col("case_index").is_in(done.implode())).fill_null(value=True).alias("looks_only"),
        hour.alias("hour"),
        (pl.col("dwell_s").fill_null(0) + 1).log(2).alias("dwell"),
    ]


def _nearest(wanted: pl.DataFrame, pool: pl.DataFrame) -> list[tuple[int, int]]:
    hour, dwell, numbers = (pool[name].to_numpy() for name in ("hour", "dwell", "request_no"))
    free = np.ones(pool.height, dtype=np.bool_)
    pairs = []
    for number, own_hour, own_dwell in wanted.select("request_no", "hour", "dwell").iter_rows():
        apart, longer = np.abs(hour - own_hour), np.abs(dwell - own_dwell)
        fits = free & (apart <= FARTHEST_HOURS) & (longer <= FARTHEST_DWELL)
        if fits.any():
            best = int(np.where(fits, apart / FARTHEST_HOURS + longer / FARTHEST_DWELL, np.inf).argmin())
            free[best] = False
            pairs.append((int(numbers[best]), int(number)))
    return pairs
