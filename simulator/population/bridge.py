"""People who move between two municipalities of the nation: both sides agree without asking each other.

The first blocks of a municipality exchange households with the same block of one partner. Which of a block's leaving
households cross is a function of that block alone, so the other side makes just the first part of it (streams are
addressed by number: the first part of a block is the block's first part) and finds who comes, with family, codes and
names. Both know how large the other is (`PopulationSpec.neighbours`), so none waits for people whom the other never
had.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.population.days import MOVE_NOTICE_DAYS, OfficeDays
from simulator.population.kinship import kept_names
from simulator.population.people import People
from simulator.population.pool import Bools
from simulator.population.stories import OUT, Cast
from simulator.streams import Ints, Stream
from simulator.world.municipality import MUNICIPALITIES, Municipality, place_in_nation

CROSSING_BLOCKS = 2  # blocks 0 and 1 exchange households
CROSSING_HOUSEHOLDS = 2_048  # of each, the first so many
# ASSUMED share of moves between municipalities with the My Number card (特例); three in four people hold one, and a
# third of them announce the move by the portal.
ASSUMED_CARD = 0.25
ASSUMED_CROSSING = 0.5  # of those of them who leave, so many go to the partner


def partner(place: Municipality, number: int) -> Municipality | None:
    """The municipality that block `number` of `place` exchanges households with, if any."""
    if number >= CROSSING_BLOCKS:
        return None
    other = place_in_nation(place.code) ^ (number + 1)
    return MUNICIPALITIES[other] if other < len(MUNICIPALITIES) else None


def neighbours(place: Municipality) -> list[Municipality]:
    """The municipalities that `place` exchanges households with."""
    found = (partner(place, number) for number in range(CROSSING_BLOCKS))
    return [other for other in found if other is not None]


def crossing(stream: Stream, people: People, cast: Cast) -> Ints:
    """Places in ``cast.households(OUT)`` of the households of a block that move to the partner."""
    leaving = cast.households(OUT)
    own = ~kept_names(stream, people)[leaving]
    cross = stream.chance("crossing", len(people.composition), ASSUMED_CROSSING)[leaving]
    found: Ints = np.flatnonzero(own & cross & (leaving < CROSSING_HOUSEHOLDS))
    return found


def leaving_days(stream: Stream, days: OfficeDays, count: int) -> tuple[Ints, Ints]:
    """When each of `count` leaving households moved, and when it had said so."""
    notices = days.notices(stream, "out_notice", count, seasonal=True)
    return days.after(stream, "out_day", notices, MOVE_NOTICE_DAYS), notices


def arrival_notices(stream: Stream, days: OfficeDays, happened: Ints) -> Ints:
    """When the partner is notified of the move in; −1 if that is after the window."""
    notices = days.later(happened + stream.below("crossing_notice", len(happened), MOVE_NOTICE_DAYS))
    return np.where(notices > happened + MOVE_NOTICE_DAYS, days.earlier(happened + MOVE_NOTICE_DAYS), notices)


@dataclass(frozen=True, slots=True)
class Guests:
    """Households that come from the partner's block.

    Attributes:
        residents: their columns as they were there, but for home and codes.
        foreigners, aliases: of them, numbered by row of `residents`.
        ordinals: their places in the numbering of the nation.
        home: the number (0 …) of each one's household.
        kind: of each household, a number of HOUSEHOLD_KINDS.
        happened, notified: days of each household's move.
        card: whether each household moves with the My Number card.
    """

    residents: pl.DataFrame
    foreigners: pl.DataFrame
    aliases: pl.DataFrame
    ordinals: Ints
    home: Ints
    kind: Ints
    happened: Ints
    notified: Ints
    card: Bools
