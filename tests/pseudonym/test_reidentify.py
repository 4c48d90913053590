"""Re-identification by dual control, break-glass, and the key commands."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from simulator.cli.keys import app
from simulator.clock import JST
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm
from simulator.pseudonym.errors import ApprovalError
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.reidentify import Inquiry, break_glass

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
    answer = approved.answer(MAKER, "resident", PEOPLE, NOW + HOUR)
    assert answer.identifier == CODE
    assert CODE not in repr(answer)
    assert "found" in repr(answer)
    assert approved.answer(MAKER, "resident", PEOPLE[:1], NOW).identifier is None
    with pytest.raises(ApprovalError, match="already answered"):
        answer.inquiry.answer(MAKER, "resident", PEOPLE, NOW + HOUR)
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
        one.answer(MAKER, "resident", PEOPLE, NOW)
    for realm, version in (("other", 1), (str(MAKER.realm), 2)):
        with pytest.raises(ApprovalError, match="realm or version"):
            two.answer(Pseudonymizer(PseudonymKey.insecure(), Realm(realm), version), "resident", PEOPLE, NOW)
    with pytest.raises(ApprovalError, match="legal basis"):
        Inquiry("R1", "sato", b"", MAKER.realm, "audit", "C1", " ", NOW)


def test_break_glass_ends_and_blocks_until_reviewed():
    """It ends after an hour, needs its reasons, is reviewed by another, and blocks the next until then."""
    glass = break_glass((), "sato", "I1", "fire", NOW)
    assert glass.is_open(NOW)
    assert not glass.is_open(NOW + HOUR)
    with pytest.raises(ApprovalError, match="awaits"):
        break_glass((glass,), "kato", "I2", "flood", NOW)
    with pytest.raises(ApprovalError, match="somebody else"):
        glass.review("sato")
    reviewed = glass.review("kato")
    with pytest.raises(ApprovalError, match="once"):
        reviewed.review("tanaka")
    assert break_glass((reviewed,), "kato", "I2", "flood", NOW).actor == "kato"
    with pytest.raises(ApprovalError, match="reason"):
        break_glass((), "kato", "I2", "", NOW)


def test_key_commands_show_no_key(tmp_path):
    """Making, rotating and showing keys prints states and fingerprints, never a key."""
    key, ring = str(tmp_path / "k.key"), str(tmp_path / "ring")
    shown = [CliRunner().invoke(app, args) for args in (["new", key], ["rotate", ring, "--key", key], ["show", ring])]
    assert [result.exit_code for result in shown] == [0, 0, 0]
    text = "".join(result.output for result in shown)
    assert "read-only" in text
    versions = Keyring.load(tmp_path / "ring").versions
    assert [str(v.state) for v in versions] == ["read-only", "active"]
    assert not any(v.key.reveal() in text for v in versions)
