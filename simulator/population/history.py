"""Before the window: past changes of those who are here, and removed records (除票) of those who are not."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from simulator.population import columns
from simulator.population.details import Setting, origin_texts
from simulator.population.identity import draw_identity, name_columns
from simulator.population.mix import Profile, mix
from simulator.population.party import Party
from simulator.population.people import People, draw_people
from simulator.population.pool import NONE, pool
from simulator.population.rates import rates
from simulator.population.residents import Draft, relationship_texts
from simulator.population.spec import BLOCK_NUMBERS, REMOVED_NUMBERS
from simulator.population.stories import member_by
from simulator.schema.people import CHANGES, SEX
from simulator.schema.record import REMOVED_RECORD
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day, office_days_before
from simulator.world.elsewhere import PLACES
from simulator.world.numbers import NumberEmitter, serial_numbers

ASSUMED_STAY_DAYS = 5_000  # removed records were here up to so long
NOTICE_DAYS = 14  # Source: 住基法22–25条
ADULT_DAYS = 18 * 366


@dataclass(frozen=True, slots=True)
class Past:
    """How far back is told: stream of the block, where and when, days before the window, and the profile."""

    stream: Stream
    setting: Setting
    days: int
    profile: Profile = "national"

    @property
    def eve(self) -> int:
        """The last day before the window."""
        return epoch_day(self.setting.eve)


def past_table(past: Past, draft: Draft) -> pl.DataFrame:
    """Table ``past_change``: entries, moves within, and marriages of the last years."""
    party, frame = draft.present, draft.columns
    members = np.arange(len(party.people.home))
    entry = frame["entry"].to_physical().to_numpy().astype(np.int64)
    address = frame["address_since"].to_physical().to_numpy().astype(np.int64)
    moved = address > party.since
    wed, married = _marriages(past, party)
    who = np.concatenate([members, members[moved], wed])
    days = np.concatenate([party.since, address[moved], married])
    why = np.concatenate([entry, np.full(int(moved.sum()), _number("転居")), np.full(len(wed), _number("婚姻"))])
    told = np.flatnonzero(days > past.eve - past.days)
    who, days, why = who[told], days[told], why[told]
    late = past.stream.below("past_notice", 4 * len(members), NOTICE_DAYS)[told]
    notified = np.where(why == _number("婚姻"), days, np.maximum(days, office_days_before(days + late)))
    return pl.DataFrame(
        {
            "resident_no": who.astype(np.uint32), "happened_on": columns.dates(days),
            "notified_on": columns.dates(np.minimum(notified, past.eve)), "reason": columns.terms(CHANGES)[why],
        }
    )  # fmt: skip


def _number(reason: str) -> int:
    return CHANGES.categories.to_list().index(reason)


def _marriages(past: Past, party: Party) -> tuple[Ints, Ints]:
    """Husbands and wives, and when they married, of those who did so while living here, before their children came."""
    people, source = party.people, pool()
    spouse = source.spouse[people.source]
    rows = np.flatnonzero(spouse != NONE)
    other = people.first[people.home[rows]] + spouse[rows]
    grown = np.maximum(people.birth[rows], people.birth[other]) + ADULT_DAYS
    child = np.full(len(people.home), past.eve)
    places = np.flatnonzero(source.mother[people.source] != NONE)
    np.minimum.at(child, people.first[people.home[places]] + source.mother[people.source[places]], people.birth[places])
    until = np.minimum(child[rows], child[other])
    share = past.stream.unit("married", len(people.composition))[people.home[rows]]
    day = grown + (share * np.maximum(until - grown, 0)).astype(np.int64)
    here = (until > grown) & (day > np.maximum(party.since[rows], party.since[other])) & (day < past.eve)
    return rows[here], day[here]


def removed_table(past: Past, draft: Draft, first_number: int, emitter: NumberEmitter) -> pl.DataFrame:
    """Table ``removed_record``: who left or died in the years before, and records that were copied anew."""
    if past.days == 0:
        return REMOVED_RECORD.empty()
    flow = mix(past.profile)
    years, count = past.days / 365, len(draft.present.people.composition)
    gone, dead = (past.stream.at("removed", part) for part in ("gone", "dead"))
    leaving = int(past.stream.chance("left", count, min(1.0, flow.arrival * years)).sum())
    dying = int(past.stream.chance("died", count, min(1.0, flow.death * years)).sum())
    left = draw_people(gone, leaving, flow.arriving, draft.setting.eve)
    died = draw_people(dead, dying, flow.dying, draft.setting.eve)
    parts = [
        _records(replace(past, stream=gone), left, np.arange(len(left.home)), "転出"),
        _records(replace(past, stream=dead), died, _dead(dead, died), "死亡"),
    ]
    frame = pl.concat(parts)[:REMOVED_NUMBERS]
    local = np.arange(frame.height, dtype=np.uint64) + np.uint64(BLOCK_NUMBERS - REMOVED_NUMBERS)
    place = past.stream.below("removed_address", frame.height, draft.homes.table.height)
    numbered = frame.with_columns(
        removed_no=pl.Series(np.arange(frame.height, dtype=np.uint32)),
        address_no=pl.Series(place.astype(np.uint32)),
        resident_code=emitter.resident_codes(local + np.uint64(first_number)),
        my_number=emitter.my_numbers(local + np.uint64(first_number)),
        resident_ref=serial_numbers(local + np.uint64(past.setting.block * BLOCK_NUMBERS)),
    )
    return numbered.select(REMOVED_RECORD.names)


def _dead(stream: Stream, people: People) -> Ints:
    return member_by(stream, people, np.arange(len(people.composition)), rates().death)


def _records(past: Past, people: People, members: Ints, reason: str) -> pl.DataFrame:
    """The records of `members`, removed for `reason` within the days that are told."""
    stream, source = past.stream, pool()
    identity = draw_identity(stream, people, np.arange(len(people.composition)), mix(past.profile).foreign)
    households = len(people.composition)
    removed = office_days_before(past.eve - stream.below("removed_on", households, past.days))[people.home]
    since = np.maximum(people.birth, removed - 1 - stream.below("stayed", households, ASSUMED_STAY_DAYS)[people.home])
    to = columns.texts(
        origin_texts(),
        stream.below("went_to", households, PLACES)[people.home],
        np.full(len(removed), reason == "転出"),
    )
    kept = members[people.birth[members] < removed[members]]
    frame = name_columns(identity).with_columns(
        columns.terms(SEX)[1 - source.male[people.source]].alias("sex"),
        relationship_texts(source.relationship[people.source]),
        columns.dates(people.birth).alias("birth_date"),
        columns.dates(since).alias("resident_since"),
        columns.dates(removed).alias("removed_on"),
        to.alias("went_to"),
        resident_no=pl.lit(None, pl.UInt32),
        reason=pl.lit(reason, CHANGES),
    )
    return frame[kept]


def copied_anew(residents: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Table ``removed_record`` of the copies that 改製 replaced in the window; numbered from 0."""
    made = changes.filter(pl.col("reason") == "改製").select("resident_no", removed_on="recorded_on", reason="reason")
    rows = made.join(residents, on="resident_no", maintain_order="left").drop("reason").with_columns(
        reason=pl.lit("改製", CHANGES), went_to=pl.lit(None, pl.String)
    )  # fmt: skip
    return rows.with_row_index("removed_no").select(REMOVED_RECORD.names)
