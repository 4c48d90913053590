"""Protection measures of other municipalities: forwarded by them, and in force here from the day this office has them.

Until that day the gate here knows nothing of a measure; from then on it acts as on one of its own. Whom a measure is
about is found by the resident code, which a person keeps when moving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from simulator.registry.lookup import Register

KNOWN = {"resident_no": pl.UInt32, "valid_from": pl.Date, "valid_to": pl.Date}
"""Columns of what a register has received: half-open days, of one resident never overlapping."""


class Forwarded(NamedTuple):
    """A measure as it was forwarded: known here from `in_force_on` on, and what it says."""

    in_force_on: date
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Sender:
    """A register that forwards: its tables ``resident``, ``protection`` and ``protection_forward``."""

    residents: pl.DataFrame
    protections: pl.DataFrame
    forwards: pl.DataFrame


def spans(measures: Sequence[Forwarded]) -> list[tuple[date, date]]:
    """The days on which `measures` about one resident hold here: what came in later stands over what came before."""
    found = []
    ordered = sorted(measures)
    for place, measure in enumerate(ordered):
        later = ordered[place + 1].in_force_on if place + 1 < len(ordered) else date.max
        first, end = max(measure.in_force_on, measure.valid_from), min(measure.valid_to, later)
        if first < end:
            found.append((first, end))
    return found


def forwarded(senders: Iterable[Sender], municipality: str) -> dict[str, list[Forwarded]]:
    """By resident code, what `senders` forwarded to `municipality` (prefecture and name, as the tables write it)."""
    found: dict[str, list[Forwarded]] = {}
    for sender in senders:
        sent = sender.forwards.filter(pl.col("municipality") == municipality)
        rows = sent.join(sender.protections.select("resident_no", "valid_from", "valid_to"), on="resident_no").join(
            sender.residents.select("resident_no", "resident_code"), on="resident_no"
        )
        for code, *days in rows.select("resident_code", "in_force_on", "valid_from", "valid_to").iter_rows():
            found.setdefault(code, []).append(Forwarded(*days))
    return found


def received(register: Register, senders: Iterable[Sender]) -> pl.DataFrame:
    """What `register` knows of the measures of other municipalities: columns `KNOWN`."""
    place = register.municipality
    sent = forwarded(senders, place.prefecture + place.name)
    numbers = dict(register.residents.select("resident_code", "resident_no").iter_rows())
    rows = [(numbers[code], *span) for code, each in sent.items() if code in numbers for span in spans(each)]
    return pl.DataFrame(rows, schema=KNOWN, orient="row").sort("resident_no", "valid_from")
