"""Sigma: rules as a SIEM would have them, run offline through pySigma's SQLite backend. Needs the extra ``detect``.

Detections run over the whole view, correlations shard by shard: a shard holds every event that its windows could need,
and cost grows with the square of its size. An event scores by the rules whose alerts hold it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import polars as pl

from simulator import storage
from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.sigma_view import LOCAL, VIEW, sigma_view
from simulator.detect.view import AuditorView

# What an alert of each level of Sigma is worth.
ASSUMED_WORTH = {"informational": 0.5, "low": 1.0, "medium": 2.0, "high": 4.0, "critical": 8.0}
_ROWS_A_SHARD = 400
_COUNTED = 2  # a group smaller than this can meet no correlation


@dataclass(frozen=True, slots=True)
class Query:
    """One rule as SQL.

    Attributes:
        name: of the rule.
        worth: what an alert adds to the score.
        sql: the statement, over table ``logs``.
        group_by: the columns of a correlation; empty for a detection.
        base: for a correlation, the rules it counts.
        window_s: for a correlation, how many seconds may lie between the first and the last that it counts.
    """

    name: str
    worth: float
    sql: str
    group_by: tuple[str, ...]
    base: tuple[str, ...]
    window_s: int = 0


def yaml_rules() -> tuple[str, str]:
    """The detections, and the correlations, that ship with the package: two YAML streams."""
    files = sorted(resources.files("simulator.detect.sigma").iterdir(), key=lambda f: f.name)
    texts = [f.read_text(encoding="utf-8") for f in files if f.name.endswith(".yml")]
    kinds = ([t for t in texts if "\ncorrelation:" not in t], [t for t in texts if "\ncorrelation:" in t])
    return "\n---\n".join(kinds[0]), "\n---\n".join(kinds[1])


def queries() -> list[Query]:
    """Every rule, converted by pySigma; detections first. What only a correlation counts is worth something too."""
    make = needed("sigma.backends.sqlite").sqliteBackend
    backend = make(table=VIEW.name, timestamp_field="at", event_id_field="event_id")
    detections, correlations = yaml_rules()
    collection = needed("sigma.collection").SigmaCollection
    alone = collection.from_yaml(detections).rules
    together = collection.from_yaml(f"{detections}\n---\n{correlations}").rules
    made = [Query(str(rule.name), _worth(rule), backend.convert_rule(rule)[0], (), ()) for rule in alone]
    for rule in together[: len(alone)]:
        backend.convert_rule(rule)  # a correlation needs what it counts converted, and that then gives no query itself
    for rule in together[len(alone) :]:
        base = tuple(str(reference.rule.name) for reference in rule.rules)
        sql = backend.convert_correlation_rule(rule)[0]
        made.append(Query(str(rule.name), _worth(rule), sql, tuple(rule.group_by), base, rule.timespan.seconds))
    return made


def _worth(rule: Any) -> float:
    return ASSUMED_WORTH[str(rule.level).lower()]


@dataclass(frozen=True, slots=True)
class Sigma:
    """Scores the sum of what the rules that alert on the event are worth; ``why`` names them."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        rows = sigma_view(view)
        hits = pl.DataFrame(list(_alerts(rows)), schema={"event_id": pl.Int64, "why": pl.String, "score": pl.Float64},
                            orient="row")  # fmt: skip
        summed = hits.unique(["event_id", "why"]).group_by("event_id").agg(
            pl.col("score").sum(), pl.col("why").sort().str.join("+")
        )  # fmt: skip
        scored = rows.select("event_id").join(summed, on="event_id", how="left")
        return scored.with_columns(pl.col("score").fill_null(0.0), pl.col("why").fill_null("")).sort("event_id")


def _alerts(rows: pl.DataFrame) -> Iterator[tuple[int, str, float]]:
    """(event_id, rule, worth) of every alert."""
    found: dict[str, list[int]] = {}
    made = queries()
    with storage.scratch(VIEW, rows) as connection:
        for query in (q for q in made if not q.group_by):
            found[query.name] = [row["event_id"] for row in connection.select(query.sql, {})]
            yield from ((event_id, query.name, query.worth) for event_id in found[query.name])
    for query in (q for q in made if q.group_by):
        wanted = rows.filter(pl.col("event_id").is_in([n for name in query.base for n in found[name]]))
        for shard in _shards(wanted, query):
            yield from ((event_id, query.name, query.worth) for event_id in _correlated(query, shard))


def _shards(rows: pl.DataFrame, query: Query) -> list[pl.DataFrame]:
    """`rows`, which are in time order, in shards of some `_ROWS_A_SHARD`; nothing that `query` may count is cut in two.

    Within a group what follows a pause longer than the window is counted apart, and what stands alone is left out.
    """
    group = list(query.group_by)
    pause = pl.col("at").str.to_datetime(LOCAL).diff() > pl.duration(seconds=query.window_s)
    runs = rows.with_columns(run=pause.fill_null(value=False).cum_sum().over(group))
    runs = runs.filter(pl.len().over(*group, "run") >= _COUNTED)
    sizes = runs.group_by(*group, "run", maintain_order=True).len()
    shards = sizes.select(*group, "run", shard=pl.col("len").cum_sum() // _ROWS_A_SHARD)
    placed = runs.join(shards, on=[*group, "run"], maintain_order="left", nulls_equal=True).drop("run")
    return placed.partition_by("shard", include_key=False)


def _correlated(query: Query, shard: pl.DataFrame) -> set[int]:
    with storage.scratch(VIEW, shard) as connection:
        alerts: list[dict[str, Any]] = connection.select(query.sql, {})
    listed = Counter(eid for alert in alerts for eid in json.loads(alert["event_ids"]))
    return {int(eid.rsplit(":", 1)[1]) for eid in listed}


DETECTOR = Baseline(
    name="sigma",
    title_ja="Sigma ルール（相関を含む）",
    title_en="Sigma rules with correlations",
    finds="breaches of policy: own and family records, off the roster, no case, crowds, bulk",
    misses="a look with a plausible case",
    tables=EVIDENCE,
    code="B1",
    quick=False,
    extra="detect",
    make=Sigma,
)
