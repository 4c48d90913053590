"""A run whose truth is sealed: nothing of it lies open, and it is scored as any other by whoever has the passphrase."""

import sys

import pytest
from typer.testing import CliRunner

from simulator import labels
from simulator.cli import app, main
from simulator.labels import AnswerKey
from simulator.pseudonym import Passphrase, seal
from simulator.pseudonym.errors import SealError

WORDS = "the facilitator alone knows this"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a blind run whose truth is sealed, made by the command as typed."""
    folder = tmp_path_factory.mktemp("sealed")
    command = ["generate", "mini", "--blind", "--seal", "--out", str(folder / "run")]
    found = CliRunner().invoke(app, command, input=f"{WORDS}\n{WORDS}\n")
    assert found.exit_code == 0, found.output
    assert WORDS not in found.output
    return folder


def _score(folder, monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["jukisim", "score", str(folder / "run"), *arguments])
    with pytest.raises(SystemExit) as ending:
        main()
    return ending.value.code, capsys.readouterr()


def test_nothing_of_the_truth_lies_open(folder):
    """There is a run, its keys, and one private sealed file; no label, episode or seed beside it."""
    assert sorted(p.name for p in folder.iterdir()) == ["run", "run.keys", "run.truth.sealed"]
    sealed = folder / "run.truth.sealed"
    assert sealed.stat().st_mode & 0o777 == 0o600
    for word in (b"label", b"episode", b"seed", b"M06"):
        assert word not in sealed.read_bytes()
    assert labels.truth_of(folder / "run") == sealed


def test_it_is_scored_by_passphrase(folder, monkeypatch, capsys, tmp_path):
    """The right passphrase scores, from a file too; a wrong one is one line and exit 4; nothing is unpacked."""
    scores = tmp_path / "scores.csv"
    assert CliRunner().invoke(app, ["detect", str(folder / "run"), "--out", str(scores)]).exit_code == 0
    private = tmp_path / "pass"
    private.touch(0o600)
    private.write_text(WORDS)
    code, shown = _score(folder, monkeypatch, capsys, "--scores", str(scores), "--passphrase-file", str(private))
    assert code == 0
    assert "average" in shown.out.lower() or shown.out
    private.write_text("no such words as these")
    code, shown = _score(folder, monkeypatch, capsys, "--scores", str(scores), "--passphrase-file", str(private))
    assert (code, shown.out) == (4, "")
    assert "the seal does not open" in shown.err
    assert "such words" not in shown.err
    assert sorted(p.name for p in folder.iterdir()) == ["run", "run.keys", "run.truth.sealed"]


def test_what_else_can_be_wrong(folder, tmp_path):
    """A changed byte, a seal of something else and a short passphrase are refused; an existing seal is kept."""
    right = Passphrase.of(WORDS)
    assert AnswerKey.unlock(folder / "run.truth.sealed", right).episodes.height
    content = bytearray((folder / "run.truth.sealed").read_bytes())
    content[-1] ^= 1
    changed = tmp_path / "changed.sealed"
    changed.touch(0o600)
    changed.write_bytes(content)
    with pytest.raises(SealError):
        AnswerKey.unlock(changed, right)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    seal.lock_folder(tmp_path / "other", tmp_path / "other.sealed", right, labels.CONTEXT, 4)
    with pytest.raises(Exception, match="holds no label"):
        AnswerKey.unlock(tmp_path / "other.sealed", right)
    short = CliRunner().invoke(app, ["generate", "mini", "--seed", "1", "--seal", "--out", str(tmp_path / "r")],
                               input="short\nshort\n")  # fmt: skip
    assert "at least 15" in str(short.exception)
    again = CliRunner().invoke(app, ["generate", "mini", "--seed", "1", "--out", str(folder / "run")])
    assert "already exists" in str(again.exception)
