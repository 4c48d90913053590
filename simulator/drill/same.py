"""When two answers are the same: as people write them, in full-width digits, with spaces, dates with any signs."""

import re
import unicodedata
from collections.abc import Iterable

from simulator.drill.rules import NONE, Answers, Form

ASSUMED_TOLERANCE = 0.2
"""By how much a large count may be off: what is looked at in hundreds of rows by eye is never exact."""
LARGE = 10
_NOTHING = frozenset({"なし", "無し", "無", "該当なし", "none", "nobody", "nothing", "-", "0件", "0人"})
_DATE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
_SPLIT = re.compile(r"[\s,、，;；/・]+")


def tidy(text: str, form: Form) -> str:
    """One value as it is compared."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in _NOTHING and form is not Form.NUMBER:
        return NONE
    if form is Form.DATE:
        found = _DATE.search(plain)
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else plain
    if form is Form.NUMBER:
        digits = re.sub(r"[,件人名日回分%％枚 ]", "", plain)
        return "0" if digits.casefold() in _NOTHING else digits.removesuffix(".0").lstrip("0") or "0"
    return plain.upper().replace(" ", "")


def split(text: str, form: Form) -> tuple[str, ...]:
    """The values of a cell or field that may hold several, separated by commas, spaces or line breaks."""
    if form in (Form.DATE, Form.NUMBER):
        return (text.strip(),) if text.strip() else ()
    return tuple(part for part in _SPLIT.split(unicodedata.normalize("NFKC", text).strip()) if part)


def right(given: Iterable[str], wanted: Answers, form: Form) -> bool:
    """Whether `given` are all of `wanted` and no other."""
    mine, theirs = {tidy(value, form) for value in given if value.strip()}, {tidy(value, form) for value in wanted}
    if form is Form.NUMBER and len(mine) == len(theirs) == 1:
        return close(mine.pop(), theirs.pop())
    return mine == theirs


def close(given: str, wanted: str) -> bool:
    """Whether two counts are the same, large ones within `ASSUMED_TOLERANCE`."""
    if not (given.isdigit() and wanted.isdigit()):
        return given == wanted
    gap = abs(int(given) - int(wanted))
    return gap == 0 or (int(wanted) >= LARGE and gap <= ASSUMED_TOLERANCE * int(wanted))
