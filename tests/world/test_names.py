"""Names and search keys."""

import re

import pytest

from simulator.world.folding import fold_address, fold_kana, fold_name
from simulator.world.foreigners import foreign_names
from simulator.world.given_names import given_names, split_entry, top_names
from simulator.world.municipality import DEMO
from simulator.world.surnames import head, surnames
from simulator.world.towns import TOWNS_PER_DISTRICT, town_names

KATAKANA = re.compile(r"[ァ-ヺー]+")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("山﨑", "山崎"),
        ("葛\U000e0100", "葛"),
        ("Smith", "ＳＭＩＴＨ"),
    ],
)
def test_variants_fold_together(one: str, other: str) -> None:
    """Variant characters, selectors and widths meet in one key."""
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("kana", "key"),
    [("ショウジ", "シヨウシ"), ("ｶﾞｸ", "カク"), ("さとう", "サトウ"), ("ヴァン", "ウアン"), ("リー", "リ")],
)
def test_kana_fold(kana: str, key: str) -> None:
    """Sound marks, small kana, width and hiragana fold."""
    assert fold_kana(kana) == key


def test_address_folds() -> None:
    """丁目, 番 and 号 become hyphens."""
    assert fold_address("桜町二丁目3番5号 コーポ桜203号室") == "桜町2-3-5-コーポ桜203"
    assert fold_address("桜町２－３－５") == "桜町2-3-5"


def test_beginning_of_an_address_keeps_the_hyphen_that_was_typed():
    """Whoever types 桜町2- means no 桜町20; whoever types 桜町2番 may mean the whole of an address."""
    assert fold_address("桜町２－", begun=True) == "桜町2-"
    assert fold_address("桜町2-", begun=False) == "桜町2"
    assert fold_address("桜町2番", begun=True) == "桜町2"
    assert fold_address("-", begun=True) == ""


def test_every_name_has_katakana() -> None:
    """All surnames and given names, Japanese and foreign, have kana in katakana."""
    lists = [surnames()[0], given_names().listed, foreign_names().family, foreign_names().given]
    for each in lists:
        assert all(KATAKANA.fullmatch(kana) for kana in each.names["kana"])


def test_surnames_begin_with_the_most_frequent() -> None:
    """The list begins with the sourced hundred and names nobody twice."""
    names = surnames()[0].names["name"]
    assert names[:100].to_list() == list(head())
    assert names.n_unique() == len(names)


def test_surname_shares_are_whole() -> None:
    """佐藤 has its share of all people within 1 %."""
    share = int(surnames()[1].thresholds[0]) / 2**53
    assert share == pytest.approx(1990 / 127_700, rel=0.01)


def test_top_names_have_five_for_each_cohort() -> None:
    """Seventeen cohorts with five names each for both sexes."""
    for sex in ("male", "female"):
        assert {len(names) for names in top_names(sex).values()} == {5}
        assert len(top_names(sex)) == 17


def test_entries_in_katakana_are_written_twice() -> None:
    """A name that is itself katakana splits in halves."""
    assert split_entry("トメトメ") == ("トメ", "トメ")
    assert split_entry("さくらサクラ") == ("さくら", "サクラ")


def test_towns_are_distinct() -> None:
    """No two towns of the first twenty blocks share a name."""
    names = [name for block in range(20) for name in town_names(DEMO, block)["town"]]
    assert len(set(names)) == len(names) == 20 * DEMO.district_count * TOWNS_PER_DISTRICT
