"""Histogram-based outlier score, by event (PyOD). Needs the extra ``detect``."""

from typing import Any

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.outliers import Outliers


def _model() -> Any:
    return needed("pyod.models.hbos").HBOS(n_bins=20)


DETECTOR = Baseline(
    name="histogram",
    title_ja="ヒストグラム外れ値（操作単位）",
    title_en="Histogram-based outlier score, by event",
    finds="volumes and shapes unlike the others'",
    misses="what is low and slow",
    tables=EVIDENCE,
    code="B5",
    quick=False,
    extra="detect",
    make=lambda: Outliers(_model, by_day=False),
)
