"""Which items of the standard resident-record specification a run holds, in which columns, and why some not.

The list is ``coverage.toml``; an item counts as generated only if the schema has its columns and changes of record know
its reasons, so the table cannot claim more than there is.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.errors import UnknownNameError
from simulator.schema import table
from simulator.schema.people import CHANGES

GROUPS = ("住民データ", "異動履歴データ", "異動事由")
SURE = ("found", "own", "unsure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the specification.

    Attributes:
        group: chapter that it belongs to.
        item: its name.
        columns: where a run holds it, ``table.column``.
        reasons: 異動事由 that it needs.
        version: of the specification, as far as known.
        sure: how sure we are of the item: found (a public page), own (field knowledge), unsure.
        basis: the law or chapter, by memory.
        part: what is missing although it is generated.
        why: why it is not generated.
    """

    group: str
    item: str
    columns: tuple[str, ...]
    version: str
    sure: str
    reasons: tuple[str, ...] = ()
    basis: str = ""
    part: str = ""
    why: str = ""

    @property
    def generated(self) -> str:
        """``yes``, ``partly`` or ``no``."""
        if not self.columns or not all(map(_known, self.columns)) or not set(self.reasons) <= set(CHANGES.categories):
            return "no"
        return "partly" if self.part else "yes"

    def row(self) -> dict[str, str]:
        """The item as one row."""
        where = ", ".join(self.columns) if self.generated != "no" else ""
        why = self.part or self.why or ("" if where else "Not yet in the schema.")
        return {
            "group": self.group, "item": self.item, "generated": self.generated, "columns": where,
            "version": self.version, "sure": self.sure, "basis": self.basis, "why": why,
        }  # fmt: skip


def _known(column: str) -> bool:
    name, _, field = column.partition(".")
    try:
        table(name)[field]
    except UnknownNameError:
        return False
    return True


@cache
def items() -> tuple[Item, ...]:
    """All items of the list, in its order."""
    listed = tomllib.loads((files("simulator.schema") / "coverage.toml").read_text(encoding="utf-8"))
    return tuple(_item(entry) for entry in listed["item"])


def _item(entry: dict[str, Any]) -> Item:
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}
    return Item(**values)


def coverage() -> Iterator[dict[str, str]]:
    """One row per item."""
    return (item.row() for item in items())


def tally() -> str:
    """How many items are generated, partly and not."""
    found = [item.generated for item in items()]
    unsure = sum(item.sure == "unsure" for item in items())
    counts = ", ".join(f"{found.count(word)} {text}" for word, text in (("yes", "generated"), ("partly", "partly")))
    return f"{len(found)} items: {counts}, {found.count('no')} not; {unsure} of them unsure"
