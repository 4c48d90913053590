"""A run's days asked again: what staff did, request by request, at a server; and how the server's log differs.

The log keeps of a search its details, its length and a keyed token, never its text; so a text is tried out on the
residents whom the search showed, or who were opened next, until its token is that of the log. What cannot be asked
again is named with its reason.
"""

from collections.abc import Callable, Iterable, Mapping

from simulator.replay.asking import Asker, Row, Step, days_of
from simulator.replay.comparing import Difference, Summary, differences
from simulator.replay.driving import Desk, Line, Pace, Replayed

__all__ = [
    "Asker", "Desk", "Difference", "Line", "Pace", "Replayed", "Step", "Summary", "days_of", "differences", "replay",
]  # fmt: skip


def replay(
    days: Iterable[list[Row]], asker: Asker, desk: Desk, *, log: Callable[[], Mapping[int, Row]] | None = None,
    told: Callable[[Summary, list[Difference]], None] = lambda _summary, _found: None,
) -> Summary:  # fmt: skip
    """Ask the events of `days` again at `desk`, day by day.

    Args:
        days: whole days, see `days_of`.
        asker: knows staff and residents of the run.
        desk: the sessions at the server.
        log: gives what the server recorded since the last call; without it only answers are compared.
        told: told after each day what it came to so far, and what differed on it.

    Raises:
        StorageError: the server went away; a desk with a cursor goes on where it was.
    """
    summary = Summary()
    for events in days:
        done = desk.day(asker.steps(events), asker.log_on)
        found = differences(done, None if log is None else log())
        summary.add(done, found)
        told(summary, found)
    return summary
