"""One request to the gate and what comes back; many are a frame of the table ``request``."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from simulator.schema import REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """One request; the fields are the columns of the table ``request``.

    `tie` orders requests of the same millisecond; `session_key` is the same within a session.
    """

    at: datetime
    staff_no: int
    terminal: str
    action: str
    screen: str
    purpose: str
    system: str = "MUNI"
    auth_method: str = "vein"
    case_no: str | None = None
    target: int | None = None
    search: str | None = None
    match: str | None = None
    typed: int | None = None
    dwell_s: int | None = None
    grounds: str | None = None
    sheets: int | None = None
    failed: bool | None = None
    request_no: int = 0
    tie: int = 0
    session_key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the gate answered.

    Attributes:
        decision: allow, mask, approval or deny.
        reason: code and rule; for the log, not for the screen.
        hits: how many residents matched a search.
        rows_returned: how many residents were shown.
        shown: resident_no of those shown in a list, in order.
        fields: groups of fields shown, joined by +.
        protected_alert: whether the alert was shown.
    """

    decision: str
    reason: str
    hits: int | None
    rows_returned: int
    shown: tuple[int, ...]
    fields: str | None
    protected_alert: bool

    @property
    def granted(self) -> bool:
        """Whether something was shown or done."""
        return self.decision in ("allow", "mask")


def request_frame(requests: Iterable[AccessRequest]) -> pl.DataFrame:
    """`requests` as a frame of the table ``request``."""
    rows = [dataclasses.asdict(request) for request in requests]
    return pl.DataFrame(rows, schema=REQUEST.polars) if rows else REQUEST.empty()
