"""The edge-case catalogue: a small register in which each kind of edge case lives, and the list that names them."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.cases.altered import RARE, altered, check
from simulator.cases.edges import EDGES, edge_cases
from simulator.clock import Window
from simulator.errors import CheckError, ExistsError, StorageError
from simulator.population import Population, PopulationSpec, build
from simulator.population.part import part
from simulator.schema.types import Table
from simulator.streams import Stream
from simulator.world.municipality import municipality

RESIDENTS = 60_000
"""How many people are looked through."""
PER_CASE = 2
NAMED = ("family_name", "given_name", "family_kana", "given_kana", "sex", "birth_date", "birth_known", "relationship",
         "nationality", "resident_code", "resident_ref")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Edge cases and the people in which they are.

    Attributes:
        people: everyone needed, a register of its own.
        cases: columns case, 名称, breaks, made (found or altered), resident_no, and who it is.
    """

    people: Population
    cases: pl.DataFrame


def catalogue(seed: int, start: Window, code: str = "482013", residents: int = RESIDENTS, jobs: int = 1) -> Catalogue:
    """Look through `residents` people of the municipality `code`, keep two of each edge case with all whom they need.

    Args:
        seed: of the people; with the rest it says who they are.
        start: days in which their changes fall.
        code: six digits.
        residents: how many are looked through.
        jobs: workers; they change no byte.

    Raises:
        CheckError: some kind was not found, so more residents are needed; or a rule of the register would be broken.
    """
    whole = build(PopulationSpec(residents), municipality(code), start, Stream(seed).at("population"), jobs)
    found = edge_cases(whole)
    rare = tuple(name for name in RARE if not len(found[name]))
    wanted = altered(whole, rare)
    found = edge_cases(wanted)
    if lacking := [name for name, who in found.items() if not len(who)]:
        msg = f"nobody among {residents:,} residents is {', '.join(lacking)}: look through more"
        raise CheckError(msg)
    chosen = {name: who.head(PER_CASE) for name, who in found.items()}
    small = part(wanted, pl.concat(list(chosen.values())).unique())
    check(small.people)
    return Catalogue(small.people, _listed(small.people, chosen, small.numbers["residents"], rare))


def _listed(
    people: Population, chosen: dict[str, pl.Series], numbers: pl.Series, rare: tuple[str, ...]
) -> pl.DataFrame:
    parts = [
        pl.DataFrame(
            {"case": edge.name, "名称": edge.ja, "breaks": edge.breaks,
             "made": "altered" if edge.name in rare else "found",
             "resident_no": numbers.search_sorted(chosen[edge.name])}
        )
        for edge in EDGES
    ]  # fmt: skip
    who = people.residents.select("resident_no", "address_no", *NAMED)
    where = people.addresses.select("address_no", "address")
    told = pl.concat(parts).with_columns(pl.col("resident_no").cast(pl.UInt32))
    joined = told.join(who, on="resident_no", how="left", maintain_order="left")
    return joined.join(where, on="address_no", how="left", maintain_order="left").drop("address_no")


def write(made: Catalogue, out: Path) -> list[Path]:
    """Write the list and the register's tables as CSV (UTF-8 with BOM) into the new folder `out`; the files.

    Raises:
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    if out.exists():
        msg = f"{out} already exists; give another --out or remove it first"
        raise ExistsError(msg)
    tables: dict[Table, pl.DataFrame] = made.people.register
    frames = {"edge_cases": made.cases, **{table.name: frame for table, frame in tables.items()}}
    try:
        out.mkdir(parents=True)
    except OSError as error:
        msg = f"{out} could not be written: {error}"
        raise StorageError(msg) from error
    for name, frame in frames.items():
        with storage.whole_file(out / f"{name}.csv") as draft:
            frame.write_csv(draft, include_bom=True)
    return [out / f"{name}.csv" for name in frames]
