"""Tracing of delinquents (滞納者の所在調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

import numpy as np

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK
from simulator.workload.town import Town

_WEEK_MS = 7 * 86_400_000
_TURNS = 4  # ASSUMED: a delinquent is looked up again in later weeks


def _weeks(town: Town, volume: float, stream: Stream) -> Arrivals:
    first = comers(town, 80 * volume, stream, ages=(20, 80), hours=DESK)
    n = len(first.at)
    again = [first.at + k * _WEEK_MS + stream.below(f"shift{k}", n, 3) * 3_600_000 for k in range(_TURNS)]
    kept = [np.ones(n, dtype=np.bool_), *(stream.chance(f"again{k}", n, 0.6) for k in range(1, _TURNS))]
    at = np.concatenate([when[mask] for when, mask in zip(again, kept, strict=True)])
    return Arrivals(at, np.concatenate([first.target[mask] for mask in kept]))


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return _weeks(town, volume, stream)


PROCEDURE = Procedure(
    name="collection_tracing",
    title_ja="滞納者の所在調査",
    title_en="tracing of delinquents",
    purpose="tax_collection",
    system="TAX",
    sections=(("collection", 1),),
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.35)),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=False,
)
