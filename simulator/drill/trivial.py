"""Questions that need no thought: answered by the top of one column, or by filtering one column once."""

from collections.abc import Iterable, Iterator

import polars as pl

from simulator.drill.evidence import PARTS, Evidence
from simulator.drill.rules import NONE, Answers, Form
from simulator.drill.words import COLUMNS

TOP = 10
_FEW = 40
"""Up to so many different values a column is one to filter by without knowing what to look for."""
_SHEETS = tuple(part for part in PARTS if part != "bridge")
_TEXT_FORMS = (Form.STAFF, Form.PERSON, Form.CASE, Form.EVENT, Form.TERMINAL, Form.HOUSEHOLD, Form.DATE)


def trivial(evidence: Evidence, answers: dict[int, tuple[Form, Answers]], known: Iterable[str] = ()) -> dict[int, str]:
    """Number of the question → how it is answered without thought; empty if none is.

    Args:
        evidence: all tables.
        answers: number → form and accepted values. Counts cannot be told from chance and are not looked at.
        known: values that a team is told, such as the person of a complaint; these can be filtered by too.
    """
    wanted = {
        n: frozenset(values) for n, (form, values) in answers.items() if form in _TEXT_FORMS and values != (NONE,)
    }
    found: dict[int, str] = {}
    for part in _SHEETS:
        frame = _texts(evidence.part(part).select(COLUMNS[part]))
        for name, values in _tops(part, frame):
            found |= {n: f"top ten: {name}" for n, want in wanted.items() if n not in found and want <= values}
        for name, values in _filtered(part, frame, set(known)):
            found |= {n: f"filter: {name}" for n, want in wanted.items() if n not in found and want == values}
    return found


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as text, with the day of every instant in a column of its own."""
    days = [pl.col(name).dt.date().alias(f"{name}_day") for name, kind in frame.schema.items() if kind == pl.Datetime]
    return frame.with_columns(days).with_columns(pl.all().cast(pl.String))


def _tops(part: str, frame: pl.DataFrame) -> Iterator[tuple[str, frozenset[str]]]:
    """The ten most frequent values of each column."""
    for name in frame.columns:
        counts = frame[name].drop_nulls().value_counts().sort("count", name, descending=[True, False])
        yield f"{part}.{name}", frozenset(counts[name].head(TOP).to_list())


def _filtered(part: str, frame: pl.DataFrame, known: set[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What is left in every other column after keeping one value of a column that one can choose from by eye.

    That is a column of few words, such as the action, or whether it is empty; or, of any column, a value of `known`.
    """
    for name in frame.columns:
        values = frame[name].unique()
        worded = len(values) <= _FEW and not values.drop_nulls().str.contains(r"\d{3}|^\d+$").any()
        kept = values if worded else values.filter(values.is_null() | values.is_in(list(known)))
        for value in kept.to_list():
            rows = frame.filter(pl.col(name).is_null() if value is None else pl.col(name) == value)
            for other, left in _left(rows.drop(name)):
                yield f"{part}.{name} = {value} leaves {other}", left


def _left(rows: pl.DataFrame) -> Iterator[tuple[str, frozenset[str]]]:
    """The values of each column that has few."""
    counts = rows.select(pl.all().drop_nulls().n_unique()).row(0)
    few = [name for name, count in zip(rows.columns, counts, strict=True) if count <= _FEW]
    values = rows.select(pl.col(few).drop_nulls().unique().implode()).row(0) if few else ()
    yield from ((name, frozenset(found)) for name, found in zip(few, values, strict=True))
