"""The gate decides in columns and one at a time alike, refuses what no rule grants, and names the rule."""

import dataclasses
from collections import Counter
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from simulator.access import AccessRequest, Gate, Policy, request_frame
from simulator.access.decide import REASONS
from simulator.clock import JST
from simulator.errors import UnknownNameError
from simulator.schema.vocabulary import ACTIONS, PURPOSES

DESK = {"staff_no": 1, "terminal": "T000", "purpose": "resident_certificate"}


def request(**changes):
    base = {"at": datetime(2025, 5, 12, 10, tzinfo=JST), "action": "view", "screen": "record", "target": 1, **DESK}
    return AccessRequest(**{**base, **changes})


def single(gate, requests, history=None):
    opened = gate.open(history)
    names = {f.name for f in dataclasses.fields(AccessRequest)}
    ordered = requests.sort("at", "tie")
    return {
        row["request_no"]: opened.submit(AccessRequest(**{k: v for k, v in row.items() if k in names}))
        for row in ordered.iter_rows(named=True)
    }


def tight(policy):
    return dataclasses.replace(policy, daily=np.minimum(policy.daily, 2), hits=np.minimum(policy.hits, 40))


@pytest.mark.parametrize("limits", [lambda policy: policy, tight], ids=["shipped", "tight"])
def test_one_at_a_time_answers_as_in_columns(registry, office, requests, limits):
    """Two thousand random requests get the same answers, in a batch and one after another."""
    gate = Gate(limits(Policy.default()), registry, office)
    requests = requests.sort("at", "tie").head(2_000)
    batch = gate.submit_batch(requests)
    outcomes = single(gate, requests)
    shown = batch.shown.group_by("request_no", maintain_order=True).agg("resident_no")
    lists = dict(zip(shown["request_no"].to_list(), shown["resident_no"].to_list(), strict=True))
    for row in batch.decided.iter_rows(named=True):
        one = outcomes[row["request_no"]]
        assert (one.decision, one.reason, one.hits) == (row["decision"], row["reason"], row["hits"])
        assert (one.rows_returned, one.fields) == (row["rows_returned"], row["fields"])
        assert one.protected_alert == row["protected_alert"]
        assert list(one.shown) == lists.get(row["request_no"], [])


def test_history_counts(registry, office, requests):
    """A gate opened on a decided first half goes on as if it had decided it itself."""
    gate = Gate(tight(Policy.default()), registry, office)
    whole = gate.submit_batch(requests).decided.sort("at", "tie").head(4_500)
    first, second = whole.head(3_000), whole.tail(1_500)
    outcomes = single(gate, second, first)
    assert [outcomes[no].reason for no in second["request_no"]] == second["reason"].to_list()


def test_every_reason_occurs(registry, office, requests):
    """The random requests reach every reason that a decision can give."""
    gate = Gate(tight(Policy.default()), registry, office)
    codes = Counter(gate.submit_batch(requests).decided["reason"].str.split(":").list.first())
    assert set(codes) >= set(REASONS) - {"SCOPE", "GROUNDS", "ZONE"}


def test_order_of_requests_changes_nothing(gate, requests):
    """Shuffled requests get the same answers."""
    shuffled = requests.sample(fraction=1.0, shuffle=True, seed=3)
    straight = gate.submit_batch(requests).decided.sort("request_no")
    assert straight.equals(gate.submit_batch(shuffled).decided.sort("request_no"))


@pytest.mark.parametrize("purpose", [term.code for term in PURPOSES])
def test_office_without_entitlement_is_refused(gate, purpose):
    """R16 has no rule: whatever it asks for whatever purpose is refused, log-on included."""
    staff = 4 * 8
    asked = [request(staff_no=staff, purpose=purpose, action=a.code, request_no=i) for i, a in enumerate(ACTIONS)]
    decided = gate.submit_batch(request_frame(asked)).decided
    assert set(decided["decision"]) == {"deny"}
    assert set(decided["reason"]) == {"NO_RULE:default"}


def test_desk_clerk_is_allowed_by_rule(gate):
    """A clerk who views a record for a certificate is allowed, by the rule that says so."""
    outcome = gate.open().submit(request())
    assert (outcome.decision, outcome.reason, outcome.rows_returned) == ("allow", "OK:R01-look", 1)
    assert outcome.fields == "name+address+household"


def test_protected_resident_does_not_exist_for_a_role_without_clearance(gate, registry):
    """A contracted desk (R17) gets nothing, and lists leave the person out; a regular one (R01) gets an alert."""
    guarded, contracted = 14, 4 * 9
    opened = gate.open()
    hidden = opened.submit(request(staff_no=contracted, target=guarded))
    assert (hidden.rows_returned, hidden.fields, hidden.protected_alert) == (0, None, False)
    assert hidden.reason == "PROTECTED:R17-look"
    seen = opened.submit(request(target=guarded))
    assert seen.protected_alert
    search = {"action": "search", "screen": "search", "search": "resident_code", "match": "exact", "target": guarded}
    assert opened.submit(request(staff_no=contracted, **search)).hits == 0
    assert opened.submit(request(**search)).shown == (guarded,)


def test_certificate_of_a_protected_resident_waits_for_a_supervisor(gate):
    """Issue needs the approval of another person of the section, before, on the same day."""
    opened, guarded = gate.open(), 14
    issue = {"action": "issue", "screen": "certificate", "target": guarded, "terminal": "T001"}
    clerk = {"staff_no": 9, "purpose": "resident_certificate"}
    waiting = opened.submit(request(**{**issue, "staff_no": 13, "purpose": "resident_certificate"}))
    assert waiting.decision == "approval"
    approve = {"action": "approve", "screen": "approval", "target": guarded, "staff_no": 12}
    decided = gate.submit_batch(
        request_frame(
            [
                request(**approve, request_no=1, at=datetime(2025, 5, 12, 9, tzinfo=JST)),
                request(**{**issue, "staff_no": 13, "purpose": "resident_certificate"}, request_no=2),
                request(**{**issue, **clerk}, request_no=3),
            ]
        )
    ).decided
    assert decided["reason"].to_list() == ["OK:R04-approve", "OK:R04-issue", "OK:R03-issue"]
    assert decided["approval_id"].to_list() == ["AP20250512090000000-T000"] * 2 + [None]


def test_masked_role_gets_no_address(gate):
    """R14 sees a protected resident without address."""
    outcome = gate.open().submit(request(staff_no=4 * 6, target=14, purpose="disaster"))
    assert (outcome.decision, outcome.fields) == ("mask", "name")


def test_household_shows_its_members(gate):
    """The household screen shows those who live there that day."""
    outcome = gate.open().submit(request(screen="household", target=4))
    assert sorted(outcome.shown) == [3, 4, 5]
    assert outcome.rows_returned == 3


def test_unknown_words_name_the_valid_ones(gate, requests):
    """A terminal, purpose or action that does not exist is an error, not a refusal."""
    opened = gate.open()
    for wrong in ({"terminal": "T999"}, {"purpose": "gossip"}, {"action": "peek"}):
        with pytest.raises(UnknownNameError, match="Valid"):
            opened.submit(request(**wrong))
    with pytest.raises(UnknownNameError, match="T000"):
        gate.submit_batch(requests.with_columns(terminal=pl.lit("T999")))
