"""Register a newcomer: 転入 or 出生."""

from collections.abc import Mapping
from typing import Any

from simulator.live.question import BadValueError, Kind, Parameter, Question, Row, Shape
from simulator.live.questions._resident import RESIDENT

_NAMES = ("family_name", "given_name", "family_kana", "given_kana", "sex")
_JOINING = ("夫", "妻", "子", "父", "母", "兄", "弟", "姉", "妹", "祖父", "祖母", "子の子", "縁故者", "同居人")
_STATED = (*_NAMES, "birth_date", "relationship", "address", "came_from")


def _check(values: Mapping[str, Any], _purpose: str) -> None:
    """What each kind of newcomer must state, and what the register knows better."""
    joins, known = "resident" in values, "newcomer" in values
    if values["reason"] == "出生" and (known or "came_from" in values):
        raise BadValueError("newcomer" if known else "came_from", "whoever is born comes from nowhere")
    needed = ["resident" if values["reason"] == "出生" else "came_from", *_NAMES, "birth_date"]
    needed = [name for name in needed if not known and not (name == "birth_date" and values["reason"] == "出生")]
    needed += ["relationship"] if joins else ["address"]
    for name in needed:
        if name not in values:
            raise BadValueError(name, f"{values['reason']} needs it")
    for name in ("relationship", "address"):
        if name in values and (name == "address") is joins:
            raise BadValueError(name, "is that of the household" if joins else "is 世帯主 in a household of one's own")
    if known and (both := sorted({*_NAMES, "birth_date", "came_from"} & set(values))):
        raise BadValueError(both[0], "is known of the newcomer")


def _record(view: Any) -> Row:
    values = view.values
    happened = values.get("happened_on", view.day)
    stated = {name: str(values[name]) for name in _STATED if name in values}
    stated.setdefault("relationship", "世帯主")
    born = values.get("birth_date", happened)
    if values["reason"] == "出生":
        stated["birth_date"] = born.isoformat()
    if max(happened, born) > view.day or born > happened:
        raise BadValueError("happened_on", "must not lie after today, nor a birth after what follows it")
    entry: Row = {"reason": values["reason"], "happened_on": happened.isoformat(), **stated}
    if "resident" in values:
        entry["joined"] = view.ask.target
    return {"entry": entry | (view.origin() if "newcomer" in values else {})}


def _name(name: str, ja: str, meaning: str, sample: str) -> Parameter:
    return Parameter(name=name, ja=ja, meaning=meaning, sample=sample)


QUESTION = Question(
    name="register",
    ja="住民登録（転入・出生）",
    meaning="Add a newcomer to the register: 転入 into a household of their own or somebody's, 出生 into a parent's. "
    "New numbers are made by the emitter of the run, wrong on purpose unless the run's are valid. "
    "It is kept in RUN.live; the run stays as it was made.",
    action="update",
    screen="change",
    shape=Shape.NEWCOMER,
    parameters=(
        Parameter(
            name="reason", ja="異動事由", meaning="How they come.", kind=Kind.CHOICE, required=True,
            choices=("転入", "出生"), sample="転入",
        ),
        Parameter(
            name="resident", ja="世帯員", kind=Kind.RESIDENT, sample=RESIDENT.sample,
            meaning="Somebody of the household that they join, such as a parent.",
        ),
        Parameter(
            name="newcomer", ja="転入者", kind=Kind.RESIDENT, sample=RESIDENT.sample,
            meaning="Who comes from another municipality of the run, as `national` shows them, or comes again after "
            "having been removed here; codes are kept, and the other municipality is told.",
        ),
        _name("family_name", "氏", "Surname.", "高橋"),
        _name("given_name", "名", "Given name.", "花子"),
        _name("family_kana", "氏カナ", "Surname in kana.", "タカハシ"),
        _name("given_kana", "名カナ", "Given name in kana.", "ハナコ"),
        Parameter(
            name="sex", ja="性別", meaning="Sex.", kind=Kind.CHOICE, choices=("male", "female"), sample="female"
        ),
        Parameter(
            name="birth_date", ja="生年月日", kind=Kind.DAY, sample="1990-04-01",
            meaning="Birth date; of a birth the day on which it happened.",
        ),
        Parameter(
            name="relationship", ja="続柄", meaning="To the head of the household that they join.", kind=Kind.CHOICE,
            choices=_JOINING, sample="子",
        ),
        _name("address", "住所", "Address in the municipality, for a household of their own.", "中央1丁目2番3号"),
        _name("came_from", "従前の住所", "Where they lived before.", "蒼海県朝霧市"),
        Parameter(
            name="happened_on", ja="異動日", meaning="When it took place; today if not stated.", kind=Kind.DAY,
            sample="2025-07-01",
        ),
    ),
    rows=lambda view: view.table(),
    record=_record,
    check=_check,
)  # fmt: skip
