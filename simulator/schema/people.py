"""The register: residents, households, addresses, changes of record, protection measures, and who is what to whom.

``resident_no``, ``household_no`` and ``address_no`` are row numbers within a municipality (0, 1, 2 …); they never leave
the register. Relations and figures are facts of the simulated town that no register holds; they stay with the truth.
"""

import polars as pl

from simulator.schema.types import Column, Privacy, Table

SEX = pl.Enum(["male", "female"])
# Source: domain.md 1.2, the official vocabulary of 続柄 (since 1995 without birth order).
RELATIONSHIPS = pl.Enum(
    [
        "世帯主", "夫", "妻", "子", "父", "母", "兄", "弟", "姉", "妹", "祖父", "祖母", "子の子", "子の妻", "子の夫",
        "妻の子", "夫の子",         "妻の父", "妻の母", "夫の父", "夫の母", "夫(未届)", "妻(未届)", "縁故者", "同居人",
    ]
)  # fmt: skip
HOUSEHOLD_KINDS = pl.Enum(
    ["single", "couple", "couple_children", "lone_parent", "three_generations", "other", "institution"]
)
# Source: domain.md 1.2, 異動事由.
CHANGES = pl.Enum(
    [
        "転入", "国外転入", "転居", "転出", "世帯主変更", "世帯合併", "世帯分離", "世帯構成変更", "出生", "死亡",
        "婚姻", "離婚", "氏名変更", "職権記載", "職権消除", "職権修正", "帰化", "国外転出", "在留情報更新", "転出取消",
        "転籍", "旧氏記載", "通称記載", "住民票コード変更", "個人番号変更", "職権回復", "異動取消", "改製",
        "特例転入", "特例転出", "養子縁組", "離縁", "失踪宣告", "住居表示実施",
    ]
)  # fmt: skip
# 特例: with the My Number card, without a certificate of moving out (住基法24条の2).
MOVES_IN = ("転入", "特例転入", "国外転入")
ANNOUNCED = ("転出", "特例転出")
MOVES_OUT = (*ANNOUNCED, "国外転出")
REMOVALS = (*MOVES_OUT, "死亡", "失踪宣告", "職権消除")
EX_OFFICIO = ("職権記載", "職権消除", "職権修正", "職権回復", "異動取消", "改製", "住居表示実施")
RELATIONS = pl.Enum(
    [
        "parent", "sibling", "spouse", "former_spouse", "neighbour", "classmate", "colleague", "friend",
        "grandparent", "in_law", "other_party",
    ]
)  # fmt: skip
FIGURES = pl.Enum(["celebrity", "politician", "executive", "newsworthy", "official"])
DWELLINGS = pl.Enum(["house", "apartment", "care_home", "dormitory", "welfare_home"])
# What of a birth date is known: the day, only the month (日不詳), only the year (月日不詳), nothing (年月日不詳).
BIRTH_KNOWN = pl.Enum(["day", "month", "year", "none"])
# Source: 住基法7条10号–11号の2: what the resident record says of insurance and pension.
HEALTH_INSURANCES = pl.Enum(["その他", "国民健康保険", "後期高齢者医療"])
PENSIONS = pl.Enum(["なし", "第1号", "任意加入"])
# On what the change rests: a notice, an act of the office of its own, or what another office told.
BASES = pl.Enum(["届出", "職権", "通知"])
CONSULTED = pl.Enum(["警察", "配偶者暴力相談支援センター", "児童相談所", "その他"])

ADDRESS = Table(
    "address",
    "住所",
    "A place where households live.",
    ("address_no",),
    (
        Column("address_no", pl.UInt32, "住所番号", "Row number of the address in its municipality."),
        Column("district", pl.UInt8, "地区", "Number of the district; a branch office serves some districts."),
        Column("town", pl.String, "町字", "Town and chome.", Privacy.COARSE),
        Column("block", pl.UInt16, "街区", "Block (番).", Privacy.PERSONAL),
        Column("lot", pl.UInt16, "住居番号", "Lot (号).", Privacy.PERSONAL),
        Column("building", pl.String, "方書", "Apartment building or institution.", Privacy.PERSONAL, nullable=True),
        Column("room", pl.String, "部屋番号", "Room.", Privacy.PERSONAL, nullable=True),
        Column("postal_code", pl.String, "郵便番号", "Seven digits, fictional prefix.", Privacy.COARSE),
        Column("address", pl.String, "住所", "The whole address as printed.", Privacy.PERSONAL),
        Column("address_key", pl.String, "住所検索キー", "Folded form for searching.", Privacy.PERSONAL),
        Column("dwelling", DWELLINGS, "住居種別", "House, apartment, or a home for groups.", Privacy.PERSONAL),
    ),
)

