"""Transaction cases of protection measures (支援措置): application, forwarding, renewal, end, requests."""

from datetime import date, timedelta
from typing import Any

from simulator.cases.certificate import certificate
from simulator.cases.transaction import TransactionCase

_GUIDE = "住民基本台帳事務処理要領 第5の10"
_FROM = date(2025, 7, 1)
_TO = _FROM.replace(year=_FROM.year + 1)
_RENEWABLE = date(2026, 6, 1)
"""Renewal is taken from a month before the end. Source: 事務処理要領 第5の10."""
_RECORD: dict[str, Any] = {"氏名": "支援 花子", "状態": "住民"}
_HELD = {**_RECORD, "支援措置": f"{_FROM}から{_TO - timedelta(days=1)}まで"}
_NONE: tuple[list[str], list[str]] = ([], [])
_OWN = certificate(_RECORD)


def protection_cases() -> list[TransactionCase]:
    """Every case of a protection measure."""
    return [*_beginning(), *_during(), *_renewal(), *_days()]


def _case(  # noqa: PLR0913, PLR0917 - a line of a table
    name: str,
    what: str,
    notice: dict[str, Any],
    expected: str,
    message: str,
    after: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    told: tuple[list[str], list[str]] = _NONE,
    by: str = "law",
    source: str = _GUIDE,
) -> TransactionCase:
    return TransactionCase(
        name=f"protection-{name}",
        topic="protection",
        reason="支援措置",
        what=what,
        notice=notice,
        expected=expected,
        before=_RECORD if before is None else before,
        message=message,
        after=after,
        shown=told[0],
        omitted=told[1],
        by=by,
        source=source,
        sure="assumed",
    )


def _beginning() -> list[TransactionCase]:
    waiting = {**_RECORD, "支援措置": "仮支援措置（相談機関等の意見を確認中）"}
    return [
        _case(
            "provisional",
            "申出の受付、意見の確認前",
            {"申出日": "2025-06-24"},
            "accepted",
            "確認まで仮の支援措置をとる",
            waiting,
        ),
        _case(
            "provisional-request",
            "仮支援措置中の、相手方からの写しの請求",
            {"請求者": "相手方"},
            "error",
            "支援措置の申出があるため交付できません",
            waiting,
            before=waiting,
        ),
        _case(
            "decided",
            "相談機関等の意見により必要と認められた",
            {"決定日": "2025-07-01", "相談機関等": "警察"},
            "accepted",
            "",
            _HELD,
            before=waiting,
        ),
        _case(
            "not-decided",
            "相談機関等の意見により必要と認められなかった",
            {"決定日": "2025-07-01"},
            "accepted",
            "仮の支援措置を終え、申出者に連絡する",
            _RECORD,
            before=waiting,
        ),
        _case(
            "unconsulted",
            "相談機関等の意見の添えられていない申出",
            {"申出日": "2025-06-24", "相談機関等": None},
            "alert",
            "相談機関等の意見を確認してください",
            waiting,
        ),
        _case(
            "joint",
            "併せて支援を求める者（同居の子）を含む申出",
            {"申出日": "2025-06-24", "併せて支援を求める者": ["子"]},
            "accepted",
            "期間は申出者と同じ",
            {**_HELD, "併せて支援を求める者": ["子"]},
        ),
        _case(
            "joint-elsewhere",
            "別の住所の者を併せて支援を求める者とする申出",
            {"併せて支援を求める者": ["別居の親"]},
            "error",
            "同一の住所を有する者に限ります。別居の者は本人が申し出てください",
            _RECORD,
        ),
        _case(
            "forward",
            "前住所地・本籍地への転送",
            {"転送先": ["前住所地", "本籍地"]},
            "accepted",
            "転送先は受け取った日から措置をとる",
            {**_HELD, "転送": ["前住所地", "本籍地"]},
            before=_HELD,
        ),
        _case(
            "forward-late",
            "転送先で措置をとる前の、相手方からの除票・附票の請求",
            {"請求先": "前住所地", "請求者": "相手方"},
            "alert",
            "転送が処理されたか、発行前に確認してください",
            _HELD,
            before=_HELD,
        ),
    ]


