"""What an auditor has beside the log: staff, accounts, terminals, roster, cases, coarse attributes of residents.

People appear as pseudonyms of the log's own audit realm, so these tables join with that log and with no other. Rows
are ordered by what they show, never by row number, so that order tells nothing.

Where the realm's key was rotated, people are there under each version that held while the row was of use: the staff
list and the attributes under all, a day of the roster under that day's, a case under those from its opening to the end
of the overlap after its closing. Whoever joins a table with the log by pseudonym meets the right row and no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from simulator.access import log
from simulator.population import Population
from simulator.pseudonym import Epochs
from simulator.schema import (
    ATTRIBUTE,
    AUDITOR_ACCOUNT,
    AUDITOR_CASE,
    AUDITOR_ROSTER,
    AUDITOR_STAFF,
    SECTION,
    TERMINAL,
    Table,
)
from simulator.workload import Office

AGE_BAND_YEARS = 10
_MAX_BAND = 9


@dataclass(frozen=True, slots=True)
class Tokens:
    """The pseudonyms of one municipality's people in one realm, by row number and ``epoch`` (key version, from 0)."""

    residents: pl.DataFrame
    staff: pl.DataFrame
    epochs: Epochs


def tokens(population: Population, office: Office, names: log.Names) -> Tokens:
    """The pseudonyms of every resident and member of staff, one row each under each key version.

    Those of the log are taken from its `names`; only the surnames' are computed here.
    """
    people, staff, epochs = population.residents, office.staff.sort("staff_no"), names.epochs
    residents = _each_epoch(people.select("resident_no"), epochs).with_columns(
        names.residents.alias("resident"),
        names.households.alias("household"),
        epochs.every("surname", people["family_name"]).alias("surname"),
    )
    rows = _each_epoch(staff.select("staff_no"), epochs).with_columns(
        names.staff.alias("actor"), epochs.every("surname", staff["family_name"]).alias("surname")
    )
    return Tokens(residents, rows, epochs)


def _each_epoch(rows: pl.DataFrame, epochs: Epochs) -> pl.DataFrame:
    """`rows` once for each key version, end to end, with its place ``epoch``."""
    return epochs.spans().select("epoch").join(rows, how="cross", maintain_order="left_right")


def _held(rows: pl.DataFrame, epochs: Epochs, since: pl.Expr, until: pl.Expr) -> pl.DataFrame:
    """The rows (with ``epoch``) whose days from `since` up to `until` meet those of their key version."""
    spans = rows.join(epochs.spans().rename({"since": "epoch_since", "until": "epoch_until"}), on="epoch", how="left")
    begun = pl.col("epoch_until").is_null() | (since < pl.col("epoch_until"))
    over = pl.col("epoch_since").is_not_null() & until.is_not_null() & (until <= pl.col("epoch_since"))
    return spans.filter(begun & ~over)


def tables(population: Population, office: Office, cases: pl.DataFrame, names: Tokens) -> Mapping[Table, pl.DataFrame]:
    """Every table of the auditor for one municipality."""
    homes = population.residents.join(population.addresses, on="address_no", how="left", maintain_order="left").select(
        "resident_no", "district", "birth_date"
    )
    actors, epochs, day = names.staff.select("staff_no", "actor", "epoch"), names.epochs, pl.col("day")
    accounts = office.accounts.join(actors, on="staff_no")
    roster = office.roster.join(actors, on="staff_no")
    return {
        SECTION: office.sections.sort("section"),
        AUDITOR_STAFF: _staff(office, names, homes),
        AUDITOR_ACCOUNT: _held(accounts, epochs, pl.col("valid_from"), pl.col("valid_to")).sort("actor", "valid_from"),
        TERMINAL: office.terminals.sort("terminal"),
        AUDITOR_ROSTER: _held(roster, epochs, day, day + pl.duration(days=1)).sort("day", "actor"),
        AUDITOR_CASE: _cases(cases, names),
        ATTRIBUTE: _attributes(population, names, homes),
    }


def _staff(office: Office, names: Tokens, homes: pl.DataFrame) -> pl.DataFrame:
    own = names.residents.select("resident_no", "epoch", "resident", "household")
    return (
        office.staff.join(names.staff, on="staff_no")
        .join(own, on=["resident_no", "epoch"], how="left")
        .join(homes.select("resident_no", "district"), on="resident_no", how="left")
        .sort("actor")
    )


def _cases(cases: pl.DataFrame, names: Tokens) -> pl.DataFrame:
    rows = cases.filter("visible").join(names.residents, on="resident_no")
    overlap = pl.duration(days=names.epochs.overlap_days + 1)
    held = _held(rows, names.epochs, pl.col("opened").dt.date(), pl.col("closed").dt.date() + overlap)
    return held.sort("opened", "case_no", "epoch")


def _attributes(population: Population, names: Tokens, homes: pl.DataFrame) -> pl.DataFrame:
    start = pl.lit(population.window.start)
    age = (start.dt.year() - pl.col("birth_date").dt.year()).clip(0, AGE_BAND_YEARS * _MAX_BAND)
    protected = pl.col("resident_no").is_in(population.protections["resident_no"].unique().to_list())
    return (
        names.residents.join(homes, on="resident_no")
        .with_columns(age_band=(age // AGE_BAND_YEARS).cast(pl.UInt8), protected=protected)
        .sort("resident")
    )
