"""Search keys: what a clerk may type in several ways becomes one form."""

import unicodedata
from collections.abc import Callable

# Variants that name search treats as one. Source: domain.md 1.2 (外字, 斎/齋/齊/斉, 渡辺/渡邊/渡邉, 高/髙, 崎/﨑) and
# the usual old forms of the jōyō kanji.
VARIANTS = {
    "髙": "高", "﨑": "崎", "嵜": "崎", "碕": "崎", "邊": "辺", "邉": "辺", "斎": "斉", "齋": "斉", "齊": "斉",
    "澤": "沢", "濱": "浜", "濵": "浜", "廣": "広", "國": "国", "櫻": "桜", "嶋": "島", "嶌": "島", "𠮷": "吉",
    "眞": "真", "惠": "恵", "德": "徳", "瀨": "瀬", "槇": "槙", "龍": "竜", "條": "条", "榮": "栄", "壽": "寿",
    "藏": "蔵", "龜": "亀", "關": "関", "與": "与", "緖": "緒", "曾": "曽", "冨": "富", "桒": "桑", "栁": "柳",
    "靜": "静", "淸": "清", "內": "内", "步": "歩", "黑": "黒", "黃": "黄", "增": "増", "橫": "横", "圓": "円",
    "圡": "土", "舘": "館", "渕": "淵", "渊": "淵", "凉": "涼", "鄕": "郷", "鷗": "鴎", "祿": "禄",
    "穗": "穂",
}  # fmt: skip
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶヰヱヲ", "アイウエオツヤユヨワカケイエオ", strict=True))
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NOT_READ = "\u3099\u309aー・-"


class _Folded(dict[int, str]):
    """What `fold` makes of each character, found when it is first met: a table for ``str.translate``."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, code: int) -> str:
        self[code] = self._fold(chr(code))
        return self[code]


def _of_name(character: str) -> str:
    plain = VARIANTS.get(character, character).upper()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Mn")


def _of_kana(character: str) -> str:
    plain = _SMALL.get(character, character)
    return "" if plain in _NOT_READ or plain.isspace() else plain


_NAME, _KANA = _Folded(_of_name), _Folded(_of_kana)
_KATAKANA = _Folded(lambda c: chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c)


def katakana(text: str) -> str:
    """`text` with its hiragana as katakana."""
    return text.translate(_KATAKANA)


def fold_name(name: str) -> str:
    """`name` with variant characters, width, case and spaces folded; variation selectors are dropped."""
    return unicodedata.normalize("NFKC", name).translate(_NAME)


def fold_kana(kana: str) -> str:
    """`kana` in full-width katakana without sound marks, small kana, long-vowel marks and spaces."""
    wide = katakana(unicodedata.normalize("NFKC", kana))
    return unicodedata.normalize("NFD", wide).translate(_KANA)


def fold_address(address: str, *, begun: bool = False) -> str:
    """`address` with variants folded and 丁目, 番, 番地, 号 turned into hyphens: ``桜町2-3-5-203``.

    Where it is the beginning of one, a hyphen typed at its end stays: ``桜町2-`` begins no address of 桜町20.
    """
    text = fold_name(address)
    for numeral, value in _NUMERALS.items():
        text = text.replace(f"{numeral}丁目", f"{value}-")
    for mark in ("丁目", "番地", "号室", "番", "号"):
        text = text.replace(mark, "-")
    while "--" in text:
        text = text.replace("--", "-")
    plain = text.strip("-")
    return f"{plain}-" if begun and plain and fold_name(address).endswith("-") else plain
