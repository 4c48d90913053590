"""Every column of the project, in one place: a new column is one line in the module of its subject."""

from collections.abc import Iterator

from simulator.errors import UnknownNameError
from simulator.schema.log import EVENT, REQUEST, SHOWN
from simulator.schema.office import (
    ACCOUNT,
    ATTRIBUTE,
    AUDITOR_ACCOUNT,
    AUDITOR_CASE,
    AUDITOR_ROSTER,
    AUDITOR_STAFF,
    CASE,
    ROSTER,
    SECTION,
    STAFF,
    TERMINAL,
)
from simulator.schema.people import ADDRESS, CHANGE, FIGURE, HOUSEHOLD, PROTECTION, RELATION, RESIDENT
from simulator.schema.record import (
    ALIAS,
    CHANGE_ITEM,
    FOREIGN_RESIDENT,
    PAST_CHANGE,
    PROTECTION_FORWARD,
    PROTECTION_TERM,
    REMOVED_RECORD,
)
from simulator.schema.truth import DIFFICULTY, EPISODE, KNOWN, LABEL
from simulator.schema.types import Column, Privacy, Table

# The tables of a run on disk, by folder.
REGISTRY_TABLES = (
    RESIDENT, HOUSEHOLD, ADDRESS, CHANGE, PROTECTION,
    FOREIGN_RESIDENT, ALIAS, CHANGE_ITEM, PAST_CHANGE, REMOVED_RECORD, PROTECTION_TERM, PROTECTION_FORWARD,
)  # fmt: skip
AUDITOR_TABLES = (SECTION, AUDITOR_STAFF, AUDITOR_ACCOUNT, TERMINAL, AUDITOR_ROSTER, AUDITOR_CASE, ATTRIBUTE)
AUDIT_TABLES = (EVENT, SHOWN)
TRUTH_TABLES = (LABEL, EPISODE, DIFFICULTY, KNOWN)
FOLDERS = {"registry": REGISTRY_TABLES, "auditor": AUDITOR_TABLES, "audit": AUDIT_TABLES, "truth": TRUTH_TABLES}

__all__ = [
    "ACCOUNT", "ADDRESS", "ALIAS", "ATTRIBUTE", "AUDITOR_ACCOUNT", "AUDITOR_CASE", "AUDITOR_ROSTER", "AUDITOR_STAFF",
    "AUDITOR_TABLES", "AUDIT_TABLES", "CASE", "CHANGE", "CHANGE_ITEM", "DIFFICULTY", "EPISODE", "EVENT", "FIGURE",
    "FOLDERS", "FOREIGN_RESIDENT", "HOUSEHOLD", "KNOWN", "LABEL", "PAST_CHANGE", "PROTECTION", "PROTECTION_FORWARD",
    "PROTECTION_TERM", "REGISTRY_TABLES", "RELATION", "REMOVED_RECORD", "REQUEST", "RESIDENT", "ROSTER", "SECTION",
    "SHOWN", "STAFF", "TERMINAL", "TRUTH_TABLES", "Column", "Privacy", "Table", "describe", "overview", "table",
]  # fmt: skip


def table(name: str) -> Table:
    """The table of a run called `name`.

    Raises:
        UnknownNameError: a run has no such table.
    """
    tables = {t.name: t for group in FOLDERS.values() for t in group}
    if name not in tables:
        raise UnknownNameError("table", name, tables)
    return tables[name]


def overview() -> Iterator[dict[str, str | int]]:
    """One row per table of a run: its folder, name, title and meaning."""
    for folder, tables in FOLDERS.items():
        for entry in tables:
            row: dict[str, str | int] = {
                "folder": folder,
                "table": entry.name,
                "表名": entry.ja,
                "columns": len(entry.columns),
            }
            yield {**row, "meaning": entry.meaning}


def describe(entry: Table) -> Iterator[dict[str, str]]:
    """One row per column of `entry`: name, type, title, meaning."""
    for column in entry:
        kind = "choice" if column.choices else str(column.dtype)
        nulls = "yes" if column.nullable else ""
        row = {"column": column.name, "項目": column.ja, "kind": kind, "null": nulls, "privacy": column.privacy.value}
        choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
        yield {**row, "meaning": column.meaning + choices}
