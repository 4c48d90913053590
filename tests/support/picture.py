"""Takes the picture of a report page that the README shows: ``python tests/support/picture.py PAGE PICTURE``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 1400
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def take(page: Path, picture: Path) -> None:
    """Write the top of `page` in Japanese to `picture` (PNG)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        window = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        window.goto(page.absolute().as_uri())
        window.check("#only-ja")
        window.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
