"""Re-identification on a run in use: every act and every refusal in the live log, and told to the citizen."""

import dataclasses
import json
from datetime import datetime, timedelta

import pytest

from simulator import generation, reidentify, scenario
from simulator.clock import JST, SimClock
from simulator.errors import UnknownNameError
from simulator.live.citizen import who_looked
from simulator.live.desk import Live
from simulator.live.verification import verify_live
from simulator.pseudonym import Passphrase, Pseudonymizer, PseudonymKey, Realm, to_text, vault
from simulator.pseudonym.errors import (
    ApprovalError,
    MalformedPseudonymError,
    RealmError,
    SealError,
    ShareError,
    VersionError,
)
from simulator.pseudonym.keyring import Keyring, State
from simulator.reidentify import Asked, Ledger, Walk

NOW = datetime(2025, 4, 1, 10, tzinfo=JST)
HOUR = timedelta(hours=1)
REALM = Realm.audit("482013")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose key was rotated once; the first version is read-only."""
    mini = dataclasses.replace(scenario.load("mini"), rotate_every_days=7)
    order = dataclasses.replace(generation.order("mini", seed=5), scenario=mini, key=PseudonymKey.generate())
    return generation.generate(order, tmp_path_factory.mktemp("reidentify") / "run")


class Office:
    """The staff of a run and what they ask, on a clock of our own."""

    def __init__(self, live):
        self.live, self.clock = live, live.clock
        staff = live.office.staff
        entitled = staff.filter(staff["role"].cast(str) != "R16")
        self.auditor, self.chief = staff.filter(staff["role"].cast(str) == "R18").sort("supervisor")["staff_code"]
        heads = entitled.filter(entitled["supervisor"])["staff_code"]
        self.one, self.two = [code for code in heads if code != self.chief][:2]
        self.clerk = entitled.filter(~entitled["supervisor"])["staff_code"][0]
        self.codes = live.run.table("resident")["resident_code"]

    def pseudonym(self, code, version=2, kind="resident"):
        ring = Keyring.load(self.live.keys / "keyring")
        return to_text(Pseudonymizer(ring.versions[version - 1].key, REALM, version).one(kind, code))

    def asked(self, code=None, **changed):
        words = {"pseudonym": self.pseudonym(code or self.codes[7]), "purpose": "audit", "case_no": "A-1",
                 "legal_basis": "監査規程5条"}  # fmt: skip
        return Asked(**(words | changed))

    def approved(self, **changed):
        number = reidentify.request(self.live, self.auditor, self.asked(**changed)).number
        reidentify.approve(self.live, self.one, number)
        reidentify.approve(self.live, self.two, number)
        return number

    def acts(self):
        rows = self.live.journal.select("SELECT * FROM event WHERE detail IS NOT NULL ORDER BY event_id")
        return [(row, json.loads(row["detail"])["reidentify"]) for row in rows]


@pytest.fixture
def office(run, tmp_path):
    """The run in use, with a fresh live log."""
    live_folder = run.path.with_name("run.live")
    with Live.open(run.path, clock=SimClock(NOW)) as live:
        yield Office(live)
    for file in live_folder.iterdir():
        file.unlink()


def test_two_approvals_give_one_answer_and_all_of_it_is_logged(office, run):
    """Request, approvals and answer stand in the log in order, name no code, and the log verifies."""
    number = office.approved()
    assert reidentify.answer(office.live, office.auditor, number) == office.codes[7]
    acts = office.acts()
    assert [told["act"] for _, told in acts] == ["request", "approve", "approve", "answer"]
    assert [row["action"] for row, _ in acts] == ["view", "view", "view", "unmask"]
    assert [row["approval_id"] for row, _ in acts] == [number] * 4
    assert (acts[0][0]["case_no"], acts[0][1]["legal_basis"]) == ("A-1", "監査規程5条")
    content = office.live.journal.select("SELECT * FROM event")
    assert office.codes[7] not in str(content)
    assert not any(code in str(content) for code in (office.auditor, office.one, office.two))
    path = next(run.path.with_name("run.live").glob("*.db"))
    assert verify_live(path, run.root) == []
    with pytest.raises(ApprovalError, match="already answered"):
        reidentify.answer(office.live, office.auditor, number)


def test_the_citizen_is_told(office):
    """The disclosure of whoever was asked about has the request, both approvals and the answer; of another none."""
    before = len(who_looked(office.live, office.codes[7]).rows)
    number = office.approved()
    reidentify.answer(office.live, office.auditor, number)
    rows = who_looked(office.live, office.codes[7]).rows
    told = rows[: len(rows) - before]
    assert [row["提供項目"] for row in told] == ["住民票コード", "", "", ""]
    assert all(row["機能区分"].startswith("運用管理") for row in told)
    assert not any(row["機能区分"].startswith("運用管理") for row in who_looked(office.live, office.codes[8]).rows)


def test_the_log_is_the_memory(office, run):
    """Opened again, the run knows every inquiry and where it stands; the requester is still not an approver."""
    number = reidentify.request(office.live, office.chief, office.asked()).number
    reidentify.approve(office.live, office.one, number)
    office.live.close()
    with Live.open(run.path, clock=SimClock(NOW + HOUR)) as again:
        (row,) = reidentify.listing(again)
        assert (row["number"], row["staff"], row["state"]) == (number, office.chief, "1 of 2 approvals")
        for who, words in ((office.chief, "cannot approve"), (office.one, "each once")):
            with pytest.raises(ApprovalError, match=words):
                reidentify.approve(again, who, number)


def test_refusals_are_named_and_recorded(office):
    """Each forbidden step is an error of its own words, and stands in the log as refused."""
    live = office.live
    number = reidentify.request(live, office.chief, office.asked()).number
    steps = [
        ("does not open the log", lambda: reidentify.request(live, office.clerk, office.asked())),
        ("supervises no section", lambda: reidentify.approve(live, office.clerk, number)),
        ("the requester cannot", lambda: reidentify.approve(live, office.chief, number)),
        ("before the answer", lambda: reidentify.answer(live, office.chief, number)),
        ("for who asked", lambda: reidentify.answer(live, office.auditor, number)),
    ]
    for words, step in steps:
        with pytest.raises(ApprovalError, match=words) as caught:
            step()
        row, told = office.acts()[-1]
        assert (row["decision"], told["refused"]) == ("deny", str(caught.value))
    assert [row["number"] for row in reidentify.listing(live)] == [number]
    for wrong in (
        lambda: reidentify.approve(live, office.one, "R9999"),
        lambda: reidentify.review(live, office.one, "G9", "x"),
    ):
        with pytest.raises(ApprovalError, match="reidentify list"):
            wrong()


def test_what_is_asked_must_be_sound(office):
    """A malformed pseudonym, an unknown kind or purpose, a bad realm and a missing reason are refused by name."""
    live, good = office.live, office.asked()
    for changed, error in (
        ({"pseudonym": good.pseudonym[:-1] + "*"}, MalformedPseudonymError),
        ({"kind": "dog"}, UnknownNameError),
        ({"purpose": "fun"}, UnknownNameError),
        ({"realm": "a b"}, RealmError),
        ({"case_no": " "}, ApprovalError),
    ):
        with pytest.raises(error):
            reidentify.request(live, office.auditor, dataclasses.replace(good, **changed))
    with pytest.raises(UnknownNameError):
        reidentify.request(live, "S9", good)
    assert office.acts() == []


def test_the_window_ends(office):
    """A day after the request nobody approves and nothing is answered."""
    number = office.approved()
    office.live.clock = SimClock(NOW + timedelta(hours=24))
    with pytest.raises(ApprovalError, match="window is over"):
        reidentify.answer(office.live, office.auditor, number)
    assert reidentify.listing(office.live)[0]["state"] == "expired"


def test_older_versions_are_read_until_they_are_retired(office):
    """A pseudonym of the read-only version is answered; retired or destroyed it is refused, and so is a wrong realm."""
    number = office.approved(pseudonym=office.pseudonym(office.codes[9], version=1))
    ring = Keyring.load(office.live.keys / "keyring")
    retired = ring.move(1, State.RETIRED)
    for held, words in ((retired, "retired"), (retired.move(1, State.DESTROYED), "destroyed")):
        with pytest.raises(VersionError, match=words):
            reidentify.answer(office.live, office.auditor, number, held)
    assert reidentify.answer(office.live, office.auditor, number) == office.codes[9]
    foreign = office.approved(realm="jp.sim/482013/section/tax")
    assert reidentify.answer(office.live, office.auditor, foreign) is None
    assert [row["resident"] for row, _ in office.acts()[-4:]] == [None] * 4


@pytest.mark.parametrize("version", [1, 2])
def test_a_pseudonym_of_an_export_is_undone(office, version):
    """What an export in a realm of its own writes is answered by its realm's name, for each readable key version."""
    ring = Keyring.load(office.live.keys / "keyring")
    code = office.codes[12]
    exported = ring.pseudonymizer(Realm.export("x")).one("resident", office.pseudonym(code, version))
    number = office.approved(pseudonym=to_text(exported), realm="jp.sim/export/x")
    assert reidentify.answer(office.live, office.auditor, number) == code


