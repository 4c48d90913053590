"""The page of a run: whole, without network, in two languages, and without truth unless it is given."""

import re
from datetime import date

import made_page
import made_town
import polars as pl
import pytest

from simulator import report
from simulator.labels import AnswerKey
from simulator.report import people
from simulator.workload.archetypes import records


@pytest.fixture(scope="module")
def run():
    return made_page.run()


@pytest.fixture(scope="module")
def page(run, tmp_path_factory):
    """The page with truth and both baselines."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    return made_page.write(run, path).read_text(encoding="utf-8")


def test_page_needs_no_network(page):
    """Nothing is loaded: no script, no link but the empty icon, no address but the names of XML vocabularies."""
    assert "<script" not in page
    assert re.findall(r"<link[^>]*>", page) == ['<link rel="icon" href="data:,">']
    addresses = set(re.findall(r"https?://[^\s\"')<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_ids_are_unique_and_known(page):
    """No id stands twice, and whatever is referred to is there."""
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_page_tells_the_story_in_both_languages(page):
    """The episode and the detectors are there, in Japanese and English; names are escaped."""
    for words in (
        "依頼を受けて2人の住所を調べた",
        "looked up two addresses",
        "has_reason",
        "適合率と再現率",
        "&lt;made&gt;",
    ):
        assert words in page
    assert "<made>" not in page


def test_page_without_truth_tells_nothing_of_it(run, tmp_path):
    """Without an answer key there is neither episode nor score."""
    path = tmp_path / "page.html"
    report.write_run_page(run, path)
    text = path.read_text(encoding="utf-8")
    assert text.count("<svg") == 10
    for words in ("Episodes of misuse", "What detectors found", "M06"):
        assert words not in text


def test_people_stand_beside_the_official_figures():
    """Sizes, surnames, births and deaths come with the official figure; moves only over a whole year."""
    sizes = people.by_household_size(
        pl.DataFrame({"size": [1, 2, 2, 9], "kind": ["single", "couple", "couple", "other"]})
    )
    assert sizes["simulated"].to_list() == [25, 50, 0, 0, 0, 25]
    assert sizes["official"].sum() == pytest.approx(100, abs=0.2)
    names = people.by_surname(
        pl.DataFrame({"family_name": ["髙橋", "高橋", "KIM", "森"], "nationality": ["JP", "JP", "KR", "JP"]})
    )
    assert dict(names.select("label", "simulated").iter_rows())["高橋"] == pytest.approx(200 / 3)
    change = pl.DataFrame({"reason": ["死亡", "国外転入", "転入", "婚姻"]})
    assert people.by_event(change, 1_000, 100)["label"].to_list() == ["出生 Births", "死亡 Deaths"]
    year = dict(people.by_event(change, 1_000, 365).select("label", "simulated").iter_rows())
    assert year == {"出生 Births": 0, "死亡 Deaths": 1, "転入 Moves in": 2, "転出 Moves out": 0}


def test_pyramid_holds_the_census_beside(mini):
    """Every band has as many people in the census column as its share of all; ages are those of the day."""
    found = people.by_age(mini.table("resident"), date(2025, 3, 10))
    assert found.height == 36
    assert found["official"].sum() == pytest.approx(found["count"].sum())
    one = pl.DataFrame({"birth_date": [date(1940, 3, 10), date(1940, 3, 11)], "sex": ["male", "male"]})
    counts = people.by_age(one, date(2025, 3, 10)).filter(pl.col("count") > 0)
    assert counts.select("band", "count").rows() == [("80–84", 1), ("85+", 1)]


def test_lookalikes_share_a_row(run, tmp_path):
    """Hundreds of lawful look-alikes of one archetype are one row of the time line and of their table."""
    key = made_town.key(run.town)
    lawful = key.episodes.with_columns(
        misuse=pl.lit(False),
        archetype=pl.lit("L11").cast(key.episodes.schema["archetype"]),
    )
    many = AnswerKey(key.labels, pl.concat([key.episodes, *[lawful] * 300]), key.run)
    path = tmp_path / "page.html"
    report.write_run_page(run, path, many)
    text = path.read_text(encoding="utf-8")
    assert re.findall(r">(L11 +×\d+)<", text) == ["L11  ×300"]
    assert text.count(records()["L11"].title_ja) == 1
    assert text.count("依頼を受けて2人の住所を調べた") == 1
