"""The commands of keys, vault and reidentify, as typed."""

import json
import sys

import pytest
from typer.testing import CliRunner

from simulator import generation
from simulator.cli import app, main
from simulator.live.desk import Live
from simulator.pseudonym import Realm, seal, to_text, vault
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.seal import SCRYPT_LOG2_N

WORDS = {name: f"the words of holder {name}" for name in ("one", "two", "three")}


@pytest.fixture
def run(tmp_path):
    """A run."""
    return generation.generate(generation.order("mini", seed=5), tmp_path / "run")


@pytest.fixture
def said(capsys, monkeypatch):
    """Type a command; what it said: exit code, stdout, stderr."""

    def say(*words):
        monkeypatch.setattr(sys, "argv", ["jukisim", *map(str, words)])
        with pytest.raises(SystemExit) as ending:
            main()
        shown = capsys.readouterr()
        return ending.value.code or 0, shown.out, shown.err

    return say


@pytest.fixture
def cheap(monkeypatch):
    """Passphrases are stretched little, for speed."""
    assert SCRYPT_LOG2_N == 17
    for function in (seal.lock, seal.lock_folder, vault.create):
        monkeypatch.setattr(function, "__defaults__", (4,))


def _files(folder):
    for name, words in WORDS.items():
        path = folder / name
        path.touch(0o600)
        path.write_text(words)
    return {name: f"{name}={folder / name}" for name in WORDS}


def _open(files, *names):
    return [word for name in names for word in ("--holder", name, "--passphrase-file", files[name])]


def test_keys_go_through_their_states(tmp_path, said):
    """New, rotate, retire, destroy, show; each step refused out of turn; no key in anything said."""
    key, ring = tmp_path / "k.key", tmp_path / "ring"
    spoken = [said("keys", "new", key), said("keys", "rotate", ring, "--key", key)]
    secrets = [v.key.reveal() for v in Keyring.load(ring).versions]
    spoken += [said("keys", "destroy", ring, 1, "--yes")]
    assert spoken[-1][0] == 2
    spoken += [said("keys", "retire", ring, 1), said("keys", "destroy", ring, 1, "--yes")]
    spoken += [said("keys", "show", ring, "--format", "json")]
    states = [(row["version"], row["state"]) for row in json.loads(spoken[-1][1])]
    assert states == [(1, "destroyed"), (2, "active")]
    assert not any(secret in str(spoken) for secret in secrets)
    assert secrets[0] not in ring.read_text()
    assert said("keys", "retire", ring, 7)[0] == 2
    refused = CliRunner().invoke(app, ["keys", "destroy", str(ring), "2"], input="n\n")
    assert refused.exit_code != 0
    ring.chmod(0o644)
    code, out, err = said("keys", "show", ring)
    assert (code, out) == (1, "")
    assert "chmod 600" in err


def test_a_vault_by_commands(tmp_path, said, cheap):
    """Created by three, opened by two, rotated, retired, destroyed; one alone or a wrong word is one line."""
    key, ring, box, files = tmp_path / "k.key", tmp_path / "ring", tmp_path / "box", _files(tmp_path)
    said("keys", "new", key)
    said("keys", "rotate", ring, "--key", key)
    assert said("vault", "create", box, "--ring", ring, *_open(files, "one", "two", "three"))[0] == 0
    assert json.loads(said("vault", "show", box, "--format", "json")[1]) == [
        {"holder": name} for name in sorted(WORDS)
    ]  # fmt: skip
    two = _open(files, "one", "three")
    assert said("vault", "rotate", box, *two)[0] == 0
    assert said("vault", "move", box, 1, "retired", *two)[0] == 0
    assert said("vault", "move", box, 1, "destroyed", *_open(files, "two", "three"))[0] == 0
    rows = json.loads(said("vault", "show", box, *two, "--format", "json")[1])
    assert [row["state"] for row in rows] == ["destroyed", "read-only", "active"]
    (tmp_path / "two").write_text("other words than the holder's")
    for words, code in (
        (_open(files, "one"), 2),
        (_open(files, "one", "two"), 4),
        (["--holder", "one", "--holder", "nobody", "--passphrase-file", files["one"],
          "--passphrase-file", f"nobody={tmp_path / 'one'}"], 2),
    ):  # fmt: skip
        found, out, err = said("vault", "show", box, *words)
        assert (found, out, err.count("\n")) == (code, "", 1)
        assert "other words" not in err
    assert said("vault", "move", box, 1, "active", *two)[0] == 2
    assert said("vault", "create", box, "--ring", ring, *_open(files, "one", "three", "two"))[0] == 2
    assert sorted(p.name for p in box.iterdir()) == ["shares", "vault.bin"]


def test_folders_are_sealed_by_commands(tmp_path, said, cheap):
    """A sealed folder opens to what it was; a wrong word and an existing folder write nothing."""
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "x").write_text("misuse")
    files = _files(tmp_path)
    word = ["--passphrase-file", files["one"].partition("=")[2]]
    assert said("vault", "seal", tmp_path / "t", *word)[0] == 0
    assert said("vault", "seal", tmp_path / "t", *word)[0] == 2
    assert said("vault", "seal", tmp_path / "none", *word)[0] == 1
    assert said("vault", "unseal", tmp_path / "t.sealed", "--out", tmp_path / "t", *word)[0] == 2
    wrong = ["--passphrase-file", files["two"].partition("=")[2]]
    assert said("vault", "unseal", tmp_path / "t.sealed", "--out", tmp_path / "u", *wrong)[0] == 4
    assert not (tmp_path / "u").exists()
    assert said("vault", "unseal", tmp_path / "t.sealed", "--out", tmp_path / "u", *word)[0] == 0
    assert (tmp_path / "u" / "x").read_text() == "misuse"


