"""Edge cases too rare to be found in a town: one resident each, altered; `check` holds them to the rules."""

from dataclasses import replace
from datetime import date

import polars as pl

from simulator.errors import CheckError
from simulator.population import Population
from simulator.population.consistency import violations

c = pl.col
_AGE = 115
_ADULT = date(1960, 1, 1)
_NOTE = "生年月日不詳の届出による"
_CHANGES: dict[str, dict[str, object]] = {
    "birth_unknown": {"birth_known": "none", "birth_date": date(1940, 1, 1), "note": _NOTE},
    "birth_year_only": {"birth_known": "year", "birth_date": date(1941, 1, 1), "note": _NOTE},
    "birth_month_only": {"birth_known": "month", "birth_date": date(1942, 5, 1), "note": _NOTE},
    "era_boundary": {"birth_date": date(1926, 12, 25)},
    "age_115": {},
    "namesakes": {},
}
"""Edge case → columns of one resident who becomes it."""
RARE = tuple(_CHANGES)


def altered(people: Population, missing: tuple[str, ...]) -> Population:
    """`people` with one resident altered for each of the edge cases `missing`, which must be of `RARE`.

    Who is altered lives alone, is Japanese and elderly, and has no change of record, so that nothing else need change.

    Raises:
        CheckError: the people hold too few who can be altered.
    """
    hosts = _hosts(people)
    if len(hosts) < len(missing) + 1:
        raise CheckError("too few people to alter one for each rare edge case: take a larger population")
    residents = people.residents
    for name, host in zip(missing, hosts, strict=False):
        model = residents.row(hosts[-1], named=True)
        residents = _with(residents, host, _values(name, people.window.start, model))
    return replace(people, residents=residents)


def check(people: Population) -> None:
    """Raise CheckError if a record of `people` is impossible."""
    broken = violations(people)
    if broken.height:
        worst = broken.row(0, named=True)
        msg = f"an edge case breaks the rule {worst['rule']}: {worst['meaning']}"
        raise CheckError(msg)


def _hosts(people: Population) -> list[int]:
    """Rows of residents who can be altered, the last of them to be a model."""
    busy = pl.concat([people.changes["resident_no"], people.past["resident_no"], people.protections["resident_no"]])
    alone = people.households.filter((c("kind") == "single") & (c("size") == 1))["household_no"]
    plain = (c("nationality") == "JP") & (c("birth_date") < _ADULT) & (c("birth_known") == "day")
    calm = c("note").is_null() & ~c("resident_no").is_in(busy.unique()) & c("former_name").is_null()
    late = c("health_insurance").cast(pl.String) == "後期高齢者医療"
    came = (c("entry").cast(pl.String) == "転入") & (c("resident_since") > _ADULT)
    found = people.residents.filter(plain & calm & late & came & c("household_no").is_in(alone))
    return found["resident_no"].to_list()


def _values(name: str, start: date, model: dict[str, object]) -> dict[str, object]:
    if name == "age_115":
        return {"birth_date": date(start.year - _AGE, start.month, start.day)}
    if name == "namesakes":
        same = ("family_name", "given_name", "family_kana", "given_kana", "name_key", "kana_key", "birth_date", "sex")
        return {column: model[column] for column in same}
    return _CHANGES[name]


def _with(residents: pl.DataFrame, row: int, values: dict[str, object]) -> pl.DataFrame:
    here = c("resident_no") == row
    return residents.with_columns(
        pl.when(here).then(pl.lit(value).cast(residents.schema[name])).otherwise(c(name)).alias(name)
        for name, value in values.items()
    )
