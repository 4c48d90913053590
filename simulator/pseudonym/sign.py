"""Ed25519 signatures for checkpoints that are kept elsewhere.

Source: RFC 8032; pycryptodome passes Wycheproof's Ed25519 vectors (fixtures/vectors).
"""

from typing import Self

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from simulator.pseudonym.errors import SignatureError
from simulator.pseudonym.key import PseudonymKey

PUBLIC_SIZE = 32
_ORDER = 2**252 + 27742317777372353535851937790883648493
"""Order of the base point. A key outside its group is refused: with one of small order, anything passes as signed."""


class SigningKey:
    """A key that signs; made from a master key for a named use, so that it needs no file of its own."""

    __slots__ = ("_key", "public")

    def __init__(self, key: ECC.EccKey) -> None:
        """Hold an Ed25519 private key; `of` is the way in."""
        self._key = key
        self.public: bytes = key.public_key().export_key(format="raw")

    @classmethod
    def of(cls, key: PseudonymKey, use: str) -> Self:
        """The signing key of `key` for `use`, such as ``checkpoint``."""
        seed = key.derive(b"jukisim/sign/v1/" + use.encode())
        return cls(eddsa.import_private_key(bytes(seed)))

    def __repr__(self) -> str:
        """The public half."""
        return f"<SigningKey {self.public.hex()}>"

    def __reduce__(self) -> str:
        """Refuse to be pickled.

        Raises:
            TypeError: always.
        """
        raise TypeError("a SigningKey cannot be pickled")

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, 64 bytes; the same each time."""
        return bytes(eddsa.new(self._key, "rfc8032").sign(message))


def verify_signature(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if `signature` of `message` is by the holder of `public` (32 bytes).

    Raises:
        SignatureError: it is not, or the public key is none.
    """
    if not _holds(public, message, signature):
        raise SignatureError("the signature does not hold: another message, another key or changed bytes")


def _holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        key = eddsa.import_public_key(public)
        eddsa.new(key, "rfc8032").verify(message, signature)
    except ValueError:
        return False
    point = key.pointQ
    return not point.is_point_at_infinity() and (point * _ORDER).is_point_at_infinity()
