"""HMAC-SHA-256 of many short identifiers, 64 side by side, compiled by numba; equal to the reference to the last bit.

Each loop over lanes is simple enough for the compiler to turn into vector instructions. Identifiers have 1–52 bytes, so
that with the pad block and the padding the inner hash takes two compressions, of which the first is done beforehand.

Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.3.3 and 6.2.2.
"""

import numba
import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

_LANES = 64
# One working array: eight rows of state, sixteen of message words.
# That it is one array, with fixed distances, lets the compiler see that rows do not overlap.
_WORDS = 8 * _LANES
_ALL = 24 * _LANES
_BLOCK = 64


def _root_bits(count: int, power: int) -> Words:
    """The first 32 bits of the fractional parts of the roots (square: 2, cube: 3) of the first `count` primes."""
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))][:count]
    return np.array([_root(prime << (32 * power), power) & 0xFFFF_FFFF for prime in primes], dtype=np.uint32)


def _root(number: int, power: int) -> int:
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**power <= number else (low, middle)
    return low


_START = _root_bits(8, 2)
_ROUNDS = _root_bits(64, 3)


@numba.njit(inline="always")
def _turn(x: np.uint32, n: int) -> np.uint32:
    return np.uint32(np.uint32(x >> np.uint32(n)) | np.uint32(x << np.uint32(32 - n)))


@numba.njit(inline="always")
def _first(e: np.uint32, f: np.uint32, g: np.uint32, h: np.uint32, kw: np.uint32) -> np.uint32:
    chosen = np.uint32(np.uint32(e & f) ^ np.uint32(~e & g))
    return np.uint32(np.uint32(h + kw) + np.uint32(np.uint32(_turn(e, 6) ^ _turn(e, 11) ^ _turn(e, 25)) + chosen))


@numba.njit(inline="always")
def _second(a: np.uint32, b: np.uint32, c: np.uint32) -> np.uint32:
    majority = np.uint32(np.uint32(a & b) ^ np.uint32(a & c) ^ np.uint32(b & c))
    return np.uint32(np.uint32(_turn(a, 2) ^ _turn(a, 13) ^ _turn(a, 22)) + majority)


@numba.njit(inline="always")
def _round(  # noqa: PLR0913, PLR0917 (the eight working variables of SHA-256)
    a: np.uint32, b: np.uint32, c: np.uint32, d: np.uint32,
    e: np.uint32, f: np.uint32, g: np.uint32, h: np.uint32, kw: np.uint32,
) -> tuple[np.uint32, np.uint32]:  # fmt: skip
    first = _first(e, f, g, h, kw)
    return np.uint32(d + first), np.uint32(first + _second(a, b, c))


@numba.njit(cache=True, nogil=True)
def _sixteen_rounds(m: Words, k: Words) -> None:
    """Sixteen rounds of every lane with the rounds' constants `k`, shape ``(16,)``."""
    k0, k1, k2, k3, k4, k5, k6, k7 = k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]
    k8, k9, k10, k11, k12, k13, k14, k15 = k[8], k[9], k[10], k[11], k[12], k[13], k[14], k[15]
    for i in range(_LANES):
        a, b, c, d = m[i], m[_LANES + i], m[2 * _LANES + i], m[3 * _LANES + i]
        e, f, g, h = m[4 * _LANES + i], m[5 * _LANES + i], m[6 * _LANES + i], m[7 * _LANES + i]
        d, h = _round(a, b, c, d, e, f, g, h, k0 + m[_WORDS + i])
        c, g = _round(h, a, b, c, d, e, f, g, k1 + m[_WORDS + _LANES + i])
        b, f = _round(g, h, a, b, c, d, e, f, k2 + m[_WORDS + 2 * _LANES + i])
        a, e = _round(f, g, h, a, b, c, d, e, k3 + m[_WORDS + 3 * _LANES + i])
        h, d = _round(e, f, g, h, a, b, c, d, k4 + m[_WORDS + 4 * _LANES + i])
        g, c = _round(d, e, f, g, h, a, b, c, k5 + m[_WORDS + 5 * _LANES + i])
        f, b = _round(c, d, e, f, g, h, a, b, k6 + m[_WORDS + 6 * _LANES + i])
        e, a = _round(b, c, d, e, f, g, h, a, k7 + m[_WORDS + 7 * _LANES + i])
        d, h = _round(a, b, c, d, e, f, g, h, k8 + m[_WORDS + 8 * _LANES + i])
        c, g = _round(h, a, b, c, d, e, f, g, k9 + m[_WORDS + 9 * _LANES + i])
        b, f = _round(g, h, a, b, c, d, e, f, k10 + m[_WORDS + 10 * _LANES + i])
        a, e = _round(f, g, h, a, b, c, d, e, k11 + m[_WORDS + 11 * _LANES + i])
        h, d = _round(e, f, g, h, a, b, c, d, k12 + m[_WORDS + 12 * _LANES + i])
        g, c = _round(d, e, f, g, h, a, b, c, k13 + m[_WORDS + 13 * _LANES + i])
        f, b = _round(c, d, e, f, g, h, a, b, k14 + m[_WORDS + 14 * _LANES + i])
        e, a = _round(b, c, d, e, f, g, h, a, k15 + m[_WORDS + 15 * _LANES + i])
        m[i], m[_LANES + i], m[2 * _LANES + i], m[3 * _LANES + i] = a, b, c, d
        m[4 * _LANES + i], m[5 * _LANES + i], m[6 * _LANES + i], m[7 * _LANES + i] = e, f, g, h


