"""The page in a real browser: quiet, alone, in either language, never wider than the window."""

import os
import shutil

import made_page
import pytest
from playwright.sync_api import sync_playwright

from simulator import report

WIDE, NARROW = 1280, 390
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PICTURES = 6


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail("chromium is not installed; the pages must be opened in a browser before a change lands")
    if found is None:
        pytest.skip("left out: chromium is not installed, so no page was opened in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["made", "mini"])
def file(request, tmp_path_factory):
    """The page of the made-up town with detectors, and of a real run with its answer key."""
    path = tmp_path_factory.mktemp("browser") / "page.html"
    if request.param == "made":
        return made_page.write(made_page.run(), path)
    report.write_run_page(request.getfixturevalue("mini"), path, request.getfixturevalue("mini_key"))
    return path


@pytest.fixture
def opened(chromium, file):
    """The page in a window of 1280 pixels, with all that it said and asked for."""
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    said, asked = [], []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page, said, asked
    page.close()


def visible(page, selector):
    """How many elements of `selector` are shown."""
    return sum(element.is_visible() for element in page.query_selector_all(selector))


def test_page_is_quiet_and_alone(opened, file):
    """The console stays empty and nothing but the file itself is asked for."""
    page, said, asked = opened
    for choice in ("only-ja", "only-en", "both"):
        page.check(f"#{choice}")
    page.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


@pytest.mark.parametrize(("shown", "hidden"), [("ja", "en"), ("en", "ja")])
def test_switch_shows_one_language(opened, shown, hidden):
    """One language is read alone, with its headings and paragraphs, and the other is wholly hidden."""
    page, _, _ = opened
    assert visible(page, f"main [lang={hidden}]") > 0
    page.check(f"#only-{shown}")
    assert visible(page, f"body [lang={hidden}]") == 0
    for part in ("h1", "h2", "h3", "p"):
        assert visible(page, f"{part}[lang={shown}], {part} [lang={shown}]") > 0
    page.check("#both")
    assert visible(page, f"main [lang={hidden}]") > 0


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_page_is_never_wider_than_its_window(opened, width):
    """On a desk and on a telephone nothing is to be scrolled sideways, in any language."""
    page, _, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    for choice in ("both", "only-ja", "only-en"):
        page.check(f"#{choice}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_and_pictures_are_seen(opened, file):
    """The headings stand in order and the pictures have a size; every id of the page is there once."""
    page, _, _ = opened
    assert visible(page, "h1") == 1
    assert visible(page, "h2") >= 3
    drawn = [svg.bounding_box() for svg in page.query_selector_all("section svg:not(svg svg)")]
    assert len(drawn) >= PICTURES - ("curves-" not in file.read_text(encoding="utf-8"))
    assert all(box["width"] > 200 and box["height"] > 60 for box in drawn)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
