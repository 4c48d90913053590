"""Searches in columns, in SQL, and by plain reading agree."""

from datetime import date, timedelta

import numpy as np
import pytest

from simulator import storage
from simulator.errors import DamagedError, ExistsError, MissingError, UnknownNameError
from simulator.registry import Asked, Database, Searches, queries, query, write_database
from simulator.registry.database import after
from simulator.registry.registry import EPOCH, MATCH_NAMES
from simulator.schema.vocabulary import SEARCHES
from simulator.streams import Stream

NAMES = tuple(queries())


def searches(count, size, seed=1):
    draw = Stream(seed, "searches")
    day = (date(2025, 4, 1) - EPOCH).days
    return Searches(
        draw.below("query", count, len(NAMES)),
        draw.below("match", count, len(MATCH_NAMES)),
        draw.below("typed", count, 9),
        draw.below("target", count, size),
        day + draw.below("day", count, 91),
    )


def typed(registry, found, row):
    """What a clerk types for one search, from the target's own keys."""
    keys = [registry.keys[key.column][int(found.target[row])] for key in query(NAMES[found.query[row]]).keys]
    exact = query(NAMES[found.query[row]]).match(MATCH_NAMES[found.match[row]]) == "exact"
    if found.typed[row] and not exact:
        keys[0] = keys[0][: int(found.typed[row])]
    return tuple(keys)


def asked(registry, found, row, **extra):
    day = EPOCH + timedelta(days=int(found.day[row]))
    texts = typed(registry, found, row)
    return Asked(name=NAMES[found.query[row]], match=MATCH_NAMES[found.match[row]], texts=texts, day=day, **extra)


@pytest.fixture(scope="session")
def database(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("db") / "registry.db"
    write_database(town, path)
    return Database.open(path)


def test_every_search_of_the_vocabulary_has_a_query():
    """Each search that a request may state is declared."""
    assert tuple(term.code for term in SEARCHES) == NAMES


@pytest.mark.parametrize("guarded_too", [True, False])
def test_columns_and_sql_agree(registry, database, guarded_too):
    """A thousand random searches find the same residents in the same order in columns and in SQLite."""
    found = searches(1_000, registry.size)
    hits, guarded = registry.count(found)
    limit = np.full(1_000, 7)
    row, _, resident = registry.candidates(found, limit, np.full(1_000, guarded_too))
    for each in range(1_000):
        answer = database.find(asked(registry, found, each, guarded_too=guarded_too, limit=7))
        expected = hits[each] if guarded_too else hits[each] - guarded[each]
        assert answer.count == expected
        assert answer.residents == tuple(resident[row == each].tolist())


def test_columns_agree_with_plain_reading(registry):
    """Counts are those of going through all residents one by one."""
    found = searches(200, registry.size, seed=2)
    hits, guarded = registry.count(found)
    keys = registry.keys.to_dicts()
    for row in range(200):
        name = query(NAMES[found.query[row]])
        match, texts = name.match(MATCH_NAMES[found.match[row]]), typed(registry, found, row)
        test = {"exact": str.__eq__, "prefix": str.startswith, "partial": str.__contains__}[match]
        live = registry.times.live(np.arange(registry.size), np.full(registry.size, found.day[row]))
        kept = registry.times.protected(np.arange(registry.size), np.full(registry.size, found.day[row]))
        fits = [
            test(person[name.keys[0].column], texts[0])
            and all(person[k.column] == t for k, t in zip(name.keys[1:], texts[1:], strict=True))
            for person in keys
        ]
        assert hits[row] == sum(f and a for f, a in zip(fits, live, strict=True))
        assert guarded[row] == sum(f and a and k for f, a, k in zip(fits, live, kept, strict=True))


def test_movers_are_found_only_while_registered(registry):
    """A newcomer is found from the notice on, a leaver until the removal."""
    newcomer, leaver = 20, 17
    days = np.array([(date(2025, m, d) - EPOCH).days for m, d in ((5, 6), (5, 7), (6, 8), (6, 9))])
    code = np.full(4, NAMES.index("resident_code"))
    found = Searches(code, np.zeros(4, np.int64), np.zeros(4, np.int64), np.array([newcomer] * 2 + [leaver] * 2), days)
    assert registry.count(found)[0].tolist() == [0, 1, 1, 0]


def test_typed_text_is_folded(database):
    """高橋 finds 髙橋, half-width kana find full-width, spaces do not matter."""
    day = date(2025, 4, 10)
    new = database.find(Asked(name="name", match="prefix", texts=("高橋",), day=day, limit=1_000))
    old = database.find(Asked(name="name", match="prefix", texts=("髙 橋",), day=day, limit=1_000))
    assert new.count > 50
    assert new == old
    kana = database.find(Asked(name="kana", match="prefix", texts=("ﾀｶﾊｼ",), day=day))
    assert kana.count == new.count


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\x00", "*", '"', "𠮷" * 3_000, ""])
def test_hostile_text_is_only_text(database, text):
    """No text typed becomes syntax; nobody is named like this."""
    found = database.find(Asked(name="name", match="exact", texts=(text,), day=date(2025, 4, 10)))
    assert found.count == 0


def test_prefix_ends_where_it_should():
    """The upper end of a prefix range is the least text beyond it."""
    assert after("あ") == "ぃ"
    assert after("a\U0010ffff") == "b"
    assert after("\ud7ff") == "\ue000"
    assert after("\U0010ffff") is None


def test_database_has_the_same_bytes_each_time(town, tmp_path):
    """Two writes of the same register are the same file."""
    for name in ("a.db", "b.db"):
        write_database(town, tmp_path / name)
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()
    with pytest.raises(ExistsError):
        write_database(town, tmp_path / "a.db")


def test_unknown_query_names_the_valid_ones(database):
    """An unknown search is answered with those that are."""
    with pytest.raises(UnknownNameError, match="kana_birth"):
        database.find(Asked(name="kanna", match="exact", texts=("x",), day=date(2025, 4, 10)))


def test_missing_and_damaged_files_are_said(tmp_path, town):
    """A register that is not there or not whole gives one clear error."""
    with pytest.raises(MissingError):
        Database.open(tmp_path / "none.db")
    path = tmp_path / "r.db"
    write_database(town, path)
    content = bytearray(path.read_bytes())
    content[:100] = b"x" * 100
    storage.write_bytes(path, bytes(content))
    with pytest.raises(DamagedError):
        Database.open(path).record(1)
