"""The page of a run: whole, without network, in two languages, and without truth unless it is given."""

import re

import made_page
import made_town
import polars as pl
import pytest

from simulator import report
from simulator.labels import AnswerKey


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
    assert text.count("<svg") == 4
    for words in ("Episodes of misuse", "What detectors found", "M06"):
        assert words not in text


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
    assert text.count("文書照会・公用請求への対応") == 1
    assert text.count("依頼を受けて2人の住所を調べた") == 1
