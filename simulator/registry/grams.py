"""Finding text inside text: the characters and pairs of characters of a key, as numbers that databases index.

Most Japanese surnames have two characters, so an index of three (trigrams) finds few of them. A number stands for a
column and one or two characters; two may share a number, so what an index finds is still held against the text itself.
"""

import zlib

import numpy as np
import polars as pl
import pyarrow as pa

from simulator.registry.intervals import Ints

GRAM = pl.Int32
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd: mixing loses nothing
_POINT_BITS = 21
_SHIFT = np.uint64(33)  # leaves 31 bits: a positive 32-bit number


def grams(keys: pl.Series, column: str) -> pl.Series:
    """For each text of `keys`: the numbers of its characters and pairs of neighbours, as in the column `column`."""
    lengths = keys.str.len_chars().fill_null(0).cast(pl.Int64).to_numpy()
    single, double, ends = _numbers(keys.str.join("").item(), lengths, column)
    offsets = np.concatenate(([0], np.cumsum(np.maximum(2 * lengths - 1, 0))))
    starts = np.repeat(offsets[:-1] - np.cumsum(lengths) + lengths, lengths)  # of the row, less the characters before
    place = starts + np.arange(len(single))
    numbers = np.empty(offsets[-1], dtype=np.int32)
    numbers[place] = single
    numbers[(place + np.repeat(lengths, lengths))[~ends]] = double[~ends]
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(offsets, numbers)), dtype=pl.List(GRAM))


def wanted(text: str, column: str) -> list[int]:
    """The numbers that every key with `text` in it has: its pairs, or its only character."""
    single, double, ends = _numbers(text, np.array([len(text)]), column)
    return sorted({*(single if len(text) == 1 else double[~ends]).tolist()})


def _numbers(text: str, lengths: Ints, column: str) -> tuple[Ints, Ints, np.ndarray]:
    """Of all characters in a row: the number of each, of each with its follower, and which one ends its text."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    ends = np.zeros(len(points), dtype=np.bool_)
    ends[np.cumsum(lengths)[lengths > 0] - 1] = True
    base = (points + np.uint64(zlib.crc32(column.encode()) << _POINT_BITS)) * _FIRST
    following = np.append(points[1:], np.uint64(0)) + np.uint64(1)
    single, double = _mixed(base), _mixed(base + following * _SECOND)
    return single, double, ends


def _mixed(numbers: np.ndarray) -> Ints:
    folded = (numbers ^ (numbers >> np.uint64(29))) * _FIRST
    return np.asarray(folded >> _SHIFT, dtype=np.int64)
