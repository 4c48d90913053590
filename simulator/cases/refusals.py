"""Notices that must not go through, or not without a warning: each a real change of the register, made wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from simulator.clock import Window
from simulator.population import Population
from simulator.population.consistency.change_rules import DEATH_NOTICE_DAYS, JUDGEMENT_NOTICE_DAYS, MOVE_NOTICE_DAYS
from simulator.world.openings import counter_days

c = pl.col
Wrong = Callable[[Population, dict[str, Any]], Population | None]
_UNDER_AGE = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One way to notify wrongly.

    Attributes:
        name: of the variant.
        reasons: kinds of change that are made wrong.
        rule: consistency rule that must be broken by it.
        expected: alert or error.
        what: in Japanese.
        message: what the clerk is told, in Japanese.
        source: the legal source.
        wrong: the population with the change made wrong; None where this change does not serve.
    """

    name: str
    reasons: tuple[str, ...]
    rule: str
    expected: str = "error"
    what: str
    message: str
    source: str
    wrong: Wrong


def _set(**values: Any) -> Wrong:
    return lambda people, change: _patched(people, change, values)


def _patched(people: Population, change: dict[str, Any], values: dict[str, Any]) -> Population:
    here = c("change_no") == change["change_no"]
    frame = people.changes
    new = [
        pl.when(here).then(pl.lit(value).cast(frame.schema[name])).otherwise(c(name)).alias(name)
        for name, value in values.items()
    ]
    return replace(people, changes=frame.with_columns(new))


def _late(limit: int) -> Wrong:
    def wrong(people: Population, change: dict[str, Any]) -> Population | None:
        after = change["happened_on"] + timedelta(days=limit + 1)
        window = people.window
        if after >= window.end - timedelta(days=14):
            return None
        day = _open(after)
        return _patched(people, change, {"notified_on": day, "recorded_on": day})

    return wrong


def _open(day: date) -> date:
    """The first day from `day` on when counters are open."""
    return min(d for d in counter_days(Window(day, day + timedelta(days=14))) if d >= day)


def _same_address(people: Population, change: dict[str, Any]) -> Population:
    return _patched(people, change, {"address_to": change["address_from"]})


def _day_after_birth(people: Population, change: dict[str, Any]) -> Population:
    return _patched(people, change, {"happened_on": change["happened_on"] + timedelta(days=1)})


def _early_record(people: Population, change: dict[str, Any]) -> Population:
    return _patched(people, change, {"recorded_on": change["notified_on"] - timedelta(days=1)})


def _too_young(people: Population, change: dict[str, Any]) -> Population:
    on = change["happened_on"]
    born = date(on.year - _UNDER_AGE, on.month, 1)
    here = c("resident_no") == change["resident_no"]
    return replace(
        people,
        residents=people.residents.with_columns(birth_date=pl.when(here).then(pl.lit(born)).otherwise("birth_date")),
    )


def _here_already(people: Population, change: dict[str, Any]) -> Population:
    values = {"household_from": change["household_to"], "address_from": change["address_to"]}
    return _patched(people, change, values)


def _of_another(people: Population, change: dict[str, Any]) -> Population | None:
    others = people.changes.filter(
        (c("resident_no") != change["resident_no"]) & (c("change_no") < change["change_no"])
    )["change_no"]
    return _patched(people, change, {"cancels": others[0]}) if len(others) else None


def _other_day(people: Population, change: dict[str, Any]) -> Population | None:
    before = change["happened_on"] - timedelta(days=1)
    return _patched(people, change, {"happened_on": before}) if before >= people.window.start else None


