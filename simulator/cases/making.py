"""Making ``transactions.csv``: changes of a synthetic register, the same made wrong, and what the law alone says."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from simulator import storage
from simulator.cases.certificate import certificate
from simulator.cases.protection import protection_cases
from simulator.cases.records import after, before
from simulator.cases.refusals import REFUSALS
from simulator.cases.transaction import COLUMNS, TransactionCase
from simulator.cases.unknown import unknown_cases
from simulator.clock import Window
from simulator.errors import CheckError
from simulator.population import Population, PopulationSpec, build
from simulator.population.consistency import violations
from simulator.population.part import part
from simulator.schema import CHANGE
from simulator.streams import Stream
from simulator.world.municipality import municipality

RESIDENTS, SEED, PLACE = 200_000, 2025, "482013"
WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
_MARGIN = timedelta(days=45)
_TRIED = 12
c = pl.col
# Which notice or act each kind of change comes by. Source: 住民基本台帳法, its 施行令, 戸籍法; 事務処理要領.
_BASIS = {
    "転入": "転入届（住民基本台帳法22条）",
    "特例転入": "最初の転入届（住民基本台帳法24条の2）",
    "国外転入": "転入届（住民基本台帳法22条・30条の46）",
    "転居": "転居届（住民基本台帳法23条）",
    "転出": "転出届（住民基本台帳法24条）",
    "特例転出": "最初の転出届（住民基本台帳法24条の2）",
    "国外転出": "転出届（住民基本台帳法24条）",
    "世帯主変更": "世帯変更届（住民基本台帳法25条）",
    "世帯合併": "世帯変更届（住民基本台帳法25条）",
    "世帯分離": "世帯変更届（住民基本台帳法25条）",
    "世帯構成変更": "世帯変更届（住民基本台帳法25条）",
    "出生": "出生届（戸籍法49条）、住民基本台帳法施行令11条",
    "死亡": "死亡届（戸籍法86条）",
    "婚姻": "婚姻届（戸籍法74条）",
    "離婚": "離婚届（戸籍法76条）",
    "養子縁組": "養子縁組届（戸籍法66条）",
    "離縁": "養子離縁届（戸籍法70条）",
    "転籍": "転籍届（戸籍法108条）",
    "帰化": "帰化届（戸籍法102条の2）",
    "失踪宣告": "失踪宣告届（戸籍法94条）",
    "氏名変更": "氏名の変更届（戸籍法107条・107条の2）",
    "旧氏記載": "旧氏の記載請求（住民基本台帳法施行令30条の14）",
    "通称記載": "通称の記載申出（住民基本台帳法施行令30条の16）",
    "在留情報更新": "法務大臣の通知（住民基本台帳法30条の50）",
    "個人番号変更": "個人番号の変更請求（番号利用法7条2項）",
    "住民票コード変更": "住民票コードの変更請求（住民基本台帳法30条の4）",
    "住居表示実施": "職権（住居表示に関する法律3条）",
    "職権記載": "職権（住民基本台帳法8条）",
    "職権消除": "職権（住民基本台帳法8条・施行令12条3項）",
    "職権修正": "職権（住民基本台帳法8条・施行令12条3項）",
    "職権回復": "職権（住民基本台帳法施行令12条）",
    "転出取消": "転出取消しの申出（事務処理要領 第4）",
    "異動取消": "職権（事務処理要領 第4）",
    "改製": "職権（住民基本台帳法施行令16条）",
}

CODES = {
    "転入": "move_in",
    "特例転入": "move_in_by_card",
    "国外転入": "move_in_from_abroad",
    "転居": "move_within",
    "転出": "move_out",
    "特例転出": "move_out_by_card",
    "国外転出": "move_abroad",
    "世帯主変更": "new_head",
    "世帯合併": "households_joined",
    "世帯分離": "household_split",
    "世帯構成変更": "household_changed",
    "出生": "birth",
    "死亡": "death",
    "婚姻": "marriage",
    "離婚": "divorce",
    "養子縁組": "adoption",
    "離縁": "adoption_ended",
    "転籍": "family_register_moved",
    "帰化": "naturalisation",
    "失踪宣告": "declared_missing",
    "氏名変更": "name_changed",
    "旧氏記載": "former_name",
    "通称記載": "alias",
    "在留情報更新": "residence_status",
    "個人番号変更": "my_number_changed",
    "住民票コード変更": "resident_code_changed",
    "住居表示実施": "houses_renumbered",
    "職権記載": "ex_officio_entry",
    "職権消除": "ex_officio_removal",
    "職権修正": "ex_officio_correction",
    "職権回復": "ex_officio_restoration",
    "転出取消": "move_out_cancelled",
    "異動取消": "change_cancelled",
    "改製": "record_remade",
}
"""What a case of each kind of change is called: names of tests must be plain ASCII."""


def make(residents: int = RESIDENTS, reasons: tuple[str, ...] | None = None) -> list[TransactionCase]:
    """Every transaction case, or of changes only those of the kinds `reasons`.

    Args:
        residents: how many people are looked through for changes of each kind.
        reasons: kinds of change; all if not given.

    Raises:
        CheckError: a change that should hold breaks a rule, or one made wrong breaks none.
    """
    whole = build(PopulationSpec(residents), municipality(PLACE), WINDOW, Stream(SEED).at("population"), jobs=2)
    wanted = reasons or CHANGE["reason"].choices
    found = [case for reason in wanted for case in _of_reason(whole, reason)]
    return [*found, *unknown_cases(), *protection_cases()]


def write(cases: list[TransactionCase], path: Path) -> None:
    """Write `cases` to the CSV file `path`."""
    with storage.whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(case.row() for case in cases)


def _of_reason(whole: Population, reason: str) -> Iterator[TransactionCase]:
    smaller = list(_changes(whole, reason))
    if not smaller:
        return
    yield _accepted(*smaller[0], reason)
    for refusal in REFUSALS:
        if reason in refusal.reasons:
            for people, change in smaller:
                wrong = refusal.wrong(people, change)
                if wrong is not None and refusal.rule in _broken(wrong):
                    yield _refused(people, change, wrong, refusal)
                    break
            else:
                msg = f"no change of kind {reason} breaks the rule {refusal.rule} when made wrong ({refusal.name})"
                raise CheckError(msg)


def _changes(whole: Population, reason: str) -> Iterator[tuple[Population, dict[str, Any]]]:
    """The first changes of a kind, each in a register of those whom it needs."""
    inner = (c("happened_on") >= WINDOW.start + timedelta(days=2)) & (c("recorded_on") < WINDOW.end - _MARGIN)
    rows = whole.changes.filter((c("reason").cast(pl.String) == reason) & inner).head(_TRIED)
    for row in rows.iter_rows(named=True):
        small = part(whole, pl.Series([row["resident_no"]]))
        new = int(np.searchsorted(small.numbers["changes"].to_numpy(), row["change_no"]))
        yield small.people, small.people.changes.row(new, named=True)


def _broken(people: Population) -> set[str]:
    return set(violations(people)["rule"].to_list())


def _accepted(people: Population, change: dict[str, Any], reason: str) -> TransactionCase:
    broken = _broken(people)
    if broken:
        msg = f"the change of kind {reason} that should hold breaks {', '.join(sorted(broken))}"
        raise CheckError(msg)
    later = after(people, change)
    shown, omitted = certificate(later)
    return TransactionCase(
        name=f"{CODES[reason]}-accepted",
        topic="change",
        reason=reason,
        what=f"{reason}が正しく届け出られ、または処理された",
        before=before(people, change),
        notice=_notice(people, change),
        expected="accepted",
        message="",
        after=later,
        shown=shown,
        omitted=omitted,
        by="rules",
        source=_BASIS[reason],
        sure="yes",
    )


def _refused(people: Population, change: dict[str, Any], wrong: Population, refusal: Any) -> TransactionCase:
    earlier = before(people, change)
    told = wrong.changes.row(change["change_no"], named=True)
    later = after(wrong, told) if refusal.expected == "alert" else earlier
    shown, omitted = certificate(later)
    return TransactionCase(
        name=f"{CODES[change['reason']]}-{refusal.name}",
        topic="change",
        reason=change["reason"],
        what=refusal.what,
        before=earlier,
        notice=_notice(wrong, told),
        expected=refusal.expected,
        message=refusal.message,
        after=later,
        shown=shown,
        omitted=omitted,
        by=f"rule {refusal.rule}",
        source=refusal.source,
        sure="assumed" if "事務処理要領" in refusal.source else "yes",
    )


def _notice(people: Population, change: dict[str, Any]) -> dict[str, Any]:
    homes = dict(people.addresses.select("address_no", "address").iter_rows())
    items = people.items.filter(c("change_no") == change["change_no"])
    told = {
        "異動事由": change["reason"],
        "異動日": change["happened_on"].isoformat(),
        "届出日": change["notified_on"].isoformat(),
        "記載日": change["recorded_on"].isoformat(),
        "根拠": change["basis"],
        "前住所・転出先": change["elsewhere"],
        "異動前住所": homes.get(change["address_from"]),
        "異動後住所": homes.get(change["address_to"]),
        "異動前世帯": change["household_from"],
        "異動後世帯": change["household_to"],
        "転出予定日": change["planned_on"].isoformat() if change["planned_on"] else None,
        "取消対象": change["cancels"],
    }
    details = {f"{row['item']}": f"{row['before'] or ''}→{row['after'] or ''}" for row in items.iter_rows(named=True)}
    return {name: value for name, value in {**told, **details}.items() if value is not None}
