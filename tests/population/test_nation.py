"""Any one resident, made alone, is the one of the whole population."""

from datetime import date

import polars as pl
import pytest

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import PopulationSpec
from simulator.population.build import plans
from simulator.population.nation import Nation, block_size
from simulator.streams import Stream
from simulator.world.municipality import DEMO, MUNICIPALITIES

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
NATION = Nation(PopulationSpec(20_000), WINDOW, Stream(3))


@pytest.fixture(scope="module")
def present(town):
    """Those of the whole town who are there when the window begins, in order."""
    return town.residents.filter(pl.col("resident_since") < WINDOW.start)


@pytest.mark.parametrize("index", [0, 7_777, 17_000, 19_999])
def test_resident_alone_is_the_resident_of_the_town(town, present, index):
    """Names, numbers, home and family are those of the town that was built whole."""
    entry = NATION.resident(DEMO, index)
    (alone,), whole = entry.parts["resident"], present.row(index, named=True)
    same = [name for name in alone if not name.endswith("_no")]
    assert {name: alone[name] for name in same} == {name: whole[name] for name in same}
    home = town.addresses.filter(pl.col("address_no") == whole["address_no"]).row(0, named=True)
    assert entry.parts["address"][0]["address"] == home["address"]
    family = present.filter(pl.col("household_no") == whole["household_no"])["birth_date"].to_list()
    assert [member["birth_date"] for member in entry.parts["members"]][: len(family)] == family
    assert entry.block_residents < town.residents.height


def test_code_alone_leads_to_its_holder(present):
    """The resident code finds the same person as the index."""
    code = present["resident_code"][12_345]
    assert NATION.holder(code).parts == NATION.resident(DEMO, 12_345).parts


def test_history_of_a_mover_is_told(town):
    """Whoever changes in the window has the change in the entry, with the address in words."""
    moved = town.changes.filter(pl.col("reason") == "転居")["resident_no"][0]
    code = town.residents["resident_code"][moved]
    changes = NATION.holder(code).parts["change"]
    assert "転居" in [change["reason"] for change in changes]
    assert all(isinstance(change["address_to"], str | None) for change in changes)
    assert all(row["value"] is not None for row in NATION.holder(code).rows())


def test_counting_makes_nobody():
    """The size of a block is known without making it."""
    for plan in plans(PopulationSpec(17_000), MUNICIPALITIES[1], WINDOW, Stream(3)):
        assert block_size(plan.here) >= 17_000


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("482013", 20_000, None), "0 to"),
        (("482013", None, None), "an index"),
        ((None, None, "1234"), "11 digits"),
        ((None, None, "00000000000"), "nobody"),
    ],
)
def test_whom_nobody_is_gets_one_line(asked, answer):
    """What cannot be is answered with what can."""
    with pytest.raises(UsageError, match=answer):
        NATION.find(*asked)
