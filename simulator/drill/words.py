"""Tables for people: titles in Japanese or English, codes as the words of the vocabulary, sections by name."""

from collections.abc import Mapping
from functools import cache

import polars as pl

from simulator import schema
from simulator.drill.evidence import Evidence
from simulator.drill.spec import Text, common
from simulator.schema import vocabulary
from simulator.schema.vocabulary import Term

_TERMS: dict[str, tuple[Term, ...]] = {
    "system": vocabulary.SYSTEMS, "screen": vocabulary.SCREENS, "action": vocabulary.ACTIONS,
    "purpose": vocabulary.PURPOSES, "decision": vocabulary.DECISIONS, "auth_method": vocabulary.AUTH_METHODS,
    "match": vocabulary.MATCHES, "grounds": vocabulary.GROUNDS, "role": vocabulary.ROLES,
    "employment": vocabulary.EMPLOYMENTS,
}  # fmt: skip
_TABLES = ("event", "shown", "staff", "account", "roster", "case", "section", "terminal")
_SEXES = {"male": Text(ja="男", en="male"), "female": Text(ja="女", en="female")}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": ("event_id", "at", "staff_code", "staff_name", "section", "terminal", "system", "screen", "action",
               "purpose", "case_no", "person_no", "person_name", "household_no", "search_keys", "match", "hits",
               "rows_returned", "protected_alert", "decision", "reason", "grounds", "approval_id", "extraction_id",
               "document_no", "sheets", "dwell_s", "session_id", "auth_method"),
    "staff": ("staff_code", "staff_name", "section", "role", "employment", "supervisor", "hired_on", "person_no",
              "household_no", "address"),
    "roster": ("day", "staff_code", "starts", "ends", "lunch_starts", "terminal"),
    "cases": ("case_no", "opened", "closed", "section", "purpose", "person_no", "person_name", "household_no"),
    "places": ("section", "office_title", "entitled", "terminal", "counter"),
    "people": ("person_no", "name", "kana", "sex", "birth_date", "household_no", "relationship", "district", "address",
               "protected"),
    "shown": ("event_id", "rank", "person_no", "person_name", "household_no"),
    "bridge": ("kind", "number", "pseudonym"),
}  # fmt: skip
"""Columns of each table, in the order in which people read them."""


def table(evidence: Evidence, part: str, lang: str) -> pl.DataFrame:
    """The table `part` with the columns that people read and their words, under the names of the columns."""
    titles = dict(evidence.places.select("section", "section_title").unique().iter_rows())
    frame = evidence.part(part).select(COLUMNS[part])
    return frame.with_columns(_spoken(name, kind, titles, lang) for name, kind in frame.schema.items())


def _spoken(name: str, kind: pl.DataType, titles: Mapping[str, str], lang: str) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("○")).otherwise(None).alias(name)
    if name == "section" and lang == "ja":
        return column.replace(titles)
    if name == "sex":
        return column.replace({code: text.of(lang) for code, text in _SEXES.items()})
    if name in _TERMS:
        return column.replace({term.code: term.ja if lang == "ja" else term.en for term in _TERMS[name]})
    return column.cast(pl.String) if name in ("event_id", "session_id") else column


def heading(name: str, lang: str) -> str:
    """The title of the column `name`."""
    own = common().words.get(f"column_{name}")
    if own is not None:
        return own.of(lang)
    return _japanese().get(name, name) if lang == "ja" else name.replace("_", " ")


@cache
def _japanese() -> dict[str, str]:
    columns = (column for name in _TABLES for column in schema.table(name))
    return {column.name: column.ja for column in columns}


def sheet_title(part: str, lang: str) -> str:
    """The title of the table `part`."""
    return common().words[f"sheet_{part}"].of(lang)


def action(code: str, lang: str) -> str:
    """The words of an action."""
    term = next(term for term in vocabulary.ACTIONS if term.code == code)
    return term.ja if lang == "ja" else term.en
