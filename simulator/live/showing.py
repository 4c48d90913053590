"""Which columns each granted group of fields shows; a field that is not granted is absent, not empty."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

Row = dict[str, Any]
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("family_name", "given_name", "former_name", "family_kana", "given_kana", "sex", "birth_date"),
    "address": ("address", "postal_code", "address_since"),
    "household": ("household", "relationship"),
    "domicile": ("nationality", "registry_town", "registry_lot", "registry_given"),
    "history": ("resident_since", "entry", "came_from"),
    "removed": ("removed_on",),
    "resident_code": ("resident_code",),
    "my_number": ("my_number",),
    "protection": ("protected_from", "protected_to", "other_party"),
}
"""Columns by group of fields."""
_HELD_AS = {"removed_on": "left_on"}
TITLES = {
    "resident": "対象者", "family_name": "氏", "given_name": "名", "family_kana": "氏カナ", "given_kana": "名カナ",
    "sex": "性別", "birth_date": "生年月日", "address": "住所", "postal_code": "郵便番号", "household": "世帯",
    "relationship": "続柄", "nationality": "国籍・地域", "former_name": "旧氏", "address_since": "住所を定めた日",
    "registry_town": "本籍", "registry_lot": "本籍地番", "registry_given": "筆頭者の名",
    "resident_since": "住民となった日", "entry": "住民となった事由", "came_from": "従前の住所", "removed_on": "消除日",
    "resident_code": "住民票コード", "my_number": "個人番号", "protected_from": "支援措置開始日",
    "protected_to": "支援措置終了日", "other_party": "相手方",
}  # fmt: skip
FIELD_TITLES = {
    "name": "氏名・生年月日・性別", "address": "住所", "household": "世帯・続柄", "domicile": "本籍・国籍",
    "history": "異動履歴", "removed": "除票", "resident_code": "住民票コード", "my_number": "個人番号",
    "protection": "支援措置", "log": "操作履歴",
}  # fmt: skip
"""Titles of the groups, for citizens."""


@lru_cache(maxsize=256)
def columns(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that `fields` grant, in order."""
    granted = set(fields)
    return tuple(column for group, names in GROUPS.items() if group in granted for column in names)


def shown(person: Row, names: tuple[str, ...], handle: Callable[[str], str], household: Callable[[int], str]) -> Row:
    """The row of `person` with the handle and the columns `names`."""
    row: Row = {"resident": handle(person["resident_code"])}
    for name in names:
        row[name] = household(person["household_no"]) if name == "household" else person[_HELD_AS.get(name, name)]
    return row
