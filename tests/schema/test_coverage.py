"""The table of the standard's items claims no more than there is."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.schema.coverage import GROUPS, SURE, coverage, items, tally
from simulator.schema.people import CHANGES

NEEDED = ("本籍", "筆頭者", "方書", "転出先（予定・確定）", "改製（年月日・改製原）", "異動の取消し", "備考",
          "国民健康保険・後期高齢者医療の資格", "国民年金の資格")  # fmt: skip


def test_every_item_says_what_it_must():
    """Group, version and certainty are given; what is not generated says why, and has no columns."""
    for item in items():
        assert item.group in GROUPS
        assert item.sure in SURE
        assert item.version
        row = item.row()
        assert (row["generated"] == "no") == (not row["columns"])
        assert row["why"] or row["generated"] == "yes", item.item
    assert len({(i.group, i.item) for i in items()}) == len(items())


def test_all_groups_and_the_named_items_are_there():
    """At least the items that users asked for are in the list."""
    listed = {item.item for item in items()}
    assert set(NEEDED) <= listed
    assert {item.group for item in items()} == set(GROUPS)


def test_every_reason_of_change_is_in_the_list():
    """Whatever reason the schema knows is an item."""
    reasons = {reason for item in items() for reason in item.reasons}
    assert set(CHANGES.categories) <= reasons


@pytest.mark.parametrize("change", [{"columns": ("resident.shoe_size",)}, {"reasons": ("転生",)}, {"columns": ()}])
def test_nothing_is_claimed_that_is_not_there(change):
    """An item whose column or reason does not exist is not generated."""
    (name,) = [item for item in items() if item.item == "氏名"]
    assert name.generated == "yes"
    assert replace(name, **change).generated == "no"


def test_command_shows_the_table():
    """The command prints the rows, and on stderr how many there are of each."""
    found = CliRunner().invoke(app, ["schema", "--coverage", "--format", "csv"])
    assert found.exit_code == 0
    assert len(found.stdout.splitlines()) == len(list(coverage())) + 1
    assert tally() in found.stderr
