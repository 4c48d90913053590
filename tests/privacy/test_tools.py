"""Unicity, coincidences, anonymity and the dictionary attack."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from simulator import privacy
from simulator.cli import app
from simulator.clock import JST
from simulator.errors import DamagedError, MissingError, UnknownNameError, UsageError
from simulator.privacy import namesakes
from simulator.privacy.uniqueness import PLACES, explain, wilson
from simulator.pseudonym.errors import VersionError
from simulator.pseudonym.keyring import Keyring, State
from simulator.world.surnames import surnames

ORACLE = json.loads((Path(__file__).parents[2] / "fixtures" / "vectors" / "pycanon_anonymity.json").read_text())
MONDAY = datetime(2025, 3, 10, 9, tzinfo=JST)


class _Log:
    """A log of (resident, hour) pairs, as a dataset."""

    manifest = SimpleNamespace(logs=(SimpleNamespace(municipality="482013"),))

    def __init__(self, pairs):
        rest = dict.fromkeys(set(PLACES) - {"municipality", "prefecture"}, "x")
        rows = [
            {"event_id": i, "at": MONDAY + timedelta(hours=hour), "resident": bytes([resident]), **rest}
            for i, (resident, hour) in enumerate(pairs, 1)
        ]
        self._tables = {"event": pl.DataFrame(rows).lazy(), "shown": pl.DataFrame(
            schema={"event_id": pl.Int64, "resident": pl.Binary}).lazy()}  # fmt: skip

    def scan(self, table):
        return self._tables[table]


def test_unicity_agrees_with_counting_by_hand():
    """Where each resident has exactly two hours, the share alone in both is what a plain count gives."""
    draws = np.random.default_rng(3)
    cells = {r: frozenset(draws.choice(12, 2, replace=False).tolist()) for r in range(60)}
    pairs = [(resident, hour) for resident, hours in cells.items() for hour in hours]
    (row,) = privacy.unicity(_Log(pairs), [("municipality", "hour")], [2])
    alone = sum(1 for own in cells.values() if sum(own <= other for other in cells.values()) == 1)
    assert (row["residents"], row["tried"], row["singled_out"]) == (60, 60, alone)
    assert 0 < alone < 60


def test_unicity_by_hour_day_and_week():
    """Ten people in ten different hours of one day are told apart by the hour and by nothing coarser."""
    rows = privacy.unicity(_Log([(r, r) for r in range(10)]), [("hour",), ("day",), ("week", "municipality")], [1, 2])
    shares = {(row["known"], row["accesses"]): (row["share"], row["tried"]) for row in rows}
    assert shares["hour", 1] == (1.0, 10)
    assert shares["day", 1] == shares["week × municipality", 1] == (0.0, 10)
    assert shares["hour", 2] == (0.0, 0)
    assert "100%" in explain(rows[0])


def test_unicity_of_a_run(made):
    """More known accesses single out more; coarser time fewer; the same seed the same rows."""
    rows = privacy.unicity(made, [("municipality", "hour"), ("municipality", "week")], sample=300)
    assert rows == privacy.unicity(made, [("municipality", "hour"), ("municipality", "week")], sample=300)
    # Each number of accesses has residents of its own, so shares are compared by their intervals.
    low, high = ({(row["known"], row["accesses"]): row[end] for row in rows} for end in ("low", "high"))
    assert low["municipality × hour", 1] <= high["municipality × hour", 2]
    assert low["municipality × hour", 2] <= high["municipality × hour", 3]
    assert low["municipality × week", 2] <= high["municipality × hour", 2]
    assert low["municipality × hour", 3] > 0
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows if row["tried"])


def test_unicity_refuses_what_it_cannot_know(made):
    """A thing that no log tells, no access and no sample are refused."""
    with pytest.raises(UnknownNameError, match="municipality"):
        privacy.unicity(made, [("shoe_size",)])
    for counts, sample in (((0,), 10), ((), 10), ((1,), 0)):
        with pytest.raises(UsageError):
            privacy.unicity(made, counts=counts, sample=sample)


def test_wilson_interval():
    """The interval holds the share, and is everything when nothing was tried."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)  # Source: Wilson 1927, worked by hand
    assert wilson(10, 10)[1] == pytest.approx(1.0)


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda c: "+".join(c["by"]) + " " + c["sensitive"])
def test_anonymity_agrees_with_pycanon(case):
    """k, l and t are those that pyCANON found for the same table."""
    frame = pl.DataFrame(ORACLE["rows"], schema=ORACLE["columns"], orient="row")
    found = privacy.anonymity(frame, case["by"], [case["sensitive"]])
    assert (found.k, found.diversity[case["sensitive"]]) == (case["k"], case["l"])
    assert found.closeness[case["sensitive"]] == pytest.approx(case["t"], abs=1e-12)


def test_anonymity_counts_small_groups_and_nulls():
    """Rows alone, rows in small groups; a null is a value like any other; one value of all has distance 0."""
    frame = pl.DataFrame({"a": ["x", "x", None, None, "y"], "s": [1, 1, 1, 1, 1], "t": ["p", "q", "p", "p", None]})
    found = privacy.anonymity(frame, ["a"], ["s", "t"], wanted=2)
    assert (found.rows, found.classes, found.k, found.alone, found.small) == (5, 3, 1, 1, 1)
    assert found.diversity == {"s": 1, "t": 1}
    assert found.closeness["s"] == 0.0
    assert found.closeness["t"] == pytest.approx(0.8)
    assert [row["value"] for row in found.table()][:5] == [5, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("by", "sensitive", "wanted", "error"),
    [
        (["zz"], [], 1, UnknownNameError),
        (["a"], ["zz"], 1, UnknownNameError),
        ([], ["a"], 1, UsageError),
        (["a"], ["a"], 1, UsageError),
        (["a"], [], 0, UsageError),
    ],
)
def test_anonymity_refuses(by, sensitive, wanted, error):
    """Unknown or doubled columns, none at all and a group of nobody are refused; so is an empty table."""
    frame = pl.DataFrame({"a": [1]})
    with pytest.raises(error):
        privacy.anonymity(frame, by, sensitive, wanted)
    with pytest.raises(UsageError):
        privacy.anonymity(frame.clear(), ["a"])


