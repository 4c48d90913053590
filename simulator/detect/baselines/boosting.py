"""Gradient boosting that learns from labels: the upper bound of what the features tell. Needs the extra ``detect``."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.features import Floats, features
from simulator.detect.view import AuditorView
from simulator.errors import UsageError

SEED = 0
LAWFUL_TO_FIT = 200_000
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Boosting:
    """Scores the probability of misuse, 0–1, after having learnt."""

    model: Any = field(default=None)

    def learn(self, view: AuditorView, labels: pl.DataFrame) -> None:
        """Learn from the labelled events of `view`; grey ones have no label, so they are learnt as neither.

        Raises:
            UsageError: there is no misuse, or no lawful work, to learn from.
        """
        self.fit(*taught(view, labels))

    def fit(self, values: Floats, truth: Flags) -> None:
        """Learn from the features `values`, shape ``(n, features)``, of events that are misuse where `truth` says so.

        Raises:
            UsageError: there is no misuse, or no lawful work, to learn from.
        """
        if not 0 < truth.sum() < len(truth):
            raise UsageError("there must be misuse and lawful work among the labels to learn from")
        kept = truth | (np.cumsum(~truth) % max(1, len(truth) // LAWFUL_TO_FIT) == 0)
        self.model = needed("sklearn.ensemble").HistGradientBoostingClassifier(
            random_state=SEED, max_iter=100, learning_rate=0.1, min_samples_leaf=20, early_stopping=False
        )
        with needed("threadpoolctl").threadpool_limits(1):
            self.model.fit(values[kept], truth[kept])

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        if self.model is None:
            raise UsageError(
                "boosting learns from labels first: jukisim detect RUN --with boosting --train SPLIT/train"
            )
        found = features(view)
        with needed("threadpoolctl").threadpool_limits(1):
            chance = self.model.predict_proba(found.values)[:, 1]
        return pl.DataFrame({"event_id": found.event_id, "score": chance}).sort("event_id")


def taught(view: AuditorView, labels: pl.DataFrame) -> tuple[Floats, Flags]:
    """The features of the events of `view` that have a label, and whether each is misuse."""
    found = features(view)
    told = pl.DataFrame({"event_id": found.event_id}).join(labels, on="event_id", how="left", maintain_order="left")
    return found.values[told["misuse"].is_not_null().to_numpy()], told["misuse"].drop_nulls().to_numpy()


DETECTOR = Baseline(
    name="boosting",
    title_ja="勾配ブースティング（教師あり）",
    title_en="Gradient boosting, supervised",
    finds="whatever the features tell of misuse seen before",
    misses="kinds of misuse that it has not seen",
    tables=EVIDENCE,
    code="B7",
    learns=True,
    quick=False,
    extra="detect",
    make=Boosting,
)
