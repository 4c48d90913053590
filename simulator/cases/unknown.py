"""Transaction cases of dates of which not all is known (不詳): how they are recorded and printed."""

from datetime import date
from typing import Any

import polars as pl

from simulator.cases.certificate import certificate
from simulator.cases.transaction import TransactionCase
from simulator.population.shown import birth_text

_SOURCE = "住民基本台帳事務処理要領 第1（生年月日不詳の取扱い）"
_KNOWN = {"day": "年月日が判明", "month": "日が不詳", "year": "月日が不詳", "none": "年月日が不詳"}
_BIRTHS = ((date(1940, 6, 1), "JP"), (date(1989, 1, 1), "JP"), (date(1926, 1, 1), "JP"), (date(1985, 1, 1), "BR"))


def unknown_cases() -> list[TransactionCase]:
    """Births known to the day, month, year or not at all, of Japanese (by era) and foreign residents (by year)."""
    return [*(_recorded(birth, nationality, known) for birth, nationality in _BIRTHS for known in _KNOWN), *_refused()]


def _printed(birth: date, known: str, nationality: str) -> str:
    frame = pl.DataFrame({"b": [birth], "k": [known], "n": [nationality]})
    return str(frame.select(birth_text(pl.col("b"), pl.col("k"), pl.col("n"))).item())


def _recorded(birth: date, nationality: str, known: str) -> TransactionCase:
    held = birth.replace(month=1, day=1) if known in ("year", "none") else birth.replace(day=1)
    held = birth if known == "day" else held
    record: dict[str, Any] = {
        "生年月日": _printed(held, known, nationality),
        "国籍・地域": nationality,
        "状態": "住民",
        "生年月日（整列用）": held.isoformat(),
        "確度": known,
    }
    shown, omitted = certificate(record)
    return TransactionCase(
        name=f"birth-{birth.year}-{nationality}-{known}",
        topic="unknown",
        reason="転入",
        before={},
        what=f"{_KNOWN[known]}の者の転入",
        notice={"生年月日": record["生年月日"]},
        expected="accepted",
        message="",
        after=record,
        shown=shown,
        omitted=omitted,
        by="rules",
        source=_SOURCE,
        sure="assumed",
    )


def _refused() -> list[TransactionCase]:
    """What is not known is held as its first day (rule ``birth_known``)."""
    wrong = (("month", date(1940, 6, 15)), ("year", date(1940, 6, 1)), ("none", date(1940, 2, 1)))
    return [
        TransactionCase(
            name=f"birth-held-{known}",
            topic="unknown",
            reason="転入",
            before={},
            what=f"{_KNOWN[known]}の者の整列用の日が{held.isoformat()}",
            notice={"生年月日（整列用）": held.isoformat(), "確度": known},
            expected="error",
            message="不詳の部分は1月・1日として保持してください",
            after={},
            shown=[],
            omitted=[],
            by="rule birth_known",
            source="ASSUMED：本シミュレーターの保持方法",
            sure="assumed",
        )
        for known, held in wrong
    ]
