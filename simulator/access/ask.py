"""One request of a person at a screen, as typed; and the ruling that answers it."""

from dataclasses import dataclass
from datetime import datetime

from simulator.access.columns import VOCABULARY
from simulator.errors import UnknownNameError, UsageError
from simulator.registry.queries import query
from simulator.schema.vocabulary import AUTH_METHODS, GROUNDS, Term

LONGEST_TEXT = 200
LONGEST_CASE = 64
MOST_SHEETS = 1_000
LAST_NUMBER = 2**32 - 1
FIRST_YEAR, LAST_YEAR = 1970, 2199
_WORDS: dict[str, tuple[Term, ...]] = {**VOCABULARY, "auth_method": AUTH_METHODS, "grounds": GROUNDS}
PLACES = {name: {term.code: place for place, term in enumerate(terms)} for name, terms in _WORDS.items()}


class BadInputError(UsageError):
    """A value that no form of the office would take; the message names the field and what would be right."""

    code = "bad_input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A search as typed: a query's name, how the first detail must match, and a text for each of its keys."""

    name: str
    match: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request at a screen.

    Attributes:
        at: when.
        staff_no: who asks.
        terminal: from where.
        action: what is asked.
        screen: on which screen.
        purpose: the stated purpose.
        system: through which system.
        auth_method: how the session was opened.
        session: number of the session in the live log.
        case_no: the stated case.
        grounds: what was picked where the screen prompts.
        target: resident_no that is meant; None for a search, a list or an extraction. One that nobody has is answered
            as one that may not be seen.
        search: what is searched by.
        failed: whether the credential of a log-on was wrong.
        sheets: sheets to be printed; None: 1.
        dwell_s: how long the answer stayed on the screen, in seconds.
        tie: orders requests of the same millisecond.
    """

    at: datetime
    staff_no: int
    terminal: str
    action: str
    screen: str
    purpose: str
    system: str = "MUNI"
    auth_method: str = "vein"
    session: int = 0
    case_no: str | None = None
    grounds: str | None = None
    target: int | None = None
    search: Typed | None = None
    failed: bool = False
    sheets: int | None = None
    dwell_s: int | None = None
    tie: int = 0

    def check(self) -> None:
        """Return if every value is one that a form would take.

        Raises:
            UnknownNameError: a word that is not valid.
            BadInputError: a number out of range, or a text that is too long or has control characters.
        """
        if self.at.tzinfo is None or not FIRST_YEAR <= self.at.year <= LAST_YEAR:
            msg = f"at must be a time with a zone, of the years {FIRST_YEAR} to {LAST_YEAR}"
            raise BadInputError(msg)
        for name in ("system", "screen", "action", "purpose", "auth_method"):
            _word(name, getattr(self, name))
        if self.grounds is not None:
            _word("grounds", self.grounds)
        _number("target", self.target, 0, LAST_NUMBER)
        _number("sheets", self.sheets, 1, MOST_SHEETS)
        _number("dwell_s", self.dwell_s, 0, LAST_NUMBER)
        if self.case_no is not None:
            _text("case_no", self.case_no, LONGEST_CASE)
        if self.search is not None:
            _search(self.search)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the gate answers to an `Ask`; the face may show `residents` and `fields`, and nothing else.

    Attributes:
        decision: allow, mask, approval or deny.
        reason: code and rule; for the log only.
        outside: what the asker may learn of the reason; see `OUTSIDE`.
        basis: legal basis of the rule, None without rule.
        role: of the asker at that time.
        section: of the asker at that time.
        office: building of the terminal.
        hits: residents that a search found, at most one more than may be; None without search.
        residents: resident_no of those to be shown or acted on, in order.
        fields: groups of fields granted.
        protected_alert: whether the alert must be shown.
        prompted: whether the screen prompts for grounds.
        approval_id: approval used or given.
        override_id: break-glass used or made.
        extraction_id: extraction made.
        document_no: number of the certificate issued.
        sheets: sheets printed.
        printer: where.
        my_number: whether a My Number is shown or was searched by.
    """

    decision: str
    reason: str
    outside: str
    basis: str | None
    role: str
    section: str
    office: str
    hits: int | None = None
    residents: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    protected_alert: bool = False
    prompted: bool = False
    approval_id: str | None = None
    override_id: str | None = None
    extraction_id: str | None = None
    document_no: str | None = None
    sheets: int | None = None
    printer: str | None = None
    my_number: bool = False

    @property
    def granted(self) -> bool:
        """Whether it is allowed; whether there is anything to show is another matter."""
        return self.decision in ("allow", "mask")


OUTSIDE = (
    Term("ok", "許可", "done"),
    Term("not_found", "該当者なし", "no such resident"),
    Term("approval_needed", "承認が必要です", "needs the approval of somebody else of your section"),
    Term("grounds_needed", "利用事由を選択してください", "pick the grounds on which you ask"),
    Term("case_needed", "受付番号を入力してください", "state the case number"),
    Term("too_many", "該当件数が上限を超えました。条件を絞ってください", "too many found: narrow the search"),
    Term("rate_limited", "本日の操作件数の上限に達しました", "your limit of the day is reached"),
    Term("review_needed", "前回の緊急閲覧の事後確認が済んでいません", "your last break-glass waits for its review"),
    Term(
        "log_on_failed",
        "ログオンできません。職員番号と端末を確認してください",
        "log-on failed: check the staff number, and state a terminal if the desk has none",
    ),
    Term("forbidden", "この事務ではこの操作を行えません", "not permitted for this purpose"),
)
"""What an asker may learn. A hidden resident is ``not_found`` like one who does not exist."""


def _word(name: str, value: str) -> None:
    if value not in PLACES[name]:
        raise UnknownNameError(name, value[:LONGEST_TEXT], PLACES[name])


def _number(name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        msg = f"{name} must be a whole number from {low} to {high}"
        raise BadInputError(msg)


def _text(name: str, value: str, longest: int) -> None:
    if not value.strip() or len(value) > longest:
        msg = f"{name} must have 1 to {longest} characters and not be blank; it has {len(value)}"
        raise BadInputError(msg)
    if any(ord(each) < ord(" ") or "\x7f" <= each <= "\x9f" or "\ud800" <= each <= "\udfff" for each in value):
        msg = f"{name} has a control character or half a character in it"
        raise BadInputError(msg)


def _search(search: Typed) -> None:
    keys = query(search.name).keys
    _word("match", search.match)
    if len(search.texts) != len(keys):
        msg = f"a search by {search.name} needs {len(keys)} texts ({', '.join(key.label for key in keys)})"
        raise BadInputError(msg)
    for key, text in zip(keys, search.texts, strict=True):
        _text(key.label, text, LONGEST_TEXT)
