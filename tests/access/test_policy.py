"""The shipped table of rights is that of domain.md 3.2, and a folder of one's own is checked before it decides."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.access import Policy
from simulator.access.policy import findings, why_not
from simulator.cli import app
from simulator.cli.app import main
from simulator.errors import SpecError, UnknownNameError
from simulator.schema.vocabulary import ROLES

SHIPPED = Path(__file__).parents[2] / "simulator" / "access" / "policy"
# domain.md 3.2, row by row: search, household, history or removed, My Number, resident code, protected residents
# (w warned, m masked, h hidden), issue, update, national search, extraction, log. 1 granted, 0 not. Updates of a
# section's own ledger, the desk's entry of notices, and the certificates that R21's machines issue in shops (domain.md
# 3.7) go beyond it; the rules say so.
DOMAIN = {
    "R01": "1 1 1 1 1 w 1 1 1 0 0", "R02": "1 1 1 1 1 w 1 1 1 0 0", "R03": "1 1 1 1 1 w 1 1 1 0 1",
    "R04": "1 1 1 1 1 w 1 1 1 0 0", "R05": "1 1 0 1 0 w 1 1 1 1 0", "R06": "1 1 1 1 0 w 1 1 1 1 0",
    "R07": "1 1 1 1 0 w 0 1 1 0 0", "R08": "1 1 1 1 0 w 1 1 1 1 0", "R09": "1 1 1 1 0 w 0 1 1 0 0",
    "R10": "1 1 1 1 0 w 0 1 0 1 0", "R11": "1 1 1 1 0 w 0 1 0 1 0", "R12": "1 1 0 0 0 w 0 1 0 1 0",
    "R13": "1 0 1 0 0 w 0 0 0 1 0", "R14": "1 1 0 0 0 m 0 0 0 0 0", "R15": "0 0 0 0 0 h 0 1 0 1 1",
    "R16": "0 0 0 0 0 h 0 0 0 0 0", "R17": "1 1 0 0 0 h 1 0 0 0 0", "R18": "0 0 0 0 0 h 0 0 0 0 1",
    "R19": "1 0 0 1 1 h 0 0 1 1 1", "R20": "1 0 0 1 1 h 0 0 1 1 0", "R21": "0 0 0 0 0 h 1 1 0 0 1",
    "R22": "0 0 0 0 0 h 0 1 0 1 0", "R23": "0 0 0 0 0 h 0 0 0 0 1",
}  # fmt: skip


def granted(role):
    rules = Policy.default().rules_of(role)
    looks = [r for r in rules if "search" in r.actions and "name" in r.fields]
    unmasks = [r for r in rules if "unmask" in r.actions]
    fields = {name for rule in looks for name in rule.fields}
    treated = {"alert": "w", "mask": "m", "hide": "h"}[looks[0].protected if looks else "hide"]
    marks = [
        bool(looks), "household" in fields, bool({"history", "removed"} & fields),
        any("my_number" in r.fields for r in unmasks), any("resident_code" in r.fields for r in unmasks), treated,
        any("issue" in r.actions for r in rules), any("update" in r.actions for r in rules),
        any(r.scope == "nation" for r in looks), any("export" in r.actions and "name" in r.fields for r in rules),
        any("log" in r.fields for r in rules),
    ]  # fmt: skip
    return " ".join(mark if isinstance(mark, str) else str(int(mark)) for mark in marks)


@pytest.mark.parametrize("role", [term.code for term in ROLES])
def test_role_may_what_the_domain_says(role):
    """Each of the 23 roles has the rights of its row."""
    assert granted(role) == DOMAIN[role]


def test_shipped_policy_can_be_meant():
    """No shipped rule is one that nobody could use, and every rule names its basis and its source."""
    assert findings(Policy.default()) == []
    for rule in Policy.default().rules:
        assert rule.basis
        assert "domain.md" in rule.source or rule.source.startswith("ASSUMED")


def test_national_search_asks_for_grounds():
    """Whatever reaches beyond the municipality to look somebody up prompts for the grounds."""
    for rule in Policy.default().rules:
        if rule.scope == "nation" and "search" in rule.actions and "name" in rule.fields:
            assert "grounds" in rule.beyond, rule.id


@pytest.fixture
def own(tmp_path):
    for path in SHIPPED.glob("*.toml"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(folder, old, new, role="R17"):
    path = folder / f"{role}.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


BROKEN = {
    "unknown purpose": ('"resident_certificate"', '"gossip"', "gossip"),
    "unknown action": ('"search"', '"peek"', "peek"),
    "unknown scope": ('scope = "municipality"', 'scope = "world"', "world"),
    "unknown group": ('"household"', '"bank"', "bank"),
    "unknown requirement": ('"office_hours"', '"smile"', "smile"),
    "unknown treatment": ('protected = "hide"', 'protected = "sell"', "sell"),
    "unknown key": ("basis =", "bases =", "bases"),
    "unknown role": ('role = "R17"', 'role = "R99"', "R99"),
    "no basis": ('basis = "住民基本台帳法12条・委託契約"', 'basis = ""', "legal basis"),
    "limit below 0": ('require = ["office_hours"]', 'require = ["office_hours"]\ndaily = -1', "limits"),
    "limit beyond all": ('require = ["office_hours"]', 'require = ["office_hours"]\nhits = 10000001', "limits"),
    "number as text": ('require = ["office_hours"]', 'require = ["office_hours"]\nhits = "many"', "hits"),
    "name with a colon": ('id = "R17-look"', 'id = "R17:look"', "cannot name a rule"),
    "name of no rule": ('id = "R17-look"', 'id = "default"', "cannot name a rule"),
    "no TOML": ("[[rule]]", "[[rule", "R17.toml"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_named(own, name):
    """What no policy can say is one error that names the file or the word, and the right ones."""
    old, new, words = BROKEN[name]
    change(own, old, new)
    with pytest.raises((SpecError, UnknownNameError), match=words):
        Policy.load(own)


def test_two_rules_of_a_cell_and_missing_roles_are_named(own):
    """Two rules that claim one request, a role without a file, and no folder at all."""
    change(own, 'purposes = ["resident_certificate", "seal_registration", "tax_certificate"]\nactions = ["issue"]',
           'purposes = ["resident_certificate"]\nactions = ["view"]')  # fmt: skip
    with pytest.raises(SpecError, match="R17-issue and R17-look both decide resident_certificate × view"):
        Policy.load(own)
    (own / "R05.toml").unlink()
    with pytest.raises(SpecError, match="R05"):
        Policy.load(own)
    with pytest.raises(SpecError, match="not a folder"):
        Policy.load(own / "nowhere")


def test_word_said_twice_is_said_once(own):
    """A requirement or group named twice means no other one."""
    change(own, 'require = ["office_hours"]', 'require = ["case_no", "case_no", "office_hours"]')
    change(own, 'fields = ["name", "address", "household"]', 'fields = ["name", "name", "address", "household"]')
    policy = Policy.load(own)
    number = next(i for i, rule in enumerate(policy.rules) if rule.id == "R17-look")
    assert (policy.require[number], policy.fields[number]) == (0b1001, 0b111)


def test_file_in_another_encoding_is_named(own):
    """A file in Shift_JIS is an error of that file."""
    path = own / "R17.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932"))
    with pytest.raises(SpecError, match="R17"):
        Policy.load(own)


UNUSABLE = {
    "limit of 0": ('require = ["office_hours"]', "daily = 0", "limit of 0"),
    "no fields": ('fields = ["name", "address", "household"]', "", "no group of fields"),
    "beyond nowhere": ('require = ["office_hours"]', 'beyond = ["case_no"]', "does not reach"),
    "reaches nobody": ('scope = "municipality"', 'scope = "none"', "reaches nobody"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_rule_that_cannot_be_meant_is_found(own, name):
    """A rule that holds by its form but grants nothing, or waits for ever, is a finding and exit 4."""
    old, new, words = UNUSABLE[name]
    change(own, old, new)
    assert any(words in each for each in findings(Policy.load(own)))
    found = CliRunner().invoke(app, ["policy", "check", str(own)])
    assert found.exit_code == 4
    assert words in found.output


def test_extraction_that_nobody_can_release_is_found(own):
    """A second person is required for a purpose for which no rule approves."""
    change(own, 'actions = ["approve"]', 'actions = ["logout"]', "R13")
    assert any("R13-extract" in each and "electoral_roll" in each for each in findings(Policy.load(own)))


def test_commands_say_why(capsys, monkeypatch):
    """Show, explain, matrix and export answer; a refusal is exit 3 and says what would be right."""
    run = CliRunner().invoke
    assert "R17-look" in run(app, ["policy", "show", "R17"]).output
    refused = run(app, ["policy", "explain", "R16", "pension", "view"])
    assert (refused.exit_code, "no entitlement" in refused.output) == (3, True)
    assert run(app, ["policy", "explain", "R06", "property_tax", "unmask"]).output.count("番号法") == 1
    assert run(app, ["policy", "matrix", "--format", "csv"]).output.count("\n") >= 24
    assert run(app, ["policy", "export", "--format", "cedar"]).output.count("permit (") == len(Policy.default().rules)
    assert "may" in why_not(Policy.default(), "R17", "resident_certificate", "update")
    monkeypatch.setattr("sys.argv", ["jukisim", "policy", "show", "R77"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "Did you mean" in capsys.readouterr().err
