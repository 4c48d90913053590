"""What a detector is: one method, and a record that says what it should find and miss."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import polars as pl

from simulator.detect.view import AuditorView


class Detector(Protocol):
    """Scores every event of a log.

    Higher is more suspicious; finite; no threshold inside; the same for the same view; unaffected by a consistent
    renaming of pseudonyms, a renumbering of event_ids and the order of rows.
    """

    def score(self, view: AuditorView) -> pl.DataFrame:
        """One row per event: ``event_id`` (Int64), ``score`` (Float64).

        May add ``why`` (String, what spoke for the score) and ``explained`` (Boolean, whether a reason was found).
        """
        ...


@runtime_checkable
class Learner(Protocol):
    """A detector that learns from labels before it scores."""

    def learn(self, view: AuditorView, labels: pl.DataFrame) -> None:
        """Learn from the events of `labels`: ``event_id``, ``misuse`` (Boolean); they are events of `view`."""
        ...

    def score(self, view: AuditorView) -> pl.DataFrame:
        """As of `Detector`; the view is another than the one learnt from.

        Raises:
            UsageError: it has learnt nothing yet.
        """
        ...


EVIDENCE = ("event", "shown", "staff", "account", "terminal", "roster", "case", "attribute")
"""The tables that ``evidence.enrich`` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A detector that ships with the package.

    Attributes:
        name: by which it is asked for.
        title_ja, title_en: its titles.
        finds: what it should find.
        misses: what it should miss.
        tables: which tables it reads.
        make: makes one.
        code: of the list of baselines, B0 to B8 or B-std.
        learns: whether it must learn from labels of other events before it can score.
        quick: whether it takes seconds on a small city; a demo tries only those that are and need no extra.
        extra: the optional dependencies that it needs.
    """

    name: str
    title_ja: str
    title_en: str
    finds: str
    misses: str
    tables: tuple[str, ...]
    make: Callable[[], Detector]
    code: str
    learns: bool = False
    quick: bool = True
    extra: str = ""
