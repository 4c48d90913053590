"""Transaction cases: before → notice → what must come of it → after → what a certificate then shows.

They are read from ``transactions.csv``, which `simulator.cases.making` made from the project's own rules and from
changes of a synthetic register; nothing heavy is loaded for it.
"""

import csv
import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("transactions.csv")
_JSON = ("before", "notice", "after", "shown", "omitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionCase:
    """One case.

    Attributes:
        name: unique; what a test is called by.
        topic: change (異動), protection (支援措置), unknown (不詳) or certificate (証明).
        reason: kind of change (異動事由), or what is asked.
        what: the case in Japanese.
        before: the record before, by item; empty where there is none.
        notice: what is notified or asked, by item.
        expected: accepted (受理), alert (受理し警告), or error (不受理).
        message: why not, or what to look at; empty if accepted.
        after: the record after, by item; as before if refused.
        shown: items on a certificate afterwards, if nothing special is asked for.
        omitted: items left out unless specially asked for.
        by: what computed the expectation: ``rules`` (no consistency rule is broken), ``rule NAME`` (that one is),
            ``register`` (who is protected when), or ``law`` (the source alone).
        source: the legal source.
        sure: whether the source was known to the letter (yes) or from memory of its content (assumed).
    """

    name: str
    topic: str
    reason: str
    what: str
    before: dict[str, Any]
    notice: dict[str, Any]
    expected: str
    message: str
    after: dict[str, Any]
    shown: list[str]
    omitted: list[str]
    by: str
    source: str
    sure: str

    def row(self) -> dict[str, str]:
        """The case as texts, for CSV."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        told = {name: json.dumps(values[name], ensure_ascii=False) for name in _JSON}
        return {name: str(told.get(name, value)) for name, value in values.items()}

    @classmethod
    def read(cls, row: dict[str, str]) -> "TransactionCase":
        """The case of a row of the file."""
        values: dict[str, Any] = {name: json.loads(text) if name in _JSON else text for name, text in row.items()}
        return cls(**values)


COLUMNS = tuple(field.name for field in fields(TransactionCase))


@cache
def transaction_cases() -> tuple[TransactionCase, ...]:
    """Every transaction case that ships with the package, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(TransactionCase.read(row) for row in csv.DictReader(lines))
