"""The door: who comes in, who does not, and what a page from elsewhere can reach."""

import made_drill
import pytest
from starlette.testclient import TestClient

from simulator.console.app import create_app
from simulator.console.running import Serving, listening, serve
from simulator.errors import MissingError, UsageError


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    made = made_drill.room(tmp_path_factory.mktemp("app"))
    yield made
    made.journal.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    (folder / "report.html").write_text("報告", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def app(room, reports):
    return create_app(room, reports, frozenset({"127.0.0.1", "localhost"}))


@pytest.fixture
def web(app):
    """A browser that knows no cookie yet."""
    return TestClient(app, base_url="http://127.0.0.1:8483", follow_redirects=False)


def signed_in(web, code, name="監査 花子"):
    """Sign in."""
    return web.post("/sign-in", data={"code": code, "member": name})


@pytest.mark.parametrize("path", ["/", "/log", "/facilitator", "/person/0000000001"])
def test_stranger_is_sent_to_the_door(web, path):
    """No page is shown without a seat."""
    found = web.get(path)
    assert found.status_code == 303
    assert found.headers["location"] == "/sign-in"


def test_wrong_code_is_told_so(web):
    """And no seat is given."""
    found = signed_in(web, "AAAAAA")
    assert found.status_code == 403
    assert "参加コードが違います" in found.text
    assert "jukisim_seat" not in found.cookies


def test_seat_is_a_cookie_that_scripts_and_other_sites_do_not_get(web, room):
    """HttpOnly, SameSite strict."""
    found = signed_in(web, room.progress.codes["第1班"])
    assert found.status_code == 303
    cookie = found.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_name_is_shown_as_text(web, room):
    """A member's name cannot bring a script along."""
    signed_in(web, room.progress.codes["第1班"], "<script>alert(1)</script>")
    assert "<script>alert(1)</script>" not in web.get("/marks").text


def test_report_is_for_the_facilitator_only(web, room):
    """A team that guesses the address gets nothing; neither does a path that climbs."""
    signed_in(web, room.progress.codes["第2班"])
    assert web.get("/reports/report.html").status_code == 404
    signed_in(web, room.progress.codes[""], "進行")
    assert web.get("/reports/report.html").text == "報告"
    assert web.get("/reports/..%2Fsession%2Fjournal.db").status_code == 404


def test_team_is_not_given_the_facilitators_page(web, room):
    """Neither codes nor injects nor answers are in what a team's browser gets."""
    signed_in(web, room.progress.codes["第1班"])
    page = web.get("/facilitator").text
    assert room.progress.codes["第2班"] not in page
    assert "本人の記録を誰が見たかを調べる" not in page


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "http://evil.example"}])
def test_other_names_and_origins_are_refused(web, headers):
    """No page from elsewhere speaks with the console."""
    assert web.get("/sign-in", headers=headers).status_code == 421
    assert web.post("/sign-in", data={"code": "x", "member": "y"}, headers=headers).status_code == 421


def test_language_is_chosen_and_kept(web):
    """Japanese at first, English when asked."""
    assert "参加コード" in web.get("/sign-in").text
    web.get("/language/en")
    assert "Your name in the team" in web.get("/sign-in").text


def test_leaving_gives_the_seat_back(web, room):
    """The cookie is worth nothing afterwards."""
    signed_in(web, room.progress.codes["第1班"], "退室する人")
    token = web.cookies["jukisim_seat"]
    web.get("/leave")
    assert room.seat(token) is None


def test_other_address_needs_to_be_said(tmp_path):
    """Nobody opens a port by mistake; a missing drill is one clear line."""
    with pytest.raises(UsageError, match="--allow-remote"):
        serve(tmp_path, None, Serving(host="0.0.0.0"), print)  # noqa: S104 - it is refused
    with pytest.raises(MissingError, match=r"drill\.json"):
        serve(tmp_path, None, Serving(port=0), print)


def test_taken_port_is_told(tmp_path):
    """With what would do instead."""
    held = listening(Serving(port=0))
    held.listen()
    with pytest.raises(UsageError, match="another --port"):
        listening(Serving(port=held.getsockname()[1]))
    held.close()
