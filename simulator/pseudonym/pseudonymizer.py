"""Pseudonyms of identifiers by specification P1: one at a time or a column at once, with the same answers.

A realm key protects nothing once it is known, since all identifiers can be tried: custody of the key is everything.

Source: registry.md 2.1 (specification P1 with golden vectors).
"""

import importlib
import importlib.util
import sys
import unicodedata
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from simulator.errors import UnknownNameError
from simulator.pseudonym import _prf
from simulator.pseudonym.errors import IdentifierError, VersionError
from simulator.pseudonym.key import PseudonymKey, length_value
from simulator.pseudonym.realm import KINDS, Realm
from simulator.pseudonym.text import SIZE, VERSION_MAX

Flags = npt.NDArray[np.bool_]
_MESSAGE_VERSION = b"\x01"
_IDENTIFIER_MAX = 65_535
_FAST_IDENTIFIER_MAX = 52  # what one block holds beside head, end mark and length
FAST_FROM = 500_000
"""Different identifiers in a column from which loading the compiled kernel (0.6 s, and 100 MiB) is repaid."""

_HEAD = 4_096
"""Values by which a column is judged to repeat itself or not."""

LOADED_FROM = 1_000
"""Different identifiers in a column from which the kernel is faster once it is loaded."""


def _message(identifier: str) -> bytes:
    text = (identifier if identifier.isascii() else unicodedata.normalize("NFC", identifier)).encode()
    return _MESSAGE_VERSION + length_value(text) if 0 < len(text) <= _IDENTIFIER_MAX else b""


def _messages(identifiers: pa.LargeStringArray) -> list[bytes]:
    """The message of each of `identifiers`."""
    texts = _normal(identifiers).cast(pa.large_binary()).to_pylist()
    heads = {
        size: _MESSAGE_VERSION + size.to_bytes(2, "big") for size in set(map(len, texts)) if size <= _IDENTIFIER_MAX
    }
    return [heads[len(text)] + text if 0 < len(text) in heads else b"" for text in texts]


