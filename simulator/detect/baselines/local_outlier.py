"""Local outlier factor over operator-days (PyOD). Needs the extra ``detect``."""

from typing import Any

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.outliers import Outliers


def _model() -> Any:
    return needed("pyod.models.lof").LOF(n_neighbors=20)


DETECTOR = Baseline(
    name="local_outlier",
    title_ja="局所外れ値（操作者・日単位）",
    title_en="Local outlier factor over operator-days",
    finds="volumes and shapes unlike the others'",
    misses="what is low and slow",
    tables=EVIDENCE,
    code="B5",
    quick=False,
    extra="detect",
    make=lambda: Outliers(_model, by_day=True),
)
