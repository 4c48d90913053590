"""Two lists of the same people for record linkage (名寄せ), and the answer key, which lies apart."""

import polars as pl

from simulator.schema.types import Column, Privacy, Table

RECORD = Table(
    "record",
    "名寄せ対象記録",
    "One record of a list, as some office's system holds it: everything is text.",
    ("record_id",),
    (
        Column("record_id", pl.String, "記録番号", "Number of the record; it tells nothing."),
        Column("family_name", pl.String, "氏", "Surname.", Privacy.PERSONAL, nullable=True),
        Column("given_name", pl.String, "名", "Given name.", Privacy.PERSONAL, nullable=True),
        Column("family_kana", pl.String, "氏カナ", "Surname in katakana.", Privacy.PERSONAL, nullable=True),
        Column("given_kana", pl.String, "名カナ", "Given name in katakana.", Privacy.PERSONAL, nullable=True),
        Column("birth_date", pl.String, "生年月日", "ISO 8601.", Privacy.PERSONAL, nullable=True),
        Column("sex", pl.String, "性別", "male or female.", Privacy.PERSONAL, nullable=True),
        Column("postal_code", pl.String, "郵便番号", "Seven digits.", Privacy.COARSE, nullable=True),
        Column("address", pl.String, "住所", "With building and room.", Privacy.PERSONAL, nullable=True),
        Column("telephone", pl.String, "電話番号", "Nobody's: it begins 000.", Privacy.PERSONAL, nullable=True),
        Column("resident_code", pl.String, "住民票コード", "Eleven digits.", Privacy.IDENTIFIER, nullable=True),
    ),
)

LINK = Table(
    "link",
    "正解対応",
    "Who is who: one row per record of list B.",
    ("record_b",),
    (
        Column("record_b", pl.String, "B記録番号", "Record of list B.", Privacy.TRUTH),
        Column("record_a", pl.String, "A記録番号", "The same person in list A.", Privacy.TRUTH, nullable=True),
        Column("person", pl.UInt32, "人物番号", "Number of the person: equal for duplicates.", Privacy.TRUTH),
    ),
)

MISTAKE = Table(
    "mistake",
    "誤り",
    "What was made wrong: one row per error and field.",
    ("error_no", "field"),
    (
        Column(
            "error_no", pl.UInt32, "誤り番号", "Number of the error; one error can change two fields.", Privacy.TRUTH
        ),
        Column("kind", pl.String, "種別", "Kind of error.", Privacy.TRUTH),
        Column("record_id", pl.String, "記録番号", "Record of list B.", Privacy.TRUTH),
        Column("field", pl.String, "項目", "Column of the record.", Privacy.TRUTH),
        Column("before", pl.String, "誤る前", "What it should say.", Privacy.TRUTH, nullable=True),
        Column("after", pl.String, "誤った後", "What it says; null for nothing.", Privacy.TRUTH, nullable=True),
    ),
)
