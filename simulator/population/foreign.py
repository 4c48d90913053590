"""What the record of foreign residents holds beside the common items: status, period, card, kanji, aliases."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.population import columns
from simulator.population.party import Party
from simulator.population.pool import NONE, Bools, pool
from simulator.schema.record import ALIAS, FOREIGN_CATEGORIES, FOREIGN_RESIDENT, RESIDENCE_STATUSES
from simulator.streams import Ints, Stream, Words
from simulator.world.foreigners import NATIONS, kanji_keys, kanji_names
from simulator.world.given_names import given_names
from simulator.world.municipality import Municipality
from simulator.world.numbers import NumberEmitter
from simulator.world.residence import (
    FAMILY_OF_HEAD,
    LONG_STAY_DAYS,
    REGISTER_BEGAN,
    alias_rates,
    period_table,
    status,
    status_weights,
)
from simulator.world.surnames import surnames

ASSUMED_KANJI = 0.9  # of those whose name has kanji, so many have them recorded
ASSUMED_EARLIER_ALIAS = 0.08
ASSUMED_ELSEWHERE_DAYS = 2_000  # days a foreigner who moved here may have been a foreign resident elsewhere
_OLD, _STUDENT_LIMIT, _TRAINEE_LIMIT = 60, 35, 50
_DAYS_PER_MONTH = 30.44
KOREA = next(i for i, nation in enumerate(NATIONS) if nation.code == "KR")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Foreign members of a party: their rows, statuses, and when their period ends.

    Attributes:
        rows: member numbers.
        status: number of the status of residence.
        period: row of the period's name; −1 without.
        expires: epoch day; −1 without.
        since: epoch day since when each is a foreign resident.
    """

    rows: Ints
    status: Ints
    period: Ints
    expires: Ints
    since: Ints


def draw_foreign(party: Party, eve: int, quiet: Bools) -> Foreign:
    """Statuses and periods of the foreign members of `party` as of `eve`; only `quiet` ones expire within a year."""
    stream, people, identity = party.stream, party.people, party.identity
    rows = np.flatnonzero(identity.nation > 0)
    held = _statuses(party, rows, eve)
    choices, months, _ = period_table()
    words = _words(stream, "period", len(people.home), rows)
    period = choices[held, (words % np.uint64(3)).astype(np.int64)]
    forever = (held == status("永住者")) | (held == status("特別永住者"))
    length = (months[period] * _DAYS_PER_MONTH).astype(np.int64)
    left = 1 + (_unit(stream, "expires", len(people.home), rows) * length).astype(np.int64)
    left = np.where(quiet[rows] | (left > 366), left, left + 366)  # noqa: PLR2004
    began = np.maximum(party.since[rows], REGISTER_BEGAN)
    moved = ~stream.chance("direct", len(people.composition), 0.5)[people.home[rows]]
    before = (_unit(stream, "foreign_since", len(people.home), rows) * ASSUMED_ELSEWHERE_DAYS).astype(np.int64)
    since = np.maximum(np.where(moved, began - before, began), np.maximum(REGISTER_BEGAN, people.birth[rows]))
    none = np.full(len(rows), -1)
    return Foreign(rows, held, np.where(forever, none, period), np.where(forever, none, eve + left), since)


def _words(stream: Stream, column: str, count: int, rows: Ints) -> Words:
    return stream.bits(column, count)[rows]


