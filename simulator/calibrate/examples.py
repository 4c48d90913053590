"""Tables to begin with: the nation's margins at the size of a scenario, to be overwritten with one's own."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from simulator import storage
from simulator.calibrate.margins import HEADINGS
from simulator.errors import ExistsError
from simulator.population.pool import pool
from simulator.population.rates import FOREIGN_SHARE
from simulator.population.shape import LARGEST
from simulator.scenario import Scenario
from simulator.workload.posts import heads
from simulator.workload.sections import ASSUMED_SECTIONS

_BANDS = (*range(0, 90, 5),)
_USUAL = {"resident_certificate": 0.45, "seal_certificate": 0.3, "number_card": 0.12}
"""ASSUMED cases of some procedures by resident and year, for a beginning."""


def write_example(base: Scenario, folder: Path) -> list[Path]:
    """Write tables of a town of the size of `base` into `folder`; the files.

    Raises:
        ExistsError: one of them is there.
    """
    _, office = base.sized(base.municipalities[0])
    residents = base.population.residents
    ages, sizes = _people(residents)
    foreign = round(residents * FOREIGN_SHARE)
    tables: dict[str, Iterable[Iterable[object]]] = {
        "ages.csv": ages,
        "households.csv": sizes,
        "nationality.csv": [("japanese", sum(row[3] for row in ages) - foreign), ("foreign", foreign)],
        "sections.csv": [(s.code, n) for s, n in zip(ASSUMED_SECTIONS, heads(office), strict=True)],
        "volumes.csv": [(name, round(rate * residents)) for name, rate in _USUAL.items()],
    }
    paths = [folder / name for name in tables]
    for path in paths:
        if path.exists():
            msg = f"{path} is there already; nothing is overwritten"
            raise ExistsError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    for path, rows in zip(paths, tables.values(), strict=True):
        storage.write_bytes(path, _csv(HEADINGS[path.name], rows))
    return paths


def _people(residents: int) -> tuple[list[tuple[int, int | str, str, int]], list[tuple[str, int]]]:
    """Rows of ``ages.csv`` and of ``households.csv`` that agree with each other."""
    people = pool()
    share = people.weights[people.home] / (people.weights * people.size).sum()
    band = np.minimum(people.age // 5, len(_BANDS) - 1)
    rows: list[tuple[int, int | str, str, int]] = []
    for sex, own in (("male", people.male), ("female", ~people.male)):
        counts = np.bincount(band[own], weights=share[own], minlength=len(_BANDS)) * residents
        ends: list[int | str] = [*(first + 4 for first in _BANDS[:-1]), ""]
        rows += [(first, end, sex, round(n)) for first, end, n in zip(_BANDS, ends, counts, strict=True)]
    households = np.bincount(people.size, weights=people.weights, minlength=LARGEST + 1)
    households *= residents / (people.weights * people.size).sum()
    counts = np.append(households[1:5], households[5:].sum())
    names = ["1", "2", "3", "4", "5+"]
    return rows, [(name, round(n)) for name, n in zip(names, counts, strict=True)]


def _csv(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue().encode()
