"""The tables of a population, each row joined with what its rules compare it with."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.population.asof import as_of
from simulator.population.build import Population
from simulator.schema import FOREIGN_RESIDENT, RESIDENT
from simulator.schema.people import MOVES_IN, RELATIONSHIPS
from simulator.schema.record import ITEMS as ITEM_NAMES
from simulator.world.calendar import office_days_before
from simulator.world.folding import fold_address, fold_kana, fold_name
from simulator.world.openings import counter_days
from simulator.world.real_towns import real_towns

_ARRIVALS = (*MOVES_IN, "出生", "職権記載")
_RETURNS = ("転出取消", "職権回復")


def view(population: Population, name: str) -> pl.DataFrame:
    """The view called `name`; column ``row`` is the number of the row in its table."""
    start, end = population.window.start, population.window.end
    limits = {"start": pl.lit(start), "end": pl.lit(end), "eve": pl.lit(start - timedelta(days=1))}
    residents = population.residents.with_row_index("row").with_columns(
        present=pl.col("resident_since") < start, **limits
    )
    return _VIEWS[name](population, residents).with_columns(**limits)


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
        .join(_foreign_rows(population), on="resident_no", how="left", maintain_order="left")
        .join(_minors(residents), on="household_no", how="left", maintain_order="left")
        .with_columns(
            folded_name=_folded(residents, "family_name", fold_name) + _folded(residents, "given_name", fold_name),
            folded_kana=_folded(residents, "family_kana", fold_kana) + _folded(residents, "given_kana", fold_kana),
        )
    )


def _foreign_rows(population: Population) -> pl.DataFrame:
    return population.foreigners.select("resident_no").unique().with_columns(foreign_row=pl.lit(value=True))


def _minors(residents: pl.DataFrame) -> pl.DataFrame:
    """How many of each household are under 18 when the window begins."""
    young = pl.col("birth_date") > pl.col("start").dt.offset_by("-18y1d")
    return residents.group_by("household_no").agg(minors=young.sum())


def _mothers(residents: pl.DataFrame) -> pl.DataFrame:
    """The birth date of the woman who is head or the head's wife, per household of parents and children."""
    woman = (pl.col("sex") == "female") & pl.col("relationship").is_in(["世帯主", "妻"]) & pl.col("present")
    return residents.filter(woman).group_by("household_no").agg(mother_birth=pl.col("birth_date").min())


def _siblings(_population: Population, residents: pl.DataFrame) -> pl.DataFrame:
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


def _addresses(population: Population, _residents: pl.DataFrame) -> pl.DataFrame:
    frame = population.addresses.with_row_index("row")
    return frame.with_columns(
        _postal_fits(population.municipality.towns),
        folded=_folded(frame, "address", fold_address),
        districts=pl.lit(population.municipality.district_count),
    )


def _postal_fits(city: str) -> pl.Expr:
    """Whether a postal code is none of Japan Post's, or where the towns are those of a real `city`, the town's."""
    if not city:
        return pl.col("postal_code").str.contains(r"^000\d{4}$").alias("postal_fits")
    pairs = [town + code for town, code in real_towns(city)]
    return (pl.col("town") + pl.col("postal_code")).is_in(pairs).alias("postal_fits")


