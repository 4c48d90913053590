"""Who looked at me: what a citizen is told about the uses of their record, from the run's log and the live one.

The columns are those that prefectures disclose (domain.md 1.4): 提供年月日時, 機能区分, 利用事由, 提供事務区分, 提供元,
提供先, 提供項目. Two exceptions exist in law and are simulated: uses that are told later, and uses that are not told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from simulator.access import Policy
from simulator.clock import from_ms
from simulator.live.question import Row
from simulator.live.showing import FIELD_TITLES
from simulator.schema.vocabulary import ACTIONS, PURPOSES, SCREENS, SYSTEMS, Term

ASSUMED_DELAY = {"public_request": timedelta(days=180), "tax_collection": timedelta(days=30)}
"""Purposes whose uses are told later. ASSUMED; that an enquiry of the police is hidden and appears later is what the
Estonian data tracker does (registry.md 1.2)."""
ASSUMED_SUPPRESSED = frozenset({"child_protection"})
"""Purposes whose uses are not told (個人情報の保護に関する法律78条: where telling would endanger somebody).
ASSUMED list."""
_TOLD = ("search", "list", "view", "unmask", "print", "issue", "update", "export")
_COLUMNS = ("event_id", "at", "system", "screen", "section", "action", "purpose", "fields", "decision")


def _titles(terms: tuple[Term, ...]) -> dict[str, str]:
    return {term.code: term.ja for term in terms}


_ACTION, _SCREEN, _PURPOSE, _SYSTEM = (_titles(terms) for terms in (ACTIONS, SCREENS, PURPOSES, SYSTEMS))


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a citizen is told.

    Attributes:
        rows: one for each use, newest first, in the columns of the prefectures.
        withheld: whether uses may have been withheld; the same words always, so that they tell nothing.
    """

    rows: list[Row]
    withheld: str = "法令の定めにより、一定期間後に開示するもの、及び開示しないものは含まれません。"


def disclose(
    logged: pl.LazyFrame,
    shown: pl.LazyFrame,
    live: list[Row],
    *,
    tokens: list[bytes],
    at: datetime,
    sections: dict[str, str],
    municipality: str,
) -> Disclosed:
    """Every use of a resident's record that is told at `at`.

    Args:
        logged: table ``event`` of the run.
        shown: table ``shown`` of the run.
        live: events of the live log that concern the resident; `at` in milliseconds.
        tokens: the resident's pseudonyms in the log, one for each version of its key.
        at: when it is asked.
        sections: titles of the sections.
        municipality: name of the municipality.
    """
    listed = shown.filter(pl.col("resident").is_in(tokens)).select("event_id").unique()
    own = logged.filter(pl.col("resident").is_in(tokens)).select(_COLUMNS)
    by_list = logged.join(listed, on="event_id", how="semi").select(_COLUMNS)
    past = pl.concat([own, by_list]).unique("event_id").collect().to_dicts()
    uses = [*past, *({**row, "at": from_ms(row["at"])} for row in live)]
    told = (use for use in uses if _is_told(use, at))
    rows = [_row(use, sections, municipality) for use in sorted(told, key=lambda use: -use["event_id"])]
    return Disclosed(rows)


def _is_told(use: Row, at: datetime) -> bool:
    if use["decision"] not in ("allow", "mask") or use["action"] not in _TOLD:
        return False
    purpose = use["purpose"]
    return purpose not in ASSUMED_SUPPRESSED and use["at"] + ASSUMED_DELAY.get(purpose, timedelta()) <= at


def _row(use: Row, sections: dict[str, str], municipality: str) -> Row:
    return {
        "提供年月日時": use["at"].strftime("%Y-%m-%d %H:%M:%S"),
        "機能区分": f"{_SYSTEM[use['system']]}・{_SCREEN[use['screen']]}",
        "利用事由": _ACTION[use["action"]],
        "提供事務区分": _PURPOSE[use["purpose"]],
        "提供元": f"{municipality}（住民記録）",
        "提供先": f"{municipality} {sections.get(use['section'], use['section'])}",
        "提供項目": "、".join(_items(use["fields"])),
    }


def _items(fields: str | None) -> Iterator[str]:
    return (FIELD_TITLES.get(name, name) for name in (fields or "").split("+") if name)


def basis(role: str, purpose: str, action: str) -> str:
    """The legal basis of a use, by the shipped table of rights; empty where none is named."""
    rule = Policy.default().rule(role, purpose, action)
    return rule.basis if rule else ""
