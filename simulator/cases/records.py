"""A resident's record on a day, item by item, as transaction cases tell it."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from simulator.population import Population, as_of
from simulator.population.shown import birth_text

c = pl.col
_ITEMS = {
    "氏名": c("family_name") + " " + c("given_name"),
    "氏名カナ": c("family_kana") + " " + c("given_kana"),
    "旧氏": c("former_name"),
    "通称": c("alias"),
    "生年月日": birth_text(c("birth_date"), c("birth_known").cast(pl.String), c("nationality")),
    "性別": c("sex").cast(pl.String),
    "国籍・地域": c("nationality"),
    "世帯": c("household_no"),
    "続柄": c("relationship").cast(pl.String),
    "住所": c("address"),
    "本籍": c("registry_town") + c("registry_lot").cast(pl.String) + "番地",
    "住民となった日": c("resident_since").cast(pl.String),
    "在留資格": c("residence_status").cast(pl.String),
    "在留期間の満了日": c("expires_on").cast(pl.String),
}
_NUMBERS = {"住民票コード": "resident_code", "個人番号": "my_number"}


def before(people: Population, change: dict[str, Any]) -> dict[str, Any]:
    """The record on the day before `change` (a row of the table ``change``); empty for who was not here."""
    day = min(change["happened_on"], change["notified_on"]) - timedelta(days=1)
    return record(people, change["resident_no"], max(day, people.window.start), known=None)


def after(people: Population, change: dict[str, Any]) -> dict[str, Any]:
    """The record when `change` is recorded and has taken effect; of who is gone, the removed record."""
    day = max(change["happened_on"], change["recorded_on"])
    found = record(people, change["resident_no"], day, known=day)
    if found:
        return found
    last = record(people, change["resident_no"], people.window.start, known=None) or _identity(people, change)
    return {**last, "状態": "除票", "消除事由": change["reason"], "消除日": change["happened_on"].isoformat()}


def record(people: Population, number: int, day: date, known: date | None) -> dict[str, Any]:
    """The record of the resident `number` on `day`, item by item; empty for who is not in the register."""
    found = as_of(people, day, known)
    told = _told(people, found.residents.filter(c("resident_no") == number), found.foreigners)
    return {**told, "状態": "住民"} if told else {}


def _identity(people: Population, change: dict[str, Any]) -> dict[str, Any]:
    rows = people.residents.filter(c("resident_no") == change["resident_no"])
    return _told(people, rows, people.foreigners)


def _told(people: Population, rows: pl.DataFrame, foreigners: pl.DataFrame) -> dict[str, Any]:
    wide = rows.join(foreigners, on="resident_no", how="left").join(people.addresses, on="address_no", how="left")
    if not wide.height:
        return {}
    told = wide.select(expression.alias(name) for name, expression in _ITEMS.items()).row(0, named=True)
    numbers = {name: f"…{wide[column][0][-4:]}" for name, column in _NUMBERS.items()}
    return {name: value for name, value in {**told, **numbers}.items() if value is not None}
