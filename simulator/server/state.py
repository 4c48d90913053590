"""What the routes of one server share."""

from collections import Counter
from dataclasses import dataclass, field

from simulator.live.desk import Live
from simulator.server.keeping import Keeper
from simulator.server.tokens import Tokens


@dataclass(slots=True)
class State:
    """The state of a server.

    Attributes:
        live: the run in use.
        tokens: who is logged on.
        counted: answers by question and code.
        keeper: puts events on disk; there from the start of the application on.
    """

    live: Live
    tokens: Tokens
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    keeper: Keeper = field(init=False)
