"""The runs that many tests share, each made once: `mini`, a town hall, several villages."""

import pytest

MINI_SEED = 3


def pytest_addoption(parser):
    """Golden files change only on request, never in CI."""
    parser.addoption("--update-golden", action="store_true", help="write fixtures/golden anew")


@pytest.fixture(scope="session")
def mini_folders(tmp_path_factory):
    """The folders of a finished run of `mini`; tests that change it copy it first."""
    from simulator import scenario
    from simulator.generation import Order, RunFolders, generate
    from simulator.pseudonym import PseudonymKey

    folders = RunFolders(tmp_path_factory.mktemp("runs") / "mini")
    order = Order(scenario=scenario.load("mini"), seed=MINI_SEED, key=PseudonymKey.insecure())
    generate(order, folders.run)
    return folders


@pytest.fixture(scope="session")
def mini(mini_folders):
    """The public half of the run."""
    from simulator.dataset import Dataset

    return Dataset.open(mini_folders.run)


@pytest.fixture(scope="session")
def mini_key(mini_folders):
    """The answer key of the run."""
    from simulator.labels import AnswerKey

    return AnswerKey.open(mini_folders.truth)


@pytest.fixture(scope="session")
def scenario_file(tmp_path_factory):
    """The scenario of several villages by which ways of making a run are judged."""
    import villages

    return villages.write(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="session")
def whole(scenario_file, tmp_path_factory):
    """Every byte of the run of several villages made in one piece, by one worker."""
    import villages

    from simulator import generation

    out = tmp_path_factory.mktemp("whole") / "r"
    generation.generate(generation.order(str(scenario_file), seed=3), out)
    return villages.contents(out)


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server for the session; each test makes databases of its own in it."""
    import served_postgres

    server = served_postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def hall_folders(tmp_path_factory):
    """The folders of a few days of a town with a full town hall: somebody of every role; nothing may write to them."""
    import dataclasses

    from simulator import scenario
    from simulator.generation import Order, RunFolders, generate
    from simulator.pseudonym import PseudonymKey

    mini = scenario.load("mini")
    office = dataclasses.replace(mini.office, staff=170)
    folders = RunFolders(tmp_path_factory.mktemp("hall") / "hall")
    few = dataclasses.replace(mini, office=office, days=2, misuse={})
    generate(Order(scenario=few, seed=MINI_SEED, key=PseudonymKey.insecure()), folders.run)
    return folders