def test_reidentify_by_commands(run, tmp_path, said, cheap):
    """The whole way, with the keys in a vault that the approvers open; refusals are one line and exit 3."""
    folder, keys = run.path, run.path.with_name("run.keys")
    asker, chief, one, two = _staff(folder)
    ring = Keyring.load(keys / "keyring")
    code = run.table("resident")["resident_code"][11]
    token = to_text(ring.pseudonymizer(Realm.audit("482013")).one("resident", code))
    at = ["--at", "2025-04-01T10:00"]
    spoken = said("reidentify", "request", folder, token, "--as", asker, "--purpose", "audit", "--case", "A-1",
                  "--basis", "監査規程5条", *at)  # fmt: skip
    assert spoken[:2] == (0, "R0001\n")
    holders = {}
    for name in (one, two, chief):
        path = tmp_path / name
        path.touch(0o600)
        path.write_text(f"the long words of {name}")
        holders[name] = ["--holder", name, "--passphrase-file", f"{name}={path}"]
    every = [word for words in holders.values() for word in words]
    assert said("vault", "create", tmp_path / "box", "--ring", keys / "keyring", *every)[0] == 0
    early = said("reidentify", "answer", folder, "R0001", "--as", asker, *at)
    assert (early[0], early[1], early[2].count("\n")) == (3, "", 1)
    for who in (one, two):
        assert said("reidentify", "approve", folder, "R0001", "--as", who, *at)[0] == 0
    answer = ["reidentify", "answer", folder, "R0001", "--as", asker, *at, "--vault", tmp_path / "box"]
    assert said(*answer, "--holder", one, "--holder", chief)[0] == 3
    opened = CliRunner().invoke(app, [*map(str, answer), "--holder", one, "--holder", two],
                                input=f"the long words of {one}\nthe long words of {two}\n")  # fmt: skip
    assert opened.exit_code == 0
    assert opened.stdout.strip() == code
    assert said("reidentify", "answer", folder, "R0001", "--as", asker, *at)[0] == 3
    assert said("reidentify", "request", folder, "nonsense", "--as", asker, "--purpose", "audit", "--case", "A",
                "--basis", "x", *at)[0] == 2  # fmt: skip


def test_a_crosswalk_by_commands(run, tmp_path, said, cheap):
    """Two supervisors open the vault, the table is on stdout alone; the asker cannot be one of them, nor one alone."""
    folder, ring, at = run.path, run.path.with_name("run.keys") / "keyring", ["--at", "2025-04-01T10:00"]
    asker, _, one, two = _staff(folder)
    files = {name: tmp_path / name for name in (asker, one, two)}
    for name, path in files.items():
        path.touch(0o600)
        path.write_text(f"the long words of {name}")
    said("keys", "rotate", ring)
    given = _open({name: f"{name}={path}" for name, path in files.items()}, asker, one, two)
    assert said("vault", "create", tmp_path / "box", "--ring", ring, *given)[0] == 0
    ask = ["reidentify", "crosswalk", folder, "--as", asker, "--vault", tmp_path / "box", "--case", "A-2", "--basis",
           "監査規程5条", "--version", 1, "--version", 2, "--format", "csv", *at]  # fmt: skip
    holders = {name: ["--holder", name, "--passphrase-file", f"{name}={path}"] for name, path in files.items()}
    code, out, why = said(*ask, *holders[one], *holders[two])
    assert not why
    assert (code, out.splitlines()[0], len(out.splitlines())) == (0, "v1,v2", run.table("resident").height + 1)
    for words, expected in ((holders[one] + holders[asker], 3), (holders[one], 2)):
        found, out, err = said(*ask, *words)
        assert (found, out, err.count("\n")) == (expected, "", 1)
    rows = json.loads(said("reidentify", "list", folder, *at, "--format", "json")[1])
    assert [(row["number"], row["state"]) for row in rows] == [("X0001", "given")]


def test_break_glass_by_commands(run, said):
    """Opened, used, refused to another, reviewed, listed."""
    folder, at = run.path, ["--at", "2025-04-01T10:00"]
    asker, chief, *_ = _staff(folder)
    maker = Keyring.load(folder.with_name("run.keys") / "keyring").pseudonymizer(Realm.audit("482013"))
    code = run.table("resident")["resident_code"][11]
    token, unknown = (to_text(maker.one("resident", each)) for each in (code, "00000000000"))
    glass = said("reidentify", "break-glass", folder, "--as", asker, "--incident", "I-1", "--reason", "x", *at)
    assert glass[:2] == (0, "G0001\n")
    assert said("reidentify", "glass-answer", folder, "G0001", token, "--as", asker, *at)[1].strip() == code
    assert said("reidentify", "glass-answer", folder, "G0001", unknown, "--as", asker, *at)[0] == 1
    assert said("reidentify", "break-glass", folder, "--as", chief, "--incident", "I-2", "--reason", "x", *at)[0] == 3
    assert said("reidentify", "review", folder, "G0001", "--as", chief, "--finding", "妥当", *at)[0] == 0
    rows = json.loads(said("reidentify", "list", folder, *at, "--format", "json")[1])
    assert [(row["number"], row["state"]) for row in rows] == [("G0001", "reviewed")]


def _staff(folder):
    """An auditor who asks, their chief, and two heads of other sections."""
    with Live.open(folder) as live:
        staff = live.office.staff
    asker, chief = staff.filter(staff["role"].cast(str) == "R18").sort("supervisor")["staff_code"]
    heads = staff.filter((staff["role"].cast(str) != "R16") & staff["supervisor"])["staff_code"]
    return [asker, chief, *[code for code in heads if code != chief][:2]]
