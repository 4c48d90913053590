"""Makes parties: people with their names, what is known of their births, and since when they are residents."""

from dataclasses import replace

import numpy as np

from simulator.population.details import birth_known
from simulator.population.foreign import KOREA
from simulator.population.identity import Identity, draw_identity
from simulator.population.mix import mix
from simulator.population.party import Party
from simulator.population.people import People
from simulator.population.plan import Plan
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day

ASSUMED_NATIVE = 0.4  # share of household heads who have lived here since birth
ASSUMED_LONGEST_STAY_DAYS = 9_000  # of foreigners, but for Koreans


def make_party(plan: Plan, stream: Stream, people: People, surname_of: Ints, since: Ints | None = None) -> Party:
    """`people` with their names, what is known of their births, and since when they are residents."""
    identity = draw_identity(stream, people, surname_of, mix(plan.profile).foreign)
    known, birth = birth_known(stream, people, identity)
    settled = replace(people, birth=birth)
    came = _since(plan, settled, identity) if since is None else since[people.home]
    return Party(stream, settled, identity, came, known)


def _since(plan: Plan, people: People, identity: Identity) -> Ints:
    """When each became a resident: with the head's household, or at birth; few foreigners are born here."""
    count = len(people.composition)
    start = epoch_day(plan.window.start) - 1
    head = people.birth[people.first]
    korean = identity.nation[people.first] == KOREA + 1
    abroad = (identity.nation[people.first] > 0) & ~korean
    native = plan.here.chance("native", count, ASSUMED_NATIVE) & ~abroad
    adult = np.maximum(1, start - head - 18 * 365)
    adult = np.where(abroad, np.minimum(adult, ASSUMED_LONGEST_STAY_DAYS), adult)
    came = start - (plan.here.unit("tenure", count) * plan.here.unit("tenure_again", count) * adult).astype(np.int64)
    return np.maximum(people.birth, np.where(native, head, came)[people.home])
