"""Certificates as pages to print. Every one says that it is a sample: nobody is real, and no authority issued it."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import jinja2

from simulator.live.question import Row
from simulator.live.questions.issue import KINDS
from simulator.world.municipality import Municipality

_ERAS = (("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)), ("昭和", date(1926, 12, 25)),
         ("大正", date(1912, 7, 30)), ("明治", date(1868, 1, 25)))  # fmt: skip
_SEXES = {"male": "男", "female": "女"}
_ASSUMED_INCOME_STEP_JPY = 10_000
_ASSUMED_INCOME_STEPS = 600
_ADULT_YEARS = 20


def render(kind: str, people: Sequence[Row], place: Municipality, number: str, at: datetime) -> str:
    """The certificate `kind` about `people` as an HTML page.

    Args:
        kind: of `KINDS`.
        people: rows of the register.
        place: whose mayor it names.
        number: of the certificate.
        at: when it was issued.
    """
    return _template().render(
        title=KINDS[kind], kind=kind, people=[_person(row) for row in people], place=place, number=number,
        on=era(at.date()), tax=_tax(people[0], at.date()) if kind == "tax" else None,
    )  # fmt: skip


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("simulator.live", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("certificate.html.j2")


def era(day: date) -> str:
    """`day` as certificates write it: 令和7年7月1日."""
    name, since = next(((name, since) for name, since in _ERAS if day >= since), ("西暦", date(1, 1, 1)))
    year = day.year - since.year + 1
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _person(row: Row) -> dict[str, Any]:
    return {
        "name": f"{row['family_name']} {row['given_name']}", "kana": f"{row['family_kana']} {row['given_kana']}",
        "birth": era(date.fromisoformat(row["birth_date"])), "sex": _SEXES[row["sex"]],
        "relationship": row["relationship"], "address": row["address"],
        "since": era(date.fromisoformat(row["resident_since"])),
        "left": era(date.fromisoformat(row["left_on"])) if row["left_on"] else None,
    }  # fmt: skip


def _tax(row: Row, on: date) -> dict[str, Any]:
    """Made-up amounts, the same each time for the same resident: the register knows no income."""
    drawn = int.from_bytes(hashlib.sha256(f"sample income/{row['resident_code']}".encode()).digest()[:4], "big")
    adult = on.year - date.fromisoformat(row["birth_date"]).year >= _ADULT_YEARS
    income = drawn % _ASSUMED_INCOME_STEPS * _ASSUMED_INCOME_STEP_JPY if adult else 0
    return {"year": era(date(on.year, 1, 1)).split("年", maxsplit=1)[0] + "年度", "income_jpy": f"{income:,}",
            "tax_jpy": f"{income // 10:,}"}  # fmt: skip
