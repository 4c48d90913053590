"""Coincidences: how many made-up people share name and birth date with somebody who lives, by chance alone.

Nobody was copied. But names come from the frequencies of Japan, so some combinations are borne by living people, and
whoever reads a synthetic file and finds a namesake should have been told how many to expect.

A resident's expected namesakes are people of Japan of that sex and year of birth × share of the surname × share of the
given name in that cohort; with the birth date, divided by the days of the year. Surname and given name are taken as
independent. The shares of given names are ASSUMED in part (`simulator.world.given_names`), so the figures have the
right order of magnitude and not three digits.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.dataset import Dataset
from simulator.world.ages import AGES, single_years
from simulator.world.given_names import SEXES, cohort, given_names
from simulator.world.surnames import surnames

Floats = npt.NDArray[np.float64]
Row = dict[str, str | int | float | None]
PEOPLE_OF_JAPAN = 123_223_561
"""Japanese nationals. Source: census of 1 October 2020, Statistics Bureau of Japan."""
DAYS_PER_YEAR = 365.25
# Source: registry.md 2.8 (1.25 × 10^8 living people over 10^10 and 10^11 bodies).
VALID_CODE_RATE, VALID_MY_NUMBER_RATE = 0.0125, 0.00125


def coincidences(dataset: Dataset, town: int = 100_000) -> list[Row]:
    """One row per thing that may coincide: how many residents of the run share it with a living person.

    Args:
        dataset: the run.
        town: people of a real town with which a reader may confuse the simulated one.

    Returns:
        what, residents (who were looked at), expected (residents with at least one living match), one_in (null: none),
        why.
    """
    people = _people(dataset)
    namesakes = _namesakes(people, dataset)
    born = namesakes / DAYS_PER_YEAR
    rows = [
        ("full name, sex and year of birth", namesakes, "one and the same person in nothing else"),
        ("full name, sex and birth date", born, "what a reader would take for the same person"),
        (f"the same, in a given town of {town:,}", born * town / PEOPLE_OF_JAPAN, "municipalities are fictional"),
    ]
    found = [_row(what, people.height, float((1 - np.exp(-each)).sum()), why) for what, each, why in rows]
    return [*found, *_numbers(people.height, valid=dataset.manifest.check_digits == "valid")]


def _row(what: str, residents: int, expected: float, why: str) -> Row:
    share = round(residents / expected) if expected > 0 else None
    return {"what": what, "residents": residents, "expected": float(f"{expected:.3g}"), "one_in": share, "why": why}


def _numbers(residents: int, *, valid: bool) -> Iterator[Row]:
    for what, rate in (("resident code", VALID_CODE_RATE), ("My Number", VALID_MY_NUMBER_RATE)):
        why = "valid check digits were asked for" if valid else "its check digit is wrong on purpose: never issued"
        yield _row(what, residents, residents * rate if valid else 0.0, why)


def _people(dataset: Dataset) -> pl.DataFrame:
    columns = ("family_name", "given_name", "sex", "birth_date", "nationality")
    return dataset.table("resident").select(columns).filter(pl.col("nationality") == "JP")


def _namesakes(people: pl.DataFrame, dataset: Dataset) -> Floats:
    """Expected living people of the same name, sex and year of birth, for each of `people`."""
    year = people["birth_date"].dt.year().to_numpy().astype(np.int64)
    male = (people["sex"].cast(pl.String) == "male").to_numpy()
    crowd = _living(year, male, _year(dataset)) * _surname_share(people["family_name"])
    return crowd * _given_share(people["given_name"], male, year)


def _year(dataset: Dataset) -> int:
    first: date = dataset.scan("event").select(pl.col("at").min().dt.date()).collect().item()
    return first.year


def _living(year: npt.NDArray[np.int64], male: npt.NDArray[np.bool_], now: int) -> Floats:
    """People of Japan of each year of birth and sex."""
    age = np.clip(now - year, 0, AGES - 1)
    share = np.where(male, single_years("male")[age], single_years("female")[age])
    return np.asarray(share * PEOPLE_OF_JAPAN, dtype=np.float64)


def _surname_share(names: pl.Series) -> Floats:
    listed, weights = surnames()
    shares = np.diff(weights.thresholds.astype(np.float64), prepend=0.0) / 2.0**53
    known = pl.DataFrame({"name": listed.names["name"], "share": shares}).group_by("name").agg(pl.col("share").sum())
    return _look_up(pl.DataFrame({"name": names}), known, ["name"])


def _given_share(names: pl.Series, male: npt.NDArray[np.bool_], year: npt.NDArray[np.int64]) -> Floats:
    listed = given_names()
    ends = listed.thresholds.astype(np.float64).reshape(2, -1, listed.listed.names.height) / 2.0**53
    shares = np.diff(ends - np.floor(ends[:, :, :1]), axis=2, prepend=0.0)
    known = pl.concat(
        pl.DataFrame({"name": listed.listed.names["name"], "male": sex == "male", "cohort": group, "share": row})
        for which, sex in enumerate(SEXES)
        for group, row in enumerate(shares[which])
    )
    wanted = pl.DataFrame({"name": names, "male": male, "cohort": cohort(year)})
    keys = ["name", "male", "cohort"]
    return _look_up(
        wanted, known.with_columns(pl.col("cohort").cast(pl.Int64)).group_by(keys).agg(pl.col("share").sum()), keys
    )


def _look_up(wanted: pl.DataFrame, known: pl.DataFrame, keys: list[str]) -> Floats:
    shares = wanted.join(known, on=keys, how="left", maintain_order="left")["share"].fill_null(0.0)
    return shares.to_numpy().astype(np.float64)
