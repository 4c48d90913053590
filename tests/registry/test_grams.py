"""The index of characters and pairs: what is in a text is found in its numbers."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from simulator.registry.grams import grams, wanted

TEXTS = st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12), min_size=1, max_size=6)


@given(texts=TEXTS, cut=st.tuples(st.integers(0, 11), st.integers(1, 12)))
def test_every_part_of_a_text_is_in_its_numbers(texts, cut):
    """Whatever part of a text is looked for, all numbers of the part are among those of the text."""
    found = grams(pl.Series(texts), "name_key").to_list()
    assert [len(numbers) for numbers in found] == [max(0, 2 * len(text) - 1) for text in texts]
    for text, numbers in zip(texts, found, strict=True):
        assert set(wanted(text[cut[0] : cut[0] + cut[1]], "name_key")) <= set(numbers)


def test_texts_do_not_touch():
    """The last character of one text and the first of the next are no pair; nor are two columns one."""
    first, second = grams(pl.Series(["佐藤", "健太"]), "name_key").to_list()
    assert not {*wanted("藤健", "name_key")} & {*first, *second}
    assert not {*wanted("佐藤", "kana_key")} & {*first}
    assert wanted("佐", "name_key") != wanted("佐\x00", "name_key")
