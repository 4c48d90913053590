"""Texts joined side by side are what Python joins row by row."""

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.export import side_by_side

ROWS = 6
TEXT = st.text(alphabet='aé市"\\\n', max_size=4)
COLUMN = st.one_of(
    st.lists(st.none() | TEXT, min_size=ROWS, max_size=ROWS),
    st.lists(st.text(alphabet="xy", min_size=3, max_size=3), min_size=ROWS, max_size=ROWS),
    st.lists(st.none() | st.integers(-(1 << 40), 1 << 40), min_size=ROWS, max_size=ROWS),
    st.lists(st.integers(0, 1 << 16), min_size=ROWS, max_size=ROWS),
)
AROUND = st.tuples(TEXT, COLUMN, TEXT)


def series(values):
    """`values` as a column, of text where no value tells."""
    return pl.Series(values, dtype=None if any(v is not None for v in values) else pl.String)


@settings(max_examples=200, deadline=None)
@given(columns=st.lists(AROUND, max_size=6), end=TEXT)
def test_join_and_write_agree_with_python(columns, end):
    """Widths alike or not, nulls, numbers large and below zero, empty texts: every row is the same, in parts too."""
    wanted = [
        "".join(f"{before}{value[row]}{after}" for before, value, after in columns if value[row] is not None) + end
        for row in range(ROWS)
    ]
    parts = [p for b, value, a in columns for p in side_by_side.around(b.encode(), series(value), a.encode())]
    assert side_by_side.column([*parts, end.encode()], ROWS).to_list() == wanted
    out = io.BytesIO()
    side_by_side.write([*parts, end.encode()], ROWS, out)
    assert out.getvalue().decode() == "".join(wanted)


def test_write_goes_on_after_a_portion(monkeypatch):
    """Rows beyond what is joined at once follow in order, sliced parts included."""
    monkeypatch.setattr(side_by_side, "_ROWS_AT_ONCE", 4)
    numbers = pl.Series([None if row % 3 == 0 else f"n{row}" for row in range(11)])
    out = io.BytesIO()
    side_by_side.write([b"<", *side_by_side.around(b"[", numbers, b"]"), b">"], 11, out)
    assert out.getvalue().decode() == "".join(f"<[{n}]>" if n else "<>" for n in numbers)


@settings(max_examples=50, deadline=None)
@given(counts=st.lists(st.integers(0, 3), max_size=5))
def test_lists_are_cut_by_their_counts(counts):
    """So many items for each, null for none, whatever their widths."""
    items = [f'"{place}"' * (place % 2 + 1) for place in range(sum(counts))]
    parts = [b",", side_by_side.to_texts(pl.Series(items, dtype=pl.String))]
    found = side_by_side.lists(side_by_side.join(parts, len(items)), pl.Series(counts, dtype=pl.UInt32))
    rest = iter(items)
    assert found.to_list() == ["[" + ",".join(next(rest) for _ in range(n)) + "]" if n else None for n in counts]


@pytest.mark.parametrize("text", ['"', "\\", "\n", "\x00", "\x1f"])
def test_what_needs_an_escape_is_found(text):
    """Each of the characters that JSON escapes, in the midst of others; nothing else."""
    assert side_by_side.needs_escape(pl.Series(["市a", f"b{text}c"]))
    assert not side_by_side.needs_escape(pl.Series(["市a", " ~\x7f é"]))
