"""How a register lies in a database: code masters first, then its tables, then what searching needs."""

import dataclasses

import polars as pl

from simulator.registry.fence import fences
from simulator.registry.grams import GRAM, grams
from simulator.registry.lookup import LOOKUP, Register, lookup
from simulator.registry.queries import queries
from simulator.registry.query import Key
from simulator.schema import ADDRESS, CHANGE, HOUSEHOLD, PROTECTION, RESIDENT, Column, Table
from simulator.storage import Layout, Reference

# Titles of codes that are not Japanese words themselves.
TITLES = {
    "male": "男", "female": "女", "single": "単独", "couple": "夫婦のみ", "couple_children": "夫婦と子",
    "lone_parent": "ひとり親と子", "three_generations": "三世代", "other": "その他", "institution": "施設等",
    "house": "戸建て", "apartment": "共同住宅", "care_home": "介護施設", "dormitory": "寮", "welfare_home": "福祉施設",
    "day": "年月日とも判明", "month": "日不詳", "year": "月日不詳", "none": "年月日不詳",
}  # fmt: skip
_POINTS_TO = {
    "address_no": ADDRESS, "address_from": ADDRESS, "address_to": ADDRESS, "household_no": HOUSEHOLD,
    "household_from": HOUSEHOLD, "household_to": HOUSEHOLD, "resident_no": RESIDENT, "head": RESIDENT,
}  # fmt: skip
_GRAMS = Column("grams", pl.List(GRAM), "部分一致索引", "Numbers of the characters and pairs in its keys.")


def layout(register: Register) -> Layout:
    """The tables of `register` with their rows, in the order of loading, and what joins and finds them."""
    own = {
        ADDRESS: register.addresses.sort("address_no"),
        HOUSEHOLD: register.households.sort("household_no"),
        RESIDENT: register.residents.sort("resident_no"),
        CHANGE: register.changes.sort("change_no"),
        PROTECTION: register.protections.sort("resident_no"),
        LOOKUP: lookup(register),
    }
    named = masters(tuple(own))
    known = {named[table.name, column.name]: codes(column) for table, column in _coded(tuple(own))}
    return Layout(
        {MUNICIPALITY: _whose(register), **known, **own, **_gram_tables(own)}, _indexes(), _references(tuple(own))
    )


MUNICIPALITY = Table(
    "municipality",
    "自治体",
    "Whose register it is, and which days it covers.",
    ("code",),
    (
        Column("code", pl.String, "団体コード", "Six digits; of a fictional prefecture."),
        Column("name", pl.String, "名称", "Its name."),
        Column("kana", pl.String, "カナ名称", "Its name in katakana."),
        Column("prefecture", pl.String, "都道府県", "Name of the fictional prefecture."),
        Column("covers_from", pl.Date, "開始日", "First day."),
        Column("covers_to", pl.Date, "終了日", "Day after the last."),
    ),
)
OWN = (ADDRESS, HOUSEHOLD, RESIDENT, CHANGE, PROTECTION, LOOKUP)


def served_layout(register: Register) -> Layout:
    """`layout` with the fences of PostgreSQL."""
    return dataclasses.replace(layout(register), after=fences(register.municipality.code))


def _whose(register: Register) -> pl.DataFrame:
    place, window = register.municipality, register.window
    row = (place.code, place.name, place.kana, place.prefecture, window.start, window.end)
    return pl.DataFrame([row], schema=MUNICIPALITY.polars, orient="row")


def tables() -> tuple[Table, ...]:
    """Every table of a layout: code masters, the register, what finds parts of names."""
    found = dict.fromkeys(masters(OWN).values())
    indexed = (gram_table(query.keys[0]) for query in queries().values() if "partial" in query.matches)
    return (MUNICIPALITY, *found, *OWN, *dict.fromkeys(indexed))


def masters(tables: tuple[Table, ...]) -> dict[tuple[str, str], Table]:
    """The master of each column of `tables` that holds a code, by table and column.

    Columns of one name and the same codes share a master ``code_NAME``; with other codes it is ``code_TABLE_NAME``.
    """
    meanings: dict[str, tuple[str, ...]] = {}
    found = {}
    for table, column in _coded(tables):
        shared = meanings.setdefault(column.name, column.choices) == column.choices
        name = column.name if shared else f"{table.name}_{column.name}"
        found[table.name, column.name] = _master(f"code_{name}", column)
    return found


def _coded(tables: tuple[Table, ...]) -> list[tuple[Table, Column]]:
    return [(table, column) for table in tables for column in table if column.choices]


def _master(name: str, column: Column) -> Table:
    return Table(
        name,
        f"{column.ja}コード",
        f"The codes of {column.name}.",
        ("code",),
        (
            Column("code", pl.String, "コード", "The code."),
            Column("sort_no", pl.UInt16, "順序", "Its place in lists."),
            Column("title", pl.String, "名称", "What it means, in Japanese."),
        ),
    )


def codes(column: Column) -> pl.DataFrame:
    """The rows of the master of `column`."""
    titles = [TITLES.get(code, code) for code in column.choices]
    numbers = pl.Series(range(1, len(titles) + 1), dtype=pl.UInt16)
    return pl.DataFrame({"code": column.choices, "sort_no": numbers, "title": titles})


def home(key: Key) -> str:
    """The table that holds the column of `key`."""
    return "address" if key.in_address else "lookup" if key.column in LOOKUP.names else "resident"


def gram_table(key: Key) -> Table:
    """The table that finds text within the column of `key`."""
    subject = ADDRESS if key.in_address else RESIDENT
    return Table(
        f"{subject.name}_gram",
        f"{subject.ja}部分一致",
        f"Which {subject.name} has which characters in its keys.",
        subject.key,
        (subject[subject.key[0]], _GRAMS),
    )


def _gram_tables(own: dict[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
    frames = {table.name: frame for table, frame in own.items()}
    parts: dict[Table, dict[str, pl.Series]] = {}
    for key in {query.keys[0]: None for query in queries().values() if "partial" in query.matches}:
        columns = parts.setdefault(gram_table(key), {})
        columns[key.column] = grams(frames[home(key)][key.column], key.column)
    return {table: _joined(frames[table.name.removesuffix("_gram")], table, each) for table, each in parts.items()}


def _joined(frame: pl.DataFrame, table: Table, columns: dict[str, pl.Series]) -> pl.DataFrame:
    held = pl.DataFrame([series.alias(name) for name, series in columns.items()])
    return frame.select(table.key).with_columns(held.select(grams=pl.concat_list(pl.all())).to_series())


def _indexes() -> dict[str, list[tuple[str, ...]]]:
    columns: dict[str, set[tuple[str, ...]]] = {"change": {("resident_no",)}, "resident": {("address_no",)}}
    for query in queries().values():
        first = query.keys[0]
        rest = tuple(key.column for key in query.keys[1:] if home(key) == home(first))
        columns.setdefault(home(first), set()).add((first.column, *rest))
    return {table: sorted(_needed(groups)) for table, groups in sorted(columns.items())}


def _needed(groups: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without those that another one begins with."""
    return [one for one in groups if not any(other != one and other[: len(one)] == one for other in groups)]


def _references(tables: tuple[Table, ...]) -> list[Reference]:
    known = masters(tables)
    found = []
    for table in tables:
        for column in table:
            other = known.get((table.name, column.name)) or _POINTS_TO.get(column.name)
            if other is not None and other is not table:
                found.append(Reference(table.name, column.name, other.name, other.key[0]))
    return found
