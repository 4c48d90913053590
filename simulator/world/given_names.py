"""Given names by sex and year of birth, with kana that match: a sourced head, names in wide use, and a long tail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from japanese_personal_name_dataset import load_dataset

from simulator.streams import Guide, Ints, Stream, Words
from simulator.world.folding import katakana
from simulator.world.surnames import NameList, name_list
from simulator.world.tables import table

FIRST_YEAR, LAST_YEAR, STEP = 1915, 2025, 5
COHORTS = (LAST_YEAR - FIRST_YEAR) // STEP + 1
SEXES = ("male", "female")
# ASSUMED share in % of the five top names and of the names in wide use, by year; early-Showa names were several per
# cent each, the top name of 2024 has 0.55 % (domain.md 6.4).
ASSUMED_SHARES = {
    1915: (18, 45), 1940: (18, 48), 1960: (12, 46), 1975: (11, 44), 1990: (9, 36), 2005: (6, 30), 2025: (4, 20),
}  # fmt: skip
ASSUMED_TOP = (100, 86, 76, 68, 62)  # relative frequency of ranks 1–5
ASSUMED_COMMON_YEARS = 14  # a name in wide use fades this many years from its peak
ASSUMED_TAIL = 4_000  # spellings per sex
# ASSUMED (first, peak, last) years of names by their last character, from general knowledge.
ASSUMED_ENDINGS = {
    "female": {
        "子": (1890, 1938, 1990), "江枝代世乃恵": (1885, 1930, 1985), "美": (1930, 1963, 2000),
        "紀理里穂": (1945, 1975, 2010), "香織沙佳": (1955, 1982, 2020), "菜奈那衣": (1970, 1998, 2035),
        "花華愛結莉音羽咲心凛葉月桜希": (1985, 2014, 2045), "": (1950, 1990, 2040),
    },
    "male": {
        "吉蔵造松助作平": (1870, 1915, 1960), "雄夫男治次三郎": (1890, 1938, 1985), "一二義勝利": (1895, 1943, 1990),
        "之彦明史司志則": (1925, 1962, 2000), "也樹介輔弘行": (1945, 1978, 2015),
        "太大斗翔人真馬希陽汰琉輝翼": (1970, 2010, 2045),
        "": (1930, 1985, 2040),
    },
}  # fmt: skip
_SCALE = 10**9
_ENTRY = re.compile(r"(.+?)([ァ-ヺー]+)$")


@dataclass(frozen=True, slots=True)
class GivenNames:
    """All given names, and for each sex and cohort how they are chosen.

    Attributes:
        listed: names with kana and keys.
        thresholds: shape ``(2 * COHORTS * len(listed),)``, ascending; the table of a sex and cohort lies in
            ``[group * 2^53, (group + 1) * 2^53)``.
        guide: to them.
    """

    listed: NameList
    thresholds: Words
    guide: Guide

    def pick(self, words: Words, male: np.ndarray, years: Ints) -> Ints:
        """Rows of `listed` by random `words` (below 2^53), sex and year of birth, shape ``(n,)``."""
        group = cohort(years) + COHORTS * ~male
        keys = (group.astype(np.uint64) << np.uint64(53)) | words
        rows: Ints = self.guide.count(keys) - group * self.listed.names.height
        return rows

    def draw(self, stream: Stream, column: str, male: np.ndarray, years: Ints) -> Ints:
        """Rows of `listed` drawn from `stream`, shape ``(n,)``."""
        return self.pick(stream.bits(column, len(years)) >> np.uint64(11), male, years)


def cohort(years: Ints) -> Ints:
    """The number of the five-year cohort nearest to each year."""
    number: Ints = (np.clip(years, FIRST_YEAR, LAST_YEAR) - FIRST_YEAR + STEP // 2) // STEP
    return number


def split_entry(entry: str) -> tuple[str, str]:
    """A table entry such as 和子カズコ or さくらサクラ as name and kana; a name in katakana is written twice."""
    half = len(entry) // 2
    if entry[:half] == entry[half:]:
        return entry[:half], entry[half:]
    name, kana = _ENTRY.fullmatch(entry).groups()  # type: ignore[union-attr]
    return name, kana


@cache
def _entries(part: str, sex: str) -> dict[int, list[tuple[str, str]]]:
    return {int(year): [split_entry(e) for e in text.split()] for year, text in table("given_names")[part][sex].items()}


def top_names(sex: str) -> dict[int, list[str]]:
    """The five most frequent names in kanji by cohort year."""
    return {year: [name for name, _ in pairs] for year, pairs in _entries("top", sex).items()}


def _between(points: Mapping[int, tuple[int, ...]], year: int) -> list[int]:
    """Linear interpolation of the whole-number vectors of `points` at `year`, scaled by 1,000."""
    years = sorted(points)
    low = max([y for y in years if y <= year], default=years[0])
    high = min([y for y in years if y >= year], default=years[-1])
    span = max(high - low, 1)
    pairs = zip(points[low], points[high], strict=True)
    return [(a * 1_000 * (span - (year - low)) + b * 1_000 * (year - low)) // span if span else a for a, b in pairs]


def _triangle(year: int, span: tuple[int, int, int]) -> int:
    first, peak, last = span
    if not first < year < last:
        return 0
    return 1_000 * (year - first) // (peak - first) if year <= peak else 1_000 * (last - year) // (last - peak)


def _spread(weights: dict[tuple[str, str], int], share: int) -> dict[tuple[str, str], int]:
    whole = sum(weights.values())
    return {pair: share * weight // whole for pair, weight in weights.items()} if whole else {}


def _top(sex: str, year: int) -> dict[tuple[str, str], int]:
    cohorts = _entries("top", sex)
    weights: dict[tuple[str, str], int] = {}
    reach = max(min(cohorts), min(year, max(cohorts)))
    low, high = max(y for y in cohorts if y <= reach), min(y for y in cohorts if y >= reach)
    for at, nearness in {low: high - reach, high: reach - low}.items() if high > low else ((low, 1),):
        for pair, weight in zip(cohorts[at], ASSUMED_TOP, strict=True):
            weights[pair] = weights.get(pair, 0) + weight * nearness
    return weights


def _common(sex: str, year: int) -> dict[tuple[str, str], int]:
    weights: dict[tuple[str, str], int] = {}
    groups = _entries("common", sex)
    reach = max(min(groups), min(year, max(groups)))
    for peak, pairs in groups.items():
        nearness = max(0, ASSUMED_COMMON_YEARS - abs(reach - peak))
        for place, pair in enumerate(pairs):
            weights[pair] = weights.get(pair, 0) + nearness * (60 - place)
    return weights


@dataclass(frozen=True, slots=True)
class _Tail:
    """Spellings of the package, evenly thinned, and when each was usual.

    Attributes:
        pairs: (name, kana).
        spans: years that endings were usual in.
        span: number of the span of each pair, shape ``(n,)``.
    """

    pairs: list[tuple[str, str]]
    spans: list[tuple[int, int, int]]
    span: Ints

    def weights(self, year: int, share: int) -> Ints:
        """The part of `share` that each pair has of those born in `year`, shape ``(n,)``."""
        rise = [_triangle(year, span) for span in self.spans]
        whole = sum(count * height for count, height in zip(np.bincount(self.span).tolist(), rise, strict=True))
        return np.array([share * height // whole for height in rise], dtype=np.int64)[self.span]


@cache
def _tail(sex: str) -> _Tail:
    chosen = load_dataset("opti")[SEXES.index(sex)]
    pairs = sorted({(name, katakana(reading)) for reading, entry in chosen.items() for name in entry["kanji"]})
    pairs = pairs[:: max(1, len(pairs) // ASSUMED_TAIL)]
    spans = list(ASSUMED_ENDINGS[sex].values())
    return _Tail(pairs, spans, np.array([spans.index(_span(sex, name)) for name, _ in pairs]))


def _span(sex: str, name: str) -> tuple[int, int, int]:
    endings = ASSUMED_ENDINGS[sex]
    return next((span for ends, span in endings.items() if ends and name[-1] in ends), endings[""])


def _head(sex: str, year: int) -> tuple[dict[tuple[str, str], int], int]:
    """What the names of the head and those in wide use have of `_SCALE`, and what is left for the tail."""
    top, common = (share * _SCALE // 100_000 for share in _between(ASSUMED_SHARES, year))
    merged = _spread(_top(sex, year), top)
    for pair, weight in _spread(_common(sex, year), common).items():
        merged[pair] = merged.get(pair, 0) + weight
    return merged, _SCALE - top - common


@cache
def given_names() -> GivenNames:
    """The tables, made once."""
    groups = [(sex, FIRST_YEAR + STEP * k) for sex in SEXES for k in range(COHORTS)]
    heads = [_head(*group) for group in groups]
    tails = {sex: _tail(sex) for sex in SEXES}
    pairs = sorted(set().union(*(head for head, _ in heads), *(tail.pairs for tail in tails.values())))
    row = {pair: i for i, pair in enumerate(pairs)}
    rows = {sex: np.array([row[pair] for pair in tail.pairs]) for sex, tail in tails.items()}
    thresholds = np.empty((len(groups), len(pairs)), dtype=np.uint64)
    for number, ((sex, year), (head, rest)) in enumerate(zip(groups, heads, strict=True)):
        dense = np.zeros(len(pairs), dtype=np.int64)
        dense[[row[pair] for pair in head]] = list(head.values())
        dense[rows[sex]] += tails[sex].weights(year, rest)
        thresholds[number] = _ends(dense.astype(np.uint64)) + np.uint64(number << 53)
    return GivenNames(name_list(pairs), thresholds.ravel(), Guide.of(thresholds.ravel()))


def _ends(weights: Words) -> Words:
    """Where each of `weights` ends if all together are 2^53."""
    ends = np.cumsum(weights)
    scaled: Words = ends * np.uint64(2**53 // int(ends[-1]))
    scaled[ends == ends[-1]] = 2**53
    return scaled
