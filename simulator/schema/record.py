"""The register's finer grain: foreign residents, what each change changed, the past, and records that were removed."""

import polars as pl

from simulator.schema.people import CHANGES, RELATIONSHIPS, SEX
from simulator.schema.types import Column, Privacy, Table

# Source: domain.md 1.2 (住基法30条の45).
FOREIGN_CATEGORIES = pl.Enum(
    ["中長期在留者", "特別永住者", "一時庇護許可者又は仮滞在許可者", "出生・国籍喪失経過滞在者"]
)
# Source: 入管法別表; those that most residents hold.
RESIDENCE_STATUSES = pl.Enum(
    [
        "永住者", "特別永住者", "定住者", "日本人の配偶者等", "永住者の配偶者等", "技能実習", "特定技能",
        "技術・人文知識・国際業務", "留学", "家族滞在", "特定活動", "経営・管理", "技能",
    ]
)  # fmt: skip
TERM_KINDS = pl.Enum(["新規", "更新"])
# What a change can change beside household and address: columns of the resident and of the foreign resident.
ITEMS = pl.Enum(
    [
        "family_name", "family_kana", "given_name", "given_kana", "former_name", "former_kana", "birth_date",
        "relationship", "nationality", "registry_town", "registry_lot", "registry_given", "resident_code", "my_number",
        "residence_status", "period", "expires_on", "card_no", "alias", "alias_kana", "note",
    ]
)  # fmt: skip

FOREIGN_RESIDENT = Table(
    "foreign_resident",
    "外国人住民",
    "What the record of a foreign resident holds beside the common items.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Whose."),
        Column("category", FOREIGN_CATEGORIES, "外国人住民の区分", "Kind of foreign resident.", Privacy.PERSONAL),
        Column("residence_status", RESIDENCE_STATUSES, "在留資格", "Null at birth.", Privacy.PERSONAL, nullable=True),
        Column("period", pl.String, "在留期間", "Such as 3年; null for none.", Privacy.PERSONAL, nullable=True),
        Column("expires_on", pl.Date, "在留期間の満了日", "Null without period.", Privacy.PERSONAL, nullable=True),
        Column("card_no", pl.String, "在留カード等の番号", "Made up.", Privacy.IDENTIFIER, nullable=True),
        Column("foreign_since", pl.Date, "外国人住民となった日", "Not before 2012-07-09.", Privacy.PERSONAL),
        Column("name_kanji", pl.String, "氏名漢字", "Name in kanji.", Privacy.PERSONAL, nullable=True),
        Column("kanji_key", pl.String, "氏名漢字検索キー", "Folded.", Privacy.PERSONAL, nullable=True),
        Column("alias", pl.String, "通称", "Japanese name in use.", Privacy.PERSONAL, nullable=True),
        Column("alias_kana", pl.String, "通称カナ", "Its katakana.", Privacy.PERSONAL, nullable=True),
        Column("alias_key", pl.String, "通称検索キー", "Folded.", Privacy.PERSONAL, nullable=True),
    ),
)

ALIAS = Table(
    "alias",
    "通称履歴",
    "The aliases that a foreign resident has had recorded.",
    ("resident_no", "registered_on"),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Whose."),
        Column("alias", pl.String, "通称", "The name.", Privacy.PERSONAL),
        Column("alias_kana", pl.String, "通称カナ", "Its katakana.", Privacy.PERSONAL),
        Column("registered_on", pl.Date, "記載日", "First day.", Privacy.PERSONAL),
        Column("removed_on", pl.Date, "削除日", "Null while in use.", Privacy.PERSONAL, nullable=True),
        Column("registered_at", pl.String, "記載市町村", "Which municipality recorded it.", Privacy.PERSONAL),
    ),
)

CHANGE_ITEM = Table(
    "change_item",
    "異動項目",
    "What a change of record changed beside household and address.",
    ("change_no", "item"),
    (
        Column("change_no", pl.UInt32, "異動番号", "The change."),
        Column("item", ITEMS, "項目", "Column of the resident or foreign resident."),
        Column("before", pl.String, "異動前", "As text; null for nothing.", Privacy.PERSONAL, nullable=True),
        Column("after", pl.String, "異動後", "As text; null for nothing.", Privacy.PERSONAL, nullable=True),
        Column("holds_since", pl.Date, "適用日", "Since when it is so; before the notice where corrected."),
    ),
)

