"""The page of a run: whole, without network, in two languages, and without truth unless it is given."""

import re

import made_page
import pytest

from simulator import report


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
