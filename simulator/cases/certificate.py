"""Which items a copy of a record shows, and which it leaves out unless specially asked for."""

from typing import Any

# Source: 住民基本台帳法 7条 (items), 12条5項 (what may be left out unless specially asked for).
ALWAYS = ("氏名", "生年月日", "性別", "住所", "住民となった日", "住所を定めた日", "従前の住所")
ON_REQUEST = (
    "世帯主",
    "続柄",
    "本籍",
    "筆頭者",
    "個人番号",
    "住民票コード",
    "国民健康保険",
    "後期高齢者医療",
    "介護保険",
    "国民年金",
    "児童手当",
    "選挙人名簿",
)
# Source: 住民基本台帳法 30条の45 and 30条の51 (foreign residents).
FOREIGN_ON_REQUEST = ("国籍・地域", "在留資格", "在留期間", "在留期間の満了日", "在留カード等の番号")
_FOREIGN_WITHOUT = ("本籍", "筆頭者", "選挙人名簿")
# Source: 住民基本台帳法施行令 30条の14 (旧氏), 30条の16 (通称): once recorded they are on every copy.
BESIDE_THE_NAME = ("旧氏", "通称")


def certificate(record: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Items shown and left out on a copy of `record` (items by name; ``状態`` is 住民 or 除票), asked for plainly."""
    if not record:
        return [], []
    foreign = record.get("国籍・地域", "JP") != "JP"
    shown = [*ALWAYS, *(item for item in BESIDE_THE_NAME if record.get(item))]
    if foreign:
        shown = ["外国人住民となった日" if item == "住民となった日" else item for item in shown]
    if record.get("状態") == "除票":
        shown += ["消除事由", "消除日"]
    own = [item for item in ON_REQUEST if not (foreign and item in _FOREIGN_WITHOUT)]
    return shown, [*own, *(FOREIGN_ON_REQUEST if foreign else ())]
