"""The evidence of a drill: a half for machines with pseudonyms, a half for people, and the sheet that joins them.

For people an operator is a staff number, a resident a reference (宛名番号) with a name. Codes stay codes of the
vocabulary; what is handed out translates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from simulator import detect
from simulator.dataset import Dataset
from simulator.errors import MissingError, UnknownNameError
from simulator.pseudonym import Epochs
from simulator.scenario import Scenario

BRIDGES = ("bridge_person", "bridge_household", "bridge_staff")
PEOPLE = "people"
MACHINE = (*detect.TABLES, *BRIDGES, PEOPLE)
"""The tables of the machine half, each a Parquet file of ``machine/``."""
PARTS = ("events", "staff", "roster", "cases", "places", "people", "shown", "bridge")
"""The tables for people, in the order in which they are handed out."""
_SOLE = 1
_DISTRICT = pl.format("第{}地区", pl.col("district"))


@dataclass(frozen=True)
class Evidence:
    """What a team may look at, read when it is asked for.

    Attributes:
        machine: table → frame with pseudonyms; also a view that detectors read.
    """

    machine: Mapping[str, pl.LazyFrame]

    @classmethod
    def open(cls, folder: Path) -> "Evidence":
        """The evidence in ``machine/`` of a pack.

        Raises:
            MissingError: a table is not there.
        """
        paths = {name: folder / f"{name}.parquet" for name in MACHINE}
        gone = [path for path in paths.values() if not path.is_file()]
        if gone:
            msg = f"{gone[0]} is missing from the drill"
            raise MissingError(msg)
        return cls({name: pl.scan_parquet(path) for name, path in paths.items()})

    def table(self, table: str) -> pl.DataFrame:
        """The machine table called `table`, as detectors ask for it.

        Raises:
            UnknownNameError: there is none.
        """
        if table not in self.machine:
            raise UnknownNameError("table", table, self.machine)
        return self.machine[table].collect()

    def part(self, name: str) -> pl.DataFrame:
        """The table for people called `name`, one of `PARTS`."""
        if name not in PARTS:
            raise UnknownNameError("part of the evidence", name, PARTS)
        found: pl.DataFrame = getattr(self, name)
        return found

    @cached_property
    def events(self) -> pl.DataFrame:
        """The log: ``staff_code``, ``person_no``, ``household_no`` in the place of pseudonyms, names beside them.

        Where a list or search showed one person alone, that is whom the event concerned.
        """
        only = self._only()
        rows = self.machine["event"].join(only, on="event_id", how="left").with_columns(
            pl.coalesce("resident", "only_resident").alias("resident"),
            pl.coalesce("household", "only_household").alias("household"),
        )  # fmt: skip
        named = self._named(self._by_person(self._by_staff(rows)))
        enums = pl.col(pl.Enum).cast(pl.String)
        return (
            named.drop("only_resident", "only_household", "search_token")
            .with_columns(enums)
            .sort("at", "event_id")
            .collect()
        )

    def _only(self) -> pl.LazyFrame:
        counted = self.machine["shown"].group_by("event_id").agg(
            pl.len(), pl.col("resident", "household").first().name.prefix("only_")
        )  # fmt: skip
        return counted.filter(pl.col("len") == _SOLE).drop("len")

    @cached_property
    def shown(self) -> pl.DataFrame:
        """Whom searches and lists showed: ``event_id, rank, person_no, household_no, person_name``.

        Of a bulk extraction an auditor has the number of people alone.
        """
        bulk = self.machine["event"].filter(pl.col("action") == "export").select("event_id")
        listed = self.machine["shown"].join(bulk, on="event_id", how="anti")
        return self._named(self._by_person(listed), staff=False).sort("event_id", "rank").collect()

    @cached_property
    def staff(self) -> pl.DataFrame:
        """The staff list, with the own record of those who live in the town."""
        rows = self.machine["staff"].drop("surname").with_columns(pl.col(pl.Enum).cast(pl.String))
        titles = self.machine["section"].select("section", section_title="title")
        own = self._by_person(self._by_staff(rows)).join(titles, on="section", how="left")
        home = self.machine[PEOPLE].select("person_no", "address")
        names = self.machine["bridge_staff"].select("staff_code", "staff_name")
        joined = own.join(home, on="person_no", how="left").join(names, on="staff_code", how="left")
        order = ("staff_code", "staff_name", "section", "section_title", "role", "employment", "supervisor", "hired_on",
                 "person_no", "household_no", "address")  # fmt: skip
        return joined.select(order).sort("staff_code").collect()

    @cached_property
    def roster(self) -> pl.DataFrame:
        """Who was on duty from when to when."""
        return self._by_staff(self.machine["roster"]).sort("day", "staff_code").collect()

    @cached_property
    def cases(self) -> pl.DataFrame:
        """The case list, with the name of whom each case concerns."""
        rows = self._by_person(self.machine["case"]).with_columns(pl.col(pl.Enum).cast(pl.String))
        return self._named(rows, staff=False).sort("opened", "case_no", "person_no").collect()

    @cached_property
    def places(self) -> pl.DataFrame:
        """The plan of the office: every terminal with its section and building; sections without any too."""
        sections = self.machine["section"].rename({"title": "section_title"}).drop("office")
        stands = self.machine["terminal"].drop("office")
        joined = sections.join(stands, on="section", how="left")
        return joined.sort("section", "terminal").collect()

    @cached_property
    def people(self) -> pl.DataFrame:
        """The residents, as the register names them."""
        return self.machine[PEOPLE].sort("person_no").collect()

    @cached_property
    def bridge(self) -> pl.DataFrame:
        """Number → pseudonym of the machine files, in hexadecimal digits."""
        kinds = (("staff", "bridge_staff", "staff_code", "actor"), ("person", "bridge_person", "person_no", "resident"),
                 ("household", "bridge_household", "household_no", "household"))  # fmt: skip
        rows = [
            self.machine[table].select(
                kind=pl.lit(kind), number=pl.col(number), pseudonym=pl.col(token).bin.encode("hex")
            )
            for kind, table, number, token in kinds
        ]
        return pl.concat(rows).sort("kind", "number", "pseudonym").collect()

    def _by_staff(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        bridge = self.machine["bridge_staff"].select("actor", "staff_code")
        return rows.join(bridge, on="actor", how="left").drop("actor")

    def _by_person(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        persons, homes = self.machine["bridge_person"], self.machine["bridge_household"]
        joined = rows.join(persons, on="resident", how="left").join(homes, on="household", how="left")
        return joined.drop("resident", "household")

    def _named(self, rows: pl.LazyFrame, *, staff: bool = True) -> pl.LazyFrame:
        names = self.machine[PEOPLE].select("person_no", person_name="name")
        joined = rows.join(names, on="person_no", how="left")
        if not staff:
            return joined
        return joined.join(self.machine["bridge_staff"].select("staff_code", "staff_name"), on="staff_code", how="left")


def machine(run: Dataset, keys: Path, scenario: Scenario, epochs: Epochs) -> dict[str, pl.DataFrame]:
    """The machine half of the evidence of `run`; nothing of it depends on the truth.

    Args:
        run: the public half.
        keys: its folder of keys, with who bears which staff number.
        scenario: what was played.
        epochs: the pseudonyms of its log.
    """
    code = scenario.municipalities[0]
    residents, households = run.table("resident"), run.table("household")
    homes = households.select(pl.lit(code) + pl.col("household_no").cast(pl.String).str.zfill(8)).to_series()
    staff = pl.read_parquet(keys / "staff" / f"{code}.parquet")
    tables = {name: run.table(name) for name in detect.TABLES}
    tables["bridge_person"] = pl.DataFrame(
        {"resident": epochs.every("resident", residents["resident_code"]), "person_no": residents["resident_ref"]}
    )
    tables["bridge_household"] = pl.DataFrame(
        {"household": epochs.every("household", homes), "household_no": households["household_ref"]}
    )
    tables["bridge_staff"] = staff.select(
        "staff_code", staff_name=pl.concat_str("family_name", "given_name", separator=" ")
    ).with_columns(epochs.every("staff", staff["staff_code"]).alias("actor"))
    tables[PEOPLE] = _people(run, residents, households)
    return tables


def _people(run: Dataset, residents: pl.DataFrame, households: pl.DataFrame) -> pl.DataFrame:
    homes = run.table("address").select("address_no", "district", "address")
    protected = run.table("protection")["resident_no"].unique()
    return (
        residents.join(homes, on="address_no", how="left")
        .join(households.select("household_no", "household_ref"), on="household_no", how="left")
        .select(
            person_no="resident_ref",
            name=pl.concat_str("family_name", "given_name", separator=" "),
            kana=pl.concat_str("family_kana", "given_kana", separator=" "),
            sex=pl.col("sex").cast(pl.String),
            birth_date="birth_date",
            household_no="household_ref",
            relationship=pl.col("relationship").cast(pl.String),
            district=_DISTRICT,
            address="address",
            protected=pl.col("resident_no").is_in(protected.implode()),
        )
        .sort("person_no")
    )
