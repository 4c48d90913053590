"""The leak gate: does anything in a run tell misuse to one who understands nothing?

It belongs to the generator: a run that leaks does not finish. Every measure has an interval that counts episodes, not
events, and says what it could have seen; a natural run holds a few dozen events of misuse, and the gate does not
pretend to see more in it than there is. Where a column is named by an archetype as its signal (a relative's surname,
a case that does not know the resident), it may tell, and is not measured here.
"""

import importlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from simulator.dataset import Dataset
from simulator.labels import AnswerKey
from simulator.leaks.checks import ON_EVENTS, truth_apart
from simulator.leaks.columns import read
from simulator.leaks.report import Finding, Report

__all__ = ["Finding", "Report", "examine", "prepare"]

_SLOW = ("scipy.special", "sklearn.tree")


def prepare() -> None:
    """Load now what takes a second to load when the log is examined."""
    for name in _SLOW:
        importlib.import_module(name)


def examine(dataset: Dataset, key: AnswerKey, jobs: int = 1) -> Report:
    """Measure every way in which the run could give its answers away.

    Args:
        dataset: the public half, finished or in the making.
        key: its answers.
        jobs: threads, each with a file of the log or a check; they change nothing.

    Returns:
        All findings; a run without misuse has those about names and texts alone.
    """
    events = read(dataset, key, jobs) if len(key.misuse) else None
    checks: list[Callable[[], Iterable[Finding]]] = [partial(truth_apart, dataset, key)]
    if events is not None:
        checks += [partial(check, events) for check in ON_EVENTS]
    with ThreadPoolExecutor(max_workers=jobs) as threads:
        found = list(threads.map(lambda check: list(check()), checks))
    episodes = 0 if events is None else len(set(events.episode[events.bad].tolist()))
    return Report(tuple(finding for each in found for finding in each), len(key.misuse), episodes)
