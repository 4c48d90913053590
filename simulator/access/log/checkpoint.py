"""The head of a log as a small text that can be kept elsewhere.

Source: c2sp.org/tlog-checkpoint (the body of a checkpoint).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self

from simulator.access.log.record import schema_digest
from simulator.access.log.tree import HASH_BYTES
from simulator.errors import DamagedError

ORIGIN = "jukisim/audit/"
_LINES = 5
_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of one municipality's log.

    Attributes:
        municipality: its six-digit code.
        leaves: how many batches the tree has.
        root: of the tree, 32 bytes.
        events: how many events the log has.
        schema: digest of the form of a record.
    """

    municipality: str
    leaves: int
    root: bytes
    events: int
    schema: str

    @classmethod
    def of(cls, municipality: str, leaves: int, root: bytes, events: int) -> Self:
        """The head of a log of this version's records."""
        return cls(municipality, leaves, root, events, schema_digest())

    @property
    def root_text(self) -> str:
        """The root, base64."""
        return base64.b64encode(self.root).decode()

    def to_bytes(self) -> bytes:
        """Origin, tree size, root; then events and record form as extension lines."""
        lines = (
            ORIGIN + self.municipality,
            str(self.leaves),
            self.root_text,
            f"events {self.events}",
            f"record {self.schema}",
        )
        return ("\n".join(lines) + "\n").encode()

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """Read a checkpoint.

        Raises:
            DamagedError: it is not one.
        """
        lines = content.decode("utf-8", "replace").split("\n")
        try:
            found = cls(
                lines[0].removeprefix(ORIGIN),
                int(lines[1]),
                base64.b64decode(lines[2], validate=True),
                int(lines[3].removeprefix("events ")),
                lines[4].removeprefix("record "),
            )
        except (IndexError, ValueError, binascii.Error) as error:
            msg = f"{where} is not a checkpoint: {error}"
            raise DamagedError(msg) from error
        sound = _CODE.fullmatch(found.municipality) and min(found.leaves, found.events) >= 0
        if not sound or found.to_bytes() != content or len(found.root) != HASH_BYTES:
            msg = f"{where} is not a checkpoint: it should have {_LINES} lines, the first {ORIGIN} and a six-digit code"
            raise DamagedError(msg)
        return found
