"""Baselines × scenarios × seeds in a table, results that anyone can check again, and the fixed benchmark."""

from simulator.bench.fixed import Benchmark, Erratum, benchmark, errata, sealed
from simulator.bench.results import (
    OPEN,
    SEALED,
    Result,
    Terms,
    leaderboard,
    load,
    record,
    save,
    submit,
    verify,
)
from simulator.bench.running import TRAINING_SEED, Plan, rows, run
from simulator.bench.table import FIGURES, figures, interval, table

__all__ = [
    "FIGURES", "OPEN", "SEALED", "TRAINING_SEED", "Benchmark", "Erratum", "Plan", "Result", "Terms", "benchmark",
    "errata", "figures", "interval", "leaderboard", "load", "record", "rows", "run", "save", "sealed", "submit",
    "table", "verify",
]  # fmt: skip
