"""Surnames and their kana: a sourced head, a long tail of listed names, and rare names put together from parts."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from japanese_personal_name_dataset import load_dataset

from simulator.streams import Ints, Weights, Words
from simulator.world.folding import fold_kana, fold_name, katakana
from simulator.world.tables import table

# Share of a name by rank beyond the head, in parts of 10^7: TAIL / (rank + SHIFT). With these the share at rank 101
# meets the head, the first 1,999 ranks make 79.9 % and LAST ranks 100 % (cumulative shares: domain.md 6.3).
TAIL, SHIFT, LAST = 1_660_000, 20, 6_750
SCALE = 10**7


@dataclass(frozen=True, slots=True)
class NameList:
    """Names with kana and search keys, row by row.

    Attributes:
        names: table with columns name, kana, name_key, kana_key.
    """

    names: pl.DataFrame

    def take(self, rows: Ints) -> pl.DataFrame:
        """The rows numbered `rows`."""
        return self.names[rows]


def name_list(pairs: list[tuple[str, str]]) -> NameList:
    """A list of (name, kana) with search keys."""
    names, kana = [name for name, _ in pairs], [kana for _, kana in pairs]
    keys = [fold_name(name) for name in names], [fold_kana(text) for text in kana]
    return NameList(pl.DataFrame({"name": names, "kana": kana, "name_key": keys[0], "kana_key": keys[1]}))


def head() -> dict[str, int]:
    """Thousands of people by surname for the hundred most frequent."""
    entries = table("surnames")["head"].split()
    return {re.sub(r"\d+$", "", entry): int(re.search(r"\d+$", entry)[0]) for entry in entries}  # type: ignore[index]


def _rare(known: set[str]) -> list[tuple[str, str]]:
    """Combinations of parts in a fixed scattered order, without those in `known`."""
    parts = table("surnames")
    first, second = (_split(parts[side]) for side in ("first", "second"))
    count = len(first) * len(second)
    order = [(i * 2_741 + 7) % count for i in range(count)]
    pairs = [(first[i // len(second)], second[i % len(second)]) for i in order]
    made = ((a + b, x + y) for (a, x), (b, y) in pairs if a != b)
    return [pair for pair in made if pair[0] not in known]


def _split(text: str) -> list[tuple[str, str]]:
    return [(entry[0], entry[1:]) for entry in text.split()]


# ASSUMED: of the bearers of a name with the first character, so many write it with the second (異体字, 外字, IVS).
ASSUMED_VARIANTS = {
    "高": ("髙", 0.05), "崎": ("﨑", 0.06), "辺": ("邉", 0.05), "斎": ("齋", 0.05), "斉": ("齊", 0.03),
    "浜": ("濵", 0.05), "吉": ("𠮷", 0.03), "島": ("嶋", 0.03), "沢": ("澤", 0.04), "広": ("廣", 0.03),
    "桜": ("櫻", 0.03), "国": ("國", 0.03), "辻": ("辻󠄀", 0.1), "葛": ("葛󠄀", 0.1), "榊": ("榊󠄀", 0.1),
    "関": ("關", 0.01), "富": ("冨", 0.05), "瀬": ("瀨", 0.03), "柳": ("栁", 0.03), "黒": ("黑", 0.02),
    "徳": ("德", 0.02),
}  # fmt: skip
_SECOND_VARIANT = {"邉": "邊"}  # half as many write this one


def _variants(pairs: list[tuple[str, str]], shares: list[int]) -> tuple[list[tuple[str, str]], list[int]]:
    """The names with those whose bearers write them otherwise added at the end, and the shares divided."""
    known, kept, more, extra = {name for name, _ in pairs}, list(shares), [], []
    for at, (name, kana) in enumerate(pairs):
        base = next((character for character in name if character in ASSUMED_VARIANTS), None)
        variant, rate = ASSUMED_VARIANTS.get(base or "", ("", 0.0))
        for written, part in ((variant, rate), (_SECOND_VARIANT.get(variant, ""), rate / 2)):
            other = name.replace(base or " ", written) if written else name
            bearers = int(shares[at] * part)
            if bearers and other not in known:
                more.append((other, kana))
                extra.append(bearers)
                kept[at] -= bearers
    return pairs + more, kept + extra


@cache
def surnames() -> tuple[NameList, Weights]:
    """All surnames with kana, most frequent first, and how many people bear them."""
    counts = head()
    listed = load_dataset(include_last_names=True)[2]
    kana = {name: katakana(entry["reading"]) for name, entry in listed.items()}
    tail = [name for name in listed if name not in counts]
    pairs = [(name, kana[name]) for name in [*counts, *tail]]
    pairs = (pairs + _rare(set(kana)))[:LAST]
    whole = table("surnames")["people_k"]
    shares = [people * SCALE // whole for people in counts.values()]
    shares += [TAIL // (rank + SHIFT) for rank in range(len(counts) + 1, len(pairs) + 1)]
    pairs, shares = _variants(pairs, shares)
    return name_list(pairs), whole_weights(np.array(shares, dtype=np.uint64))


def whole_weights(weights: Words) -> Weights:
    """`Weights` of whole numbers with a sum below 2^26, by integer arithmetic alone."""
    ends = np.cumsum(weights)
    thresholds = ends * np.uint64(2**53 // int(ends[-1]))
    thresholds[-1] = 2**53
    return Weights(thresholds)
