"""Isolation forest over operator-days (PyOD). Needs the extra ``detect``."""

from typing import Any

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.outliers import SEED, Outliers


def _model() -> Any:
    return needed("pyod.models.iforest").IForest(random_state=SEED, n_estimators=100)


DETECTOR = Baseline(
    name="isolation_forest",
    title_ja="孤立の森（操作者・日単位）",
    title_en="Isolation forest over operator-days",
    finds="volumes and shapes unlike the others'",
    misses="what is low and slow",
    tables=EVIDENCE,
    code="B5",
    quick=False,
    extra="detect",
    make=lambda: Outliers(_model, by_day=True),
)
