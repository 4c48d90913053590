"""The text of a pseudonym: 26 characters of Crockford's base 32, the first the version, the last a check over GF(32).

Only for exports and people; inside a run a pseudonym is 16 bytes.

Source: registry.md 2.1 (specification P1); https://www.crockford.com/base32.html.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.pseudonym.errors import MalformedPseudonymError

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

SIZE = 16
LENGTH = 26
VERSION_MAX = 31
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOLS: Bytes = np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)
_ODD = 0xFF
_BYTES_WANTED = f"not a pseudonym: {SIZE} bytes are wanted"
_WANTED = f"not a pseudonym: {LENGTH} characters of Crockford's base 32 with a right check character are wanted"
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1


def _values() -> Bytes:
    table = np.full(256, _ODD, dtype=np.uint8)
    for value, symbol in enumerate(_ALPHABET):
        table[[ord(symbol), ord(symbol.lower())]] = value
    for symbol, value in zip("oOiIlL", (0, 0, 1, 1, 1, 1), strict=True):
        table[ord(symbol)] = value
    return table


def _times_alpha(values: Bytes) -> Bytes:
    doubled = values.astype(np.uint16) << 1
    return np.where(doubled >= 32, doubled ^ _POLYNOMIAL, doubled).astype(np.uint8)  # noqa: PLR2004 (the field's size)


def _weights() -> Bytes:
    rows = [_times_alpha(np.arange(32, dtype=np.uint8))]
    for _ in range(LENGTH - 2):
        rows.append(_times_alpha(rows[-1]))
    return np.stack(rows)


_VALUES = _values()
_WEIGHTS = _weights()
"""``_WEIGHTS[i, c]`` is α^(i+1)·c, shape ``(25, 32)``."""


_SYMBOL_OF = (_ALPHABET + " " * (256 - len(_ALPHABET))).encode()
_ROW = np.dtype(
    {
        "names": ["version", "high", "middle", "low", "check"],
        "formats": ["u1", ">u8", ">u8", ">u8", "u1"],
        "offsets": [0, 1, 9, 17, 25],
        "itemsize": LENGTH,
    }
)
"""The 26 values of a pseudonym, one a byte: forty bits are eight of them."""
# How the halves of a word are moved apart: by how much, where the upper are then, where the lower stay.
_APART = [
    tuple(map(np.uint64, step))
    for step in (
        (12, 0x000FFFFF_00000000, 0x00000000_000FFFFF),
        (6, 0x03FF0000_03FF0000, 0x000003FF_000003FF),
        (3, 0x1F001F00_1F001F00, 0x001F001F_001F001F),
    )
]
# For one at a time, as Python's own values: of ten bits, the characters and what they add to the check value.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_PAIR_CHECKS = [
    (first[:, None] ^ second).ravel().tolist() for first, second in zip(_WEIGHTS[1::2], _WEIGHTS[2::2], strict=True)
]
_VALUE_OF = _VALUES.tobytes()
_CHECK_OF = [row.tobytes() for row in _WEIGHTS]
_SHIFTS = range(110, -1, -10)
_ROWS_AT_ONCE = 16_384
"""So that what is at work stays in the processor's cache."""


def _check(values: Bytes) -> Bytes:
    """The check value of each row of the 25 `values` before it, shape ``(n,)``."""
    sums: Bytes = np.bitwise_xor.reduce(_WEIGHTS[np.arange(LENGTH - 1), values], axis=1)
    return sums