@numba.njit(inline="always")
def _next(w: np.uint32, near: np.uint32, middle: np.uint32, far: np.uint32) -> np.uint32:
    low = np.uint32(_turn(near, 7) ^ _turn(near, 18) ^ np.uint32(near >> np.uint32(3)))
    high = np.uint32(_turn(far, 17) ^ _turn(far, 19) ^ np.uint32(far >> np.uint32(10)))
    return np.uint32(np.uint32(w + low) + np.uint32(middle + high))


@numba.njit(cache=True, nogil=True)
def _schedule(m: Words) -> None:
    """The next 16 words of the message schedule of every lane, in the place of the last."""
    for i in range(_LANES):
        w0, w1, w2, w3 = m[_WORDS + i], m[_WORDS + _LANES + i], m[_WORDS + 2 * _LANES + i], m[_WORDS + 3 * _LANES + i]
        w4, w5, w6, w7 = (
            m[_WORDS + 4 * _LANES + i],
            m[_WORDS + 5 * _LANES + i],
            m[_WORDS + 6 * _LANES + i],
            m[_WORDS + 7 * _LANES + i],
        )
        w8, w9, w10, w11 = (
            m[_WORDS + 8 * _LANES + i],
            m[_WORDS + 9 * _LANES + i],
            m[_WORDS + 10 * _LANES + i],
            m[_WORDS + 11 * _LANES + i],
        )
        w12, w13, w14, w15 = (
            m[_WORDS + 12 * _LANES + i],
            m[_WORDS + 13 * _LANES + i],
            m[_WORDS + 14 * _LANES + i],
            m[_WORDS + 15 * _LANES + i],
        )
        w0 = _next(w0, w1, w9, w14)
        w1 = _next(w1, w2, w10, w15)
        w2 = _next(w2, w3, w11, w0)
        w3 = _next(w3, w4, w12, w1)
        w4 = _next(w4, w5, w13, w2)
        w5 = _next(w5, w6, w14, w3)
        w6 = _next(w6, w7, w15, w4)
        w7 = _next(w7, w8, w0, w5)
        w8 = _next(w8, w9, w1, w6)
        w9 = _next(w9, w10, w2, w7)
        w10 = _next(w10, w11, w3, w8)
        w11 = _next(w11, w12, w4, w9)
        w12 = _next(w12, w13, w5, w10)
        w13 = _next(w13, w14, w6, w11)
        w14 = _next(w14, w15, w7, w12)
        w15 = _next(w15, w0, w8, w13)
        m[_WORDS + i], m[_WORDS + _LANES + i], m[_WORDS + 2 * _LANES + i], m[_WORDS + 3 * _LANES + i] = w0, w1, w2, w3
        (
            m[_WORDS + 4 * _LANES + i],
            m[_WORDS + 5 * _LANES + i],
            m[_WORDS + 6 * _LANES + i],
            m[_WORDS + 7 * _LANES + i],
        ) = w4, w5, w6, w7
        (
            m[_WORDS + 8 * _LANES + i],
            m[_WORDS + 9 * _LANES + i],
            m[_WORDS + 10 * _LANES + i],
            m[_WORDS + 11 * _LANES + i],
        ) = w8, w9, w10, w11
        (
            m[_WORDS + 12 * _LANES + i],
            m[_WORDS + 13 * _LANES + i],
            m[_WORDS + 14 * _LANES + i],
            m[_WORDS + 15 * _LANES + i],
        ) = w12, w13, w14, w15


