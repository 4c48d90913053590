"""A whole drill in real browsers: a team of two and a facilitator; and one whose server is killed in the middle."""

import os
import shutil

import pytest
import served_drill
from playwright.sync_api import expect, sync_playwright
from served_drill import FLAGS, Seat

from simulator import drill


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail("chromium is not installed; the console must be played in a browser before a change lands")
    if found is None:
        pytest.skip("left out: chromium is not installed, so no drill was played in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """A small drill for two teams of two."""
    order = drill.order("kochi", seed=5, difficulty=1, team=2, teams=2, residents=1_500, days=30)
    return drill.make(order, tmp_path_factory.mktemp("console") / "kochi")


@pytest.fixture(scope="module")
def secret(pack):
    return drill.unseal(pack)


@pytest.fixture
def served(pack):
    """The console of the drill, with a new record each time."""
    session = pack.path.with_name(pack.path.name + ".session")
    shutil.rmtree(session, ignore_errors=True)
    with served_drill.serving(pack.path) as running:
        yield running


def misuse(secret):
    """The acts of misuse that concerned a person."""
    return secret.labels.filter(kind="misuse").drop_nulls("person_no").sort("event_id").to_dicts()


def mark(seat, event_id, why):
    """Find an event by its number, open it, and mark it as misuse."""
    seat.go("/log")
    seat.page.locator('[data-field="text"]').fill(str(event_id))
    row = seat.page.locator("tbody tr", has=seat.page.get_by_role("cell", name=str(event_id), exact=True))
    row.first.click()
    seat.sees(f"履歴 {event_id}")
    seat.page.locator('[data-field="reason"]').fill(why)
    seat.page.wait_for_timeout(300)
    seat.press("● 不正の疑い")
    seat.sees("分に記録")


def search_and_mark(one, pack, acts):
    """The first of the team filters by the suspect and marks what was done."""
    one.page.locator('[data-field="staff"]').fill(acts[0]["staff_code"])
    whole = pack.evidence.events.filter(staff_code=acts[0]["staff_code"])
    expect(one.page.locator("#found")).to_have_text(f"{len(whole):,} 件", timeout=20_000)
    for act in acts[:2]:
        mark(one, act["event_id"], "受付がない")


def take_hint(seat, secret, question):
    """Pay for the first hint of a question and read it."""
    seat.go("/questions")
    seat.page.locator(f'[data-hint="{question}"]').click()
    seat.press("見る")
    seat.sees(secret.hints[question, 1].ja)


def interview(two, lead, secret, staff):
    """The second of the team asks for an interview; the facilitator answers with the sealed words."""
    two.go("/requests")
    two.page.locator('[data-field="target"]').fill(staff)
    two.page.wait_for_timeout(300)
    two.press("請求する")
    two.sees("回答待ち")
    lead.press("回答する")
    two.sees(secret.interviews[staff].ja)


def answer_all(two, pack, secret):
    """Every answer, as the sealed key has it."""
    two.go("/questions")
    for question in pack.questions:
        values = "、".join(secret.answers[question.number].values)
        two.page.locator(f'[data-question="{question.number}"]').fill(values)
    two.page.wait_for_timeout(800)


def hand_in(one):
    """Write down the judgement and hand in."""
    one.go("/hand-in")
    one.page.locator('[data-judge="1"]').fill("業務上の理由がない。")
    one.page.wait_for_timeout(700)
    one.press("提出する")
    one.press("提出を確定する")
    one.sees("提出済みです")


def mark_the_words(lead):
    """The facilitator reads what the team wrote and gives the best marks of each criterion."""
    lead.go("/marking")
    lead.sees("業務上の理由がない。")
    for number in range(1, 5):
        lead.page.locator(f'[data-marks="{number}-第1班"]').get_by_text("3点", exact=True).click()
    lead.page.locator('[data-remark="1-第1班"]').fill("三方から示せている。")
    lead.page.wait_for_timeout(1_000)
    lead.go("/facilitator")
    expect(lead.page.locator("#scores tbody tr").first).to_contain_text("12 / 12", timeout=20_000)


def end_and_report(lead, points):
    """The scoreboard shows the hand-in and its points; the drill ends; the report is written."""
    scores = lead.page.locator("#scores tbody tr").first
    expect(scores).to_contain_text("提出済み", timeout=20_000)
    expect(scores).to_contain_text(points, timeout=20_000)
    lead.press("終了")
    lead.press("終了する")
    lead.press("採点して報告書を作る")
    lead.page.locator('a[href^="/reports/"]').first.wait_for(timeout=60_000)


def test_team_of_two_and_a_facilitator_play_a_whole_drill(chromium, served, pack, secret):
    """Sign in, filter, mark, hint, inject, interview, answer, hand in, grade, report; quiet and offline throughout."""
    acts = misuse(secret)
    lead = Seat(chromium, served, served.facilitator, "進行 太郎")
    one = Seat(chromium, served, served.codes["第1班"], "監査 花子")
    two = Seat(chromium, served, served.codes["第1班"], "監査 次郎")
    one.sees("開始をお待ちください")
    lead.press("開始")
    one.sees("斜体は勤務時間外")
    search_and_mark(one, pack, acts)
    two.go("/marks")
    two.sees(str(acts[0]["event_id"]))
    take_hint(two, secret, 1)
    lead.page.locator("[data-inject]").first.click()
    two.sees("新しい連絡が届きました")
    two.go("/messages")
    two.sees(secret.injects[0].text.ja)
    interview(two, lead, secret, acts[0]["staff_code"])
    answer_all(two, pack, secret)
    two.go(f"/operator/{acts[0]['staff_code']}")
    two.press("嫌疑者として指名")
    two.sees("嫌疑者として指名済み")
    hand_in(one)
    mark_the_words(lead)
    end_and_report(lead, f"{pack.points - pack.question(1).hint_costs[0]} / {pack.points}")
    for seat in (lead, one, two):
        assert [line for line in seat.said if line.startswith(("error", "warning"))] == []
        assert seat.foreign == []


def test_server_killed_in_the_middle_loses_nothing(chromium, served, pack, secret):
    """Marks, answers, hints, words, the filter and the clock are there again, without anybody signing in anew."""
    act = misuse(secret)[0]
    lead = Seat(chromium, served, served.facilitator, "進行 太郎")
    lead.press("開始")
    one = Seat(chromium, served, served.codes["第2班"], "監査 三郎")
    mark(one, act["event_id"], "近所の人")
    take_hint(one, secret, 3)
    one.page.locator('[data-question="2"]').fill("17")
    one.page.wait_for_timeout(900)
    one.go("/hand-in")
    one.page.locator('[data-judge="2"]').fill("途中まで書いた文")
    one.page.wait_for_timeout(1_500)
    served_drill.stop(served)
    again = served_drill.start(pack.path, port=int(served.url.rsplit(":", 1)[1]))
    try:
        assert again.codes == served.codes
        see_everything_again(one, secret, act)
        mark(one, act["event_id"], "再開後の記録")
        expect(lead.page.locator("#scores tbody tr").nth(1)).to_contain_text("監査 三郎", timeout=20_000)
    finally:
        served_drill.stop(again)


def see_everything_again(one, secret, act):
    """The page that was open comes back by itself, and the others are as they were."""
    one.page.wait_for_timeout(3_000)
    expect(one.page.locator('[data-judge="2"]')).to_have_value("途中まで書いた文", timeout=20_000)
    one.go("/questions")
    expect(one.page.locator('[data-question="2"]')).to_have_value("17")
    one.sees(secret.hints[3, 1].ja)
    one.go("/marks")
    one.sees("近所の人")
    one.go("/log")
    expect(one.page.locator('[data-field="text"]')).to_have_value(str(act["event_id"]))


def test_every_page_fits_its_window_in_both_languages(chromium, served, pack, secret):
    """At 1280 and at 1920 pixels nothing is to be scrolled sideways but inside tables."""
    act = misuse(secret)[0]
    lead = Seat(chromium, served, served.facilitator, "進行 太郎")
    lead.press("開始")
    one = Seat(chromium, served, served.codes["第1班"], "監査 花子")
    pages = ["/log", "/marks", "/questions", "/requests", "/messages", "/hand-in", "/person", "/operator"]
    pages += [f"/person/{act['person_no']}", f"/operator/{act['staff_code']}"]
    pages += [f"/link/{act['staff_code']}/{act['person_no']}"]
    for lang, words in (("ja", "操作履歴"), ("en", "Audit log")):
        one.page.goto(f"{served.url}/language/{lang}")
        one.sees(words)
        for path in pages:
            one.go(path)
            for width in (1280, 1920):
                one.page.set_viewport_size({"width": width, "height": 800})
                assert one.page.evaluate("document.documentElement.scrollWidth") <= width, (path, lang, width)
    assert [line for line in one.said if line.startswith("error")] == []