_MOVES_HERE = ("転入", "特例転入", "国外転入")
REFUSALS = (
    Refusal(
        name="late",
        reasons=(*_MOVES_HERE, "転居"),
        rule="move_notice",
        expected="alert",
        wrong=_late(MOVE_NOTICE_DAYS),
        what="異動日から15日目以後の届出",
        message="届出期間（14日）を過ぎています。届出期間経過の申述を求めてください",
        source="住民基本台帳法22条1項・23条・52条2項",
    ),
    Refusal(
        name="late",
        reasons=("死亡",),
        rule="death_notice",
        expected="alert",
        wrong=_late(DEATH_NOTICE_DAYS),
        what="死亡の事実を知った日から8日目以後の届出",
        message="届出期間（7日）を過ぎています。失期通知の要否を確認してください",
        source="戸籍法86条1項・137条",
    ),
    Refusal(
        name="late",
        reasons=("失踪宣告",),
        rule="judgement_notice",
        expected="alert",
        wrong=_late(JUDGEMENT_NOTICE_DAYS),
        what="裁判確定の日から11日目以後の届出",
        message="届出期間（10日）を過ぎています。失期通知の要否を確認してください",
        source="戸籍法94条・63条1項",
    ),
    Refusal(
        name="same_address",
        reasons=("転居",),
        rule="move_changes_address",
        wrong=_same_address,
        what="異動前と同じ住所への転居",
        message="異動後の住所が異動前と同じです",
        source="住民基本台帳法23条",
    ),
    Refusal(
        name="no_destination",
        reasons=("転出", "特例転出", "国外転出"),
        rule="elsewhere_named",
        wrong=_set(elsewhere=None),
        what="転出先のない転出届",
        message="転出先を入力してください",
        source="住民基本台帳法24条",
    ),
    Refusal(
        name="no_planned_day",
        reasons=("転出", "特例転出"),
        rule="move_planned",
        wrong=_set(planned_on=None),
        what="転出予定年月日のない転出届",
        message="転出の予定年月日を入力してください",
        source="住民基本台帳法24条",
    ),
    Refusal(
        name="no_former_address",
        reasons=_MOVES_HERE,
        rule="elsewhere_named",
        wrong=_set(elsewhere=None),
        what="従前の住所のない転入届",
        message="従前の住所を入力してください",
        source="住民基本台帳法22条1項4号",
    ),
    Refusal(
        name="no_new_address",
        reasons=(*_MOVES_HERE, "職権記載"),
        rule="arrival_to_somewhere",
        wrong=_set(household_to=None, address_to=None),
        what="住所のない転入",
        message="住所と世帯を入力してください",
        source="住民基本台帳法22条1項2号・5号",
    ),
    Refusal(
        name="here_already",
        reasons=("転入",),
        rule="arrival_from_nowhere",
        wrong=_here_already,
        what="既に住民票がある者の転入届",
        message="既に住民票があります。転居届ではありませんか",
        source="住民基本台帳法22条・23条",
    ),
    Refusal(
        name="other_day",
        reasons=("転入", "国外転入"),
        rule="arrival_day",
        wrong=_other_day,
        what="住民となった日と異動日の相違",
        message="異動日と住民となった日が一致しません",
        source="住民基本台帳法7条6号",
    ),
    Refusal(
        name="under_age",
        reasons=("婚姻",),
        rule="marriage_age",
        wrong=_too_young,
        what="17歳の婚姻",
        message="婚姻適齢（18歳）に達していません",
        source="民法731条",
    ),
    Refusal(
        name="not_the_birthday",
        reasons=("出生",),
        rule="birth_day",
        wrong=_day_after_birth,
        what="出生の年月日と異動日の相違",
        message="異動日が生年月日と一致しません",
        source="戸籍法49条2項2号",
    ),
    Refusal(
        name="cancels_nothing",
        reasons=("転出取消", "異動取消"),
        rule="cancels_something",
        wrong=_set(cancels=None),
        what="取消対象のない取消し",
        message="取り消す異動を指定してください",
        source="住民基本台帳事務処理要領 第4",
    ),
    Refusal(
        name="cancels_anothers",
        reasons=("転出取消", "異動取消"),
        rule="cancels_own",
        wrong=_of_another,
        what="他人の異動の取消し",
        message="取り消す異動は別の住民のものです",
        source="住民基本台帳事務処理要領 第4",
    ),
    Refusal(
        name="by_notice",
        reasons=("職権記載", "職権消除", "職権修正", "職権回復"),
        rule="basis_of_office",
        wrong=_set(basis="届出"),
        what="届出を根拠とする職権処理",
        message="職権処理の根拠は職権でなければなりません",
        source="住民基本台帳法8条、住民基本台帳法施行令12条",
    ),
    Refusal(
        name="recorded_early",
        reasons=("死亡", "婚姻", "転籍"),
        rule="recorded_after_notice",
        wrong=_early_record,
        what="届出より前の日の記載",
        message="記載日が届出日より前です",
        source="住民基本台帳法施行令11条・12条",
    ),
)
