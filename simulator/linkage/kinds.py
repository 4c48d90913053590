"""The kinds of errors: for each how it changes a record, or that it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from simulator.linkage import kana, words
from simulator.world.numbers import mistyped

Changes = Mapping[str, str | None]
_NAMES, _KANA = ("family_name", "given_name"), ("family_kana", "given_kana")
_OPTIONAL = ("family_kana", "given_kana", "postal_code", "telephone", "resident_code", "sex")


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is when an error is looked for, and what is known of the person beside it.

    Attributes:
        values: by field.
        wife: whether she is recorded as 妻 or could bear another surname before.
        moved_to: the address after a move in the run's window.
        last: the day after which nobody of the register is born.
    """

    values: Mapping[str, str | None]
    wife: bool
    moved_to: tuple[str, str] | None
    last: date


Change = Callable[[Record, int], Changes | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error.

    Attributes:
        name: by which counts are given.
        title_ja, title_en: what it is.
        rate: ASSUMED share of the records of list B that have it where no count is given.
        change: what becomes of a record by a 64-bit word, or None if the error cannot be made in it.
    """

    name: str
    title_ja: str
    title_en: str
    rate: float
    change: Change


def _in_field(fields: tuple[str, ...], change: Callable[[str, int], str | None]) -> Change:
    """`change` in the first of `fields`, beginning at one that the word picks, in which it is possible."""

    def changed(record: Record, draw: int) -> Changes | None:
        first = draw % len(fields)
        for field in (*fields[first:], *fields[:first]):
            before = record.values[field]
            after = change(before, draw) if before else None
            if after is not None:
                return {field: after}
        return None

    return changed


def _homophone(record: Record, draw: int) -> Changes | None:
    for family in (True, False) if draw % 2 else (False, True):
        name, reading = ("family_name", "family_kana") if family else ("given_name", "given_kana")
        before, sound = record.values[name], record.values[reading]
        after = words.homophone(before, sound, draw, family=family) if before and sound else None
        if after is not None:
            return {name: after}
    return None


def _former(record: Record, draw: int) -> Changes | None:
    family, sound = words.surname(draw)
    if not record.wife or family == record.values["family_name"]:
        return None
    return {"family_name": family, "family_kana": sound}


def _swapped(record: Record, _draw: int) -> Changes | None:
    family, given = record.values["family_name"], record.values["given_name"]
    return {"family_name": given, "given_name": family} if family and given and family != given else None


def _moved(record: Record, _draw: int) -> Changes | None:
    return None if record.moved_to is None else {"address": record.moved_to[0], "postal_code": record.moved_to[1]}


def _date(change: Callable[[str, date, int], str | None]) -> Change:
    def changed(record: Record, draw: int) -> Changes | None:
        before = record.values["birth_date"]
        after = change(before, record.last, draw) if before else None
        return None if after is None else {"birth_date": after}

    return changed


def _mistyped(number: str, draw: int) -> str | None:
    return mistyped(number, draw % 1_000)


def _misdialled(telephone: str, draw: int) -> str | None:
    """A mistake after the 000 that no number of Japan begins with."""
    digits = telephone.replace("-", "")
    for step in range(100):
        wrong = mistyped(digits, draw % 1_000 + step)
        if wrong.startswith(digits[:3]):
            return f"{wrong[:3]}-{wrong[3:7]}-{wrong[7:]}"
    return None


def _other_sex(sex: str, _draw: int) -> str:
    return "female" if sex == "male" else "male"


def _missing(record: Record, draw: int) -> Changes | None:
    full = [field for field in _OPTIONAL if record.values[field]]
    return {full[draw % len(full)]: None} if full else None


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ime", "変換誤り", "a homophone picked by the input method", 0.012, _homophone),
        Kind("variant", "異体字", "another form of a character", 0.02, _in_field(_NAMES, words.variant)),
        Kind("lookalike", "字形の取違え", "a character that looks alike", 0.005, _in_field(_NAMES, words.lookalike)),
        Kind("long_vowel", "長音表記", "a long vowel dropped or written ー", 0.012, _in_field(_KANA, kana.long_vowel)),
        Kind("sound_mark", "濁点・半濁点", "a sound mark lost or gained", 0.012, _in_field(_KANA, kana.sound_mark)),
        Kind("small_kana", "拗促音", "a small kana written large", 0.008, _in_field(_KANA, kana.small_kana)),
        Kind("half_width", "半角カナ", "kana in half width", 0.02, _in_field(_KANA, kana.half_width)),
        Kind(
            "full_width",
            "全角数字",
            "digits in full width",
            0.02,
            _in_field(("address", "postal_code"), kana.full_width),
        ),
        Kind(
            "notation",
            "丁目・番地表記",
            "the address in another notation",
            0.05,
            _in_field(("address",), words.notation),
        ),
        Kind(
            "building",
            "方書の省略",
            "building and room left out",
            0.02,
            _in_field(("address",), words.without_building),
        ),
        Kind("transposed", "生年月日の入替り", "parts of the birth date exchanged", 0.006, _date(words.transposed)),
        Kind("era", "元号の取違え", "the year counted in another era", 0.002, _date(words.other_era)),
        Kind("swapped", "氏と名の入替り", "surname and given name exchanged", 0.002, _swapped),
        Kind("former_name", "旧氏のまま", "the surname of before the marriage", 0.006, _former),
        Kind("moved", "転居後の住所", "the address after a move in the window", 0.004, _moved),
        Kind(
            "code_typo",
            "住民票コードの誤入力",
            "a resident code mistyped",
            0.003,
            _in_field(("resident_code",), _mistyped),
        ),
        Kind(
            "phone_typo",
            "電話番号の誤入力",
            "a telephone number mistyped",
            0.005,
            _in_field(("telephone",), _misdialled),
        ),
        Kind("sex", "性別の誤り", "the other sex", 0.001, _in_field(("sex",), _other_sex)),
        Kind("missing", "未入力", "an item left empty", 0.02, _missing),
    )
}
"""All kinds by name. Their rates are ASSUMED: no published count of errors of Japanese registers was found."""
