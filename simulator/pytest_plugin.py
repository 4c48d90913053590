"""Fixtures for pytest: a synthetic town in every test that wants one.

The plugin is loaded in every pytest of an environment, so it imports nothing until a test asks for a fixture::

    import pytest

    @pytest.mark.jukisim(scenario="village", seed=3, resident="protected")
    def test_address_is_hidden(resident, registry, clerk):
        ...

Keywords of the marker: ``scenario`` (village), ``seed`` (3), ``residents``, ``days``, ``municipality``, ``resident``
(the name of an edge case, see ``jukisim population edge-cases``). Worlds are made once, kept in pytest's cache folder,
and opened by later tests and sessions; ``pytest --jukisim-cache FOLDER`` keeps them elsewhere, such as in CI's cache.

PYTEST_DONT_REWRITE
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from simulator import Dataset, Live, World
    from simulator.testing import AuditLog, Wish, Worlds

MARK = "jukisim"
_WORDS = (
    'jukisim(scenario="village", seed=3, residents, days, municipality, resident): which synthetic town a test gets'
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where worlds are kept."""
    group = parser.getgroup(MARK, "jukisim, synthetic towns")
    group.addoption("--jukisim-cache", metavar="FOLDER", help="keep synthetic towns here instead of in pytest's cache")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _WORDS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes ``transaction_case`` or ``edge_case`` runs once for each case."""
    if "transaction_case" in metafunc.fixturenames:
        from simulator.cases import transaction_cases

        metafunc.parametrize("transaction_case", transaction_cases(), ids=lambda case: case.name)


@pytest.fixture(scope="session")
def jukisim_worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Worlds":
    """The worlds of this session and of those before."""
    from simulator.testing import Worlds

    stated, cache = request.config.getoption("--jukisim-cache"), getattr(request.config, "cache", None)
    if stated:
        return Worlds(Path(stated))
    return Worlds(Path(cache.mkdir(MARK)) if cache else tmp_path_factory.mktemp(MARK))


@pytest.fixture
def jukisim_wish(request: pytest.FixtureRequest) -> "Wish":
    """What the test's marker asks for."""
    from simulator.errors import SimulatorError
    from simulator.testing import Wish

    values: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers(MARK))):
        if mark.args:
            pytest.fail("@pytest.mark.jukisim takes keywords: scenario=…, seed=…", pytrace=False)
        values |= mark.kwargs
    try:
        return Wish.of(values)
    except SimulatorError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def world(jukisim_worlds: "Worlds", jukisim_wish: "Wish") -> "World":
    """A whole run with its answer key and keys; made by the first test that asks, opened by all others."""
    from simulator.errors import SimulatorError

    try:
        return jukisim_worlds.world(jukisim_wish)
    except SimulatorError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def run(world: "World") -> "Dataset":
    """The public half of the run: what a detector, a trainee or a vendor may see."""
    return world.run


@pytest.fixture
def resident(jukisim_worlds: "Worlds", jukisim_wish: "Wish", world: "World") -> dict[str, Any]:
    """A resident: an ordinary adult, or the edge case that the marker names; ``handle`` is for asking the registry."""
    from simulator import testing
    from simulator.errors import SimulatorError

    try:
        return testing.resident(jukisim_worlds.people(jukisim_wish), jukisim_wish, world)
    except SimulatorError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def household(
    jukisim_worlds: "Worlds", jukisim_wish: "Wish", world: "World", resident: dict[str, Any]
) -> list[dict[str, Any]]:
    """Everyone of the household of ``resident``, the head first."""
    from simulator import testing

    return testing.household(jukisim_worlds.people(jukisim_wish), resident, world)


@pytest.fixture
def registry(world: "World", jukisim_wish: "Wish", tmp_path: Path) -> "Iterator[Live]":
    """The register in use: `ask` passes the gate and leaves an event, in a log and with changes of this test alone."""
    with world.live(municipality=jukisim_wish.municipality, log=tmp_path / "jukisim-live.db") as live:
        yield live


@pytest.fixture
def clerk(registry: "Live") -> str:
    """The staff number of somebody at the counter, to ask the registry as."""
    from simulator import testing

    return testing.clerk(registry)


@pytest.fixture
def audit_log(jukisim_worlds: "Worlds", jukisim_wish: "Wish", registry: "Live") -> "AuditLog":
    """The audit log: ``events`` of the run, and ``new``, what this test left in it."""
    from simulator.testing import AuditLog

    return AuditLog(jukisim_worlds.events(jukisim_wish), registry)
