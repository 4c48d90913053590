"""What goes wrong in kana and width: long vowels, sound marks, small kana, half-width and full-width forms."""

import unicodedata

_ROWS = {
    "オコソトノホモヨロゴゾドボポョ": "オウ",
    "ウクスツヌフムユルグズヅブプュ": "ウ", "エケセテネヘメレゲゼデベペ": "エ",
    "イキシチニヒミリギジヂビピ": "イ", "アカサタナハマヤラワガザダバパャ": "ア",
}  # fmt: skip
_LENGTHENED = {kana: vowels for row, vowels in _ROWS.items() for kana in row}
_SMALL = dict(zip("ャュョッァィゥェォ", "ヤユヨツアイウエオ", strict=True))
_VOICED, _HALF_VOICED = "\u3099", "\u309a"
_VOICEABLE = set("カキクケコサシスセソタチツテトハヒフヘホ")
_FULL_DIGITS = str.maketrans("0123456789-", "０１２３４５６７８９－")
_NARROW = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_NARROW |= {_VOICED: "ﾞ", _HALF_VOICED: "ﾟ", " ": " ", "　": " "}


def one_of(options: list[str], draw: int) -> str | None:
    """One of `options` as the 64-bit word `draw` says; None if there are none."""
    return options[draw * len(options) >> 64] if options else None


def long_vowel(kana: str, draw: int) -> str | None:
    """`kana` with one long vowel dropped, or written with ー instead of a kana: オオノ → オノ, オーノ."""
    spots = [i for i in range(1, len(kana)) if kana[i] == "ー" or kana[i] in _LENGTHENED.get(kana[i - 1], "")]
    options = [kana[:i] + kana[i + 1 :] for i in spots]
    options += [f"{kana[:i]}ー{kana[i + 1 :]}" for i in spots if kana[i] != "ー"]
    return one_of(options, draw)


def sound_mark(kana: str, draw: int) -> str | None:
    """`kana` with one sound mark lost or gained: ヤマザキ → ヤマサキ, ナカシマ → ナカジマ."""
    options = []
    for i, character in enumerate(kana):
        parts = unicodedata.normalize("NFD", character)
        if len(parts) > 1:
            options.append(kana[:i] + parts[0] + kana[i + 1 :])
        elif i and character in _VOICEABLE:
            options.append(kana[:i] + unicodedata.normalize("NFC", character + _VOICED) + kana[i + 1 :])
    return one_of(options, draw)


def small_kana(kana: str, draw: int) -> str | None:
    """`kana` with one small kana written large: ショウ → シヨウ."""
    options = [kana[:i] + _SMALL[c] + kana[i + 1 :] for i, c in enumerate(kana) if c in _SMALL]
    return one_of(options, draw)


def half_width(kana: str, _draw: int) -> str | None:
    """`kana` in half-width form: ヤマザキ → ﾔﾏｻﾞｷ."""
    parts = unicodedata.normalize("NFD", kana)
    return "".join(_NARROW[c] for c in parts) if all(c in _NARROW for c in parts) else None


def full_width(text: str, _draw: int) -> str | None:
    """`text` with digits and hyphens in full width: 13番7号 → １３番７号."""
    wide = text.translate(_FULL_DIGITS)
    return wide if wide != text else None
