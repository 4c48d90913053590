"""What an auditor has beside the log: staff, accounts, terminals, roster, cases, coarse attributes of residents.

People appear as pseudonyms of the log's own audit realm, so these tables join with that log and with no other. Rows
are ordered by what they show, never by row number, so that order tells nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from simulator.population import Population
from simulator.pseudonym import Pseudonymizer
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
    """The pseudonyms of one municipality's people in one realm, joined by row number."""

    residents: pl.DataFrame
    staff: pl.DataFrame


def tokens(population: Population, office: Office, pseudonymizer: Pseudonymizer) -> Tokens:
    """Compute the pseudonyms of every resident and member of staff, one row each."""
    people = population.residents
    code = population.municipality.code
    households = people.select(pl.lit(code) + pl.col("household_no").cast(pl.String).str.zfill(8)).to_series()
    residents = people.select("resident_no").with_columns(
        pseudonymizer.column("resident", people["resident_code"]).alias("resident"),
        pseudonymizer.column("household", households).alias("household"),
        pseudonymizer.column("surname", people["family_name"]).alias("surname"),
    )
    staff = office.staff.select("staff_no").with_columns(
        pseudonymizer.column("staff", office.staff["staff_code"]).alias("actor"),
        pseudonymizer.column("surname", office.staff["family_name"]).alias("surname"),
    )
    return Tokens(residents, staff)


def tables(population: Population, office: Office, cases: pl.DataFrame, names: Tokens) -> Mapping[Table, pl.DataFrame]:
    """Every table of the auditor for one municipality."""
    homes = population.residents.join(population.addresses, on="address_no", how="left", maintain_order="left").select(
        "resident_no", "district", "birth_date"
    )
    actors = names.staff.select("staff_no", "actor")
    return {
        SECTION: office.sections.sort("section"),
        AUDITOR_STAFF: _staff(office, names, homes),
        AUDITOR_ACCOUNT: office.accounts.join(actors, on="staff_no").sort("actor", "valid_from"),
        TERMINAL: office.terminals.sort("terminal"),
        AUDITOR_ROSTER: office.roster.join(actors, on="staff_no").sort("day", "actor"),
        AUDITOR_CASE: _cases(cases, names),
        ATTRIBUTE: _attributes(population, names, homes),
    }


def _staff(office: Office, names: Tokens, homes: pl.DataFrame) -> pl.DataFrame:
    own = names.residents.select("resident_no", "resident", "household")
    return (
        office.staff.join(names.staff, on="staff_no")
        .join(own, on="resident_no", how="left")
        .join(homes.select("resident_no", "district"), on="resident_no", how="left")
        .sort("actor")
    )


def _cases(cases: pl.DataFrame, names: Tokens) -> pl.DataFrame:
    return cases.filter("visible").join(names.residents, on="resident_no").sort("opened", "case_no")


def _attributes(population: Population, names: Tokens, homes: pl.DataFrame) -> pl.DataFrame:
    start = pl.lit(population.window.start)
    age = (start.dt.year() - pl.col("birth_date").dt.year()).clip(0, AGE_BAND_YEARS * _MAX_BAND)
    protected = pl.col("resident_no").is_in(population.protections["resident_no"].unique().to_list())
    return (
        names.residents.join(homes, on="resident_no")
        .with_columns(age_band=(age // AGE_BAND_YEARS).cast(pl.UInt8), protected=protected)
        .sort("resident")
    )
