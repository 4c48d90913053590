"""What the asker gets."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.access.ask import OUTSIDE
from simulator.live.question import Row

if TYPE_CHECKING:
    from simulator.live.view import View

_WORDS = {term.code: (term.ja, term.en) for term in OUTSIDE} | {
    "too_fast": ("操作が速すぎます。しばらくお待ちください", "too many requests at once: wait a moment"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, as far as the asker may know it.

    Attributes:
        code: ok, or why not; the same for a resident who is hidden and for one who does not exist.
        event: number of the event in the log.
        hits: residents that a search found, None without search.
        alert: whether the record is under a protection measure, for those who may know.
        rows: what is shown.
        numbers: of the approval, break-glass, extraction or certificate used or made.
        document: a certificate, as HTML.
    """

    code: str
    event: int
    hits: int | None = None
    alert: bool = False
    rows: list[Row] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    document: str | None = None

    @property
    def granted(self) -> bool:
        """Whether what was asked was shown or done."""
        return self.code == "ok"

    @property
    def ja(self) -> str:
        """The answer in words, Japanese."""
        return _WORDS[self.code][0]

    @property
    def en(self) -> str:
        """The answer in words, English."""
        return _WORDS[self.code][1]

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, for JSON."""
        whole: dict[str, Any] = {"code": self.code, "event": self.event, "alert": self.alert, "rows": self.rows}
        extra = {"hits": self.hits, "numbers": self.numbers or None, "document": self.document}
        return {**whole, **{name: value for name, value in extra.items() if value is not None}}


def words(view: "View", code: str, rows: list[Row]) -> dict[str, Any]:
    """What the asker may know besides the code, and the number that the event will have."""
    ruling, done = view.ruling, code == "ok"
    names = ("approval_id", "override_id", "extraction_id", "document_no")
    numbers = {name: getattr(ruling, name) for name in names if getattr(ruling, name) is not None}
    visible = code in ("ok", "approval_needed", "grounds_needed")
    return {
        "hits": ruling.hits if done else None, "alert": ruling.protected_alert and visible, "rows": rows,
        "numbers": numbers if done else {}, "document": view.document() if done else None,
    }  # fmt: skip