HOUSEHOLD = Table(
    "household",
    "世帯",
    "People who live and keep house together.",
    ("household_no",),
    (
        Column("household_no", pl.UInt32, "世帯行番号", "Row number of the household in its municipality."),
        Column("address_no", pl.UInt32, "住所番号", "Where it lives."),
        Column("head", pl.UInt32, "世帯主", "resident_no of the head."),
        Column("kind", HOUSEHOLD_KINDS, "家族類型", "Family type.", Privacy.PERSONAL),
        Column("size", pl.UInt16, "世帯人員", "Members present at the start of the window.", Privacy.PERSONAL),
        Column("household_ref", pl.String, "世帯番号", "Ten digits, the last a true check digit.", Privacy.IDENTIFIER),
    ),
)

RESIDENT = Table(
    "resident",
    "住民",
    "One person of the register, as at the start of the window.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Row number of the resident in its municipality."),
        Column("household_no", pl.UInt32, "世帯行番号", "The household."),
        Column("address_no", pl.UInt32, "住所番号", "Where the person lives."),
        Column("family_name", pl.String, "氏", "Surname in kanji.", Privacy.PERSONAL),
        Column("given_name", pl.String, "名", "Given name.", Privacy.PERSONAL),
        Column("family_kana", pl.String, "氏カナ", "Surname in katakana.", Privacy.PERSONAL),
        Column("given_kana", pl.String, "名カナ", "Given name in katakana.", Privacy.PERSONAL),
        Column("name_key", pl.String, "氏名検索キー", "Name with variant characters folded.", Privacy.PERSONAL),
        Column("kana_key", pl.String, "カナ検索キー", "Kana with sound marks and small kana folded.", Privacy.PERSONAL),
        Column("sex", SEX, "性別", "Sex.", Privacy.PERSONAL),
        Column("birth_date", pl.Date, "生年月日", "Birth date.", Privacy.PERSONAL),
        Column("relationship", RELATIONSHIPS, "続柄", "Relationship to the head.", Privacy.PERSONAL),
        Column("nationality", pl.String, "国籍・地域", "Two letters; JP for Japanese.", Privacy.PERSONAL),
        Column("resident_since", pl.Date, "住民となった日", "When the person became a resident.", Privacy.PERSONAL),
        Column("resident_code", pl.String, "住民票コード", "Eleven digits, wrong on purpose.", Privacy.IDENTIFIER),
        Column("my_number", pl.String, "個人番号", "Twelve digits, wrong on purpose.", Privacy.IDENTIFIER),
        Column("resident_ref", pl.String, "宛名番号", "Ten digits, the last a true check digit.", Privacy.IDENTIFIER),
        Column("former_name", pl.String, "旧氏", "Former surname shown.", Privacy.PERSONAL, nullable=True),
        Column("former_kana", pl.String, "旧氏カナ", "Its katakana.", Privacy.PERSONAL, nullable=True),
        Column("birth_known", BIRTH_KNOWN, "生年月日の確度", "How much of it is known.", Privacy.PERSONAL),
        Column("entry", CHANGES, "住民となった事由", "How the person became a resident.", Privacy.PERSONAL),
        Column("came_from", pl.String, "従前の住所", "Former address; null for none.", Privacy.PERSONAL, nullable=True),
        Column("address_since", pl.Date, "住所を定めた日", "Since when at this address.", Privacy.PERSONAL),
        Column("registry_town", pl.String, "本籍", "Null for foreigners.", Privacy.PERSONAL, nullable=True),
        Column("registry_lot", pl.UInt16, "本籍地番", "Lot (番地) of it.", Privacy.PERSONAL, nullable=True),
        Column(
            "registry_given",
            pl.String,
            "筆頭者の名",
            "First person of the family register: the given name, the surname being the resident's own (戸籍法6条).",
            Privacy.PERSONAL,
            nullable=True,
        ),
        Column("health_insurance", HEALTH_INSURANCES, "健康保険", "Insurer, as far as recorded.", Privacy.PERSONAL),
        Column("pension", PENSIONS, "国民年金", "Kind of insured person.", Privacy.PERSONAL),
        Column("care_insurance", pl.Boolean, "介護保険第1号", "Insured for care: 65 and over.", Privacy.PERSONAL),
        Column("child_allowance", pl.Boolean, "児童手当受給", "Receives it for a child.", Privacy.PERSONAL),
        Column("voter", pl.Boolean, "選挙人名簿", "On the list of voters.", Privacy.PERSONAL),
        Column("note", pl.String, "備考", "What else the record says.", Privacy.PERSONAL, nullable=True),
    ),
)

