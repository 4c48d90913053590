"""People who enter the register together."""

from dataclasses import dataclass

from simulator.population.identity import Identity
from simulator.population.people import People
from simulator.streams import Ints, Stream


@dataclass(frozen=True, slots=True)
class Party:
    """Who they are, their names, since when they are residents (epoch days), and what of their births is known."""

    stream: Stream
    people: People
    identity: Identity
    since: Ints
    known: Ints
