"""The canonical record of an event: fixed width, every column, so that hashing sees exactly what the log says.

Numbers are big-endian, enumerations one byte, pseudonyms as they are, texts the first 16 bytes of their SHA-256; a null
is zero in its place and a bit in the mask that ends the record.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.schema import EVENT, SHOWN, Column, Table

TOKEN_BYTES = 16
_MASK = "nulls"
_NOTHING = b"\x00" * TOKEN_BYTES
Records = npt.NDArray[np.void]


def _form(column: Column) -> str:
    if column.choices or column.dtype == pl.Boolean:
        return "u1"
    if column.dtype in (pl.Binary, pl.String):
        return f"V{TOKEN_BYTES}"
    return ">i8" if column.dtype == pl.Int64 or isinstance(column.dtype, pl.Datetime) else ">u4"


def _layout(table: Table) -> np.dtype[np.void]:
    return np.dtype([*((column.name, _form(column)) for column in table), (_MASK, ">u8")])


EVENT_RECORD, SHOWN_RECORD = _layout(EVENT), _layout(SHOWN)


def schema_digest() -> str:
    """Sixteen hexadecimal digits that change when the form of a record does; part of every checkpoint."""
    choices = [(c.name, _form(c), c.choices) for table in (EVENT, SHOWN) for c in table]
    return hashlib.sha256(repr(choices).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Packing:
    """Columns made ready to be laid out as records, any stretch of rows at a time.

    Attributes:
        form: of a record.
        columns: what each column's bytes are taken from.
        nulls: masks, shape ``(n_rows,)``.
    """

    form: np.dtype[np.void]
    columns: Mapping[str, "_Source"]
    nulls: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, table: Table, frame: pl.DataFrame) -> Self:
        """That of `frame` (table ``event`` or ``shown``)."""
        plain = frame.select(_plain(column) for column in table)
        columns = {column.name: _source(column, plain[column.name]) for column in table}
        return cls(EVENT_RECORD if table is EVENT else SHOWN_RECORD, columns, _nulls(table, frame))

    def records(self, start: int, stop: int) -> Records:
        """The records of the rows from `start` up to `stop`, shape ``(stop - start,)``."""
        records = np.empty(len(self.nulls[start:stop]), dtype=self.form)
        for name, source in self.columns.items():
            records[name] = source.between(start, stop)
        records[_MASK] = self.nulls[start:stop]
        return records


@dataclass(frozen=True, slots=True)
class _Source:
    """Values of one column, or, of many that repeat, the different ones and the place of each row's among them."""

    values: npt.NDArray[np.generic]
    places: npt.NDArray[np.int64] | None = None

    def between(self, start: int, stop: int) -> npt.NDArray[np.generic]:
        """Those of the rows from `start` up to `stop`."""
        if self.places is None:
            return self.values[start:stop]
        return self.values.take(self.places[start:stop])


def pack(table: Table, frame: pl.DataFrame) -> Records:
    """The records of `frame` (table ``event`` or ``shown``), shape ``(n_rows,)``."""
    return Packing.of(table, frame).records(0, frame.height)


def _plain(column: Column) -> pl.Expr:
    """What a column's bytes are made of, without nulls but in texts."""
    if column.dtype == pl.Binary:
        return pl.col(column.name).fill_null(_NOTHING)
    if column.dtype == pl.String:
        return pl.col(column.name)
    zero = pl.lit(value=False) if column.dtype == pl.Boolean else 0
    return pl.col(column.name).to_physical().fill_null(zero)


def _source(column: Column, values: pl.Series) -> _Source:
    if column.dtype == pl.Binary:
        return _Source(_tokens(values))
    return _digests(values) if column.dtype == pl.String else _Source(values.to_numpy())


def _nulls(table: Table, frame: pl.DataFrame) -> npt.NDArray[np.uint64]:
    mask = np.zeros(frame.height, dtype=np.uint64)
    for place, column in enumerate(table):
        values = frame[column.name]
        if values.null_count():
            mask |= values.is_null().to_numpy().astype(np.uint64) << np.uint64(place)
    return mask


def _tokens(values: pl.Series) -> npt.NDArray[np.generic]:
    packed = values.to_arrow()
    _, offsets, content = packed.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[packed.offset : packed.offset + len(packed) + 1]
    if np.array_equal(np.diff(ends), np.full(len(packed), TOKEN_BYTES)):
        return np.frombuffer(content, dtype=f"V{TOKEN_BYTES}", count=len(packed), offset=int(ends[0]))
    joined = b"".join(hashlib.sha256(value).digest()[:TOKEN_BYTES] for value in values)
    return np.frombuffer(joined, dtype=f"V{TOKEN_BYTES}")


def _digests(values: pl.Series) -> _Source:
    coded = values.to_arrow().dictionary_encode()
    texts, digest = coded.dictionary.cast(pa.large_binary()).to_pylist(), hashlib.sha256
    digests = [_NOTHING, *[digest(text).digest()[:TOKEN_BYTES] for text in texts]]
    places = pl.Series(pl.from_arrow(coded.indices)).cast(pl.Int64).fill_null(-1).to_numpy() + 1
    return _Source(np.frombuffer(b"".join(digests), dtype=f"V{TOKEN_BYTES}"), places)
