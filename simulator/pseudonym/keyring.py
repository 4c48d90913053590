"""The versions of a data set's key: pending → active → read-only → retired → destroyed.

Each version has a master of its own, so destroying one leaves nothing from which its pseudonyms could be made again
(crypto-shredding). Copies of the file that someone kept are beyond our reach.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from simulator.pseudonym import _secret_file
from simulator.pseudonym.errors import DamagedKeyError, VersionError
from simulator.pseudonym.key import PseudonymKey
from simulator.pseudonym.pseudonymizer import Pseudonymizer
from simulator.pseudonym.realm import Realm
from simulator.pseudonym.text import VERSION_MAX

_FORMAT = "jukisim-keyring-v1"


class State(StrEnum):
    """What a version may be used for."""

    PENDING = "pending"  # made, not yet used
    ACTIVE = "active"  # new pseudonyms; one version at a time
    READ_ONLY = "read-only"  # look-ups of older records, during the overlap
    RETIRED = "retired"  # nothing; may be destroyed
    DESTROYED = "destroyed"  # the key is gone


_NEXT = {
    State.PENDING: {State.ACTIVE, State.RETIRED},
    State.ACTIVE: {State.READ_ONLY, State.RETIRED},
    State.READ_ONLY: {State.RETIRED},
    State.RETIRED: {State.DESTROYED},
    State.DESTROYED: set(),
}
_USABLE = {State.ACTIVE, State.READ_ONLY}


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """One version: its number (1–31), its state, and its key until that is destroyed."""

    number: int
    state: State
    key: PseudonymKey | None


@dataclass(frozen=True, slots=True)
class Keyring:
    """All versions, in order. Each change gives a new keyring."""

    versions: tuple[KeyVersion, ...]

    @classmethod
    def of(cls, key: PseudonymKey) -> Self:
        """A keyring whose first version is `key`, active."""
        return cls((KeyVersion(1, State.ACTIVE, key),))

    def __getitem__(self, number: int) -> KeyVersion:
        """The version of that `number`.

        Raises:
            VersionError: there is none.
        """
        if not 1 <= number <= len(self.versions):
            msg = f"key version {number} does not exist; there are 1 to {len(self.versions)}"
            raise VersionError(msg)
        return self.versions[number - 1]

    @property
    def active(self) -> KeyVersion | None:
        """The version for new pseudonyms; none once it was retired without a successor."""
        return next((v for v in self.versions if v.state is State.ACTIVE), None)

    @property
    def readable(self) -> tuple[KeyVersion, ...]:
        """The versions whose pseudonyms can be looked up."""
        return tuple(v for v in self.versions if v.state in _USABLE)

    def move(self, number: int, state: State) -> Self:
        """The keyring with version `number` in `state`; destroying drops its key.

        Raises:
            VersionError: there is no such version or step, or another one is active.
        """
        version = self[number]
        if state not in _NEXT[version.state]:
            msg = f"key version {number} is {version.state} and cannot become {state}"
            raise VersionError(msg)
        if state is State.ACTIVE and self.active:
            msg = f"key version {self.active.number} is active; make it read-only first"
            raise VersionError(msg)
        key = None if state is State.DESTROYED else version.key
        moved = replace(version, state=state, key=key)
        return type(self)(tuple(moved if v.number == number else v for v in self.versions))

    def add(self, key: PseudonymKey) -> Self:
        """The keyring with one more, pending version.

        Raises:
            VersionError: all 31 versions are used up.
        """
        if len(self.versions) >= VERSION_MAX:
            msg = f"all {VERSION_MAX} key versions are used up; make a new data set"
            raise VersionError(msg)
        return type(self)((*self.versions, KeyVersion(len(self.versions) + 1, State.PENDING, key)))

    def rotate(self, key: PseudonymKey) -> Self:
        """The keyring with `key` as its active version; the one before stays readable (the overlap).

        Raises:
            VersionError: all versions are used up.
        """
        ring, active = self.add(key), self.active
        if active:
            ring = ring.move(active.number, State.READ_ONLY)
        return ring.move(len(ring.versions), State.ACTIVE)

    def pseudonymizer(self, realm: Realm, number: int | None = None) -> Pseudonymizer:
        """The pseudonymizer of `realm`, of the active version or of `number` for look-ups.

        Raises:
            VersionError: no version is active, or that one may not be read.
        """
        version = self[number] if number is not None else self.active
        if version is None:
            raise VersionError("no key version is active; rotate to a new one")
        if version.state not in _USABLE or version.key is None:
            msg = f"key version {version.number} is {version.state}; its pseudonyms cannot be made"
            raise VersionError(msg)
        return Pseudonymizer(version.key, realm, version.number)

    def create(self, path: Path) -> None:
        """Write the keyring to the new private file `path`.

        Raises:
            ExistsError: `path` is already there.
            StorageError: the disk would not take it.
        """
        _secret_file.create(path, self.pack())

    def save(self, path: Path) -> None:
        """Write the keyring to the private file `path`, in the place of an older one.

        Raises:
            StorageError: the disk would not take it; the older one stays.
        """
        _secret_file.replace(path, self.pack())

    @classmethod
    def load(cls, path: Path) -> Self:
        """The keyring in the private file `path`.

        Raises:
            MissingError: there is no such file.
            KeyFileError: it is open to others.
            DamagedKeyError: it is not a keyring, or was changed.
        """
        ring = cls.unpack(memoryview(_secret_file.read(path)))
        if ring is None:
            msg = f"{path} is damaged or not a keyring"
            raise DamagedKeyError(msg)
        return ring

    def pack(self) -> memoryview:
        """The keyring with its keys as bytes, for a private file or a vault."""
        rows = [
            {"state": v.state, "key": v.key and v.key.reveal(), "check": v.key and v.key.fingerprint}
            for v in self.versions
        ]
        return memoryview(json.dumps({"format": _FORMAT, "versions": rows}, indent=1).encode())

    @classmethod
    def unpack(cls, packed: memoryview) -> Self | None:
        """The keyring in `packed`; none if it is not one or a key disagrees with its check value."""
        try:
            rows = json.loads(bytes(packed))["versions"]
            return cls(tuple(_version(i, row) for i, row in enumerate(rows, 1)))
        except (ValueError, KeyError, TypeError):
            return None


def _version(number: int, row: dict[str, str | None]) -> KeyVersion:
    state = State(row["state"] or "")
    key = PseudonymKey(memoryview(bytes.fromhex(row["key"]))) if row["key"] else None
    if (key is None) != (state is State.DESTROYED) or (key and key.fingerprint != row["check"]):
        raise ValueError("key and state or check value disagree")
    return KeyVersion(number, state, key)
