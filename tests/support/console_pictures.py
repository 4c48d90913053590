"""Makes the pictures of the console in fixtures/pictures: ``python tests/support/console_pictures.py [FOLDER]``.

A small drill is made and played in Japanese by two people in headless Chromium; each screen is photographed once.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

import served_drill
from PIL import Image
from playwright.sync_api import sync_playwright
from served_drill import FLAGS, Seat

from simulator import drill

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "pictures"
COLOURS = 64
SETTLE_MS = 2_500
WORDS = (
    "受付簿に申請がなく、世帯にも同僚の処理にも理由が見当たらない。業務上の理由のない照会と判断した。",
    "履歴番号を時刻順に挙げ、受付簿の該当日の欄と照らした。",
    "同じ日に夜間の操作が三件あるが、いずれも時間外勤務命令簿の記載と合うため除いた。",
    "端末と履歴を保全し、所属長に報告する。原本を確かめてから本人に聞き取る。",
)
"""What the team writes down."""


def keep(seat, folder, name):
    """Photograph the page, with few colours: a screen needs no more."""
    seat.page.wait_for_timeout(SETTLE_MS)
    seen = Image.open(io.BytesIO(seat.page.screenshot())).convert("RGB")
    seen.quantize(COLOURS).save(folder / f"console-{name}.png", optimize=True)


def play(browser, served, secret, folder):
    """Play, and photograph on the way."""
    act = secret.labels.filter(kind="misuse").drop_nulls("person_no").sort("event_id").to_dicts()[0]
    lead = Seat(browser, served, served.facilitator, "進行 太郎")
    outside = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    outside.goto(f"{served.url}/sign-in")
    seen = Image.open(io.BytesIO(outside.screenshot())).convert("RGB")
    seen.quantize(COLOURS).save(folder / "console-sign-in.png", optimize=True)
    lead.press("開始")
    one = Seat(browser, served, served.codes["第1班"], "監査 花子")
    one.go("/log")
    keep(one, folder, "log")
    one.page.locator('[data-field="staff"]').fill(act["staff_code"])
    one.page.locator('[data-field="person"]').fill(act["person_no"])
    one.page.wait_for_timeout(SETTLE_MS)
    one.page.locator("tbody tr").first.click()
    one.page.locator('[data-field="reason"]').fill("受付簿に申請がない。")
    one.page.wait_for_timeout(300)
    one.press("● 不正の疑い")
    keep(one, folder, "event")
    for name, path in (
        ("person", f"/person/{act['person_no']}"), ("operator", f"/operator/{act['staff_code']}"),
        ("link", f"/link/{act['staff_code']}/{act['person_no']}"), ("marks", "/marks"),
    ):  # fmt: skip
        one.go(path)
        keep(one, folder, name)
    write_down(one, lead, served, act, folder)


def write_down(one, lead, served, act, folder):
    """Hints, steps of the inquiry, messages, the hand-in, the facilitator."""
    one.go("/questions")
    one.page.locator('[data-hint="1"]').click()
    one.press("見る")
    keep(one, folder, "questions")
    one.go("/requests")
    one.page.locator('[data-field="target"]').fill(act["staff_code"])
    one.page.locator('[data-field="asked"]').fill("この照会の理由を教えてください。")
    one.page.wait_for_timeout(500)
    one.press("請求する")
    keep(one, folder, "inquiry")
    lead.page.locator("[data-inject]").first.click()
    one.go("/messages")
    keep(one, folder, "messages")
    one.go("/hand-in")
    for number, words in enumerate(WORDS, start=1):
        one.page.locator(f'[data-judge="{number}"]').fill(words)
    one.page.wait_for_timeout(1_000)
    keep(one, folder, "hand-in")
    keep(lead, folder, "facilitator")
    mark(one, lead, folder)


def mark(one, lead, folder):
    """The team hands in, and the facilitator marks what it wrote."""
    one.press("提出する")
    one.press("提出を確定する")
    one.sees("提出済みです")
    lead.go("/marking")
    for number in (1, 2):
        lead.page.locator(f'[data-marks="{number}-第1班"]').get_by_text("3点", exact=True).click()
    lead.page.locator('[data-remark="1-第1班"]').fill("三方から示せている。")
    keep(lead, folder, "marking")


def main(folder: Path) -> None:
    """Make a drill, play it, and live mode once more for its picture."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        order = drill.order("kochi", seed=5, difficulty=1, team=2, teams=2, residents=1_500, days=30)
        pack = drill.make(order, Path(scratch) / "kochi")
        with served_drill.serving(pack.path) as served:
            play(browser, served, drill.unseal(pack), folder)
        shutil.rmtree(pack.path.with_name("kochi.session"))
        with served_drill.serving(pack.path, "--live", "--speed", "600") as served:
            lead = Seat(browser, served, served.facilitator, "進行 太郎")
            lead.press("開始")
            keep(lead, folder, "live")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
