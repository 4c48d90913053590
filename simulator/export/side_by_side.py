"""Texts of rows joined from parts that stand side by side, through Arrow: no object and no text between per row.

Parts of one width that follow each other are written into one array of bytes, so that what is joined row by row is
few and large.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby
from typing import BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Texts: TypeAlias = pa.LargeStringArray
"""A text for each row, none of them null."""
Part: TypeAlias = bytes | pa.LargeStringArray
"""The same text in every row, or one for each."""
_ROWS_AT_ONCE = 1_024
_SPACE = 0x20
_SMALL = 1 << 16
_NOTHING = pa.scalar("", pa.large_string())


def to_texts(column: pl.Series) -> Texts:
    """The texts of `column`, of text or whole numbers, which has no null."""
    if column.dtype.is_integer() and len(column):
        values = column.to_numpy()
        if values.min() >= 0 and values.max() < _SMALL:
            return _small_numbers().take(pa.array(values))
    return column.cast(pl.String).rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())


def column(parts: Sequence[Part], rows: int) -> pl.Series:
    """What `join` makes as a column."""
    return pl.Series(pl.from_arrow(join(parts, rows)), dtype=pl.String) if rows else pl.Series(dtype=pl.String)


@cache
def _small_numbers() -> Texts:
    return to_texts(pl.Series(map(str, range(_SMALL))))


def fixed(characters: Bytes) -> Texts:
    """The ASCII `characters`, shape ``(n, width)``, as texts of one width."""
    count, width = characters.shape
    return _texts(np.arange(count + 1) * width, pa.py_buffer(characters))


def around(before: bytes, column: pl.Series, after: bytes) -> list[Part]:
    """Parts: each text of `column` between `before` and `after`; nothing where it is null."""
    if not column.null_count():
        return [before, to_texts(column), after]
    known = column.drop_nulls()
    return [_spread(join([before, to_texts(known), after], len(known)), column.is_not_null().to_numpy())]


def join(parts: Sequence[Part], rows: int) -> Texts:
    """The `parts` side by side in each of `rows` rows."""
    return _joined(list(_merged(parts, rows)), rows)


def _joined(merged: Sequence[Texts | pa.Scalar], rows: int) -> Texts:
    if all(isinstance(text, pa.Scalar) for text in merged):
        same = "".join(text.as_py() for text in merged).encode()
        return fixed(np.tile(np.frombuffer(same, dtype=np.uint8), (rows, 1)))
    return merged[0] if len(merged) == 1 else pc.binary_join_element_wise(*merged, _NOTHING)


def lists(items: Texts, counts: pl.Series) -> pl.Series:
    """JSON lists of so many of the `items`, each of which begins with a comma; null for none."""
    sizes = counts.to_numpy().astype(np.int64)
    filled = sizes > 0
    first = np.cumsum(sizes[filled]) - sizes[filled]
    ends, characters = _ends(items), _characters(items).copy()
    begins = ends[first] - ends[0]
    characters[begins] = ord("[")
    known = join([_texts(np.append(begins, len(characters)), pa.py_buffer(characters)), b"]"], len(first))
    return pl.Series(pl.from_arrow(_spread(known, filled, nulls=True)), dtype=pl.String)


def needs_escape(column: pl.Series) -> bool:
    """Whether JSON writes a character of `column`, which has no null, in another way."""
    held = _characters(to_texts(column))
    return bool(((held < _SPACE) | (held == ord('"')) | (held == ord("\\"))).any())


def _spread(known: Texts, filled: npt.NDArray[np.bool_], *, nulls: bool = False) -> Texts:
    """The texts of `known` where `filled`; elsewhere nothing, or null."""
    places = np.zeros(len(filled) + 1, dtype=np.int64)
    np.cumsum(filled, out=places[1:])
    return _texts(_ends(known)[places], known.buffers()[2], pa.array(filled).buffers()[1] if nulls else None)


def write(parts: Sequence[Part], rows: int, out: BinaryIO) -> None:
    """Write what `join` makes, so much at once that it stays in the processor's cache."""
    merged = list(_merged(parts, rows))
    for start in range(0, rows, _ROWS_AT_ONCE):
        count = min(_ROWS_AT_ONCE, rows - start)
        some = [text if isinstance(text, pa.Scalar) else text.slice(start, count) for text in merged]
        out.write(_characters(_joined(some, count)).data)


def _merged(parts: Sequence[Part], rows: int) -> Iterator[Texts | pa.Scalar]:
    """The `parts`, those of one width that follow each other as one."""
    widths = [_width(part) for part in parts]
    filled = [(part, width or 0) for part, width in zip(parts, widths, strict=True) if width != 0]
    for is_fixed, group in groupby(filled, lambda held: held[1] > 0):
        held = list(group)
        if not is_fixed:
            yield from (part for part, _ in held)
        elif all(isinstance(part, bytes) for part, _ in held):
            yield pa.scalar(b"".join(part for part, _ in held).decode(), pa.large_string())
        else:
            yield held[0][0] if len(held) == 1 else _block(held, rows)


def _block(parts: Sequence[tuple[Part, int]], rows: int) -> Texts:
    """Parts of one width each, in one array of bytes."""
    ends = list(accumulate(width for _, width in parts))
    written = np.empty((rows, ends[-1]), dtype=np.uint8)
    for (part, width), end in zip(parts, ends, strict=True):
        written[:, end - width : end] = _characters(part).reshape(-1, width)
    return fixed(written)


def _width(part: Part) -> int | None:
    """The width of all texts of `part`; None if they differ."""
    if isinstance(part, bytes):
        return len(part)
    lengths = np.diff(_ends(part))
    return int(lengths[0]) if len(lengths) and (lengths == lengths[0]).all() else None


def _characters(part: Part) -> Bytes:
    if isinstance(part, bytes):
        return np.frombuffer(part, dtype=np.uint8)
    ends = _ends(part)
    return np.frombuffer(part.buffers()[2], dtype=np.uint8)[ends[0] : ends[-1]]


def _ends(texts: Texts) -> npt.NDArray[np.int64]:
    return np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]


def _texts(ends: npt.NDArray[np.int64], characters: pa.Buffer | None, known: pa.Buffer | None = None) -> Texts:
    return pa.Array.from_buffers(pa.large_string(), len(ends) - 1, [known, pa.py_buffer(ends), characters])
