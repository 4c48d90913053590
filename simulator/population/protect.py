"""Protection measures (DV等支援措置): who is protected from whom, the yearly terms, and to whom it was forwarded."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.population import columns
from simulator.population.party import Party
from simulator.population.people import People
from simulator.population.pool import Bools
from simulator.population.rates import rates
from simulator.schema.people import CONSULTED
from simulator.schema.record import TERM_KINDS
from simulator.streams import Ints, Stream, Weights
from simulator.world.calendar import epoch_day, office_days_before
from simulator.world.elsewhere import PLACES, municipality_of
from simulator.world.given_names import given_names
from simulator.world.surnames import surnames

ASSUMED_RENEWED = 0.85  # of measures that end, so many are renewed for another year
ASSUMED_LONGEST = 6  # years that a measure may have been held when the window begins
# ASSUMED: which body was consulted, in the order of CONSULTED.
ASSUMED_CONSULTED = Weights.of((48, 38, 6, 8))
ASSUMED_FORWARD_DAYS = 21  # days until another municipality applies a forwarded measure (domain.md 1.3: it may be late)
ASSUMED_FORWARDED = (0.75, 0.45)  # chance that it was forwarded to the former address, and to the family register
YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Measures:
    """Protected households and the terms of each.

    Attributes:
        households: shape ``(n,)``.
        first: first day of the first term, epoch days.
        years: how many terms there are, up to the end of the window.
    """

    households: Ints
    first: Ints
    years: Ints

    def day(self, years: Ints) -> Ints:
        """The day `years` after the first of each measure; 29 February becomes 1 March."""
        first = self.first.astype("datetime64[D]")
        month = first.astype("datetime64[M]")
        moved = (month + (YEAR_MONTHS * years).astype("timedelta64[M]")).astype("datetime64[D]")
        found: Ints = moved.astype(np.int64) + (first - month.astype("datetime64[D]")).astype(np.int64)
        return found


def draw_measures(stream: Stream, people: People, window: Window) -> Measures:
    """Households under a measure in the window; each began up to some years ago and was renewed year by year."""
    count = len(people.composition)
    chosen = np.flatnonzero(stream.chance("protected", count, rates().protected[people.composition]))
    start, end = epoch_day(window.start), epoch_day(window.end)
    back = (stream.unit("protected_since", count) * stream.unit("protected_years", count) * ASSUMED_LONGEST * 365)[
        chosen
    ]
    first = office_days_before(start - 1 - back.astype(np.int64))
    held = terms_begun(chosen, first, start)
    measures = Measures(chosen, first, held)
    years = held.copy()
    for turn in range((end - start) // 365 + 2):
        renewed = stream.chance(f"renewed_{turn}", count, ASSUMED_RENEWED)[chosen]
        running = measures.day(held + turn) < end
        years += (years == held + turn) & renewed & running
    return Measures(chosen, first, years)


def terms_begun(households: Ints, first: Ints, start: int) -> Ints:
    """How many yearly terms of measures since the days `first` begin before the day `start`, the last not over then."""
    held = (start - first) // 366 + 1
    return held + (Measures(households, first, held).day(held) <= start)


def _members(people: People, households: Ints) -> tuple[Ints, Ints]:
    size = people.size[households]
    at = np.repeat(np.arange(len(households)), size)
    place = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
    return people.first[households][at] + place, at


def protection_table(party: Party, measures: Measures, former: tuple[Ints, Ints], names: pl.DataFrame) -> pl.DataFrame:
    """Table ``protection`` with local numbers: the whole household is protected, the head has applied."""
    people, stream = party.people, party.stream
    members, at = _members(people, measures.households)
    count = len(people.composition)
    consulted = stream.pick("consulted", count, ASSUMED_CONSULTED)[measures.households]
    return pl.DataFrame(
        {
            "resident_no": members.astype(np.uint32),
            "valid_from": columns.dates(measures.first[at]),
            "valid_to": columns.dates(measures.day(measures.years)[at]),
            "other_party": _other_party(party, measures.households, former, names)[at],
            "applicant": people.first[measures.households][at].astype(np.uint32),
            "first_from": columns.dates(measures.first[at]),
            "consulted": columns.terms(CONSULTED)[consulted[at]],
        }
    )


def term_table(people: People, measures: Measures) -> pl.DataFrame:
    """Table ``protection_term`` with local numbers: a year each, decided on an office day up to the first day."""
    members, at = _members(people, measures.households)
    turn = _turns(measures.years[at])
    rows = np.repeat(np.arange(len(at)), measures.years[at])
    own = Measures(measures.households[at][rows], measures.first[at][rows], measures.years[at][rows])
    start = own.day(turn)
    frame = pl.DataFrame(
        {
            "resident_no": members[rows].astype(np.uint32),
            "kind": columns.terms(TERM_KINDS)[np.minimum(turn, 1)],
            "valid_from": columns.dates(start),
            "valid_to": columns.dates(own.day(turn + 1)),
            "decided_on": columns.dates(office_days_before(start)),
        }
    )
    return frame


def _turns(years: Ints) -> Ints:
    """0, 1 … within each of `years`."""
    rows = np.repeat(np.arange(len(years)), years)
    turns: Ints = np.arange(len(rows)) - np.repeat(np.cumsum(years) - years, years)
    return turns


def forward_table(party: Party, measures: Measures) -> pl.DataFrame:
    """Table ``protection_forward``: to where the household came from and where its family register is kept."""
    people, stream = party.people, party.stream
    count = len(people.composition)
    frames = []
    members, at = _members(people, measures.households)
    for column, chance in zip(("came_from", "registry_far"), ASSUMED_FORWARDED, strict=True):
        forwarded = stream.chance(f"forward_{column}", count, chance)[measures.households]
        place = stream.below(column, count, PLACES)[measures.households]
        sent = measures.first + stream.below(f"sent_{column}", count, 5)[measures.households]
        applied = sent + stream.below(f"applied_{column}", count, ASSUMED_FORWARD_DAYS)[measures.households]
        rows = np.flatnonzero(forwarded[at])
        frames.append(
            _forwarded(members[rows], [municipality_of(int(p)) for p in place[at[rows]]], (sent, applied), at[rows])
        )
    return pl.concat(frames).unique(["resident_no", "municipality"], keep="first", maintain_order=True)


def _forwarded(members: Ints, places: list[str], days: tuple[Ints, Ints], at: Ints) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "resident_no": members.astype(np.uint32), "municipality": pl.Series(places, dtype=pl.String),
            "sent_on": columns.dates(days[0][at]), "in_force_on": columns.dates(days[1][at]),
        }
    )  # fmt: skip


def other_parties(people: People, measures: Measures, former: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Other parties who live in the block, and the applicants who are protected from them."""
    husband = _husbands(people, former)[measures.households]
    known = husband >= 0
    return husband[known], people.first[measures.households[known]]


def _husbands(people: People, former: tuple[Ints, Ints]) -> Ints:
    husband = np.full(len(people.composition), -1)
    husband[people.home[former[0]]] = former[1]
    return husband


def _other_party(party: Party, households: Ints, former: tuple[Ints, Ints], names: pl.DataFrame) -> pl.Series:
    """The former husband where he is known, else a man of the head's age from elsewhere."""
    people, stream = party.people, party.stream
    count = len(people.composition)
    family = surnames()[0].names["name"][stream.pick("party_family", count, surnames()[1])[households]]
    born = people.birth[people.first].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    rows = given_names().draw(stream, "party_given", np.ones(count, dtype=np.bool_), born)[households]
    text = family + " " + given_names().listed.names["name"][rows]
    husband = _husbands(people, former)[households]
    his = np.maximum(husband, 0)
    known: Bools = husband >= 0
    own: pl.Series = names["family_name"][his] + " " + names["given_name"][his]
    return own.zip_with(pl.Series(known), text)