@cache
def _check_tables() -> Bytes:
    """What each two bytes of a pseudonym, as a number of the machine, add to its check value; shape ``(8, 65536)``."""
    rows = np.zeros((SIZE, 256, SIZE), dtype=np.uint8)
    rows[np.arange(SIZE), :, np.arange(SIZE)] = np.arange(256)
    bits = np.unpackbits(rows[:, :, 1:].reshape(-1, SIZE - 1), axis=1).reshape(-1, LENGTH - 2, 5)
    values = np.column_stack([rows[:, :, 0].ravel() & VERSION_MAX, bits @ (1 << np.arange(5)[::-1])])
    of_byte = _check(values).reshape(SIZE // 2, 2, 256)
    first, second = np.arange(1 << 16, dtype=np.uint16).view(np.uint8).reshape(-1, 2).T
    return of_byte[:, 0, first] ^ of_byte[:, 1, second]


def _encode(rows: Bytes) -> Bytes:
    """The characters, shape ``(n, 26)``, of pseudonyms, shape ``(n, 16)``."""
    values = np.empty(len(rows), dtype=_ROW)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        _encode_into(values[start : start + _ROWS_AT_ONCE], rows[start : start + _ROWS_AT_ONCE])
    return np.frombuffer(values.tobytes().translate(_SYMBOL_OF), dtype=np.uint8).reshape(-1, LENGTH)


def _encode_into(values: npt.NDArray[np.void], rows: Bytes) -> None:
    first, last = (half.astype(np.uint64) for half in rows.view(">u8").T)
    values["version"] = rows[:, 0] & VERSION_MAX
    values["high"] = _apart(first >> np.uint64(16))
    values["middle"] = _apart(first << np.uint64(24) | last >> np.uint64(40))
    values["low"] = _apart(last)
    check = np.zeros(len(rows), dtype=np.uint8)
    for table, two in zip(_check_tables(), np.ascontiguousarray(rows.view(np.uint16).T), strict=True):
        check ^= table.take(two)
    values["check"] = check


def _apart(words: Words) -> Words:
    """The last forty bits of each of `words`, five a byte."""
    words &= np.uint64((1 << 40) - 1)
    for shift, upper, lower in _APART:
        moved = words << shift
        moved &= upper
        words &= lower
        words |= moved
    return words


def to_text(pseudonym: bytes) -> str:
    """The 26 characters of a `pseudonym` of 16 bytes.

    Raises:
        MalformedPseudonymError: it has another length.
    """
    if len(pseudonym) != SIZE:
        raise MalformedPseudonymError(_BYTES_WANTED)
    version, body = pseudonym[0] & VERSION_MAX, int.from_bytes(pseudonym[1:])
    tens = [body >> shift & 0x3FF for shift in _SHIFTS]
    check = _CHECK_OF[0][version]
    for row, ten in zip(_PAIR_CHECKS, tens, strict=True):
        check ^= row[ten]
    return _ALPHABET[version] + "".join([_PAIRS[ten] for ten in tens]) + _ALPHABET[check]


def to_texts(pseudonyms: pl.Series) -> pl.Series:
    """The 26 characters of each of `pseudonyms` (Binary, 16 bytes); nulls stay null.

    Raises:
        MalformedPseudonymError: the lengths are others.
    """
    known = pseudonyms.drop_nulls()
    return spread(fixed_texts(_encode(np.frombuffer(_joined(known), dtype=np.uint8).reshape(-1, SIZE))), pseudonyms)


def fixed_texts(characters: Bytes) -> pl.Series:
    """Texts of one length from their ASCII `characters`, shape ``(n, length)``, without a copy."""
    count, length = characters.shape
    offsets = pa.py_buffer(np.arange(0, (count + 1) * length, length, dtype=np.int64))
    texts = pa.Array.from_buffers(pa.large_utf8(), count, [None, offsets, pa.py_buffer(characters)])
    return pl.Series(pl.from_arrow(texts))


def _joined(known: pl.Series) -> bytes:
    """The bytes of `known` one after the other; the lengths of all must be `SIZE` where its total is."""
    array = known.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    ends = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    if (np.diff(ends) != SIZE).any():
        raise MalformedPseudonymError(_BYTES_WANTED)
    return array.buffers()[2][int(ends[0]) : int(ends[-1])].to_pybytes() if len(array) else b""


def spread(values: pl.Series, like: pl.Series) -> pl.Series:
    """`values` in the places where `like` is not null, under its name."""
    if len(values) == len(like):
        return values.alias(like.name)
    place = like.is_not_null()
    return values.gather((place.cum_sum().cast(pl.Int64) - 1).set(~place, None)).alias(like.name)


def from_text(text: str) -> bytes:
    """The 16 bytes of the pseudonym that `text` writes; lower case, o for 0 and i or l for 1 are read too.

    Raises:
        MalformedPseudonymError: the length, a character, the version or the check character is wrong.
    """
    plain = text.strip()
    if len(plain) == LENGTH and plain.isascii():
        values = plain.encode().translate(_VALUE_OF)
        if _ODD not in values and values[0] and _checked(values):
            body = 0
            for value in values[1:-1]:
                body = body << 5 | value
            return values[:1] + body.to_bytes(SIZE - 1)
    raise MalformedPseudonymError(_WANTED)


def _checked(values: bytes) -> bool:
    """Whether the last of 26 `values` is the check value of those before it."""
    check = 0
    for row, value in zip(_CHECK_OF, values, strict=False):
        check ^= row[value]
    return check == values[-1]


def from_texts(texts: pl.Series) -> pl.Series:
    """The 16 bytes of each of `texts` (String); nulls stay null. The same as `from_text`, many at once.

    Raises:
        MalformedPseudonymError: one is no pseudonym; the message names its row, from 1, and not its text.
    """
    known = texts.drop_nulls().str.strip_chars()
    whole = known.str.len_bytes() == LENGTH
    shaped = known.set(~whole, "U" * LENGTH)  # which is none
    symbols = np.frombuffer("".join(shaped.to_list()).encode(), dtype=np.uint8).reshape(-1, LENGTH)
    rows, right = _decode(symbols)
    if not right.all():
        places = texts.is_not_null().arg_true()
        msg = f"row {places[int(np.flatnonzero(~right)[0])] + 1}: {_WANTED}"
        raise MalformedPseudonymError(msg)
    packed = pa.Array.from_buffers(pa.binary(SIZE), len(rows), [None, pa.py_buffer(rows.tobytes())])
    return spread(pl.Series(pl.from_arrow(packed), dtype=pl.Binary), texts)


def _decode(symbols: Bytes) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """The pseudonyms, shape ``(n, 16)``, of characters, shape ``(n, 26)``, and which of them are right."""
    values = _VALUES[symbols]
    right = (values != _ODD).all(axis=1) & (values[:, 0] != 0)
    values = np.where(right[:, None], values, 0).astype(np.uint8)
    right &= _check(values[:, :-1]) == values[:, -1]
    bits = np.unpackbits(values[:, 1:-1, None], axis=2)[:, :, 3:]
    rows = np.packbits(bits.reshape(len(values), 8 * (SIZE - 1)), axis=1)
    return np.concatenate([values[:, :1], rows], axis=1), right
