"""Scores against the answer key: read, aligned, turned into what an auditor with a small budget would have found."""

from pathlib import Path

import polars as pl

from simulator.labels import AnswerKey
from simulator.scoring.align import ForeignKeyError, ScoresError, align, check_key, judged, read_scores, shape
from simulator.scoring.bootstrap import Interval
from simulator.scoring.card import scorecard
from simulator.scoring.loop import AuditOffice, Effect, compare
from simulator.scoring.run import ScoredRun
from simulator.scoring.scorecard import ArchetypeLine, BudgetLine, Explained, GroupLine, Scorecard, VictimLine

__all__ = [
    "ArchetypeLine",
    "AuditOffice",
    "BudgetLine",
    "Effect",
    "Explained",
    "ForeignKeyError",
    "GroupLine",
    "Interval",
    "Scorecard",
    "ScoredRun",
    "ScoresError",
    "VictimLine",
    "align",
    "compare",
    "judged",
    "read_scores",
    "score",
    "score_file",
    "shape",
]  # fmt: skip


def score(run: ScoredRun, key: AnswerKey, scores: pl.DataFrame, name: str) -> Scorecard:
    """The card of `scores` (event_id, score) on `run`, under the title `name`.

    Raises:
        ForeignKeyError: the key belongs to another run.
        ScoresError: the scores do not fit the run.
    """
    check_key(run, key)
    return scorecard(judged(run, key, shape(scores)), name, run.root)


def score_file(run: ScoredRun, key: AnswerKey, path: Path) -> Scorecard:
    """The card of the scores file `path`, titled by its name.

    Raises:
        ForeignKeyError: the key belongs to another run.
        MissingError, DamagedError, UsageError, ScoresError: the file is not there, does not decode, or does not fit.
    """
    check_key(run, key)
    return score(run, key, read_scores(path), path.stem)
