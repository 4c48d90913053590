"""Impossible records: a written list of rules, and whatever breaks them. Called by ``jukisim verify --population``."""

import polars as pl

from simulator.population.build import Population
from simulator.population.consistency.rule import Rule
from simulator.population.consistency.rules import RULES
from simulator.population.consistency.views import views

__all__ = ["RULES", "Rule", "violations"]


def violations(population: Population) -> pl.DataFrame:
    """Every impossible record: columns rule, meaning, table and row (its number in that table); empty if none."""
    frames = views(population)
    found = [_broken(rule, frames[rule.view]) for rule in RULES]
    return pl.concat(found)


def _broken(rule: Rule, frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.filter(rule.broken.fill_null(value=False)).select(pl.col("row").cast(pl.UInt32))
    table = "residents" if rule.view == "siblings" else rule.view
    return rows.select(rule=pl.lit(rule.name), meaning=pl.lit(rule.meaning), table=pl.lit(table), row="row")
