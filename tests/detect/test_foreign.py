"""Detectors of others: a PyOD model through the class contract, a program in another language, what can go wrong."""

import sys

import made_town
import pytest

from simulator import detect
from simulator.detect.foreign import event_lines
from simulator.errors import CheckError, UsageError

PYOD = """
import polars as pl
from pyod.models.ecod import ECOD
from simulator.detect.features import features

class Mine:
    def score(self, view):
        found = features(view)
        model = ECOD().fit(found.values[:, found.values.std(axis=0) > 0])
        return pl.DataFrame({"event_id": found.event_id, "score": model.decision_scores_})
"""
AWK = (
    r"""awk '{ match($0, /"event_id":[0-9]+/); print substr($0, RSTART + 11, RLENGTH - 11) "," """
    r"""(/"case_no":null/ ? 1 : 0) }'"""
)


@pytest.fixture(scope="module")
def town():
    return made_town.town()


def test_class_in_a_file_with_pyod(town, tmp_path):
    """A file of ten lines that wraps a PyOD model scores every event and holds to the contract."""
    path = tmp_path / "mine.py"
    path.write_text(PYOD)
    assert detect.run(town, f"{path}:Mine").height == town.table("event").height
    detect.check_detector(lambda: detect.make(f"{path}:Mine"), town)


@pytest.mark.parametrize("name", ["pyod.models.hbos:HBOS", "sklearn.ensemble:IsolationForest"])
def test_model_that_nobody_here_wrote(town, name):
    """A model of PyOD or scikit-learn runs by its name alone; the most unusual event is unlike the usual one."""
    scores = detect.run(town, name)
    assert scores.height == town.table("event").height
    assert scores["score"].max() > scores["score"].median()


def test_program_in_another_language(town):
    """An awk one-liner finds the looks without a case."""
    scores = detect.run_detector(town, detect.Program(AWK), "awk")
    bare = town.table("event").filter(town.table("event")["case_no"].is_null())["event_id"]
    assert scores.filter(scores["score"] == 1.0)["event_id"].to_list() == bare.to_list()


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("raise SystemExit('out of beans')", "failed with code 1: out of beans"),
        ("import time; time.sleep(60)", "no end within 2 s"),
        ("print('hello')", "wrote 'hello' in line 1"),
        ("print('1,nan')", "must score every event once"),
        ("pass", "must score every event once"),
    ],
)
def test_program_that_fails_is_named(town, code, what):
    """A crash, a hang, rubbish and partial results each give one clear line, and nothing is used."""
    program = detect.Program(f"{sys.executable} -c {code!r}", timeout_s=2 if "sleep" in code else 60)
    with pytest.raises(CheckError, match=what):
        detect.run_detector(town, program, "program")


def test_program_that_is_not_there(town):
    """A missing program is a usage error."""
    with pytest.raises(UsageError, match="cannot be run"):
        detect.run_detector(town, detect.Program("no-such-program-here"), "program")


class Broken:
    def score(self, view):
        raise ZeroDivisionError("division by beans")


def test_class_that_crashes_is_named(town):
    """Whatever a class raises is one line with its name."""
    with pytest.raises(CheckError, match="Mine failed: ZeroDivisionError: division by beans"):
        detect.run_detector(town, Broken(), "Mine")


def test_lines_hold_no_truth_and_every_event(town):
    """What a program reads: every event, evidence beside it, pseudonyms as text, no column of the answers."""
    lines = event_lines(town)
    assert lines.height == town.table("event").height
    assert {"own_resident", "on_duty", "case_fits"} <= set(lines.columns)
    assert not {"misuse", "archetype", "episode_id", "lookalike"} & set(lines.columns)


def test_learner_must_learn_first(town):
    """A detector that learns says so, with the command, when it has not."""
    with pytest.raises(UsageError, match="--train"):
        detect.run(town, "boosting")
