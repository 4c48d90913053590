"""The gate for people at screens answers as the gate in columns does, and tells outside less than it knows."""

import dataclasses
import itertools
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from simulator.access import Gate, Policy
from simulator.access import live as live_module
from simulator.access.ask import OUTSIDE, Ask, BadInputError, Typed
from simulator.access.live import LiveGate, Past
from simulator.access.office import Desk
from simulator.access.policy.rules import RoleFile
from simulator.clock import JST, to_ms
from simulator.errors import UnknownNameError
from simulator.live.overlay import Overlay
from simulator.registry import Database, Registry, write_database
from simulator.registry.received import KNOWN
from simulator.schema.vocabulary import ROLES

GUARDED, NOBODY = 14, 4_000_000
EPOCH = date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def store(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "registry.db"
    write_database(town, path)
    return Database.open(path)


@pytest.fixture
def live(store, office):
    return LiveGate(Policy.default(), store, Desk.of(office))


def ask(**changes):
    base = {
        "at": datetime(2025, 5, 12, 10, tzinfo=JST), "staff_no": 1, "terminal": "T000", "action": "view",
        "screen": "record", "purpose": "resident_certificate", "target": 1, "grounds": "certificate",
    }  # fmt: skip
    return Ask(**{**base, **changes})


def tight(policy):
    return dataclasses.replace(
        policy, daily=np.minimum(policy.daily, 2), hits=np.minimum(policy.hits, 40),
        rules=tuple(dataclasses.replace(r, daily=min(r.daily, 2), hits=min(r.hits, 40)) for r in policy.rules),
    )  # fmt: skip


@pytest.mark.parametrize("limits", [lambda policy: policy, tight], ids=["shipped", "tight"])
def test_screens_answer_as_columns(*, registry, office, requests, store, limits, as_ask):
    """Six thousand requests get the same answers from SQLite, one at a time, as from columns."""
    alike(limits(Policy.default()), registry, office, requests, (store, as_ask))


RECEIVED = {
    2: [(date(2025, 4, 20), date(2025, 5, 20))],
    5: [(date(2025, 4, 10), date(2025, 4, 12)), (date(2025, 5, 1), date(2026, 1, 1))],
    7: [(date(2025, 5, 30), date(2026, 5, 1))],
    GUARDED: [(date(2024, 1, 1), date(2025, 5, 15))],
    **{number: [(date(2025, 5, 5), date(2025, 5, 10))] for number in range(20, 40)},
}


def test_measures_of_others_act_in_screens_as_in_columns(town, office, requests, store, as_ask):
    """Unknown before they are in force here, acted on from that day to their end, beside own ones; in both alike."""
    rows = [(number, *span) for number, spans in RECEIVED.items() for span in spans]
    known = pl.DataFrame(rows, schema=KNOWN, orient="row")
    there, overlay = Registry.of(town, known), Overlay(store)
    overlay.receive(RECEIVED)
    own = Registry.of(town).times
    for number, day in itertools.product(range(60), range(20_170, 20_250)):
        stated, when = np.array([number]), np.array([day])
        spans = RECEIVED.get(number, [])
        held = any(first <= date.fromordinal(day + EPOCH) < end for first, end in spans)
        assert there.times.protected(stated, when)[0] == (held or own.protected(stated, when)[0])
    policy = Policy.default()
    alike(policy, there, office, requests, (overlay, as_ask))
    alike(hiding(policy), there, office, requests, (overlay, as_ask))


def hiding(policy):
    """No role may know of the protected, not even by breaking the glass."""
    return Policy.of(
        RoleFile(role.code, tuple(dataclasses.replace(rule, protected="hide") for rule in policy.rules_of(role.code)))
        for role in ROLES
    )


def alike(policy, registry, office, requests, single):
    """What both gates answer to `requests`."""
    store, as_ask = single
    batch = Gate(policy, registry, office).submit_batch(requests)
    shown = dict(batch.shown.group_by("request_no").agg("resident_no").iter_rows())
    gate = LiveGate(policy, store, Desk.of(office))
    for row in batch.decided.sort("at", "tie").iter_rows(named=True):
        request = as_ask(row, registry)
        one = gate.answer(request)
        gate.commit(request, one)
        assert (one.decision, one.reason, one.hits) == (row["decision"], row["reason"], row["hits"]), row
        assert ("+".join(one.fields) or None, len(one.residents)) == (row["fields"], row["rows_returned"])
        assert sorted(one.residents) == sorted(shown.get(row["request_no"], one.residents))
        assert (one.approval_id, one.override_id) == (row["approval_id"], row["override_id"])
        assert (one.document_no, one.printer, one.extraction_id) == (
            row["document_no"], row["printer"], row["extraction_id"],
        )  # fmt: skip
        assert (one.role, one.section, one.office) == (row["role"], row["section"], row["office"])
        assert (one.protected_alert, one.my_number) == (row["protected_alert"], row["my_number"])


class Watched:
    """A store that notes which statements are made."""

    def __init__(self, store):
        self.store, self.calls = store, []

    def __getattr__(self, name):
        def call(*values, **named):
            self.calls.append(name)
            return getattr(self.store, name)(*values, **named)

        return call


@pytest.mark.parametrize("screen", ["record", "household", "certificate"])
@pytest.mark.parametrize("action", ["view", "print", "issue"])
def test_hidden_resident_is_as_nobody(store, office, action, screen):
    """Without clearance a protected resident and a number of nobody give the same answer by the same work."""
    answers = []
    for target in (GUARDED, NOBODY):
        watched = Watched(store)
        gate = LiveGate(Policy.default(), watched, Desk.of(office))
        one = gate.answer(ask(staff_no=4 * 9, terminal="T009", target=target, action=action, screen=screen))
        seen = (one.outside, one.residents, one.fields, one.hits, one.protected_alert, one.prompted, one.document_no)
        answers.append((seen, watched.calls))
    (hidden, its_calls), (nobody, their_calls) = answers
    assert hidden == nobody
    assert hidden[0] == "not_found"
    assert their_calls == its_calls == ["standing"]


def test_prompt_for_grounds_comes_before_a_protected_record(live):
    """A clerk with clearance is warned and must say why before the record is shown."""
    silent = live.answer(ask(target=GUARDED, grounds=None))
    assert (silent.decision, silent.outside, silent.residents) == ("deny", "grounds_needed", ())
    assert silent.protected_alert
    told = live.answer(ask(target=GUARDED, grounds="certificate"))
    assert told.residents == (GUARDED,)


def test_certificate_waits_for_somebody_else(live):
    """Approval by a colleague releases it; one's own approval does not; a restart remembers."""
    at = datetime(2025, 5, 12, 10, tzinfo=JST)
    issue = ask(staff_no=13, terminal="T001", action="issue", screen="certificate", target=GUARDED, at=at)
    assert live.answer(issue).outside == "approval_needed"
    live.commit(issue, live.answer(issue))
    waiting = [Past(to_ms(at), 0, 13, "SEC-R04", "T001", "issue", "resident_certificate", GUARDED, allowed=False)]
    assert live.pending(waiting, 12) == waiting
    assert live.pending(waiting, 13) == live.pending(waiting, 1) == []
    approve = ask(staff_no=12, action="approve", screen="approval", target=GUARDED, at=at + timedelta(minutes=5))
    ruling = live.answer(approve)
    live.commit(approve, ruling)
    assert live.pending(waiting, 12) == []
    later = dataclasses.replace(issue, at=at + timedelta(minutes=6))
    given = live.answer(later)
    assert (given.outside, given.approval_id, given.residents) == ("ok", ruling.approval_id, (GUARDED,))
    assert given.document_no == "DC20250512100600000-T001"
    assert (given.sheets, given.printer) == (1, "PR-SEC-R02")


def test_break_glass_ends_and_must_be_reviewed(live):
    """Break-glass lasts an hour; a day later the next one is refused until a colleague has looked at the first."""
    at = datetime(2025, 5, 12, 10, tzinfo=JST)
    broken = ask(staff_no=13, action="override", screen="record", target=GUARDED, at=at, case_no="C1")
    issue = ask(staff_no=13, action="issue", screen="certificate", target=GUARDED)
    first = live.answer(broken)
    live.commit(broken, first)
    assert first.override_id == "OV20250512100000000-T000"
    soon = live.answer(dataclasses.replace(issue, at=at + timedelta(minutes=59)))
    assert (soon.decision, soon.override_id) == ("allow", first.override_id)
    assert live.answer(dataclasses.replace(issue, at=at + timedelta(minutes=60))).decision == "approval"
    next_day = dataclasses.replace(broken, at=at + timedelta(days=1))
    assert live.answer(next_day).outside == "review_needed"
    review = ask(staff_no=12, action="approve", screen="approval", target=GUARDED, at=at + timedelta(hours=2))
    live.commit(review, live.answer(review))
    assert live.answer(next_day).outside == "ok"


def test_failed_log_on_says_no_more(live):
    """A wrong credential, an ended account and a role without rights look alike outside; the log tells them apart."""
    log_on = {"action": "login", "screen": "logon", "purpose": "none", "target": None}
    found = [
        live.answer(ask(**log_on, failed=True)),
        live.answer(ask(**log_on, staff_no=3, at=datetime(2025, 6, 2, 9, tzinfo=JST))),
        live.answer(ask(**log_on, staff_no=4 * 8)),
    ]
    assert {one.outside for one in found} == {"log_on_failed"}
    assert [one.reason.split(":")[0] for one in found] == ["LOGON", "ACCOUNT", "NO_RULE"]


def test_recalled_gate_goes_on(store, office):
    """Limits, approvals and break-glass survive a restart."""
    policy = tight(Policy.default())
    past = [
        Past(to_ms(ask().at), no, 1, "SEC-R01", "T000", "view", "resident_certificate", 1, allowed=True)
        for no in range(2)
    ]
    gate = LiveGate(policy, store, Desk.of(office))
    assert gate.answer(ask()).outside == "ok"
    gate.recall(past)
    assert gate.answer(ask()).outside == "rate_limited"


BAD = {
    "target": -1, "terminal": "T999", "purpose": "gossip", "action": "peek", "screen": "x", "grounds": "none",
    "staff_no": 10_000, "case_no": "a\x00b", "at": datetime(2025, 5, 12, 10),  # noqa: DTZ001 - it lacks a zone
    "sheets": 0, "dwell_s": 2**63,
}  # fmt: skip
TEXTS = ["", "  ", "\u3000", "\x00", "佐藤\ud800", "あ" * 201, "\x1b[2J", "a\nb"]


@pytest.mark.parametrize("name", BAD)
def test_bad_value_is_named(live, name):
    """A value that no form takes is an error that names it, not a decision."""
    with pytest.raises((UnknownNameError, BadInputError)):
        live.answer(ask(**{name: BAD[name]}))
    with pytest.raises(BadInputError, match="0 to 4294967295"):
        live.answer(ask(target=2**63))


@pytest.mark.parametrize("text", TEXTS)
def test_bad_text_is_named(live, text):
    """Control characters, half characters and very long texts never reach the store."""
    search = Typed(name="kana", match="prefix", texts=(text,))
    with pytest.raises(BadInputError, match="kana"):
        live.answer(ask(action="search", screen="search", target=None, search=search))


@pytest.mark.parametrize(
    "text", ["%", "_", "'", '"; DROP TABLE resident;--', "*", "NEAR(a b)", "-a", "１２３", "葛\U000e0100"]
)
@pytest.mark.parametrize("match", ["exact", "prefix", "partial"])
def test_query_syntax_is_text(live, text, match):
    """Signs that mean something to a database mean nothing: nobody is found, or those who truly match."""
    search = Typed(name="name", match=match, texts=(text,))
    ruling = live.answer(ask(action="search", screen="search", target=None, search=search))
    assert (ruling.outside, ruling.residents) == ("ok", ())


def test_who_may_see_nothing_acts_on_nobody(live):
    """An administrator's update (R15) shows no group of fields, so it is given no resident to act on."""
    update = ask(staff_no=4 * 7, terminal="T007", action="update", screen="change", purpose="system_operation")
    ruling = live.answer(update)
    assert (ruling.decision, ruling.residents, ruling.outside) == ("allow", (), "not_found")


def test_outside_words_are_complete(live):
    """Everything that may be said outside has its words in both languages."""
    assert {*live_module._OUTSIDE.values(), "ok", "not_found", "forbidden"} == {term.code for term in OUTSIDE}