@numba.njit(cache=True, nogil=True)
def _compress(m: Words, start: Words, k: Words) -> None:
    """One compression of every lane from the common `start`, shape ``(8,)``."""
    for j in range(8):
        m[j * _LANES : (j + 1) * _LANES] = start[j]
    for t in range(0, 64, 16):
        if t:
            _schedule(m)
        _sixteen_rounds(m, k[t : t + 16])
    for j in range(8):
        first = start[j]
        for i in range(j * _LANES, (j + 1) * _LANES):
            m[i] = np.uint32(m[i] + first)


@numba.njit(cache=True, nogil=True)
def _load(text: Bytes, row: Bytes, m: Words, lane: int) -> None:
    """Put the message of the identifier `text`, its end mark and its length into the words of `lane`, by `row`."""
    size = len(text)
    end = size + 3
    row[0], row[1], row[2] = 1, 0, size
    for at in range(size):
        row[3 + at] = text[at]
    row[end], row[end + 1], row[end + 2], row[end + 3] = 0x80, 0, 0, 0
    for j in range((end >> 2) + 1):
        high = np.uint32(np.uint32(row[4 * j]) << np.uint32(24)) | np.uint32(np.uint32(row[4 * j + 1]) << np.uint32(16))
        low = np.uint32(np.uint32(row[4 * j + 2]) << np.uint32(8)) | np.uint32(row[4 * j + 3])
        m[_WORDS + j * _LANES + lane] = np.uint32(high | low)
    m[_WORDS + 15 * _LANES + lane] = np.uint32(8 * _BLOCK + 8 * end)


@numba.njit(cache=True, nogil=True)
def _store(m: Words, lane: int, version: int, row: Bytes) -> None:
    row[0] = version
    for at in range(15):
        row[at + 1] = (m[(at >> 2) * _LANES + lane] >> np.uint32(24 - 8 * (at & 3))) & np.uint32(0xFF)


@numba.njit(cache=True, nogil=True)
def _hand_over(m: Words) -> None:
    """Make the digests of the inner hash the message of the outer one."""
    for i in range(8 * _LANES):
        m[_WORDS + i], m[_WORDS + 8 * _LANES + i] = m[i], 0
    for i in range(_LANES):
        m[_WORDS + 8 * _LANES + i], m[_WORDS + 15 * _LANES + i] = 0x8000_0000, 8 * _BLOCK + 256


@numba.njit(cache=True, nogil=True)
def _all_tags(text: Bytes, offsets: Offsets, pads: Words, k: Words, out: Bytes) -> None:
    m, row, version = np.zeros(_ALL, np.uint32), np.zeros(_BLOCK, np.uint8), out[0, 0]
    for base in range(0, len(out), _LANES):
        lanes = min(_LANES, len(out) - base)
        m[_WORDS:] = 0
        for lane in range(lanes):
            _load(text[offsets[base + lane] : offsets[base + lane + 1]], row, m, lane)
        _compress(m, pads[0], k)
        _hand_over(m)
        _compress(m, pads[1], k)
        for lane in range(lanes):
            _store(m, lane, version, out[base + lane])


def _pad_state(pad: memoryview) -> Words:
    """The state of SHA-256 after the 64 bytes of `pad`, shape ``(8,)``."""
    m = np.zeros(_ALL, np.uint32)
    m[_WORDS:] = np.repeat(np.frombuffer(pad, dtype=">u4").astype(np.uint32), _LANES)
    _compress(m, _START, _ROUNDS)
    return m[: 8 * _LANES : _LANES].copy()


def tags(text: Bytes, offsets: Offsets, pads: tuple[memoryview, memoryview], version: int) -> Bytes:
    """The pseudonyms, shape ``(n, 16)``, of n ≥ 1 identifiers: bytes ``offsets[i]`` … ``offsets[i + 1]`` of `text`."""
    out = np.full((len(offsets) - 1, 16), version, np.uint8)
    _all_tags(text, offsets, np.stack([_pad_state(pad) for pad in pads]), _ROUNDS, out)
    return out
