"""How fast one member of staff may ask: a control of the simulated office, decided before the register is asked."""

from collections import deque
from collections.abc import Iterable

PER_SECOND, PER_MINUTE = 20, 600
"""Requests of one member of staff. Source: registry.md 6.2, the defaults of X-Road's management API."""
_SPANS = ((1_000, PER_SECOND, "RATE:per_second"), (60_000, PER_MINUTE, "RATE:per_minute"))


class Rate:
    """Counts the requests of the last minute, by member of staff."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked: dict[int, deque[int]] = {}

    def recall(self, asked: Iterable[tuple[int, int]]) -> None:
        """Take requests (staff_no, milliseconds) that were made before, in order."""
        for staff, at in asked:
            self._of(staff, at).append(at)

    def take(self, staff: int, at_ms: int) -> str | None:
        """Count a request at `at_ms`; the reason of refusal if it comes too fast."""
        asked = self._of(staff, at_ms)
        for span, most, reason in _SPANS:
            if len(asked) >= most and at_ms - asked[-most] < span:
                asked.append(at_ms)
                return reason
        asked.append(at_ms)
        return None

    def _of(self, staff: int, at_ms: int) -> deque[int]:
        asked = self._asked.setdefault(staff, deque(maxlen=PER_MINUTE))
        while asked and at_ms - asked[0] >= _SPANS[-1][0]:
            asked.popleft()
        return asked