def test_households_and_staff_are_found_too(office):
    """A household's and a staff pseudonym are answered by their numbers."""
    household = "48201300000003"
    number = office.approved(pseudonym=office.pseudonym(household, kind="household"), kind="household")
    assert reidentify.answer(office.live, office.auditor, number) == household
    number = office.approved(pseudonym=office.pseudonym(office.clerk, kind="staff"), kind="staff")
    assert reidentify.answer(office.live, office.auditor, number) == office.clerk
    assert all(row["resident"] is None for row, _ in office.acts())


def test_break_glass_serves_one_for_an_hour_and_blocks_the_next(office):
    """It answers who broke it, each use recorded; nobody else; not after an hour; not again before a review."""
    live, token = office.live, office.pseudonym(office.codes[4])
    number = reidentify.break_glass(live, office.auditor, incident="I-1", reason="行方不明").number
    assert reidentify.glass_answer(live, office.auditor, number, token) == office.codes[4]
    assert reidentify.glass_answer(live, office.auditor, number, office.pseudonym("00000000000")) is None
    with pytest.raises(ApprovalError, match="nobody but"):
        reidentify.glass_answer(live, office.chief, number, token)
    live.clock = SimClock(NOW + HOUR)
    with pytest.raises(ApprovalError, match="is over"):
        reidentify.glass_answer(live, office.auditor, number, token)
    with pytest.raises(ApprovalError, match=f"awaits its review: {number}"):
        reidentify.break_glass(live, office.chief, incident="I-2", reason="x")
    for who, finding, words in (
        (office.auditor, "ok", "supervises no section"), (office.one, " ", "what was found"),
    ):  # fmt: skip
        with pytest.raises(ApprovalError, match=words):
            reidentify.review(live, who, number, finding)
    reidentify.review(live, office.one, number, "妥当")
    assert reidentify.listing(live)[0]["state"] == "reviewed"
    assert reidentify.break_glass(live, office.chief, incident="I-2", reason="x").number == "G0002"
    with pytest.raises(ApprovalError, match="somebody else"):
        reidentify.review(live, office.chief, "G0002", "mine")
    answers = [told for row, told in office.acts() if told["act"] == "glass_answer" and "refused" not in told]
    assert len(answers) == 2
    assert office.codes[4] not in str(live.journal.select("SELECT * FROM event"))


