"""Every detector that ships, found by discovery, holds to the public contract."""

import made_town
import pytest

from simulator import detect


@pytest.mark.parametrize("name", detect.names())
def test_baseline_keeps_the_contract(name):
    """It is finite, deterministic, stateless, and blind to names, numbers and order."""
    detect.check_detector(lambda: detect.make(name), made_town.town())


@pytest.mark.parametrize("name", detect.names())
def test_baseline_reads_only_what_it_says(name):
    """It opens no table beyond its record's list, and opens all of them."""
    town, opened = made_town.town(), set()

    class Watched:
        def table(self, table):
            opened.add(table)
            return town.table(table)

    detect.make(name).score(Watched())
    assert opened == set(detect.discover()[name].tables)