def _during() -> list[TransactionCase]:
    return [
        _case(
            "other-party",
            "相手方からの写しの請求",
            {"請求者": "相手方"},
            "error",
            "申出があるため交付できません",
            _HELD,
            before=_HELD,
            source=f"住民基本台帳法12条6項、{_GUIDE}",
        ),
        _case(
            "other-party-lawyer",
            "相手方の代理人である弁護士からの請求",
            {"請求者": "特定事務受任者", "依頼者": "相手方"},
            "error",
            "相手方からの請求とみなし交付できません",
            _HELD,
            before=_HELD,
            source=f"住民基本台帳法12条の3、{_GUIDE}",
        ),
        _case(
            "third-party",
            "債権者からの請求",
            {"請求者": "第三者"},
            "alert",
            "利用目的と、相手方のなりすましでないことを厳格に審査する",
            _HELD,
            before=_HELD,
            source=f"住民基本台帳法12条の3、{_GUIDE}",
        ),
        _case(
            "public-office",
            "他の官公署からの請求",
            {"請求者": "官公署"},
            "alert",
            "必要な限度と漏えいのおそれを確認する",
            _HELD,
            before=_HELD,
            source=f"住民基本台帳法12条の2、{_GUIDE}",
        ),
        _case(
            "self",
            "本人からの請求",
            {"請求者": "本人", "本人確認": "写真付き書類"},
            "alert",
            "支援措置対象者：本人確認を厳格に行う",
            _HELD,
            before=_HELD,
            told=_OWN,
        ),
        _case(
            "self-by-proxy",
            "本人の代理人と称する者からの請求",
            {"請求者": "代理人"},
            "error",
            "原則として本人以外には交付しません。本人に確認してください",
            _HELD,
            before=_HELD,
        ),
        _case(
            "inspection",
            "台帳の閲覧",
            {"請求者": "閲覧申出者"},
            "error",
            "閲覧用の名簿から除いてあります",
            _HELD,
            before=_HELD,
            source=f"住民基本台帳法11条・11条の2、{_GUIDE}",
        ),
        _case(
            "move-within",
            "支援措置中の転居",
            {"異動事由": "転居"},
            "alert",
            "支援措置対象者：申出内容の変更を確認する",
            _HELD,
            before=_HELD,
        ),
        _case(
            "move-out",
            "支援措置中の転出",
            {"異動事由": "転出"},
            "alert",
            "支援措置対象者：転出先での申出を案内する",
            {**_HELD, "状態": "除票"},
            before=_HELD,
        ),
        _case("ended-by-applicant", "申出者からの終了の申出", {"申出": "終了"}, "accepted", "", _RECORD, before=_HELD),
    ]


def _renewal() -> list[TransactionCase]:
    longer = {**_RECORD, "支援措置": f"{_TO}から{_TO.replace(year=_TO.year + 1) - timedelta(days=1)}まで"}
    return [
        _case(
            "renewal-too-early",
            "終了の一月前より早い延長の申出",
            {"申出日": str(_RENEWABLE - timedelta(days=1))},
            "error",
            f"延長の申出は{_RENEWABLE}から受け付けます",
            _HELD,
            before=_HELD,
        ),
        _case(
            "renewal-first-day",
            "終了の一月前の日の延長の申出",
            {"申出日": str(_RENEWABLE)},
            "accepted",
            "期間は前の終了日の翌日から一年",
            longer,
            before=_HELD,
        ),
        _case(
            "renewal-last-day",
            "終了日の延長の申出",
            {"申出日": str(_TO - timedelta(days=1))},
            "accepted",
            "期間は前の終了日の翌日から一年",
            longer,
            before=_HELD,
        ),
        _case(
            "renewal-too-late",
            "終了後の延長の申出",
            {"申出日": str(_TO)},
            "error",
            "終了しています。新規の申出としてください",
            _RECORD,
            before=_RECORD,
        ),
    ]


def _days() -> list[TransactionCase]:
    """Which days a measure holds for: as the register has it (``valid_from`` up to, not including, ``valid_to``)."""
    days = ((_FROM - timedelta(days=1), False), (_FROM, True), (_TO - timedelta(days=1), True), (_TO, False))
    return [
        _case(
            f"on-{day}",
            f"{_FROM}から{_TO - timedelta(days=1)}までの措置の、{day}の請求",
            {"請求者": "相手方", "請求日": str(day)},
            "error" if held else "accepted",
            "申出があるため交付できません" if held else "",
            _HELD if held else _RECORD,
            before=_HELD if held else _RECORD,
            told=_NONE if held else _OWN,
            by="register",
        )
        for day, held in days
    ]
