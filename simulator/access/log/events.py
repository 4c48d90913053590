"""From answers to events: numbers given after the merge, people as pseudonyms of the log's realm."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from simulator.access.columns import Ints
from simulator.access.gate import Answers
from simulator.pseudonym import Epochs
from simulator.registry import Registry, Searches, queries
from simulator.schema import EVENT, SHOWN
from simulator.schema.vocabulary import SEARCHES

LOG_BITS = 40
"""Bits of the sequence in an event_id. Source: architecture.md 10."""
CHUNK = 131_072
TOGETHER = ("search", "list", "export", "login", "logout")
_QUERY_NAMES = tuple(queries())


@dataclass(frozen=True, slots=True)
class Names:
    """Pseudonyms by row number, all of key version 1, then all of version 2 ….

    Attributes:
        staff: by staff_no.
        residents: by resident_no.
        households: by resident_no.
        epochs: the key versions.
    """

    staff: pl.Series
    residents: pl.Series
    households: pl.Series
    epochs: Epochs

    @classmethod
    def of(cls, registry: Registry, staff: pl.DataFrame, epochs: Epochs) -> Self:
        """Compute them for everyone, once each."""
        codes = staff.sort("staff_no")["staff_code"]
        people = np.arange(registry.size)
        return cls(
            epochs.every("staff", codes),
            epochs.every("resident", registry.codes(people)),
            epochs.every("household", registry.household_codes(people)),
            epochs,
        )

    def gather(self, names: pl.Series, rows: pl.Series, epochs: pl.Series) -> pl.Series:
        """The pseudonyms in `names` (one of ours) of `rows` under the key versions `epochs`, from 0, of each."""
        if len(self.epochs) == 1:
            return names.gather(rows)
        return names.gather(rows.cast(pl.UInt32) + epochs * (len(names) // len(self.epochs)))


@dataclass(frozen=True, slots=True)
class Merged:
    """Answers in the order of the log.

    Attributes:
        answers: as the gate gave them.
        order: rows of ``answers.decided`` by (at, tie, request_no).
        first: event_id of the first event.
        sessions: session_id of each row of ``answers.decided``.
        shown: ``answers.shown`` with event_id, by (event_id, rank).
        session_count: how many sessions there are.
    """

    answers: Answers
    order: Ints
    first: int
    sessions: pl.Series
    shown: pl.DataFrame
    session_count: int

    @classmethod
    def of(cls, answers: Answers, first: int, sessions: int = 0) -> Self:
        """Merge, then number: events from `first`, sessions by their first event after the `sessions` before them."""
        decided = answers.decided
        order = in_time(decided)
        keys = decided["session_key"].gather(order)
        coded = keys.to_arrow().dictionary_encode()  # numbers values as they come
        numbered = pl.Series(pl.from_arrow(coded.indices), dtype=pl.Int64) + (sessions + 1)
        ids = pl.DataFrame({"request_no": decided["request_no"].gather(order)}).with_columns(
            event_id=pl.int_range(first, first + len(order), dtype=pl.Int64, eager=True)
        )
        shown = _in_order(answers.shown, ids)
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        return cls(answers, order, first, numbered.gather(back), shown, len(coded.dictionary))

    @property
    def ids(self) -> pl.DataFrame:
        """request_no and event_id of every request, by event_id."""
        numbers = self.answers.decided["request_no"].gather(self.order)
        span = pl.int_range(self.first, self.first + len(self.order), dtype=pl.Int64, eager=True)
        return pl.DataFrame({"request_no": numbers, "event_id": span})

    def chunks(self, registry: Registry, names: Names) -> Iterator[pl.DataFrame]:
        """The events in order, `CHUNK` at a time."""
        for start in range(0, len(self.order), CHUNK):
            rows = self.order[start : start + CHUNK]
            part = self.answers.decided[rows].with_columns(
                pl.int_range(self.first + start, self.first + start + len(rows), dtype=pl.Int64, eager=True).alias(
                    "event_id"
                ),
                self.sessions.gather(rows).alias("session_id"),
            )
            yield _events(part, registry, names)

    def people(self, events: pl.DataFrame, names: Names) -> pl.DataFrame:
        """The rows of table ``shown`` of `events`."""
        low, high = events["event_id"][0], events["event_id"][-1]
        ids = self.shown["event_id"]
        start, end = ids.search_sorted(low, "left"), ids.search_sorted(high, "right")
        part = self.shown.slice(start, end - start)
        places = names.epochs.places(events["at"]).gather((part["event_id"] - low).cast(pl.UInt32))
        return SHOWN.conform(
            part.with_columns(
                names.gather(names.residents, part["resident_no"], places).alias("resident"),
                names.gather(names.households, part["resident_no"], places).alias("household"),
            )
        )


def in_time(requests: pl.DataFrame) -> Ints:
    """Rows of `requests` by (at, tie, request_no); those that come in order are not sorted again."""
    at, tie = requests["at"].to_physical().to_numpy(), requests["tie"].to_numpy()
    if np.all((at[1:] > at[:-1]) | (at[1:] == at[:-1]) & (tie[1:] > tie[:-1])):
        return np.arange(len(at))
    return requests.select(pl.arg_sort_by("at", "tie", "request_no")).to_series().to_numpy().astype(np.int64)


def _in_order(shown: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """`shown`, whose rows stand request by request, with event_id and in its order; only the requests are sorted."""
    asked = shown["request_no"].to_numpy()
    starts = np.flatnonzero(np.append(True, asked[1:] != asked[:-1])[: len(asked)])
    sizes = np.diff(np.append(starts, len(asked)))
    requests = pl.DataFrame({"request_no": asked[starts]})
    events = requests.join(ids, on="request_no", maintain_order="left")["event_id"].to_numpy()
    order = np.argsort(events)
    starts, sizes = starts[order], sizes[order]
    rows = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(asked))
    return shown[rows].with_columns(event_id=pl.Series(np.repeat(events[order], sizes), dtype=pl.Int64))


def _events(part: pl.DataFrame, registry: Registry, names: Names) -> pl.DataFrame:
    single = ~part["action"].cast(pl.String).is_in(list(TOGETHER))
    target = part.select(pl.when(single).then("target")).to_series()
    keys, texts = _searched(part, registry)
    epochs = names.epochs.places(part["at"])
    return EVENT.conform(
        part.with_columns(
            names.gather(names.staff, part["staff_no"], epochs).alias("actor"),
            names.gather(names.residents, target, epochs).alias("resident"),
            names.gather(names.households, target, epochs).alias("household"),
            pl.Series([registry.code])
            .gather(pl.select(pl.when(target.is_not_null()).then(0)).to_series())
            .alias("resident_municipality"),
            keys.alias("search_keys"),
            names.epochs.column("search", texts, epochs).alias("search_token"),
        )
    )


def _searched(part: pl.DataFrame, registry: Registry) -> tuple[pl.Series, pl.Series]:
    """Which details each search used with how many characters, and the text that was typed; null without search."""
    number = {name: place for place, name in enumerate(_QUERY_NAMES)}
    asked = part.with_row_index("row").filter(
        pl.col("search").is_not_null() & pl.col("target").is_not_null() & pl.col("action").is_in(["search", "list"])
    )
    place = pl.Series([number[term.code] for term in SEARCHES]).gather(asked["search"].to_physical()).to_numpy()
    column = {
        name: asked[name].to_physical().cast(pl.Int64).fill_null(0).to_numpy() for name in ("match", "typed", "target")
    }
    searches = Searches(place, column["match"], column["typed"], column["target"], np.zeros_like(place))
    labels, typed = registry.typed(searches)
    rows = np.full(part.height, -1, dtype=np.int64)
    rows[asked["row"].to_numpy()] = np.arange(asked.height)
    back = pl.Series(rows).replace(-1, None).cast(pl.UInt32)
    return labels.gather(back), typed.gather(back)
