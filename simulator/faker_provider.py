"""A Faker provider: coherent residents and households of a made-up municipality, for those who use Faker already.

>>> from faker import Faker
>>> fake = Faker("ja_JP", includes=["simulator.faker_provider"])
>>> fake.seed_instance(7)
>>> home = fake.household()
>>> home["members"][0]["relationship"], home["members"][0]["address"] == home["address"]
('世帯主', True)

The names fit sex and year of birth, the kana the kanji, the postal code the town, the family one another; no number is
anyone's. What is incidental, such as an employer's name, comes from Faker itself.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from faker.providers import BaseProvider

from simulator.clock import Window
from simulator.population.block import make_block
from simulator.population.build import plans
from simulator.population.plan import Plan
from simulator.population.spec import BLOCK_NUMBERS, PopulationSpec
from simulator.streams import Stream
from simulator.world.municipality import DEMO, municipality
from simulator.world.numbers import NumberEmitter

TODAY = date(2025, 4, 1)
ASSUMED_WORKING = (20, 65)  # ages that have an employer
ASSUMED_EMPLOYERS = 5_000
_COLUMNS = (
    "name", "kana", "family_name", "given_name", "family_kana", "given_kana", "sex", "birth_date", "age", "nationality",
    "relationship", "postal_code", "address", "telephone", "resident_code", "my_number",
)  # fmt: skip


class Provider(BaseProvider):
    """Gives ``fake.resident()`` and ``fake.household()``.

    Faker's own seed says who is drawn; `seed` says of which world. The defaults serve ``Faker(includes=…)`` and the
    command ``faker``; for another world: ``fake.add_provider(Provider(fake, seed=5, residents=100_000))``.
    """

    def __init__(self, generator: Any, seed: int = 0, code: str = DEMO.code, residents: int = 20_000) -> None:
        """Draw from `residents` people of the municipality `code` in the world of `seed`.

        Raises:
            UnknownNameError: there is no such municipality.
            ValueError: `residents` is below 1.
        """
        super().__init__(generator)
        self._spec, self._place, self._stream = PopulationSpec(residents), municipality(code), Stream(seed)
        self._blocks: dict[int, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}

    def resident(self) -> dict[str, Any]:
        """One resident: name and kana, sex, birth date, address, telephone, numbers; an employer for most adults."""
        people, _ = self._block()
        found = people[self.generator.random.randrange(len(people))]
        return self._told(found)

    def household(self) -> dict[str, Any]:
        """One household: kind, address, and its members as `resident` gives them, the head first."""
        _, homes = self._block()
        home = homes[self.generator.random.randrange(len(homes))]
        return {**home, "members": [self._told(member) for member in home["members"]]}

    def _told(self, person: Mapping[str, Any]) -> dict[str, Any]:
        """The resident with an employer, whose name and number go together."""
        youngest, oldest = ASSUMED_WORKING
        employer = self._employer() if youngest <= person["age"] < oldest else None
        return {**person, "employer": employer}

    def _employer(self) -> dict[str, str]:
        which = np.array([self.generator.random.randrange(ASSUMED_EMPLOYERS)], dtype=np.uint64)
        return {"name": self.generator.company(), "corporate_number": self._emitter.corporate_numbers(which)[0]}

    @cached_property
    def _emitter(self) -> NumberEmitter:
        return NumberEmitter.of(self._stream.at("population", "numbers"))

    @cached_property
    def _plans(self) -> list[Plan]:
        window = Window(TODAY, date(TODAY.year + 1, TODAY.month, TODAY.day))
        return list(plans(self._spec, self._place, window, self._stream.at("population")))

    def _block(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """A block drawn by its share of the households; made once."""
        shares = [plan.households for plan in self._plans]
        drawn = self.generator.random.randrange(sum(shares))
        number = int(np.searchsorted(np.cumsum(shares), drawn, side="right"))
        if number not in self._blocks:
            self._blocks[number] = self._made(self._plans[number])
        return self._blocks[number]

    def _made(self, plan: Plan) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        block = make_block(plan)
        present = block.residents.filter(pl.col("resident_since") < TODAY)
        ordinals = present["resident_no"].to_numpy().astype(np.uint64) + np.uint64(plan.number * BLOCK_NUMBERS)
        before = pl.col("birth_date").dt.strftime("%m%d") > f"{TODAY:%m%d}"
        age = TODAY.year - pl.col("birth_date").dt.year() - before.cast(pl.Int32)
        places = block.addresses.select("address_no", "postal_code", "address")
        people = present.with_columns(
            self._emitter.telephones(ordinals).alias("telephone"),
            name=pl.col("family_name") + " " + pl.col("given_name"),
            kana=pl.col("family_kana") + " " + pl.col("given_kana"),
            age=age,
        ).join(places, on="address_no", how="left", maintain_order="left")
        rows = people.select(_COLUMNS).to_dicts()
        return rows, _homes(block.households, people["household_no"].to_list(), rows)


def _homes(households: pl.DataFrame, home_of: list[int], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = dict(households.select("household_no", pl.col("kind").cast(pl.String)).iter_rows())
    homes: dict[int, dict[str, Any]] = {}
    for number, row in zip(home_of, rows, strict=True):
        place = {"kind": kinds[number], "postal_code": row["postal_code"], "address": row["address"], "members": []}
        homes.setdefault(number, place)["members"].append(row)
    for home in homes.values():
        home["members"].sort(key=lambda member: member["relationship"] != "世帯主")
    return list(homes.values())
