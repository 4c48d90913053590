"""Register, extend or end a protection measure."""

from collections.abc import Mapping
from typing import Any

from simulator.live.question import BadValueError, Kind, Parameter, Question, Row, Shape
from simulator.live.questions._resident import RESIDENT


def _check(values: Mapping[str, Any], _purpose: str) -> None:
    if values["until"] < values["since"]:
        raise BadValueError("until", "must not lie before since")


def _record(view: Any) -> Row:
    """The measure, and when each municipality that has a record of the resident will have applied it."""
    measure: Row = {name: str(view.values[name]) for name in ("since", "until", "other_party")}
    forwarded = view.forwarded()
    return {"measure": measure | {"forwarded": forwarded} if forwarded else measure}


def _rows(view: Any) -> list[Row]:
    told = ", ".join(f"{code} {day}" for code, day in view.forwarded().items())
    return [{**row, "forwarded": told} if told else row for row in view.table()]


QUESTION = Question(
    name="protect",
    ja="支援措置登録",
    meaning="Register a protection measure of a resident, or give it new days. Equal days end it. "
    "Other municipalities of the run that have a record of the resident apply it when it has reached them.",
    action="update",
    screen="protection",
    shape=Shape.RESIDENT,
    parameters=(
        RESIDENT,
        Parameter(name="since", ja="開始日", meaning="First day.", kind=Kind.DAY, required=True, sample="2025-07-01"),
        Parameter(
            name="until", ja="終了日", meaning="Day after the last; measures hold for a year.", kind=Kind.DAY,
            required=True, sample="2026-07-01",
        ),
        Parameter(name="other_party", ja="相手方", meaning="From whom.", required=True, sample="佐藤 一郎"),
    ),
    rows=_rows,
    record=_record,
    check=_check,
)  # fmt: skip
