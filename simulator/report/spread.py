"""How looks spread over residents and staff, and how far the case list explains them, beside what others have found."""

from datetime import date

import polars as pl

from simulator.dataset import Dataset
from simulator.report import charts
from simulator.report.people import Figure
from simulator.report.rhythm import YEAR_DAYS, present

LOOKS = ("view", "unmask", "print")
KNOWN_PERSON = "L20"
# Source: domain.md 3.1 and 3.7: 80 accesses to a councillor's record in seven years; a user's day of 3 to 5 accesses in
# the middle, of 200 and more at the end of the tail. Where nobody has counted there is no figure.
PER_RESIDENT = {"中央値 median": (0.5, None), "上位1割 top tenth": (0.9, None), "上位1% top hundredth": (0.99, None)}
PER_USER = {"中央値 median": (0.5, 4.0), "上位1割 top tenth": (0.9, None), "最多の日 busiest day": (1.0, 200.0)}
COUNCILLOR = 80 / 7
# Source: detection.md 1.4: Fabbri and LeFevre 2011, over 94 of 100 accesses explained; first ones far fewer, uncounted.
EXPLAINED = 94.0
_BESIDE = {"label": pl.String, "simulated": pl.Float64, "official": pl.Float64}
_Rows = list[tuple[str, float, float | None]]


def by_spread(event: pl.DataFrame, residents: int, days: int, known: pl.Series) -> pl.DataFrame:
    """Looks at a resident in a year and of a user on a day: label, simulated, official (null where uncounted).

    Args:
        event: the log.
        residents: how many there are; whom nobody looked at counts too.
        days: of the log.
        known: residents of public life who had business of their own, where the answer key is at hand.
    """
    looks = _looks(event)
    counts = looks.group_by("resident").len()
    scale, none = YEAR_DAYS / max(1, days), pl.zeros(max(0, residents - counts.height), pl.UInt32, eager=True)
    each = pl.concat([counts["len"], none])
    daily = looks.group_by("actor", day=pl.col("at").dt.date()).len()["len"]
    rows: _Rows = [(f"住民 resident: {k}", scale * (each.quantile(q) or 0.0), n) for k, (q, n) in PER_RESIDENT.items()]
    public = counts.filter(pl.col("resident").is_in(known.implode()))["len"].mean()
    if isinstance(public, float):
        rows.append(("手続のある著名人・公職者 public figure", scale * public, COUNCILLOR))
    rows += [(f"利用者 user: {k}", float(daily.quantile(q) or 0.0), n) for k, (q, n) in PER_USER.items()]
    return pl.DataFrame(rows, schema=_BESIDE, orient="row")


def by_reason(event: pl.DataFrame, case: pl.DataFrame) -> pl.DataFrame:
    """Of looks that state a case, the per cent whose case is in the list: all, first and later ones of an actor.

    And the per cent of listed certificate cases with a look that end in an issue.
    """
    listed = case.select("case_no", listed=pl.lit(value=True)).unique()
    looks = _looks(event).filter(pl.col("case_no").is_not_null()).sort("event_id")
    looks = looks.join(listed, on="case_no", how="left").with_columns(pl.col("listed").fill_null(value=False))
    looks = looks.with_columns(first=pl.int_range(pl.len()).over("actor", "resident") == 0)
    served = event.filter(pl.col("purpose") == "resident_certificate").join(listed, on="case_no").group_by("case_no")
    ends = served.agg(view=(pl.col("action") == "view").any(), issue=(pl.col("action") == "issue").any())
    rows: _Rows = [
        ("閲覧すべて all looks", _percent(looks["listed"]), EXPLAINED),
        ("初めての住民 first looks", _percent(looks.filter("first")["listed"]), None),
        ("二度目以降 later looks", _percent(looks.filter(~pl.col("first"))["listed"]), None),
        ("証明の事務で発行 issued", _percent(ends.filter("view")["issue"]), None),
    ]
    return pl.DataFrame(rows, schema=_BESIDE, orient="row")


def spread(dataset: Dataset, event: pl.DataFrame, window: tuple[date, int], episodes: pl.DataFrame) -> list[Figure]:
    """The pictures of a run whose `window` begins on a day and has so many."""
    start, days = window
    known = episodes.filter(pl.col("archetype").cast(pl.String) == KNOWN_PERSON)["victims"].explode()
    people = by_spread(event, present(dataset, start), days, known)
    reasons = by_reason(event, dataset.table("case"))
    return [
        Figure(
            charts.svg(charts.beside(people, "閲覧件数 Looks (resident: a year, user: a day)", 30), "spread"),
            "閲覧の偏り", "Few have many",
            "縦線は町田市議が開示を受けた7年で80件、利用者の1日3〜5件（中央値）、繁忙期の最多200件以上です。",
            "Lines: a councillor's own log (Machida, 80 in seven years); a user's day of 3–5, and 200 in the season.",
        ),
        Figure(
            charts.svg(charts.beside(reasons, "% 受付簿にある割合 in the case list", 30), "reasons"),
            "受付簿で説明できる閲覧", "What the case list explains",
            "縦線は病院の電子カルテでの実測（94%以上、Fabbriら）です。初めて開く住民では低くなります。",
            "Line: measured of a hospital's records (over 94 %, Fabbri and others); of first looks far fewer.",
        ),
    ]  # fmt: skip


def _looks(event: pl.DataFrame) -> pl.DataFrame:
    return event.filter(pl.col("action").is_in(LOOKS), pl.col("resident").is_not_null())


def _percent(there: pl.Series) -> float:
    return 100 * there.mean() if there.len() else 0.0  # type: ignore[operator,return-value]
