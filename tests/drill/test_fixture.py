"""The ready drill in fixtures/drill. Written anew as fixtures/README.md says."""

import shutil
from pathlib import Path

import pytest

from simulator import drill
from simulator.drill import pack as packs
from simulator.drill import rules, same, solvers

FIXTURE = Path(__file__).parents[2] / "fixtures" / "drill"


@pytest.fixture
def opened(tmp_path: Path) -> tuple[drill.Pack, drill.Secret]:
    """The fixture with its key, which a checkout opens to others and the package would refuse so."""
    key = tmp_path / "drill.key"
    shutil.copyfile(drill.key_of(FIXTURE), key)
    key.chmod(0o600)
    pack = drill.open_pack(FIXTURE)
    return pack, drill.unseal(pack, key)


def test_the_fixture_is_whole_and_asks_what_the_drill_asks(opened: tuple[drill.Pack, drill.Secret]) -> None:
    pack, secret = opened
    assert packs.changed(pack) == []
    told = drill.load(secret.drill)
    assert [question.text for question in pack.questions] == [question.text for question in told.questions]


def test_the_fixture_is_solved_by_its_evidence(opened: tuple[drill.Pack, drill.Secret]) -> None:
    pack, secret = opened
    told = drill.load(secret.drill)
    reached = solvers.solve(told, pack.evidence)
    for number, question in enumerate(told.questions, start=1):
        assert same.right(reached[number], secret.answers[number].values, rules.of(question.rule).form)
