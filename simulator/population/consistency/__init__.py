"""Impossible records: a written list of rules, and whatever breaks them. Called by ``jukisim verify --population``."""

from collections.abc import Sequence

import polars as pl

from simulator.population.build import Population
from simulator.population.consistency.rule import Rule
from simulator.population.consistency.rules import RULES
from simulator.population.consistency.views import view

TABLE_OF = {"siblings": "residents", "ends": "households"}
"""The table behind a view that is not called like it."""

__all__ = ["RULES", "Rule", "violations"]


def violations(population: Population, rules: Sequence[Rule] = RULES) -> pl.DataFrame:
    """Every impossible record by `rules`: columns rule, meaning, table and row (its number in that table)."""
    frames = {name: view(population, name) for name in dict.fromkeys(rule.view for rule in rules)}
    return pl.concat([_broken(rule, frames[rule.view]) for rule in rules])


def _broken(rule: Rule, frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.filter(rule.broken.fill_null(value=False)).select(pl.col("row").cast(pl.UInt32))
    table = TABLE_OF.get(rule.view, rule.view)
    return rows.select(rule=pl.lit(rule.name), meaning=pl.lit(rule.meaning), table=pl.lit(table), row="row")
