"""How a resident stands in the register on a day."""

from typing import NamedTuple


class Standing(NamedTuple):
    """All False for a number that nobody has.

    Attributes:
        live: in the register.
        removed: in it before, and removed.
        protected: under a protection measure.
    """

    live: bool = False
    removed: bool = False
    protected: bool = False
