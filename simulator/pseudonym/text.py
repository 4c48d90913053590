"""The text of a pseudonym: 26 characters of Crockford's base 32, the first the version, the last a check over GF(32).

Only for exports and people; inside a run a pseudonym is 16 bytes.

Source: registry.md 2.1 (specification P1); https://www.crockford.com/base32.html.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.pseudonym.errors import MalformedPseudonymError

Bytes = npt.NDArray[np.uint8]

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


def _tens_table() -> npt.NDArray[np.uint32]:
    first, second = np.divmod(np.arange(1 << 10), 32)
    pairs = np.stack([_SYMBOLS[first], _SYMBOLS[second]], axis=1).view(np.uint16)[:, 0].astype(np.uint32)
    places = range(1, LENGTH - 1, 2)
    checks = [(_WEIGHTS[i][first] ^ _WEIGHTS[i + 1][second]).astype(np.uint32) for i in places]
    return np.stack([check << 16 | pairs for check in checks])


_TENS = _tens_table()
"""For ten bits at each of the twelve places, two characters and, above them, what they add to the check value; shape
``(12, 1024)``."""
# The same for one at a time, as Python's own values.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_PAIR_CHECKS = [[int(found) >> 16 for found in row] for row in _TENS]
_VALUE_OF = _VALUES.tobytes()
_CHECK_OF = [row.tobytes() for row in _WEIGHTS]
_SHIFTS = range(110, -1, -10)
_ROWS_AT_ONCE = 8192
"""So that what is at work stays in the processor's cache."""


def _check(values: Bytes) -> Bytes:
    """The check value of each row of the 25 `values` before it, shape ``(n,)``."""
    sums: Bytes = np.bitwise_xor.reduce(_WEIGHTS[np.arange(LENGTH - 1), values], axis=1)
    return sums


def _encode(rows: Bytes) -> Bytes:
    """The characters, shape ``(n, 26)``, of pseudonyms, shape ``(n, 16)``."""
    symbols = np.empty((len(rows), LENGTH), dtype=np.uint8)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        _encode_into(symbols[start : start + _ROWS_AT_ONCE], rows[start : start + _ROWS_AT_ONCE])
    return symbols


def _encode_into(symbols: Bytes, rows: Bytes) -> None:
    version = rows[:, 0] & VERSION_MAX
    checks = _WEIGHTS[0][version].astype(np.uint32) << 16
    pairs = np.empty((len(rows), LENGTH // 2 - 1), dtype=np.uint16)
    for place, ten in enumerate(_tens(rows)):
        found = _TENS[place][ten]
        pairs[:, place] = found
        checks ^= found
    symbols[:, 0] = _SYMBOLS[version]
    symbols[:, 1:-1] = pairs.view(np.uint8)
    symbols[:, -1] = _SYMBOLS[checks >> 16 & VERSION_MAX]


def _tens(rows: Bytes) -> Iterator[npt.NDArray[np.int64]]:
    """The twelve groups of ten bits after the first byte of each row, each of shape ``(n,)``."""
    for group in range(3):
        padded = np.zeros((len(rows), 8), dtype=np.uint8)
        padded[:, 3:] = rows[:, 1 + 5 * group : 6 + 5 * group]
        word = padded.view(">i8")[:, 0].astype(np.int64)
        for shift in (30, 20, 10, 0):
            yield (word >> shift) & 0x3FF


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