class Pseudonymizer:
    """Gives the pseudonyms of one realm under one version of its key.

    >>> Pseudonymizer(PseudonymKey.insecure(), Realm("jp.sim/131016/tax")).one("resident", "12345678901").hex()
    '01243f73176010550838d90554d8f17e'
    """

    __slots__ = ("_functions", "_key", "realm", "version")

    def __init__(self, key: PseudonymKey, realm: Realm, version: int = 1) -> None:
        """Take the master `key` of `version` (1–31) and the `realm`.

        Raises:
            VersionError: `version` is out of range.
        """
        self._key, self.realm, self.version = key, realm, version
        if not 1 <= version <= VERSION_MAX:
            msg = f"key version {version} is not among 1 to {VERSION_MAX}"
            raise VersionError(msg)
        self._functions: dict[str, _prf.Prf] = {}

    def __repr__(self) -> str:
        """A text without the key."""
        return f"<Pseudonymizer {self.realm} version {self.version}>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled.

        Raises:
            TypeError: always.
        """
        raise TypeError("a Pseudonymizer cannot be pickled; make one in the other process from the key's file")

    def _function(self, kind: str) -> _prf.Prf:
        if kind not in KINDS:
            raise UnknownNameError("kind of pseudonym", kind, KINDS)
        if kind not in self._functions:
            info = length_value(b"realm") + length_value(self.realm.text.encode()) + length_value(kind.encode())
            self._functions[kind] = _prf.Prf(self._key.derive(info + bytes([self.version])))
        return self._functions[kind]

    def one(self, kind: str, identifier: str) -> bytes:
        """The pseudonym of one `identifier`, 16 bytes.

        Raises:
            UnknownNameError: there is no such kind.
            IdentifierError: the identifier is empty or exceeds 65,535 bytes.
        """
        function, message = self._function(kind), _message(identifier)
        if not message:
            msg = f"an empty or overlong identifier of a {kind} cannot have a pseudonym"
            raise IdentifierError(msg)
        return bytes([self.version]) + function.tag(message)[: SIZE - 1]

    def column(self, kind: str, identifiers: pl.Series) -> pl.Series:
        """The pseudonym of each of `identifiers` (String), Binary of 16 bytes; nulls stay null. Repeats cost little.

        Raises:
            UnknownNameError: there is no such kind.
            IdentifierError: an identifier is empty or exceeds 65,535 bytes.
        """
        texts = identifiers.cast(pl.String)
        if _differ(texts):
            return self._packed(kind, texts.to_arrow()).alias(identifiers.name)
        coded = texts.to_arrow().dictionary_encode()
        places = pl.Series(pl.from_arrow(coded.indices), dtype=pl.UInt32)
        return self._packed(kind, coded.dictionary).gather(places).alias(identifiers.name)

    def _packed(self, kind: str, identifiers: pa.LargeStringArray) -> pl.Series:
        buffers = [None, pa.py_buffer(self._tokens(kind, identifiers))]
        packed = pa.Array.from_buffers(pa.binary(SIZE), len(identifiers), buffers)
        return pl.Series(pl.from_arrow(packed), dtype=pl.Binary)

    def _tokens(self, kind: str, identifiers: pa.LargeStringArray) -> bytes:
        function = self._function(kind)
        if _repays(len(identifiers)):
            plain = _normal(identifiers)
            short = _fits(plain)
            if short.all():
                return _compiled(plain, function, self.version).tobytes()
            if short.sum() >= LOADED_FROM:
                return self._mixed(kind, plain, short)
        return self._singly(kind, identifiers)

    def _mixed(self, kind: str, identifiers: pa.LargeStringArray, short: Flags) -> bytes:
        """The tokens of `identifiers`, of which those that are `short` are made by the compiled kernel."""
        rest = self._singly(kind, identifiers.filter(pa.array(~short)))
        tokens = np.empty((len(identifiers), SIZE), dtype=np.uint8)
        tokens[short] = _compiled(identifiers.filter(pa.array(short)), self._function(kind), self.version)
        tokens[~short] = np.frombuffer(rest, dtype=np.uint8).reshape(-1, SIZE)
        return tokens.tobytes()

    def _singly(self, kind: str, identifiers: pa.LargeStringArray) -> bytes:
        messages = _messages(identifiers)
        if not all(messages):
            msg = f"an empty or overlong identifier of a {kind} cannot have a pseudonym"
            raise IdentifierError(msg)
        prefix = bytes([self.version])
        return prefix + prefix.join(self._function(kind).tags(messages, SIZE - 1)) if messages else b""


def expect(count: int) -> None:
    """Load the compiled kernel now if `count` identifiers to come, in however many columns, would repay that."""
    if count >= FAST_FROM and importlib.util.find_spec("numba") is not None:
        importlib.import_module("simulator.pseudonym._fast")


def _differ(identifiers: pl.Series) -> bool:
    """Whether to look for repeats would cost more than to hash each: judged by the first values, never by all."""
    head = identifiers.head(_HEAD)
    return not identifiers.has_nulls() and 2 * head.n_unique() > len(head)


def _repays(count: int) -> bool:
    """Whether the compiled kernel is there and `count` identifiers would repay its loading."""
    loaded = "simulator.pseudonym._fast" in sys.modules
    enough = count >= (min(LOADED_FROM, FAST_FROM) if loaded else FAST_FROM)
    return enough and importlib.util.find_spec("numba") is not None


def _normal(identifiers: pa.LargeStringArray) -> pa.LargeStringArray:
    """`identifiers` in normal form C."""
    if pc.all(pc.string_is_ascii(identifiers)).as_py():
        return identifiers
    texts = identifiers.to_pylist()
    if unicodedata.is_normalized("NFC", "\n".join(texts)):  # nothing joins a line's end, so each is
        return identifiers
    return pa.array([unicodedata.normalize("NFC", text) for text in texts], type=pa.large_string())


def _fits(identifiers: pa.LargeStringArray) -> Flags:
    """Which of `identifiers` the compiled kernel can take, shape ``(n,)``."""
    lengths = pc.binary_length(identifiers).to_numpy()
    return np.asarray((lengths >= 1) & (lengths <= _FAST_IDENTIFIER_MAX))


def _compiled(identifiers: pa.LargeStringArray, function: _prf.Prf, version: int) -> npt.NDArray[np.uint8]:
    from simulator.pseudonym import _fast  # noqa: PLC0415 (numba is optional and slow to load)

    _, offsets, text = identifiers.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[: len(identifiers) + 1]
    return _fast.tags(np.frombuffer(text, dtype=np.uint8), ends, function.pads, version)
