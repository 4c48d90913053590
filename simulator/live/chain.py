"""The canonical record of one event and its link: SHA-256(link before ‖ record).

The bytes are those of `simulator.access.log.record` for a frame of one row; here for one event at a time, without
frames. A record holds the event, whom it showed, and its detail.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import index, itemgetter
from typing import Any

import polars as pl

from simulator.errors import DamagedError
from simulator.schema import EVENT, SHOWN, Column, Table

TOKEN_BYTES = 16
_NO_TOKEN = b"\x00" * TOKEN_BYTES
Shown = Sequence[tuple[bytes, bytes]]


@lru_cache(maxsize=65_536)
def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:TOKEN_BYTES]


def _token(value: bytes) -> bytes:
    return value if len(value) == TOKEN_BYTES else hashlib.sha256(value).digest()[:TOKEN_BYTES]


def _field(column: Column) -> tuple[str, Callable[[Any], Any], Any]:
    """Form in `struct`, how a value is brought to it, and what stands for null."""
    if column.choices:
        return "B", {code: place for place, code in enumerate(column.choices)}.__getitem__, 0
    if column.dtype == pl.Boolean:
        return "B", {0: 0, 1: 1}.__getitem__, 0
    if column.dtype == pl.Binary:
        return "16s", _token, _NO_TOKEN
    if column.dtype == pl.String:
        return "16s", _digest, _NO_TOKEN
    return ("q" if column.dtype == pl.Int64 or isinstance(column.dtype, pl.Datetime) else "I"), index, 0


class _Packer:
    """Packs rows of one table."""

    def __init__(self, table: Table) -> None:
        fields = [_field(column) for column in table]
        self._form = struct.Struct(">" + "".join(form for form, _, _ in fields) + "Q")
        self._names, self._values = table.names, itemgetter(*table.names)
        self._steps = [(bring, null, 1 << i) for i, (_, bring, null) in enumerate(fields)]

    def pack(self, row: Mapping[str, Any]) -> bytes:
        """The record of `row`.

        Raises:
            DamagedError: a value is not of its column.
        """
        packed: list[Any] = []
        mask = 0
        try:
            for value, (bring, null, bit) in zip(self._values(row), self._steps, strict=True):
                if value is None:
                    mask |= bit
                    packed.append(null)
                else:
                    packed.append(bring(value))
            return self._form.pack(*packed, mask)
        except (AttributeError, KeyError, TypeError, ValueError, struct.error) as error:
            name = self._names[min(len(packed), len(self._names) - 1)]
            msg = f"event {row.get('event_id')}: column {name} holds what it cannot hold"
            raise DamagedError(msg) from error


_EVENT, _SHOWN = _Packer(EVENT), _Packer(SHOWN)


def record(event: Mapping[str, Any], shown: Shown, detail: str | None) -> bytes:
    """The canonical bytes of an event (columns of ``event``, `at` in milliseconds), whom it showed, and its detail.

    Raises:
        DamagedError: a value is not of its column.
    """
    number = event["event_id"]
    people = b"".join(
        _SHOWN.pack({"event_id": number, "rank": rank, "resident": resident, "household": household})
        for rank, (resident, household) in enumerate(shown)
    )
    words = b"" if detail is None else _text(number, detail)
    counts = struct.pack(">IBI", len(shown), detail is not None, len(words))
    return _EVENT.pack(event) + counts + people + words


def _text(number: int, detail: str) -> bytes:
    try:
        return detail.encode()
    except (AttributeError, ValueError) as error:
        msg = f"event {number}: its detail is no text"
        raise DamagedError(msg) from error


def link(before: bytes, content: bytes) -> bytes:
    """The link of a record after the link `before`."""
    return hashlib.sha256(before + content).digest()
