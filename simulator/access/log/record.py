"""The canonical record of an event: fixed width, every column, so that hashing sees exactly what the log says.

Numbers are big-endian, enumerations one byte, pseudonyms as they are, texts the first 16 bytes of their SHA-256; a null
is zero in its place and a bit in the mask that ends the record.
"""

import hashlib

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.schema import EVENT, SHOWN, Column, Table

TOKEN_BYTES = 16
_MASK = "nulls"
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


def pack(table: Table, frame: pl.DataFrame) -> Records:
    """The records of `frame` (table ``event`` or ``shown``), shape ``(n_rows,)``."""
    records = np.zeros(frame.height, dtype=EVENT_RECORD if table is EVENT else SHOWN_RECORD)
    mask = np.zeros(frame.height, dtype=np.uint64)
    for place, column in enumerate(table):
        values = frame[column.name]
        records[column.name] = _values(column, values)
        if values.null_count():
            mask |= values.is_null().to_numpy().astype(np.uint64) << np.uint64(place)
    records[_MASK] = mask
    return records


def _values(column: Column, values: pl.Series) -> npt.NDArray[np.generic]:
    if column.dtype == pl.Binary:
        return _tokens(values.fill_null(b"\x00" * TOKEN_BYTES))
    if column.dtype == pl.String:
        return _digests(values)
    if column.dtype == pl.Boolean:
        return values.fill_null(value=False).to_numpy()
    return values.to_physical().fill_null(0).to_numpy()


def _tokens(values: pl.Series) -> npt.NDArray[np.generic]:
    packed = values.to_arrow()
    _, offsets, content = packed.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[packed.offset : packed.offset + len(packed) + 1]
    if np.array_equal(np.diff(ends), np.full(len(packed), TOKEN_BYTES)):
        return np.frombuffer(content, dtype=f"V{TOKEN_BYTES}", count=len(packed), offset=int(ends[0]))
    joined = b"".join(hashlib.sha256(value).digest()[:TOKEN_BYTES] for value in values)
    return np.frombuffer(joined, dtype=f"V{TOKEN_BYTES}")


def _digests(values: pl.Series) -> npt.NDArray[np.generic]:
    coded = values.to_arrow().dictionary_encode()
    texts, digest = coded.dictionary.cast(pa.large_binary()).to_pylist(), hashlib.sha256
    digests = [b"\x00" * TOKEN_BYTES, *[digest(text).digest()[:TOKEN_BYTES] for text in texts]]
    places = pl.Series(pl.from_arrow(coded.indices)).cast(pl.Int64).fill_null(-1).to_numpy() + 1
    table: npt.NDArray[np.generic] = np.frombuffer(b"".join(digests), dtype=f"V{TOKEN_BYTES}")
    return np.asarray(table[places])
