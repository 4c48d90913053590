"""The register in columns: who is found by a search, on a day, for any number of searches at once."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self

import numpy as np
import polars as pl

from simulator.registry.index import Codes, Flags, Index, Received, Sorted, Times, containing, ranks
from simulator.registry.intervals import FOREVER, Ints
from simulator.registry.lookup import Register, lookup
from simulator.registry.queries import queries
from simulator.registry.query import Query
from simulator.registry.received import KNOWN
from simulator.schema.vocabulary import MATCHES

EPOCH = date(1970, 1, 1)
MATCH_NAMES = tuple(term.code for term in MATCHES)
_TYPED_LIMIT = 256
LISTED = ("kana_key", "birth_date", "resident_no")
"""The order of candidates; total, since resident_no is unique."""


@dataclass(frozen=True, slots=True)
class Searches:
    """Many searches, columns of shape ``(n,)``.

    Attributes:
        query: place of the query in `queries`.
        match: place of the match in the vocabulary.
        typed: characters of the first detail; 0 for all.
        target: resident_no whose details are searched for.
        day: days since 1970-01-01.
    """

    query: Ints
    match: Ints
    typed: Ints
    target: Ints
    day: Ints

    def take(self, rows: Ints) -> Self:
        """The searches at `rows`."""
        columns = (self.query, self.match, self.typed, self.target, self.day)
        return type(self)(*(column[rows] for column in columns))


@dataclass(frozen=True, slots=True)
class Registry:
    """A municipality's register in memory.

    Attributes:
        code: of the municipality.
        keys: the searchable columns, by resident_no.
        times: when records are live and protected.
        household: household_no of each resident, shape ``(n_residents,)``.
        birth: birth date of each resident in days since 1970-01-01.
        members: residents by household.
        households: where each household begins in `members`.
    """

    code: str
    keys: pl.DataFrame
    times: Times
    household: Ints
    birth: Ints
    members: Ints
    households: Ints
    _indexes: dict[tuple[str, str, int], Index] = field(default_factory=dict, repr=False, compare=False)
    _sorted: dict[str, Sorted] = field(default_factory=dict, repr=False, compare=False)
    _long: dict[str, Ints] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, register: Register, received: pl.DataFrame | None = None) -> Self:
        """Load a population, or anything with its tables, and what it received of others (`registry.received`)."""
        keys = _keys(register)
        household = keys["household_no"].cast(pl.Int64).to_numpy()
        times = _times(register, keys, pl.DataFrame(schema=KNOWN) if received is None else received)
        members = np.lexsort((times.order, household))
        offsets = np.searchsorted(household[members], np.arange(int(household.max(initial=-1)) + 2))
        birth = keys["birth_date"].str.to_date().to_physical().cast(pl.Int64).to_numpy()
        return cls(register.municipality.code, keys, times, household, birth, members, offsets)

    @property
    def size(self) -> int:
        """How many residents it holds, present or not."""
        return self.keys.height

    def codes(self, residents: Ints) -> pl.Series:
        """Resident codes of `residents`."""
        return self.keys["resident_code"].gather(residents)

    def household_codes(self, residents: Ints) -> pl.Series:
        """Household codes (municipality and eight digits) of `residents`."""
        numbers = pl.Series(self.household[residents]).cast(pl.String).str.zfill(8)
        return self.code + numbers

    def length(self, searches: Searches) -> Ints:
        """How many characters of the first detail are really used, shape ``(n,)``; 1 at least."""
        lengths = np.ones(len(searches.query), dtype=np.int64)
        for place, query in enumerate(queries().values()):
            rows = np.flatnonzero(searches.query == place)
            if rows.size:
                lengths[rows] = self._lengths(query.keys[0].column)[searches.target[rows]]
        exact = _exact(searches)
        cut = np.where(exact | (searches.typed == 0), _TYPED_LIMIT, searches.typed)
        return np.maximum(1, np.minimum(lengths, cut))

    def typed(self, searches: Searches) -> tuple[pl.Series, pl.Series]:
        """Per search: its details with the characters typed of the first (``kana:4+birth``), and all that was typed."""
        names, lengths = tuple(queries()), pl.Series(self.length(searches))
        order, labels, texts = np.argsort(searches.query, kind="stable"), [], []
        places, starts = np.unique(searches.query[order], return_index=True)
        for place, rows in zip(places.tolist(), np.split(order, starts)[1:], strict=True):
            first, *others = queries()[names[place]].keys
            cut, target = lengths.gather(rows), searches.target[rows]
            rest = "".join(f"+{key.label}" for key in others)
            whole = pl.DataFrame(
                [self.keys[first.column].gather(target).alias("0"), cut.alias("cut")]
                + [self.keys[key.column].gather(target).alias(key.label) for key in others]
            )
            typed = pl.concat_str(
                pl.col("0").str.slice(0, pl.col("cut")), *(key.label for key in others), separator="|"
            )
            labels.append(f"{first.label}:" + cut.cast(pl.String) + rest)
            texts.append(whole.select(pl.lit(f"{names[place]}|") + typed).to_series())
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        nothing = pl.Series([], dtype=pl.String)
        return pl.concat([nothing, *labels]).gather(back), pl.concat([nothing, *texts]).gather(back)

    def count(self, searches: Searches) -> tuple[Ints, Ints]:
        """Per search: residents found on its day, and how many of them are protected then; shapes ``(n,)``."""
        hits, guarded = np.zeros_like(searches.target), np.zeros_like(searches.target)
        for index, rows in self._by_index(searches):
            hits[rows], guarded[rows] = index.count(searches.target[rows], searches.day[rows])
        return hits, guarded

    def candidates(self, searches: Searches, limit: Ints, guarded_too: Flags) -> tuple[Ints, Ints, Ints]:
        """The first `limit` residents that each search finds: row of the search, rank from 0, resident_no.

        Ordered by row and rank. Protected residents are listed only where `guarded_too`.
        """
        parts = []
        for index, rows in self._by_index(searches):
            chosen = (searches.target[rows], searches.day[rows], limit[rows], guarded_too[rows])
            row, rank, resident = index.candidates(*chosen, self.times)
            parts.append((rows[row], rank, resident))
        if not parts:
            nothing = np.empty(0, dtype=np.int64)
            return nothing, nothing, nothing
        row, rank, resident = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(row, kind="stable")  # each search has one index, which ranks its own
        return row[order], rank[order], resident[order]

    def household_of(self, target: Ints, day: Ints, guarded_too: Flags) -> tuple[Ints, Ints, Ints]:
        """Who lives in the household of each `target` on `day`: row, rank from 0, resident_no; by row and rank."""
        home = self.household[target]
        sizes = self.households[home + 1] - self.households[home]
        row = np.repeat(np.arange(len(target)), sizes)
        within = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        resident = self.members[self.households[home][row] + within]
        seen = self.times.live(resident, day[row]) & (guarded_too[row] | ~self.times.protected(resident, day[row]))
        row, resident = row[seen], resident[seen]
        return row, ranks(row, len(target)), resident

    def _by_index(self, searches: Searches) -> list[tuple[Index, Ints]]:
        lengths = np.where(_exact(searches), 0, self.length(searches))
        form = (searches.query * len(MATCH_NAMES) + searches.match) * (_TYPED_LIMIT + 1) + lengths
        order = np.argsort(form, kind="stable")
        forms, starts = np.unique(form[order], return_index=True)
        names = tuple(queries())
        found = []
        for one, rows in zip(forms.tolist(), np.split(order, starts)[1:], strict=True):
            place, length = divmod(one, _TYPED_LIMIT + 1)
            number, match = divmod(place, len(MATCH_NAMES))
            found.append((self.index(names[number], MATCH_NAMES[match], length), rows))
        return found

    def index(self, name: str, match: str, length: int) -> Index:
        """The index of the query `name` matched by the first `length` characters; made once."""
        query = queries()[name]
        form = (name, query.match(match), 0 if query.match(match) == "exact" else length)
        if form not in self._indexes:
            self._indexes[form] = self._make(query, form[1], form[2])
        return self._indexes[form]

    def _make(self, query: Query, match: str, length: int) -> Index:
        first, everyone = self.keys[query.keys[0].column], np.arange(self.size)
        own = self._dense(first.name, None if match == "exact" else length)
        pair, resident = containing(first, own, length) if match == "partial" else (own, everyone)
        for key in query.keys[1:]:
            other = self._dense(key.column)
            span = int(other.max(initial=0)) + 1
            own, pair = own * span + other, pair * span + other[resident]
        groups, code = np.unique(own, return_inverse=True)
        group: Codes = code.astype(np.int32)
        if match != "partial":
            return Index.of(group, group, everyone, self.times)
        place = np.minimum(np.searchsorted(groups, pair), len(groups) - 1)
        held = groups[place] == pair
        return Index.of(group, place[held].astype(np.int32), resident[held], self.times)

    def _dense(self, column: str, length: int | None = None) -> Ints:
        if column not in self._sorted:
            self._sorted[column] = Sorted.of(self.keys[column])
        return self._sorted[column].dense(length)

    def _lengths(self, column: str) -> Ints:
        if column not in self._long:
            self._long[column] = self.keys[column].str.len_chars().cast(pl.Int64).to_numpy()
        return self._long[column]


def _exact(searches: Searches) -> Flags:
    only = np.array([query.matches == ("exact",) for query in queries().values()])
    return np.asarray((searches.match == MATCH_NAMES.index("exact")) | only[searches.query])


def _keys(register: Register) -> pl.DataFrame:
    own = register.residents.sort("resident_no")
    places = register.addresses.select("address_no", "address_key")
    return own.join(places, on="address_no", maintain_order="left").join(
        lookup(register), on="resident_no", maintain_order="left"
    ).select(
        "resident_no", "kana_key", "name_key", "family_kana_key", "family_name_key", "address_key",
        "resident_code", "my_number", "entered_on", "left_on",
        pl.col("household_no", "birth_date").cast(pl.String),
    )  # fmt: skip


def _times(register: Register, keys: pl.DataFrame, received: pl.DataFrame) -> Times:
    measures = register.protections.select("resident_no", "valid_from", "valid_to")
    held = keys.select("resident_no", "entered_on", "left_on").join(
        measures, on="resident_no", how="left", maintain_order="left"
    )

    def days(column: str, missing: int) -> Ints:
        return held[column].to_physical().cast(pl.Int64).fill_null(missing).clip(0, FOREVER).to_numpy()

    order = np.empty(keys.height, dtype=np.int64)
    order[keys.select(pl.arg_sort_by(*LISTED)).to_series().to_numpy()] = np.arange(keys.height)
    guarded, unguarded = days("valid_from", FOREVER), days("valid_to", 0)
    number, first, end = (received[name].to_physical().cast(pl.Int64).to_numpy() for name in KNOWN)
    return Times(
        entered=days("entered_on", 0),
        left=days("left_on", FOREVER),
        guarded=guarded,
        unguarded=unguarded,
        order=order,
        opening=(register.window.start - EPOCH).days,
        received=Received(number, first, end).beside(guarded[number], unguarded[number]),
    )
