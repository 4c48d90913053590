"""Live mode: the office's day plays, and no event of misuse comes before the facilitator lets its episode go.

The feed stops at the minute of the first event of an episode that is not released, for everybody and with the same
words as any other pause, and goes on from that minute when it is. So nothing is inserted into the past, no number is
left out, and the log is the same as on paper.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from simulator.clock import DAY_MS, HOUR_MS, JST_OFFSET_MS, to_ms
from simulator.console.frames import Frames, day_of
from simulator.console.progress import Progress

SPEEDS = (1, 10, 60, 300)
"""Seconds of the office in a second of the drill that the facilitator can choose."""
ASSUMED_LEAD_MS = 30 * 60_000
"""How long before the first misuse the feed begins at the latest."""
ASSUMED_MORNING_MS = 8 * HOUR_MS + 20 * 60_000
"""Into the day: ten minutes before the offices open (8:30, domain.md 3.6)."""


@dataclass(frozen=True, slots=True)
class Gate:
    """An episode of misuse that waits for the facilitator.

    Attributes:
        episode: its identity in the truth.
        row: of its first event in the log.
        at_ms: when that event is.
        events: how many events it has.
    """

    episode: str
    row: int
    at_ms: int
    events: int


def gates(frames: Frames, labels: pl.DataFrame) -> tuple[Gate, ...]:
    """The episodes of misuse in the order of their first events.

    Args:
        frames: the evidence.
        labels: the truth: `event_id`, `episode_id`, `kind`.
    """
    misuse = labels.filter(pl.col("kind") == "misuse", pl.col("event_id").is_in(frames.events["event_id"].implode()))
    found = []
    for (episode,), rows in misuse.group_by("episode_id", maintain_order=True):
        places = [frames.event_rows[event] for event in rows["event_id"]]
        found.append(Gate(str(episode), min(places), int(frames.at_ms[min(places)]), len(places)))
    return tuple(sorted(found, key=lambda gate: gate.row))


def start_ms(frames: Frames, among: tuple[Gate, ...], at: datetime | None) -> int:
    """Where live mode begins: at `at`, or in the morning of the day of the first misuse, and before it in any case."""
    if at is not None:
        return to_ms(at)
    first = among[0].at_ms if among else int(frames.at_ms[0])
    return min(_morning_ms(int(day_of(np.array([first]))[0])), first - ASSUMED_LEAD_MS)


def _morning_ms(day: int) -> int:
    return day * DAY_MS - JST_OFFSET_MS + ASSUMED_MORNING_MS


def waiting(progress: Progress, among: tuple[Gate, ...]) -> list[Gate]:
    """The gates that are still closed, in order of time."""
    released = progress.feed.released if progress.feed else set()
    return [gate for gate in among if gate.episode not in released]


def office_ms(progress: Progress, among: tuple[Gate, ...], now_ms: int) -> int | None:
    """The instant of the office now; None if the drill is not live."""
    if progress.feed is None:
        return None
    played = progress.feed.at_ms(progress.elapsed_ms(now_ms))
    closed = waiting(progress, among)
    return min(played, closed[0].at_ms - 1) if closed else played


def arrived(frames: Frames, progress: Progress, among: tuple[Gate, ...], now_ms: int) -> int | None:
    """How many events have arrived; None if the drill is not live and all have."""
    office = office_ms(progress, among, now_ms)
    if office is None:
        return None
    closed = waiting(progress, among)
    count = int(np.searchsorted(frames.at_ms, office, side="right"))
    return min(count, closed[0].row) if closed else count


def next_morning_ms(frames: Frames, office: int) -> int:
    """When the office opens next after `office`; its present time where no other day follows.

    A day on which machines alone are at work is no day of the office.
    """
    days, counts = np.unique(day_of(frames.at_ms), return_counts=True)
    busy = days[counts >= np.median(counts) / 4]
    mornings = [_morning_ms(int(day)) for day in busy]
    return next((morning for morning in mornings if morning > office), office)
