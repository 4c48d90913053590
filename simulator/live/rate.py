"""How fast one member of staff may ask: a control of the simulated office, decided before the register is asked."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Most requests of one member of staff. Source: registry.md 6.2, the defaults of X-Road's management API."""

    per_second: int = 20
    per_minute: int = 600


class Rate:
    """Counts the requests of the last minute, by member of staff."""

    def __init__(self, limits: Limits) -> None:
        """Nobody has asked yet."""
        self._most = max(limits.per_second, limits.per_minute)
        self._spans = (
            (1_000, limits.per_second, "RATE:per_second"),
            (_MINUTE_MS, limits.per_minute, "RATE:per_minute"),
        )
        self._asked: dict[int, deque[int]] = {}

    def recall(self, asked: Iterable[tuple[int, int]]) -> None:
        """Take requests (staff_no, milliseconds) that were made before, in order."""
        for staff, at in asked:
            self._of(staff, at).append(at)

    def take(self, staff: int, at_ms: int) -> str | None:
        """Count a request at `at_ms`; the reason of refusal if it comes too fast."""
        asked = self._of(staff, at_ms)
        for span, most, reason in self._spans:
            if len(asked) >= most and at_ms - asked[-most] < span:
                asked.append(at_ms)
                return reason
        asked.append(at_ms)
        return None

    def _of(self, staff: int, at_ms: int) -> deque[int]:
        asked = self._asked.setdefault(staff, deque(maxlen=self._most))
        while asked and at_ms - asked[0] >= _MINUTE_MS:
            asked.popleft()
        return asked
