"""The tables of a population, each row joined with what its rules compare it with."""

import polars as pl

from simulator.population.build import Population
from simulator.world.calendar import business_days
from simulator.world.folding import fold_address, fold_kana, fold_name

_ARRIVALS = ("転入", "国外転入", "出生")


def views(population: Population) -> dict[str, pl.DataFrame]:
    """The views by name; column ``row`` is the number of the row in its table."""
    start, end = population.window.start, population.window.end
    limits = {"start": pl.lit(start), "end": pl.lit(end)}
    residents = population.residents.with_row_index("row").with_columns(
        present=pl.col("resident_since") < start, **limits
    )
    return {
        "residents": _residents(population, residents),
        "siblings": _siblings(residents),
        "households": _households(population, residents),
        "addresses": _addresses(population),
        "changes": _changes(population, residents, limits),
        "protections": _with_resident(population.protections, residents).with_columns(**limits),
        "relations": _relations(population, residents),
        "figures": _with_resident(population.figures, residents).with_columns(**limits),
    }


def _folded(frame: pl.DataFrame, column: str, fold: object) -> pl.Series:
    values = frame[column].unique()
    return frame[column].replace_strict(values, [fold(v) for v in values.to_list()], return_dtype=pl.String)  # type: ignore[operator]


def _residents(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    homes = population.households.select("household_no", "head", "kind", home_address="address_no")
    heads = residents.select(head="resident_no", head_birth="birth_date", head_sex="sex", head_family="family_name")
    arrivals = population.changes.filter(pl.col("reason").is_in(_ARRIVALS)).group_by("resident_no").len("arrivals")
    return (
        residents.join(homes, on="household_no", how="left", maintain_order="left")
        .join(heads, on="head", how="left", maintain_order="left")
        .join(_mothers(residents), on="household_no", how="left", maintain_order="left")
        .join(arrivals, on="resident_no", how="left", maintain_order="left")
        .join(population.addresses.select("address_no", "town"), on="address_no", how="left", maintain_order="left")
        .with_columns(
            folded_name=_folded(residents, "family_name", fold_name) + _folded(residents, "given_name", fold_name),
            folded_kana=_folded(residents, "family_kana", fold_kana) + _folded(residents, "given_kana", fold_kana),
        )
    )


def _mothers(residents: pl.DataFrame) -> pl.DataFrame:
    """The birth date of the woman who is head or the head's wife, per household of parents and children."""
    woman = (pl.col("sex") == "female") & pl.col("relationship").is_in(["世帯主", "妻"]) & pl.col("present")
    return residents.filter(woman).group_by("household_no").agg(mother_birth=pl.col("birth_date").min())


def _siblings(residents: pl.DataFrame) -> pl.DataFrame:
    """Children of one household's head, each with the days since the one before."""
    children = residents.filter(pl.col("relationship") == "子").sort("household_no", "birth_date")
    gap = (pl.col("birth_date") - pl.col("birth_date").shift(1)).dt.total_days()
    return children.with_columns(gap=pl.when(pl.col("household_no") == pl.col("household_no").shift(1)).then(gap))


def _households(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    word = pl.col("relationship")
    members = (
        residents.filter("present")
        .group_by("household_no")
        .agg(
            members=pl.len(),
            heads=(word == "世帯主").sum(),
            spouses=word.is_in(["夫", "妻"]).sum(),
            children=(word == "子").sum(),
            generations=word.is_in(["子の子", "父", "母"]).sum(),
            nations=(pl.col("nationality") == "JP").n_unique(),
            adults=(pl.col("birth_date") <= pl.col("start").dt.offset_by("-18y")).sum(),
        )
    )
    heads = residents.select(head="resident_no", head_exists=pl.lit(value=True))
    places = population.addresses.select("address_no", address_exists=pl.lit(value=True))
    return (
        population.households.with_row_index("row")
        .join(members, on="household_no", how="left", maintain_order="left")
        .join(heads, on="head", how="left", maintain_order="left")
        .join(places, on="address_no", how="left", maintain_order="left")
        .with_columns(pl.col("members").fill_null(0))
    )


def _addresses(population: Population) -> pl.DataFrame:
    frame = population.addresses.with_row_index("row")
    return frame.with_columns(
        folded=_folded(frame, "address", fold_address), districts=pl.lit(population.municipality.district_count)
    )


def _changes(population: Population, residents: pl.DataFrame, limits: dict[str, pl.Expr]) -> pl.DataFrame:
    changes = population.changes.with_row_index("row")
    deaths = changes.filter(pl.col("reason") == "死亡").group_by("resident_no").agg(died=pl.col("happened_on").min())
    gone = (
        changes.filter(pl.col("reason").is_in(["転出", "死亡"])).group_by("resident_no").agg(left=pl.col("row").min())
    )
    known = residents.select(
        "resident_no", "birth_date", "sex", "resident_since", own_household="household_no", own_address="address_no"
    )
    days = business_days(population.window)
    before = [pl.col(c).shift(1).over("resident_no").alias(f"before_{c}") for c in ("household_to", "address_to")]
    return (
        changes.join(known, on="resident_no", how="left", maintain_order="left")
        .join(deaths, on="resident_no", how="left", maintain_order="left")
        .join(gone, on="resident_no", how="left", maintain_order="left")
        .with_columns(
            *before,
            **limits,
            office_open=pl.col("notified_on").is_in(days),
            order=pl.int_range(pl.len()).over("resident_no"),
            households=pl.lit(population.households.height),
            addresses=pl.lit(population.addresses.height),
            arriving=pl.col("reason").is_in(_ARRIVALS),
        )
    )


def _with_resident(frame: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    known = residents.select("resident_no", "birth_date", "sex")
    return frame.with_row_index("row").join(known, on="resident_no", how="left", maintain_order="left")


def _relations(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    columns = ("birth_date", "sex", "household_no")
    other = residents.select(other_no="resident_no", **{f"other_{c}": pl.col(c) for c in columns})
    frame = population.relations.with_row_index("row")
    back = frame.select(
        resident_no="other_no", other_no="resident_no", relation="relation", returned=pl.lit(value=True)
    )
    return (
        frame.join(residents.select("resident_no", *columns), on="resident_no", how="left", maintain_order="left")
        .join(other, on="other_no", how="left", maintain_order="left")
        .join(back.unique(), on=["resident_no", "other_no", "relation"], how="left", maintain_order="left")
    )