def test_who_cannot_log_on_cannot_act(office):
    """A supervisor without an account approves nothing, and the inquiry stands where it stood."""
    staff = office.live.office.staff
    outsider = staff.filter((staff["role"].cast(str) == "R16") & staff["supervisor"])["staff_code"][0]
    number = reidentify.request(office.live, office.auditor, office.asked()).number
    with pytest.raises(ApprovalError, match="cannot log on"):
        reidentify.approve(office.live, outsider, number)
    assert reidentify.listing(office.live)[0]["state"] == "0 of 2 approvals"


class TestCrosswalk:
    """Which pseudonyms of two key versions mean the same person."""

    @pytest.fixture
    def folder(self, office, tmp_path, monkeypatch):
        """A vault that two heads and the clerk hold."""
        monkeypatch.setattr(vault.create, "__defaults__", (4,))
        self.words = {name: Passphrase.of(f"the words of {name}") for name in (office.one, office.two, office.clerk)}
        vault.create(tmp_path / "town.vault", Keyring.load(office.live.keys / "keyring"), self.words)
        return tmp_path / "town.vault"

    def _ask(self, office, folder, *names, staff=None, **changed):
        walk = Walk(**({"versions": (1, 2), "case_no": "A-9", "legal_basis": "監査規程5条"} | changed))
        holders = {name: self.words.get(name, Passphrase.of("the words of nobody")) for name in names}
        return reidentify.crosswalk(office.live, staff or office.auditor, walk, folder, holders)

    def test_it_pairs_the_versions_and_is_recorded(self, office, folder):
        """Each resident has one row; the log has who opened the vault, as pseudonyms, and no row of the table."""
        found = self._ask(office, folder, office.one, office.two)
        pairs = {(office.pseudonym(code, 1), office.pseudonym(code, 2)) for code in office.codes}
        assert set(found.iter_rows()) == pairs
        row, told = office.acts()[-1]
        assert (told["act"], told["number"], told["versions"], row["case_no"]) == ("crosswalk", "X0001", [1, 2], "A-9")
        assert len(told["opened_by"]) == 2
        assert not any(code in str(told) for code in (office.one, office.two))
        assert reidentify.listing(office.live)[-1]["about"] == "versions 1, 2"
        self._ask(office, folder, office.one, office.two, kind="household")
        assert office.acts()[-1][1]["number"] == "X0002"

    def test_it_is_refused_and_recorded(self, office, folder):
        """The asker as holder, a holder who supervises nobody, one holder, a wrong passphrase, no case, a clerk."""
        ours = (office.one, office.two)
        for names, changed, error in (
            (ours, {"staff": office.one}, ApprovalError),
            ((office.one, office.clerk), {}, ApprovalError),
            ((office.one,), {}, ShareError),
            (ours, {"case_no": " "}, ApprovalError),
            (ours, {"legal_basis": ""}, ApprovalError),
            (ours, {"staff": office.clerk}, ApprovalError),
            (ours, {"versions": (1, 7)}, VersionError),
        ):
            before = len(office.acts())
            with pytest.raises(error):
                self._ask(office, folder, *names, **changed)
            assert "refused" in office.acts()[before][1]
        self.words[office.two] = Passphrase.of("wrong words of two")
        with pytest.raises(SealError):
            self._ask(office, folder, *ours)
        assert "refused" in office.acts()[-1][1]
        with pytest.raises(UnknownNameError):
            self._ask(office, folder, *ours, kind="dog")
        assert not Ledger.read(office.live).crosswalks