PAST_CHANGE = Table(
    "past_change",
    "過去異動",
    "Changes of record before the window, in brief.",
    ("resident_no", "happened_on", "reason"),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Whose record."),
        Column("happened_on", pl.Date, "異動日", "When it took place.", Privacy.PERSONAL),
        Column("notified_on", pl.Date, "届出日", "When it was notified.", Privacy.PERSONAL),
        Column("reason", CHANGES, "異動事由", "Why the record changed.", Privacy.PERSONAL),
    ),
)

REMOVED_RECORD = Table(
    "removed_record",
    "除票",
    "Records removed before the window, as they stood, and those replaced by a new copy (改製原).",
    ("removed_no",),
    (
        Column("removed_no", pl.UInt32, "除票番号", "Row number."),
        Column("resident_no", pl.UInt32, "住民行番号", "Who still lives here (改製, 再転入).", nullable=True),
        Column("address_no", pl.UInt32, "住所番号", "Last address here."),
        Column("family_name", pl.String, "氏", "Surname.", Privacy.PERSONAL),
        Column("given_name", pl.String, "名", "Given name.", Privacy.PERSONAL),
        Column("family_kana", pl.String, "氏カナ", "Surname in katakana.", Privacy.PERSONAL),
        Column("given_kana", pl.String, "名カナ", "Given name in katakana.", Privacy.PERSONAL),
        Column("name_key", pl.String, "氏名検索キー", "Folded name.", Privacy.PERSONAL),
        Column("kana_key", pl.String, "カナ検索キー", "Folded kana.", Privacy.PERSONAL),
        Column("sex", SEX, "性別", "Sex.", Privacy.PERSONAL),
        Column("birth_date", pl.Date, "生年月日", "Birth date.", Privacy.PERSONAL),
        Column("relationship", RELATIONSHIPS, "続柄", "Relationship to the head.", Privacy.PERSONAL),
        Column("nationality", pl.String, "国籍・地域", "Two letters.", Privacy.PERSONAL),
        Column("resident_code", pl.String, "住民票コード", "Eleven digits, wrong on purpose.", Privacy.IDENTIFIER),
        Column("my_number", pl.String, "個人番号", "Twelve digits, wrong on purpose.", Privacy.IDENTIFIER),
        Column("resident_ref", pl.String, "宛名番号", "Ten digits.", Privacy.IDENTIFIER),
        Column("resident_since", pl.Date, "住民となった日", "First day.", Privacy.PERSONAL),
        Column("removed_on", pl.Date, "消除日", "When the record was removed.", Privacy.PERSONAL),
        Column("reason", CHANGES, "消除事由", "Why.", Privacy.PERSONAL),
        Column("went_to", pl.String, "転出先", "Where to; null for none.", Privacy.PERSONAL, nullable=True),
    ),
)

PROTECTION_TERM = Table(
    "protection_term",
    "支援措置期間",
    "The terms of a protection measure: a year each.",
    ("resident_no", "valid_from"),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Who is protected."),
        Column("kind", TERM_KINDS, "区分", "First or renewed."),
        Column("valid_from", pl.Date, "開始日", "First day.", Privacy.PERSONAL),
        Column("valid_to", pl.Date, "終了日", "Day after the last.", Privacy.PERSONAL),
        Column("decided_on", pl.Date, "決定日", "When the office decided; an office day.", Privacy.PERSONAL),
    ),
)

PROTECTION_FORWARD = Table(
    "protection_forward",
    "支援措置転送",
    "To which municipalities a protection measure was forwarded, and when it was in force there.",
    ("resident_no", "municipality", "sent_on"),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Who is protected."),
        Column(
            "municipality", pl.String, "転送先", "Where a former address or the family register is.", Privacy.PERSONAL
        ),
        Column("sent_on", pl.Date, "転送日", "When it was sent.", Privacy.PERSONAL),
        Column("in_force_on", pl.Date, "転送先での開始日", "When that office applied it.", Privacy.PERSONAL),
    ),
)

TOKEN = Table(
    "token",
    "仮名",
    "Keyed pseudonyms of residents and households in one realm, for tables that are made without a run.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Whose."),
        Column("resident", pl.Binary, "住民仮名", "Sixteen bytes.", Privacy.PSEUDONYM),
        Column("household", pl.Binary, "世帯仮名", "Sixteen bytes.", Privacy.PSEUDONYM),
    ),
)
