"""The head of a live log as a small text: it lies with the log, and whoever wants to be sure keeps a copy elsewhere."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from simulator.errors import DamagedError

ORIGIN = "jukisim/live/"
CHECKPOINT_SUFFIX = ".checkpoint"
CHECKPOINT_EVENTS = 1_000
CHECKPOINT_SECONDS = 60.0
"""Events and seconds after which the next event to come writes the head at the latest. Source: registry.md 4.3."""


def beside(run: Path, ending: str) -> Path:
    """The folder ``RUN.ending`` beside the run."""
    whole = run.absolute()
    return whole.with_name(f"{whole.name}.{ending}")


@dataclass(frozen=True, slots=True)
class LiveCheckpoint:
    """The head of a live log, to be kept elsewhere: whose log, how long, and the link there.

    Attributes:
        municipality: its six digits.
        event_id: of the last event.
        link: there, 32 bytes.
    """

    municipality: str
    event_id: int
    link: bytes

    @property
    def name(self) -> str:
        """Whose log: the first line, and the name under which it is signed."""
        return ORIGIN + self.municipality

    def to_text(self) -> str:
        """Three lines, as c2sp.org/tlog-checkpoint has them: origin, size, base64."""
        return f"{self.name}\n{self.event_id}\n{base64.b64encode(self.link).decode()}\n"

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        """Read one.

        Raises:
            DamagedError: it is none.
        """
        try:
            origin, number, link = text.splitlines()
            found = cls(origin.removeprefix(ORIGIN), int(number), base64.b64decode(link, validate=True))
        except (ValueError, binascii.Error) as error:
            msg = (
                f"{where} is not a checkpoint of a live log: three lines are wanted, the first beginning with {ORIGIN}"
            )
            raise DamagedError(msg) from error
        if not text.startswith(ORIGIN):
            msg = f"{where} is not a checkpoint of a live log: it should begin with {ORIGIN}"
            raise DamagedError(msg)
        return found
