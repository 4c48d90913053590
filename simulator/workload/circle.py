"""Who is near to whom: the population's own graph, as misuse and the work that resembles it draw from it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from simulator.streams import Ints
from simulator.workload.office import Office
from simulator.workload.town import Town

ADULT, OLD = 20, 70
RELATIONS = ("parent", "sibling", "former_spouse", "classmate", "friend")
Flags = np.ndarray


@dataclass(frozen=True, slots=True)
class Groups:
    """Members by group: ``members[starts[g] : starts[g + 1]]`` are those of group g."""

    members: Ints
    starts: Ints

    @classmethod
    def of(cls, group: Ints, member: Ints) -> Self:
        """Group `member` by `group`, both shape ``(n,)``; members ascend within a group."""
        order = np.lexsort((member, group))
        count = int(group.max(initial=-1)) + 1
        return cls(member[order], np.searchsorted(group[order], np.arange(count + 1)))

    def __getitem__(self, group: int) -> list[int]:
        """The members of `group`, in order; none for a group that does not exist."""
        if not 0 <= group < len(self.starts) - 1:
            return []
        members: list[int] = self.members[self.starts[group] : self.starts[group + 1]].tolist()
        return members


@dataclass(frozen=True, slots=True)
class Circle:
    """The graph of a town and its office; every column of shape ``(n_residents,)`` by resident_no.

    Attributes:
        age: in years at the start of the window, by calendar year.
        male: whether male.
        settled: whether already here at the start of the window.
        number: of the group, by kind of group: household, place, block, surname, district.
        staffed: who works at the town hall.
        own: staff_no → own record, for those who live here.
    """

    age: Ints
    male: Flags
    settled: Flags
    number: dict[str, Ints]
    staffed: Flags
    own: dict[int, int]
    _members: dict[str, Groups]
    _related: dict[str, Groups]

    @classmethod
    def of(cls, town: Town, office: Office) -> Self:
        """Read the graph of `town`."""
        people = _people(town)
        count = people.height
        numbers = {name: people[name].cast(pl.Int64).fill_null(0).to_numpy() for name in _GROUPS}
        staffed = np.zeros(count, dtype=np.bool_)
        staffed[office.staff["resident_no"].drop_nulls().to_numpy()] = True
        every = np.arange(count)
        return cls(
            town.window.start.year - people["birth_date"].dt.year().cast(pl.Int64).to_numpy(),
            (people["sex"] == "male").to_numpy(),
            (people["resident_since"] < town.window.start).to_numpy(),
            numbers,
            staffed,
            dict(office.staff.select("staff_no", "resident_no").drop_nulls().iter_rows()),
            {name: Groups.of(numbers[name], every) for name in _GROUPS},
            {name: _pairs(town, name) for name in RELATIONS},
        )

    def related(self, resident: int, relation: str) -> list[int]:
        """Those of whom `resident` is the `relation` (for parent: the children)."""
        return self._known(resident, self._related[relation][resident])

    def home(self, resident: int) -> list[int]:
        """The others of the household."""
        return self._known(resident, self._with(resident, "household"))

    def kin(self, resident: int) -> list[int]:
        """Household, children, siblings and parents elsewhere."""
        parents = [int(p) for p in self._parents(resident)]
        near = self.home(resident) + self.related(resident, "parent") + self.related(resident, "sibling") + parents
        return self._known(resident, sorted(set(near)))

    def neighbours(self, resident: int) -> list[int]:
        """Adults of other households in the same building, else in the same block."""
        own = set(self._with(resident, "household"))
        near = self._with(resident, "place") + self._with(resident, "block")
        return [no for no in self._known(resident, sorted(set(near) - own)) if self.age[no] >= ADULT]

    def namesakes(self, resident: int) -> list[int]:
        """Everyone of the same surname."""
        return self._known(resident, self._with(resident, "surname"))

    def old_and_alone(self, lowest_age: int = OLD) -> Ints:
        """Residents of `lowest_age` and more who are the only one of their household, in order."""
        home = self.number["household"]
        return np.flatnonzero(self.settled & (self.age >= lowest_age) & (np.bincount(home)[home] == 1))

    def adults(self, *, low: int = ADULT, high: int = 90, male: bool | None = None) -> list[int]:
        """Residents of an age, perhaps of one sex, who do not work at the town hall."""
        fits = self.settled & ~self.staffed & (self.age >= low) & (self.age <= high)
        if male is not None:
            fits &= self.male == male
        return [int(no) for no in np.flatnonzero(fits)]

    def _parents(self, resident: int) -> Ints:
        groups = self._related["parent"]
        places = np.flatnonzero(groups.members == resident)
        return np.searchsorted(groups.starts, places, side="right") - 1

    def _with(self, resident: int, group: str) -> list[int]:
        return self._members[group][int(self.number[group][resident])]

    def _known(self, resident: int, found: list[int]) -> list[int]:
        return [no for no in found if no != resident and self.settled[no]]


_GROUPS = ("household", "place", "block", "surname", "district")


def _people(town: Town) -> pl.DataFrame:
    places = town.addresses.select(
        "address_no", "district", block=pl.struct("town", "block").rank("dense") - 1
    )  # fmt: skip
    return (
        town.residents.select("resident_no", "household_no", "address_no", "family_name", "sex", "birth_date",
                              "resident_since")
        .join(places, on="address_no", how="left", maintain_order="left")
        .sort("resident_no")
        .with_columns(
            household=pl.col("household_no"), place=pl.col("address_no"),
            surname=pl.col("family_name").rank("dense") - 1,
        )
    )  # fmt: skip


def _pairs(town: Town, relation: str) -> Groups:
    rows = town.relations.filter(pl.col("relation") == relation)
    one, other = (rows[name].cast(pl.Int64).to_numpy() for name in ("resident_no", "other_no"))
    return Groups.of(one, other)
