"""What a question is: the one declaration that library, command line and HTTP are made from.

Nothing heavy is imported here: ``--help`` reads every declaration.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from simulator.errors import UsageError

Row = dict[str, Any]
LONGEST_TEXT = 200
"""Characters of a text; the longest name of the register has fewer than 100."""


class BadValueError(UsageError):
    """A value that a question cannot take; it names the parameter and what would be right."""

    code = "bad_value"

    def __init__(self, parameter: str, message: str) -> None:
        """Say of which `parameter` what is wrong."""
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


class Kind(StrEnum):
    """What a parameter takes."""

    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    COUNT = "count"
    FLAG = "flag"
    RESIDENT = "resident"


class Shape(StrEnum):
    """Whom a question is about."""

    SEARCH = "search"  # whoever matches what was typed
    RESIDENT = "resident"  # one resident, or the household
    MANY = "many"  # everyone of a purpose's list
    NEWCOMER = "newcomer"  # one who is not there yet, and whose household it may be
    RELEASE = "release"  # what somebody waits for
    OFFICE = "office"  # nobody: the log, the approvals, statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that the asker states.

    Attributes:
        name: in the library, as ``--name`` and in JSON.
        ja: its title in Japanese.
        meaning: what it is, in English.
        kind: what it takes.
        required: whether it must be stated.
        choices: the words of a choice.
        low: least count.
        high: greatest count.
        digits: exact number of digits of a text that is a number of a person, 0 for any text.
        sample: an example.
    """

    name: str
    ja: str
    meaning: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 1_000_000
    digits: int = 0
    sample: str | int | bool = ""

    def read(self, value: Any) -> str | int | bool | date:
        """`value` as this parameter means it.

        Raises:
            BadValueError: it cannot be.
        """
        reader: Callable[[Parameter, Any], str | int | bool | date] = _READERS[self.kind]
        return reader(self, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that staff can ask.

    Attributes:
        name: one word.
        ja: its title in Japanese.
        meaning: what it does, in English; its first line is its summary.
        action: what the gate decides on.
        screen: on which screen.
        shape: whom it is about.
        parameters: what the asker states.
        rows: the rows of the answer, from a `View` on what the gate granted.
        system: through which system.
        record: what else the log keeps of it, from the `View`; None for nothing.
        forms: which parameters may be stated together, where not any; each form's are all needed.
        check: what must hold between parameters, besides each of them.
        prints: whether it prints sheets.
        document: whether it gives a page to print.
    """

    name: str
    ja: str
    meaning: str
    action: str
    screen: str
    shape: Shape
    rows: Callable[[Any], list[Row]]
    parameters: tuple[Parameter, ...] = ()
    system: str = "MUNI"
    record: Callable[[Any], Row | None] = lambda _: None
    forms: tuple[tuple[str, ...], ...] = ()
    check: Callable[[Mapping[str, Any], str], None] = lambda _values, _purpose: None
    prints: bool = False
    document: bool = False

    def read(self, values: Mapping[str, Any], purpose: str) -> Mapping[str, Any]:
        """`values` as the parameters mean them; what is None counts as not stated.

        Raises:
            BadValueError: one is unknown, missing or wrong.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                takes = ", ".join(known) or "nothing"
                raise BadValueError(str(name)[:40], f"{self.name} has no such parameter; it takes {takes}")
        stated = {name: known[name].read(value) for name, value in values.items() if value is not None}
        for parameter in self.parameters:
            if parameter.required and parameter.name not in stated:
                raise BadValueError(parameter.name, f"{self.name} needs it: {parameter.meaning}")
        self._formed(stated)
        self.check(stated, purpose)
        return stated

    def _formed(self, stated: Mapping[str, Any]) -> None:
        exclusive = {name for form in self.forms for name in form}
        typed = exclusive & set(stated)
        if self.forms and not any(typed == set(form) for form in self.forms):
            ways = "; ".join("+".join(form) for form in self.forms)
            raise BadValueError(self.forms[0][0], f"state one of these together: {ways}")


def _text(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValueError(parameter.name, "must be text")
    if not value.isprintable() and any(unicodedata.category(each) in ("Cc", "Cs") for each in value):
        raise BadValueError(parameter.name, "has a control character or half a character in it")
    text = value.strip()
    if not 0 < len(text) <= LONGEST_TEXT:
        raise BadValueError(parameter.name, f"must have 1 to {LONGEST_TEXT} characters; it has {len(text)}")
    return _digits(parameter, text) if parameter.digits else text


def _digits(parameter: Parameter, text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) == parameter.digits):
        raise BadValueError(parameter.name, f"must have {parameter.digits} digits, such as {parameter.sample}")
    return plain


def _day(parameter: Parameter, value: Any) -> date:
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", _text(parameter, value))
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise BadValueError(parameter.name, "must be a day that exists, written 1985-04-01")
    return found


def _choice(parameter: Parameter, value: Any) -> str:
    if value not in parameter.choices:
        raise BadValueError(parameter.name, f"must be one of {', '.join(parameter.choices)}")
    return str(value)


def _count(parameter: Parameter, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not parameter.low <= value <= parameter.high:
        raise BadValueError(parameter.name, f"must be a whole number from {parameter.low} to {parameter.high}")
    return value


def _flag(parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValueError(parameter.name, "must be true or false")
    return value


_READERS: dict[Kind, Callable[[Parameter, Any], str | int | bool | date]] = {
    Kind.TEXT: _text, Kind.RESIDENT: _text, Kind.DAY: _day, Kind.CHOICE: _choice, Kind.COUNT: _count, Kind.FLAG: _flag,
}  # fmt: skip
