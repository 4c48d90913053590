from pathlib import Path

import pytest

from simulator import drill


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> drill.Pack:
    """A drill of level 1, made once."""
    order = drill.order("kochi", seed=1, difficulty=1, teams=1, lang="ja")
    return drill.make(order, tmp_path_factory.mktemp("drill") / "kochi")


@pytest.fixture(scope="session")
def secret(made: drill.Pack) -> drill.Secret:
    return drill.unseal(made)


@pytest.fixture
def folder(made: drill.Pack) -> Path:
    return made.path
