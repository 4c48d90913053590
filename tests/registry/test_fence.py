"""The second fence: what the table of rights reaches is what PostgreSQL shows, cell by cell."""

import dataclasses
import itertools

import psycopg
import pytest

from simulator import storage
from simulator.access import Policy
from simulator.access.policy.rules import SCOPES
from simulator.errors import MissingError, StorageError, UnknownNameError
from simulator.registry import Database, served_layout
from simulator.registry.fence import REACHES, REGISTER_ROLE
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES
from simulator.world.municipality import MUNICIPALITIES

HERE, ELSEWHERE = MUNICIPALITIES[0].code, MUNICIPALITIES[1].code
TABLES = ("resident", "lookup", "address", "household", "change", "protection")
OWN = 3  # under protection, as `make_town` has it
WANTED = {"self": (HERE, OWN), "municipality": (HERE, 7), "nation": (ELSEWHERE, 7)}


@pytest.fixture(scope="module")
def nation(town, postgres):
    """Two municipalities in one database, each in its schema."""
    address = postgres.create()
    for place in MUNICIPALITIES[:2]:
        made = served_layout(dataclasses.replace(town, municipality=place))
        storage.fill_postgres(address, made, schema=f"m{place.code}")
    opened = {code: Database.open(address, schema=f"m{code}") for code in (HERE, ELSEWHERE)}
    yield address, opened
    for database in opened.values():
        database.connection.close()


def test_reaches_are_the_scopes_of_the_policy():
    """The fence knows the words of the table of rights."""
    assert REACHES == SCOPES


def test_every_cell_of_the_policy_reaches_what_the_database_shows(nation):
    """Every role, purpose and action, asking for their own record, a neighbour's and one elsewhere."""
    _, opened = nation
    policy, shown = Policy.default(), {}
    for scope, (needed, (code, no)) in itertools.product(SCOPES, WANTED.items()):
        opened[code].within(scope, HERE, OWN)
        shown[scope, needed] = opened[code].record(no) is not None
    cells = itertools.product(*([term.code for term in terms] for terms in (ROLES, PURPOSES, ACTIONS)))
    checked = 0
    for cell in cells:
        rule = policy.rule(*cell)
        scope = rule.scope if rule else "none"
        for needed in WANTED:
            assert shown[scope, needed] == (SCOPES.index(scope) >= SCOPES.index(needed)), (cell, needed)
            checked += 1
    assert checked == 3 * len(ROLES) * len(PURPOSES) * len(ACTIONS)


@pytest.mark.parametrize(("reach", "some"), [("none", False), ("self", True), ("municipality", True), ("nation", True)])
def test_no_table_shows_more_than_its_reach(nation, reach, some):
    """Each table by itself: nothing, one's own rows, the municipality's, all."""
    address, opened = nation
    here = opened[HERE]
    with psycopg.connect(address) as owner:
        everything = {t: owner.execute(f"SELECT count(*) FROM m{HERE}.{t}").fetchone()[0] for t in TABLES}  # noqa: S608
    here.within(reach, HERE, OWN)
    for table in TABLES:
        (seen,) = here.connection.select(f"SELECT count(*) AS n FROM {table}", {})  # noqa: S608 - a constant
        if reach == "self":
            assert seen["n"] < everything[table]
            assert table == "change" or seen["n"] == 1
        else:
            assert seen["n"] == (everything[table] if some else 0)
    there = opened[ELSEWHERE]
    there.within(reach, HERE, OWN)
    (seen,) = there.connection.select("SELECT count(*) AS n FROM resident", {})
    assert (seen["n"] > 0) == (reach == "nation")


def test_a_reach_that_is_not_stated_shows_nothing(nation):
    """The fence fails closed: no setting, an empty one, or an unknown word."""
    address, opened = nation
    for reach in ("", "everything", "NATION"):
        opened[HERE].within(reach, HERE)
        assert opened[HERE].record(7) is None
    with psycopg.connect(address) as fresh:
        fresh.execute(f"SET ROLE {REGISTER_ROLE}")
        assert fresh.execute(f"SELECT count(*) FROM m{HERE}.resident").fetchone() == (0,)  # noqa: S608 - a constant


def test_the_register_cannot_be_written_through_it(nation):
    """The role of the fence may read and nothing else."""
    _, opened = nation
    opened[HERE].within("municipality", HERE)
    with pytest.raises(StorageError, match=r"read-only|permission denied"):
        opened[HERE].connection.select("DELETE FROM protection", {})


def test_the_register_of_a_municipality_is_found_by_its_code(nation, postgres):
    """No schema need be known; an unknown municipality, or an empty database, is answered with what would be right."""
    address, _ = nation
    opened = Database.open(address, municipality=ELSEWHERE)
    assert opened.connection.select("SELECT code FROM municipality", {}) == [{"code": ELSEWHERE}]
    opened.connection.close()
    with pytest.raises(UnknownNameError, match=f"{HERE}, {ELSEWHERE}"):
        Database.open(address, municipality="999999")
    with pytest.raises(MissingError, match="jukisim seed RUN"):
        Database.open(postgres.create())


def test_others_are_let_through(nation, postgres):
    """A developer's own role with its own rights sees what it was given: the fence is not theirs."""
    address, _ = nation
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE ROLE developer LOGIN")
        owner.execute(f"GRANT USAGE ON SCHEMA m{HERE} TO developer")
        owner.execute(f"GRANT SELECT ON m{HERE}.resident TO developer")
    with psycopg.connect(address.replace("postgres@", "developer@")) as own:
        assert own.execute(f"SELECT count(*) FROM m{HERE}.resident").fetchone() == (600,)  # noqa: S608 - a constant
