"""What searches share: the details that may be typed, and which of them go together."""

from collections.abc import Mapping
from typing import Any

from simulator.live.question import Kind, Parameter

MATCH = Parameter(
    name="match", ja="一致条件", meaning="How the first detail must match: exact, prefix or partial.",
    kind=Kind.CHOICE, choices=("exact", "prefix", "partial"), sample="prefix",
)  # fmt: skip
DETAILS = (
    Parameter(name="name", ja="漢字氏名", meaning="Name in kanji; 髙 finds 高.", sample="佐藤"),
    Parameter(name="kana", ja="カナ氏名", meaning="Name in kana, surname first.", sample="サトウ"),
    Parameter(name="family_kana", ja="カナ氏", meaning="Surname in kana.", sample="サトウ"),
    Parameter(name="family", ja="氏", meaning="Surname in kanji, together with an address.", sample="佐藤"),
    Parameter(name="birth", ja="生年月日", meaning="Birth date.", kind=Kind.DAY, sample="1985-04-01"),
    Parameter(name="address", ja="住所", meaning="Address, written as on an envelope.", sample="中央1丁目"),
    Parameter(name="resident_code", ja="住民票コード", meaning="Resident code.", digits=11, sample="12345678901"),
    Parameter(name="my_number", ja="個人番号", meaning="My Number.", digits=12, sample="123456789012"),
)
_QUERIES = {
    ("name",): "name", ("name", "birth"): "name_birth", ("kana",): "kana", ("kana", "birth"): "kana_birth",
    ("family_kana",): "family_kana", ("birth",): "birth", ("address",): "address",
    ("address", "family"): "address_name", ("resident_code",): "resident_code", ("my_number",): "my_number",
}  # fmt: skip
FORMS = tuple(_QUERIES)
"""Which details go together, in the order of the keys of the registry's query."""


def typed(values: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Name of the registry's query, match, and the texts of its keys, of `values` that are of one of `FORMS`."""
    details = {parameter.name for parameter in DETAILS} & set(values)
    form = next(form for form in FORMS if set(form) == details)
    return _QUERIES[form], values.get("match", "exact"), tuple(str(values[name]) for name in form)