CHANGE = Table(
    "change",
    "異動",
    "A dated change of record in the window: it concerns one resident.",
    ("change_no",),
    (
        Column("change_no", pl.UInt32, "異動番号", "Row number, in order of notice."),
        Column("happened_on", pl.Date, "異動日", "When it took place.", Privacy.PERSONAL),
        Column("notified_on", pl.Date, "届出日", "When it was notified; an office day.", Privacy.PERSONAL),
        Column("reason", CHANGES, "異動事由", "Why the record changed.", Privacy.PERSONAL),
        Column("resident_no", pl.UInt32, "住民行番号", "Whose record."),
        Column("household_from", pl.UInt32, "異動前世帯", "Household before; null if none here.", nullable=True),
        Column("household_to", pl.UInt32, "異動後世帯", "Household after; null if none here.", nullable=True),
        Column("address_from", pl.UInt32, "異動前住所", "Address before; null if elsewhere.", nullable=True),
        Column("address_to", pl.UInt32, "異動後住所", "Address after; null if elsewhere.", nullable=True),
        Column("recorded_on", pl.Date, "記載日", "When the register was changed; an office day.", Privacy.PERSONAL),
        Column("basis", BASES, "異動の根拠", "Notice, act of the office, or message of another office."),
        Column("elsewhere", pl.String, "前住所・転出先", "Where from or to.", Privacy.PERSONAL, nullable=True),
        Column("planned_on", pl.Date, "転出予定日", "Move announced for.", Privacy.PERSONAL, nullable=True),
        Column("confirmed_on", pl.Date, "転出確定日", "Message of the move in.", Privacy.PERSONAL, nullable=True),
        Column("cancels", pl.UInt32, "取消対象", "change_no of the change that it undoes.", nullable=True),
    ),
)

PROTECTION = Table(
    "protection",
    "支援措置",
    "A protection measure (DV等支援措置): the resident's whereabouts are hidden from another party.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Who is protected."),
        Column("valid_from", pl.Date, "開始日", "First day.", Privacy.PERSONAL),
        Column("valid_to", pl.Date, "終了日", "Day after the last.", Privacy.PERSONAL),
        Column("other_party", pl.String, "相手方", "Name of the other party.", Privacy.PERSONAL),
        Column("applicant", pl.UInt32, "申出者", "resident_no of who applied for the household."),
        Column("first_from", pl.Date, "初回開始日", "First day of the first measure.", Privacy.PERSONAL),
        Column("consulted", CONSULTED, "相談機関", "Which body confirmed the need.", Privacy.PERSONAL),
    ),
)

RELATION = Table(
    "relation",
    "関係",
    "Who is what to whom beyond the household. `resident_no` is the `relation` of `other_no`.",
    ("resident_no", "other_no", "relation"),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "One.", Privacy.TRUTH),
        Column("other_no", pl.UInt32, "相手", "The other.", Privacy.TRUTH),
        Column("relation", RELATIONS, "関係", "What the first is to the other.", Privacy.TRUTH),
    ),
)

FIGURE = Table(
    "figure",
    "著名人等",
    "Residents whom others are curious about, and since when.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "Who.", Privacy.TRUTH),
        Column("figure", FIGURES, "種別", "Why they are known.", Privacy.TRUTH),
        Column("since", pl.Date, "時期", "Since when.", Privacy.TRUTH),
    ),
)
