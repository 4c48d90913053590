"""Columns are declared once, and everything that follows from them agrees."""

import polars as pl
import pytest

from simulator import schema
from simulator.errors import UnknownNameError
from simulator.schema import EVENT, FOLDERS, LABEL, Privacy

TABLES = [t for group in FOLDERS.values() for t in group]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_table_is_well_formed(table):
    """A table has unique columns, a key among them, titles, and an Arrow schema of the same names."""
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert all(c.ja and c.meaning.endswith(".") for c in table)
    assert table.arrow.names == list(table.names)
    assert table.conform(table.empty()).schema == pl.Schema(table.polars)


def test_tables_of_a_run_have_distinct_names():
    """A table name means one table of a run."""
    assert len({t.name for t in TABLES}) == len(TABLES)


def test_public_tables_hold_no_truth():
    """No column of the public half is of the privacy class of truth, and no name hints at a label."""
    public = [c for folder in ("registry", "auditor", "audit") for t in FOLDERS[folder] for c in t]
    assert not [c.name for c in public if c.privacy is Privacy.TRUTH]
    hints = ("misuse", "label", "episode", "archetype", "fraud", "anomal", "stealth", "motive")
    assert not [c.name for c in public if any(h in c.name for h in hints)]


def test_log_holds_no_identifier():
    """The audit log and the auditor's tables hold neither identifiers nor personal details."""
    audit = [c for folder in ("auditor", "audit") for t in FOLDERS[folder] for c in t]
    assert not [c.name for c in audit if c.privacy in {Privacy.IDENTIFIER, Privacy.PERSONAL}]


def test_event_columns_are_those_of_the_architecture():
    """The audit event has the agreed columns, the token of the text searched, and what the standard lists besides."""
    agreed = [
        "event_id", "at", "system", "screen", "session_id", "actor", "role", "section", "office", "terminal",
        "auth_method", "action", "purpose", "case_no", "search_keys", "match", "hits", "resident", "household",
        "resident_municipality", "protected_alert", "fields", "rows_returned", "decision", "reason", "approval_id",
        "override_id", "extraction_id", "dwell_s",
    ]  # fmt: skip
    besides = ["grounds", "my_number", "document_no", "sheets", "printer"]
    assert [n for n in EVENT.names if n != "search_token"] == [*agreed, *besides]
    assert LABEL.names[0] == "event_id"


def test_unknown_names_are_answered_with_the_valid_ones():
    """An unknown table or column names its siblings."""
    with pytest.raises(UnknownNameError, match="Did you mean 'event'"):
        schema.table("events")
    with pytest.raises(UnknownNameError, match=r"Valid: .*actor"):
        EVENT["operator"]


def test_conform_refuses_holes():
    """A null where none may be raises ValueError."""
    frame = pl.DataFrame({n: [None] for n in EVENT.names}, schema=EVENT.polars)
    with pytest.raises(ValueError, match="nulls in"):
        EVENT.conform(frame)
    with pytest.raises(ValueError, match="lacks"):
        EVENT.conform(frame.drop("actor"))


def test_description_covers_every_column():
    """`jukisim schema` explains each table and each column."""
    assert len(list(schema.overview())) == len(TABLES)
    assert [r["column"] for r in schema.describe(EVENT)] == list(EVENT.names)
