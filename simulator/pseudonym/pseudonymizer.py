"""Pseudonyms of identifiers by specification P1: one at a time or a column at once, with the same answers.

A realm key protects nothing once it is known, since all identifiers can be tried: custody of the key is everything.

Source: registry.md 2.1 (specification P1 with golden vectors).
"""

import unicodedata
from typing import NoReturn

import polars as pl
import pyarrow as pa

from simulator.errors import UnknownNameError
from simulator.pseudonym import _prf
from simulator.pseudonym.errors import IdentifierError, VersionError
from simulator.pseudonym.key import PseudonymKey, length_value
from simulator.pseudonym.realm import KINDS, Realm
from simulator.pseudonym.text import SIZE, VERSION_MAX

_MESSAGE_VERSION = b"\x01"
_IDENTIFIER_MAX = 65_535


def _message(identifier: str) -> bytes:
    text = (identifier if identifier.isascii() else unicodedata.normalize("NFC", identifier)).encode()
    return _MESSAGE_VERSION + length_value(text) if 0 < len(text) <= _IDENTIFIER_MAX else b""


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
        if not 1 <= version <= VERSION_MAX:
            msg = f"key version {version} is not among 1 to {VERSION_MAX}"
            raise VersionError(msg)
        self._key, self.realm, self.version = key, realm, version
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
        coded = identifiers.cast(pl.String).to_arrow().dictionary_encode()
        tokens = self._tokens(kind, coded.dictionary)
        packed = pa.Array.from_buffers(pa.binary(SIZE), len(coded.dictionary), [None, pa.py_buffer(tokens)])
        places = pl.Series(pl.from_arrow(coded.indices), dtype=pl.UInt32)
        return pl.Series(pl.from_arrow(packed), dtype=pl.Binary).gather(places).alias(identifiers.name)

    def _tokens(self, kind: str, identifiers: pa.Array) -> bytes:
        prefix, tag = bytes([self.version]), self._function(kind).tag
        messages = [_message(identifier) for identifier in identifiers.to_pylist()]
        if not all(messages):
            msg = f"an empty or overlong identifier of a {kind} cannot have a pseudonym"
            raise IdentifierError(msg)
        return b"".join([prefix + tag(message)[: SIZE - 1] for message in messages])
