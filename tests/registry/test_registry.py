"""Searches in columns, in SQL, and by plain reading agree."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from simulator import storage
from simulator.errors import DamagedError, ExistsError, MissingError, UnknownNameError
from simulator.registry import Asked, Database, Searches, queries, query, write_database
from simulator.registry.database import _statement, after
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


def test_every_search_of_the_vocabulary_has_a_query():
    """Each search that a request may state is declared."""
    assert tuple(term.code for term in SEARCHES) == NAMES


def test_no_search_is_answered_by_nothing(registry):
    """A stretch of the log in which nobody searched has no labels, no texts, no hits and no candidates."""
    found = searches(0, registry.size)
    assert [part.len() for part in registry.typed(found)] == [0, 0]
    assert [len(part) for part in registry.count(found)] == [0, 0]
    nothing = np.empty(0, dtype=np.int64)
    assert [len(part) for part in registry.candidates(found, nothing, nothing.astype(np.bool_))] == [0, 0, 0]


@pytest.mark.parametrize("guarded_too", [True, False])
def test_columns_and_sql_agree(registry, database, guarded_too):
    """A thousand random searches find the same residents in the same order in columns, SQLite and PostgreSQL."""
    found = searches(1_000, registry.size)
    hits, guarded = registry.count(found)
    limit = np.full(1_000, 7)
    row, _, resident = registry.candidates(found, limit, np.full(1_000, guarded_too))
    for each in range(1_000):
        answer = database.find(asked(registry, found, each, guarded_too=guarded_too, limit=7))
        expected = hits[each] if guarded_too else hits[each] - guarded[each]
        assert answer.count == expected
        assert answer.guarded == (guarded[each] if guarded_too else 0)
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


HOSTILE = [
    "%", "_", "' OR 1=1 --", "\x00", "*", '"', "𠮷" * 3_000, "\ud800", "葛\U000e0100", "NEAR(佐 藤)", "佐藤 OR 1",
    ":text0", "%(text0)s", "$1", "\\", "9" * 40, "-1", "1e1", " 1", "今日", "infinity", "1950-1-1", "00000000001",
]  # fmt: skip


LIKE_AN_ADDRESS = {"-1", " 1"}  # folded to a number that addresses and households have


@pytest.mark.parametrize("match", MATCH_NAMES)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_only_text(both, name, match):
    """No text typed becomes syntax or an error, and both databases answer alike; most find nobody."""
    day = date(2025, 4, 10)
    others = ("x",) * (len(query(name).keys) - 1)
    for text in HOSTILE:
        answers = [one.find(Asked(name=name, match=match, texts=(text, *others), day=day)) for one in both]
        assert answers[0] == answers[1], text
        assert answers[0].count == 0 or text in LIKE_AN_ADDRESS, text


def test_text_beyond_its_column_finds_nobody(both):
    """A number that no column holds, a day that is none, and a day written otherwise find nobody."""
    for name, text in (("household", str(2**63)), ("household", "٣"), ("birth", "2025-02-30"), ("birth", "20250401")):
        asked = Asked(name=name, match="exact", texts=(text,), day=date(2025, 4, 10))
        assert [one.find(asked).count for one in both] == [0, 0]


def test_empty_text_finds_everyone_as_columns_do(both):
    """An empty beginning or part is of everyone; an empty whole is of nobody."""
    day = date(2025, 4, 10)
    for match, everyone in (("prefix", True), ("partial", True), ("exact", False)):
        counts = [one.find(Asked(name="kana", match=match, texts=("",), day=day)).count for one in both]
        assert counts[0] == counts[1]
        assert (counts[0] > 500) is everyone


def test_more_than_wanted_are_counted_and_not_listed(both):
    """Beyond `most` the count stops at one more, and nobody is listed."""
    for one in both:
        found = one.find(Asked(name="kana", match="prefix", texts=("タ",), day=date(2025, 4, 10), most=5))
        assert (found.count, found.residents) == (6, ())


def test_records_are_the_same_in_both(both):
    """Every record, and whether it is protected, reads the same from SQLite and PostgreSQL."""
    for no in range(0, 600, 7):
        assert both[0].record(no) == both[1].record(no)
        assert both[0].protected(no, date(2025, 5, 1)) is both[1].protected(no, date(2025, 5, 1))
    assert [one.record(10_000_000) for one in both] == [None, None]


@pytest.mark.parametrize("text", ["藤", "佐藤", "十嵐", "五十嵐", "藤健", "藤健太", "ロウ"])
def test_any_part_of_a_name_is_found_by_its_index(town, sqlite, served, text):
    """One, two and three characters anywhere in a name are found, and by the index rather than by reading all."""
    expected = town.residents.filter(
        pl.col("name_key").str.contains(text, literal=True) | pl.col("kana_key").str.contains(text, literal=True)
    ).height
    everyone = Asked(name="name", match="partial", texts=(text,), day=date(2025, 5, 20), limit=1_000)
    for one in (sqlite, served):
        kana = dataclasses.replace(everyone, name="kana")
        left = town.changes.filter(pl.col("reason") == "転出").height
        found = one.find(everyone).count + one.find(kana).count
        assert expected - left <= found <= expected
    sql, values = _statement(query("name"), everyone, "sqlite")
    plan = sqlite.connection.select(f"EXPLAIN QUERY PLAN SELECT 1 {sql}", values)
    assert any("VIRTUAL TABLE INDEX" in step["detail"] for step in plan)
    assert not any(step["detail"].split()[:2] == ["SCAN", "r"] for step in plan)


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