def _changes(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    changes = population.changes.with_row_index("row")
    ended = changes.filter(pl.col("reason").is_in(["死亡", "失踪宣告"]))
    deaths = ended.group_by("resident_no").agg(died=pl.col("happened_on").min())
    known = residents.select(
        "resident_no", "birth_date", "sex", "resident_since", own_household="household_no", own_address="address_no"
    )
    days = counter_days(population.window)
    before = [pl.col(c).shift(1).over("resident_no").alias(f"before_{c}") for c in ("household_to", "address_to")]
    return (
        changes.join(known, on="resident_no", how="left", maintain_order="left")
        .join(deaths, on="resident_no", how="left", maintain_order="left")
        .join(_cancelled(population), on="cancels", how="left", maintain_order="left")
        .join(_places(population, "from"), on="address_from", how="left", maintain_order="left")
        .join(_places(population, "to"), on="address_to", how="left", maintain_order="left")
        .with_columns(
            *before,
            office_open=pl.col("notified_on").is_in(days),
            register_open=pl.col("recorded_on").is_in(days),
            returning=pl.col("reason").is_in(_RETURNS),
            order=pl.int_range(pl.len()).over("resident_no"),
            households=pl.lit(population.households.height),
            addresses=pl.lit(population.addresses.height),
            arriving=pl.col("reason").is_in(_ARRIVALS),
        )
    )


def _cancelled(population: Population) -> pl.DataFrame:
    places = {f"undone_{c}": pl.col(c) for c in ("resident_no", "household_from", "address_from")}
    return population.changes.select(cancels="change_no", **places)


def _places(population: Population, end: str) -> pl.DataFrame:
    """Town, building and room of each address."""
    place = pl.concat_str("town", "building", "room", separator="|", ignore_nulls=True)
    return population.addresses.select(pl.col("address_no").alias(f"address_{end}"), place.alias(f"place_{end}"))


def _items(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    """Each changed item with its change, and the value that the record had before: as told and as it stood."""
    told = population.changes.select("change_no", "resident_no", "reason", "happened_on", "recorded_on")
    opening = pl.concat(
        [
            _texts(residents, [c for c in ITEM_NAMES.categories if c in RESIDENT.names]),
            _texts(population.foreigners, [c for c in ITEM_NAMES.categories if c in FOREIGN_RESIDENT.names]),
        ]
    )
    words = RELATIONSHIPS.categories.to_list()
    return (
        population.items.with_row_index("row")
        .with_columns(item=pl.col("item").cast(pl.String))
        .join(told, on="change_no", how="left", maintain_order="left")
        .join(opening, on=["resident_no", "item"], how="left", maintain_order="left")
        .join(_open_aliases(population), on="resident_no", how="left", maintain_order="left")
        .sort("change_no", maintain_order=True)
        .with_columns(
            stood=pl.coalesce(pl.col("after").shift(1).over("resident_no", "item"), "opening"),
            first=pl.int_range(pl.len()).over("resident_no", "item") == 0,
            last=pl.int_range(pl.len()).over("resident_no", "item") + 1 == pl.len().over("resident_no", "item"),
            word=pl.col("after").is_in(words),
        )
    )


def _open_aliases(population: Population) -> pl.DataFrame:
    """The alias of each when the window ends."""
    return population.aliases.filter(pl.col("removed_on").is_null()).select("resident_no", open_alias="alias")


def _texts(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    texts = frame.select("resident_no", *(pl.col(c).cast(pl.String) for c in columns))
    return texts.unpivot(index="resident_no", variable_name="item", value_name="opening")


def _foreigners(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    columns = ("nationality", "birth_date", "resident_since", "present", "entry")
    began = residents.select("resident_no", began=pl.max_horizontal("eve", "resident_since"))
    in_use = (
        population.aliases.join(began, on="resident_no")
        .filter(pl.col("registered_on") <= pl.col("began"))
        .filter(pl.col("removed_on").is_null() | (pl.col("removed_on") > pl.col("began")))
        .select("resident_no", alias_in_use="alias")
    )
    frame = population.foreigners.with_row_index("row")
    return (
        frame.join(residents.select("resident_no", *columns), on="resident_no", how="left", maintain_order="left")
        .join(in_use.unique("resident_no"), on="resident_no", how="left", maintain_order="left")
        .with_columns(
            folded_alias=_folded(frame.with_columns(pl.col("alias").fill_null("")), "alias", fold_name),
            folded_kanji=_folded(frame.with_columns(pl.col("name_kanji").fill_null("")), "name_kanji", fold_name),
        )
    )


def _aliases(population: Population, _residents: pl.DataFrame) -> pl.DataFrame:
    known = population.foreigners.select("resident_no", "foreign_since")
    return (
        population.aliases.with_row_index("row")
        .join(known, on="resident_no", how="left", maintain_order="left")
        .sort("resident_no", "registered_on")
        .with_columns(
            open_until=pl.col("removed_on").shift(1).over("resident_no"),
            later=pl.int_range(pl.len()).over("resident_no") > 0,
        )
    )


def _ends(population: Population, _residents: pl.DataFrame) -> pl.DataFrame:
    """Households when the window ends: their row, members and heads."""
    last = as_of(population, population.window.end).residents
    members = last.group_by("household_no").agg(
        members=pl.len(), heads=(pl.col("relationship") == "世帯主").sum(), places=pl.col("address_no").n_unique()
    )
    return population.households.with_row_index("row").join(members, on="household_no", maintain_order="left")


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
        .join(
            _protected(population).rename({"resident_no": "other_no"}), on="other_no", how="left", maintain_order="left"
        )
        .join(back.unique(), on=["resident_no", "other_no", "relation"], how="left", maintain_order="left")
    )


def _past(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    known = residents.select("resident_no", "birth_date", "resident_since", "address_since")
    return population.past.with_row_index("row").join(known, on="resident_no", how="left", maintain_order="left")


def _removed(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    bearers = residents.select("resident_code", bearer="resident_no")
    places = population.addresses.select("address_no", "town")
    return (
        population.removed.with_row_index("row")
        .join(bearers, on="resident_code", how="left", maintain_order="left")
        .join(places, on="address_no", how="left", maintain_order="left")
    )


def _protections(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    homes = residents.select("resident_no", "household_no")
    spans = population.terms.group_by("resident_no").agg(
        terms_from=pl.col("valid_from").min(), terms_to=pl.col("valid_to").max()
    )
    return (
        _with_resident(population.protections, residents)
        .join(homes, on="resident_no", how="left", maintain_order="left")
        .join(homes.rename({"resident_no": "applicant", "household_no": "applicant_household"}), on="applicant",
              how="left", maintain_order="left")
        .join(spans, on="resident_no", how="left", maintain_order="left")
    )  # fmt: skip


def _protected(population: Population) -> pl.DataFrame:
    return (
        population.protections.select("resident_no", began="valid_from")
        .unique("resident_no")
        .with_columns(protected=pl.lit(value=True))
    )


def _terms(population: Population, _residents: pl.DataFrame) -> pl.DataFrame:
    frame = population.terms.with_row_index("row").sort("resident_no", "valid_from")
    return frame.join(_protected(population), on="resident_no", how="left", maintain_order="left").with_columns(
        first=pl.int_range(pl.len()).over("resident_no") == 0,
        before=pl.col("valid_to").shift(1).over("resident_no"),
        office_open=pl.Series(office_days_before(_days(frame["decided_on"])) == _days(frame["decided_on"])),
    )


def _days(dates: pl.Series) -> npt.NDArray[np.int64]:
    return dates.to_physical().cast(pl.Int64).to_numpy()


def _forwards(population: Population, _residents: pl.DataFrame) -> pl.DataFrame:
    frame = population.forwards.with_row_index("row")
    return frame.join(_protected(population), on="resident_no", how="left", maintain_order="left").rename(
        {"began": "valid_from"}
    )


def _figures(population: Population, residents: pl.DataFrame) -> pl.DataFrame:
    return _with_resident(population.figures, residents)


_VIEWS: dict[str, Callable[[Population, pl.DataFrame], pl.DataFrame]] = {
    "residents": _residents, "siblings": _siblings, "households": _households, "addresses": _addresses,
    "changes": _changes, "protections": _protections,
    "terms": _terms, "forwards": _forwards,
    "relations": _relations, "figures": _figures, "items": _items,
    "foreigners": _foreigners, "aliases": _aliases, "ends": _ends,
    "past": _past, "removed": _removed,
}  # fmt: skip