def test_tables_are_read_from_runs_and_files(made, tmp_path):
    """CSV, JSON lines and Parquet read alike; what is missing, unnamed, odd or damaged is said."""
    frame = made.table("attribute").select("district", "age_band", "protected").head(50)
    frame.write_csv(tmp_path / "t.csv")
    frame.write_ndjson(tmp_path / "t.jsonl")
    frame.write_parquet(tmp_path / "t.parquet")
    found = {privacy.anonymity(privacy.read_table(p), ["district", "age_band"]).k for p in tmp_path.iterdir()}
    assert len(found) == 1
    assert privacy.read_table(made.path, "attribute").height > 1_500
    (tmp_path / "bad.jsonl").write_text("{no json")
    (tmp_path / "t.ods").write_text("x")
    wrong = {"none.csv": MissingError, "t.ods": UsageError, "bad.jsonl": DamagedError}
    for path, error in ((made.path, UsageError), *((tmp_path / name, error) for name, error in wrong.items())):
        with pytest.raises(error):
            privacy.read_table(path)


def test_shares_of_names_make_a_whole():
    """Surnames and the given names of each sex and cohort add up to everybody; Sato is 1.5 per cent of Japan."""
    listed = surnames()[0].names["name"]
    share = namesakes._surname_share(listed.unique())
    assert share.sum() == pytest.approx(1.0, abs=1e-6)
    assert namesakes._surname_share(pl.Series(["佐藤"]))[0] == pytest.approx(0.015, abs=0.002)
    names = namesakes.given_names().listed.names["name"].unique()
    for male, year in ((True, 1950), (False, 2010)):
        crowd = namesakes._given_share(names, np.full(len(names), male), np.full(len(names), year))
        assert crowd.sum() == pytest.approx(1.0, abs=1e-6)
    years, sexes = np.repeat(np.arange(2025 - 104, 2026), 2), np.tile([True, False], 105)
    assert namesakes._living(years, sexes, 2025).sum() == pytest.approx(namesakes.PEOPLE_OF_JAPAN, rel=1e-6)


def test_coincidences_are_told(made):
    """A finer match is rarer; wrong check digits coincide with nobody; valid ones with the share that is in use."""
    rows = privacy.coincidences(made, town=100_000)
    name, born, town, code, number = (row["expected"] for row in rows)
    assert rows[0]["residents"] > name > born > town > 0
    assert (code, number) == (0, 0)
    assert rows[3]["one_in"] is None
    valid = list(namesakes._numbers(1_000_000, valid=True))
    assert [row["expected"] for row in valid] == [12_500, 1_250]  # Source: registry.md 2.8


def test_the_key_is_everything(made):
    """With the realm's key every pseudonym falls; with a guess, the published key or another realm's key none."""
    ring = Keyring.load(made.path.with_name("run.keys") / "keyring")
    rows = privacy.attack(made, ring, candidates=5_000, targets=50)
    assert [row["recovered"] for row in rows] == [0, 0, 0, 50]
    assert all(row["of"] == 50 and row["tried"] == 5_000 for row in rows)
    assert len(privacy.attack(made, candidates=5_000, targets=50)) == 2
    shredded = ring.move(2, State.RETIRED).move(2, State.DESTROYED)
    with pytest.raises(VersionError, match="destroyed"):
        privacy.attack(made, shredded, candidates=10)
    with pytest.raises(UsageError):
        privacy.attack(made, candidates=0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["unicity", "RUN", "--knowledge", "municipality,hour", "--k", "2", "--sample", "50"],
        ["coincidences", "RUN"],
        ["anonymity", "RUN", "--table", "attribute", "--by", "district,age_band", "--sensitive", "protected"],
        ["attack", "RUN", "--keys", "KEYS", "--candidates", "3000", "--targets", "10"],
        ["scan", "RUN", "--run", "RUN", "--keys", "KEYS"],
    ],
    ids=lambda a: a[0],
)
def test_commands_speak_three_forms(made, arguments):
    """Each command gives its rows as table, JSON and CSV; JSON parses."""
    keys = made.path.with_name("run.keys") / "keyring"
    words = [{"RUN": str(made.path), "KEYS": str(keys)}.get(a, a) for a in arguments]
    for form in ("table", "json", "csv"):
        found = CliRunner().invoke(app, ["privacy", *words, "--format", form])
        assert found.exit_code == 0, found.output
        if form == "json":
            assert isinstance(json.loads(found.stdout), list)


def test_small_groups_fail_the_check(made):
    """--check exits 4 when a group is smaller than wanted, and 0 when none is."""
    words = ["privacy", "anonymity", str(made.path), "--table", "attribute", "--by", "district", "--check", "--k"]
    assert CliRunner().invoke(app, [*words, "5"]).exit_code == 0
    assert CliRunner().invoke(app, [*words, "100000"]).exit_code == 4
