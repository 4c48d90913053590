"""Re-identification by dual control, and break-glass."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from simulator.clock import JST
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm
from simulator.pseudonym.errors import ApprovalError
from simulator.pseudonym.reidentify import Glass, Inquiry, break_glass

NOW = datetime(2024, 4, 1, 9, tzinfo=JST)
HOUR = timedelta(hours=1)
CODE = "12345678901"
MAKER = Pseudonymizer(PseudonymKey.insecure(), Realm.audit("482012"))
PEOPLE = pl.Series(["10000000001", CODE])


@pytest.fixture
def inquiry():
    """An inquiry about one resident."""
    pseudonym = MAKER.one("resident", CODE)
    return Inquiry("R1", "sato", pseudonym, MAKER.realm, "audit", "C1", "条例第5条", NOW)


def test_two_approvals_give_one_answer(inquiry):
    """After two approvals the identifier is found once; its repr hides it; a second answer is refused."""
    approved = inquiry.approve("suzuki", NOW).approve("tanaka", NOW + HOUR)
    answer = approved.answer(MAKER, PEOPLE, NOW + HOUR)
    assert answer.identifier == CODE
    assert CODE not in repr(answer)
    assert "found" in repr(answer)
    assert approved.answer(MAKER, PEOPLE[:1], NOW).identifier is None
    with pytest.raises(ApprovalError, match="already answered"):
        answer.inquiry.answer(MAKER, PEOPLE, NOW + HOUR)
    with pytest.raises(ApprovalError, match="already answered"):
        answer.inquiry.approve("kato", NOW + HOUR)


def test_steps_that_the_rules_forbid(inquiry):
    """Requester, replay, third approver, early answer, expiry and a wrong realm or version are refused."""
    one = inquiry.approve("suzuki", NOW)
    two = one.approve("tanaka", NOW)
    for held, approver in ((inquiry, "sato"), (inquiry, " "), (one, "suzuki"), (two, "kato")):
        with pytest.raises(ApprovalError):
            held.approve(approver, NOW)
    for moment in (NOW - HOUR, NOW + 24 * HOUR):
        with pytest.raises(ApprovalError, match="window"):
            one.approve("tanaka", moment)
    with pytest.raises(ApprovalError, match="before the answer"):
        one.answer(MAKER, PEOPLE, NOW)
    for realm, version, words in (("other", 1, "key is of realm other"), (str(MAKER.realm), 2, "key is version 2")):
        with pytest.raises(ApprovalError, match=words):
            two.answer(Pseudonymizer(PseudonymKey.insecure(), Realm(realm), version), PEOPLE, NOW)
    with pytest.raises(ApprovalError, match="legal basis is not given"):
        Inquiry("R1", "sato", b"", MAKER.realm, "audit", "C1", " ", NOW)


def test_an_inquiry_says_where_it_stands(inquiry):
    """Approvals wanting, approved, answered, expired."""
    one = inquiry.approve("suzuki", NOW)
    two = one.approve("tanaka", NOW)
    answered = two.answer(MAKER, PEOPLE, NOW).inquiry
    assert [i.state(NOW) for i in (inquiry, one, two, answered)] == [
        "0 of 2 approvals", "1 of 2 approvals", "approved", "answered",
    ]  # fmt: skip
    assert two.state(NOW + 24 * HOUR) == inquiry.state(NOW - HOUR) == "expired"
    assert answered.state(NOW + 24 * HOUR) == "answered"


def _glass(actor="sato", incident="I1", reason="fire", number="G1"):
    return Glass(number, actor, incident, reason, NOW)


def test_break_glass_ends_and_blocks_until_reviewed():
    """It ends after an hour, needs its reasons, is reviewed by another, and blocks the next until then."""
    glass = break_glass((), _glass())
    assert glass.is_open(NOW)
    assert not glass.is_open(NOW + HOUR)
    assert not glass.is_open(NOW - HOUR)
    assert [glass.state(at) for at in (NOW, NOW + HOUR)] == ["open", "awaits review"]
    glass.require_open("sato", NOW)
    for actor, moment, words in (("kato", NOW, "nobody but"), ("sato", NOW + HOUR, "is over")):
        with pytest.raises(ApprovalError, match=words):
            glass.require_open(actor, moment)
    with pytest.raises(ApprovalError, match="awaits its review: G1"):
        break_glass((glass,), _glass("kato", number="G2"))
    for reviewer in ("sato", " "):
        with pytest.raises(ApprovalError, match="somebody else"):
            glass.review(reviewer)
    reviewed = glass.review("kato")
    assert reviewed.state(NOW) == "reviewed"
    assert not reviewed.is_open(NOW)
    with pytest.raises(ApprovalError, match="once"):
        reviewed.review("tanaka")
    assert break_glass((reviewed,), _glass("kato", number="G2")).actor == "kato"
    with pytest.raises(ApprovalError, match="incident number, reason is not given"):
        break_glass((), _glass(incident=" ", reason=""))
