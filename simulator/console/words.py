"""The words of the console in Japanese and English: titles of columns and codes come from the schema."""

from collections.abc import Callable, Mapping
from functools import cache

from simulator.schema import EVENT
from simulator.schema.vocabulary import (
    ACTIONS,
    AUTH_METHODS,
    DECISIONS,
    EMPLOYMENTS,
    GROUNDS,
    MATCHES,
    PURPOSES,
    ROLES,
    SCREENS,
    SYSTEMS,
    Term,
)

LANGUAGES = ("ja", "en")
Tongue = Callable[[str, str], str]
"""Picks the Japanese or the English of two texts."""
_TERMS: Mapping[str, tuple[Term, ...]] = {
    "system": SYSTEMS, "screen": SCREENS, "role": ROLES, "auth_method": AUTH_METHODS, "action": ACTIONS,
    "purpose": PURPOSES, "decision": DECISIONS, "match": MATCHES, "grounds": GROUNDS, "employment": EMPLOYMENTS,
}  # fmt: skip
_COLUMNS = {
    "staff_code": ("職員番号", "Staff no."), "staff_name": ("職員氏名", "Staff name"),
    "person_no": ("宛名番号", "Person no."), "person_name": ("住民氏名", "Person"),
    "section": ("課", "Section"), "office": ("庁舎", "Building"),
    "household_no": ("世帯番号", "Household no."), "off_duty": ("勤務時間外", "Off duty"),
}  # fmt: skip
_ENGLISH = {
    "event_id": "Event no.", "at": "Time", "system": "System", "screen": "Screen", "session_id": "Session",
    "role": "Role", "terminal": "Terminal", "auth_method": "Log-on by",
    "action": "Act", "purpose": "Purpose", "case_no": "Case no.", "search_keys": "Searched by", "match": "Match",
    "hits": "Hits", "resident_municipality": "Municipality", "protected_alert": "Protection alert",
    "fields": "Fields shown", "rows_returned": "Rows shown", "decision": "Decision", "reason": "Rule",
    "approval_id": "Approval", "override_id": "Break-glass", "extraction_id": "Extraction", "dwell_s": "Seconds shown",
    "grounds": "Stated ground", "my_number": "My Number used", "document_no": "Document no.", "sheets": "Sheets",
    "printer": "Printer",
}  # fmt: skip
MEASURES = {
    "events": ("操作件数", "Events"), "events_per_day": ("1日当たり操作件数", "Events a day"),
    "people": ("照会した住民の数", "People opened"), "opens_per_person": ("住民1人当たり照会回数", "Opens per person"),
    "without_case": ("受付番号のない照会の割合", "Share opened without a case"),
    "off_duty": ("勤務時間外の割合", "Share off duty"), "alerts": ("支援措置警告の件数", "Protection alerts"),
}  # fmt: skip
TIES = {
    "self": ("本人の記録です", "It is the operator's own record"),
    "household_no": ("同じ世帯です", "The same household"), "address": ("住所が同じです", "The same address"),
    "district": ("同じ地区に住んでいます", "They live in the same district"),
    "surname": ("氏が同じです", "The same surname"),
    "same_section": ("同じ課の職員です", "A member of staff of the same section"),
    "colleague": ("他の課の職員です", "A member of staff of another section"),
}  # fmt: skip


def tongue(lang: str) -> Tongue:
    """Picks of two texts the one in `lang`, Japanese unless it is ``en``."""
    return (lambda _, en: en) if lang == "en" else (lambda ja, _: ja)


def column(name: str, lang: str) -> str:
    """The title of a column of the log or of the other tables."""
    if name in _COLUMNS:
        return _COLUMNS[name][lang == "en"]
    return _ENGLISH.get(name, name) if lang == "en" else EVENT[name].ja


@cache
def codes(column_name: str, lang: str) -> dict[str, str]:
    """Code → title of a column whose values are codes; empty for any other column."""
    return {term.code: term.en if lang == "en" else term.ja for term in _TERMS.get(column_name, ())}


def value(column_name: str, raw: object, lang: str) -> str:
    """A value as people read it: codes by their title, yes and no in words, nothing as a dash."""
    if raw is None or raw == "":
        return "―"
    if isinstance(raw, bool):
        return (("No", "Yes") if lang == "en" else ("いいえ", "はい"))[raw]
    return codes(column_name, lang).get(str(raw), str(raw))