def _unit(stream: Stream, column: str, count: int, rows: Ints) -> np.ndarray:
    return (_words(stream, column, count, rows) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _statuses(party: Party, rows: Ints, eve: int) -> Ints:
    """The head's status by nationality, age and stay; the family's by the head's."""
    people, source = party.people, pool()
    homes = people.home[rows]
    heads = people.first[homes]
    nation = party.identity.nation[heads] - 1
    words = _words(party.stream, "status", len(people.composition), homes) >> np.uint64(11)
    drawn = np.zeros(len(rows), dtype=np.int64)
    for which, weights in enumerate(status_weights()):
        own = nation == which
        drawn[own] = np.searchsorted(weights.thresholds, words[own], side="right")
    age, alone = source.age[people.source[heads]], people.size[homes] == 1
    settled = np.where(nation == KOREA, status("特別永住者"), status("永住者"))
    long = (eve - party.since[heads] > LONG_STAY_DAYS) & ~np.isin(
        drawn, [status(n) for n in ("永住者", "特別永住者", "定住者")]
    )
    drawn = np.where(long | (age >= _OLD), settled, drawn)
    student, trainee = drawn == status("留学"), np.isin(drawn, [status("技能実習"), status("特定技能")])
    unfit = (student & (age >= _STUDENT_LIMIT)) | (trainee & ((age >= _TRAINEE_LIMIT) | ~alone))
    drawn = np.where(unfit, status("技術・人文知識・国際業務"), drawn)
    return np.where(rows == heads, drawn, _family_status(drawn, source.spouse[people.source[rows]] != NONE))


def _family_status(head: Ints, spouse: Bools) -> Ints:
    """What members of the household of a head with status `head` hold."""
    dependent = np.isin(head, [status(name) for name in FAMILY_OF_HEAD])
    through_japanese = np.isin(head, [status("日本人の配偶者等"), status("特定活動"), status("技能実習")])
    permanent = (head == status("永住者")) & spouse
    held = np.where(dependent, status("家族滞在"), np.where(through_japanese, status("定住者"), head))
    return np.where(permanent, status("永住者の配偶者等"), held)


@dataclass(frozen=True, slots=True)
class Aliases:
    """Aliases of the foreign members: rows of the name lists, −1 for none, and since when."""

    family: Ints
    given: Ints
    since: Ints


def draw_aliases(party: Party, foreign: Foreign, column: str = "alias", *, everyone: bool = False) -> Aliases:
    """Japanese names in use, one surname a household; `everyone` has one, or as many as have."""
    stream, people, rows = party.stream, party.people, foreign.rows
    nation = party.identity.nation[rows] - 1
    permanent = np.isin(foreign.status, [status("永住者"), status("特別永住者")])
    chance = alias_rates()[nation, np.where(permanent, 0, 1)]
    homes = len(people.composition)
    has = everyone | (_unit(stream, "alias", homes, people.home[rows]) < chance)
    family = np.searchsorted(
        surnames()[1].thresholds, _words(stream, f"{column}_family", homes, people.home[rows]) >> np.uint64(11), "right"
    )
    words = _words(stream, f"{column}_given", len(people.home), rows) >> np.uint64(11)
    years = people.birth[rows].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    given = given_names().pick(words, pool().male[people.source[rows]], years)
    return Aliases(np.where(has, family, -1), given, foreign.since)


def alias_texts(aliases: Aliases) -> pl.DataFrame:
    """Columns alias, alias_kana and alias_key; null for none."""
    has = aliases.family >= 0
    first, second = surnames()[0].names, given_names().listed.names
    part = {
        name: (columns.texts(first[name], aliases.family, has), second[name][aliases.given])
        for name in ("name", "kana", "name_key")
    }
    return pl.DataFrame(
        {
            "alias": part["name"][0] + " " + part["name"][1],
            "alias_kana": part["kana"][0] + " " + part["kana"][1],
            "alias_key": part["name_key"][0] + part["name_key"][1],
        }
    )


def foreign_table(party: Party, foreign: Foreign, ordinals: Words, emitter: NumberEmitter, first: int) -> pl.DataFrame:
    """Table ``foreign_resident`` of a party whose members are numbered from `first`."""
    rows = foreign.rows
    special = foreign.status == status("特別永住者")
    names = pl.Series(period_table()[2])
    kanji, keys = _kanji(party, rows)
    return FOREIGN_RESIDENT.conform(
        pl.DataFrame(
            {
                "resident_no": (rows + first).astype(np.uint32),
                "category": columns.terms(FOREIGN_CATEGORIES)[special.astype(np.int64)],
                "residence_status": columns.terms(RESIDENCE_STATUSES)[foreign.status],
                "period": columns.texts(names, foreign.period, foreign.period >= 0),
                "expires_on": columns.dates_or_none(foreign.expires), "foreign_since": columns.dates(foreign.since),
                "card_no": emitter.card_numbers(ordinals[rows]),
                "name_kanji": kanji, "kanji_key": keys,
            }
        ).hstack(alias_texts(draw_aliases(party, foreign)))
    )  # fmt: skip


def _kanji(party: Party, rows: Ints) -> tuple[pl.Series, pl.Series]:
    """Names in kanji and their folded form; null where none is recorded."""
    recorded = party.stream.chance("kanji", len(party.people.home), ASSUMED_KANJI)[rows]
    family, given = party.identity.family[rows], party.identity.given[rows]
    plain, folded = (
        columns.texts(first, family, recorded) + second[given] for first, second in (kanji_names(), kanji_keys())
    )
    return plain, folded


def newborn_foreigners(numbers: Ints, birth: Ints) -> pl.DataFrame:
    """Table ``foreign_resident`` of children born in the window: no status until one is given (30条の47)."""
    frame = pl.DataFrame({"resident_no": numbers.astype(np.uint32), "on": birth.astype(np.int32)})
    nothing = [pl.lit(None, c.dtype).alias(c.name) for c in FOREIGN_RESIDENT if c.nullable]
    category = pl.lit("出生・国籍喪失経過滞在者", FOREIGN_CATEGORIES)
    return FOREIGN_RESIDENT.conform(
        frame.with_columns(*nothing, category=category, foreign_since=pl.col("on").cast(pl.Date))
    )


def alias_table(party: Party, foreign: Foreign, place: Municipality, first: int) -> pl.DataFrame:
    """Table ``alias``: the one in use, and for some an earlier one."""
    now, before = draw_aliases(party, foreign), draw_aliases(party, foreign, "earlier_alias")
    has = np.flatnonzero(now.family >= 0)
    start, length = foreign.since[has], np.maximum(party.since[foreign.rows] - foreign.since, 0)[has]
    chance = party.stream.chance("earlier", len(party.people.home), ASSUMED_EARLIER_ALIAS)[foreign.rows[has]]
    earlier = np.flatnonzero((length > 1) & chance)
    changed = start.copy()
    changed[earlier] += length[earlier] // 2
    forever = np.full(len(has), -1)
    frames = []
    for aliases, kept, spans in ((before, earlier, (start, changed)), (now, np.arange(len(has)), (changed, forever))):
        rows = has[kept]
        own = Aliases(aliases.family[rows], aliases.given[rows], aliases.since[rows])
        frames.append(
            pl.DataFrame(
                {
                    "resident_no": (foreign.rows[rows] + first).astype(np.uint32),
                    **alias_texts(own).to_dict(),
                    "registered_on": columns.dates(spans[0][kept]),
                    "removed_on": columns.dates_or_none(spans[1][kept]),
                    "registered_at": pl.Series([place.name] * len(rows), dtype=pl.String),
                }
            )
        )
    return ALIAS.conform(pl.concat(frames))


def renamed_aliases(
    aliases: pl.DataFrame, told: list[tuple[Ints, Ints, pl.DataFrame]], place: Municipality
) -> pl.DataFrame:
    """Table ``alias`` with what the window brought: each of `told` removes the one in use, and records another if any.

    Args:
        aliases: as they stood.
        told: residents, epoch days, and columns alias and alias_kana, null where there is none from then on.
        place: where they were recorded.
    """
    if not told:
        return aliases
    news = pl.concat(
        frame.select("alias", "alias_kana", resident_no=pl.Series(who.astype(np.uint32)), day=columns.dates(days))
        for who, days, frame in told
    )
    ended = aliases.join(news.select("resident_no", "day"), on="resident_no", how="left", maintain_order="left")
    ended = ended.with_columns(removed_on=pl.coalesce("removed_on", "day")).select(aliases.columns)
    new = news.drop_nulls("alias").rename({"day": "registered_on"})
    new = new.with_columns(removed_on=pl.lit(None, pl.Date), registered_at=pl.lit(place.name))
    return ALIAS.conform(pl.concat([ended, new.select(aliases.columns)]))
