"""Record a change (異動)."""

from collections.abc import Mapping
from typing import Any

from simulator.live.question import BadValueError, Kind, Parameter, Question, Row, Shape
from simulator.live.questions._resident import RESIDENT

CLOSED = "転出確定"
"""Closes the record of who moved, when the municipality to which they moved has told so (転入通知)."""
NEEDS = {
    "転居": ("address",), "転出": ("destination",), "死亡": (), "職権消除": (), "転出取消": (),
    "氏名変更": ("family_name", "family_kana"), "職権修正": (), CLOSED: (),
}  # fmt: skip
"""What each kind of change must state besides its day."""
WRITTEN = ("family_name", "given_name", "family_kana", "given_kana", "address", "destination")


def _check(values: Mapping[str, Any], _purpose: str) -> None:
    reason, written = values["reason"], [name for name in WRITTEN if name in values]
    lacking = [name for name in NEEDS[reason] if name not in written]
    if lacking:
        raise BadValueError(lacking[0], f"{reason} needs it")
    if reason == "職権修正" and not written:
        raise BadValueError("reason", f"職権修正 needs what is to be right: {', '.join(WRITTEN[:-1])}")
    if reason in ("死亡", "職権消除", "転出取消", CLOSED) and written:
        raise BadValueError(written[0], f"{reason} changes no such thing")
    if reason == CLOSED and "happened_on" in values:
        raise BadValueError("happened_on", f"is that of the notice of which {CLOSED} is made")


def _record(view: Any) -> Row:
    changed = {name: view.values[name] for name in WRITTEN if name in view.values}
    if view.values["reason"] == CLOSED:
        return {"change": {"reason": CLOSED, **view.notice()}}
    happened = view.values.get("happened_on", view.day)
    return {"change": {"reason": view.values["reason"], "happened_on": happened.isoformat(), **changed}}


QUESTION = Question(
    name="update",
    ja="異動入力",
    meaning="Record a change of one resident's record. It is kept in RUN.live; the run stays as it was made.",
    action="update",
    screen="change",
    shape=Shape.RESIDENT,
    parameters=(
        RESIDENT,
        Parameter(
            name="reason", ja="異動事由", meaning="Why the record changes.", kind=Kind.CHOICE, required=True,
            choices=tuple(NEEDS), sample="転居",
        ),
        Parameter(
            name="happened_on", ja="異動日", meaning="When it took place; today if not stated.", kind=Kind.DAY,
            sample="2025-07-01",
        ),
        Parameter(name="family_name", ja="氏", meaning="New surname.", sample="高橋"),
        Parameter(name="given_name", ja="名", meaning="New given name.", sample="花子"),
        Parameter(name="family_kana", ja="氏カナ", meaning="New surname in kana.", sample="タカハシ"),
        Parameter(name="given_kana", ja="名カナ", meaning="New given name in kana.", sample="ハナコ"),
        Parameter(name="address", ja="新住所", meaning="New address in the municipality.", sample="中央1丁目2番3号"),
        Parameter(name="destination", ja="転出先", meaning="Where the resident moves to.", sample="白汐市"),
    ),
    rows=lambda view: view.table(),
    record=_record,
    check=_check,
)  # fmt: skip
