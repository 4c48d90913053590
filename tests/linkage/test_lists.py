"""Two lists with errors: exact counts, a key that explains every difference, and numbers that are nobody's."""

import json
from datetime import date

import polars as pl
import pytest
from number_scan import scan
from typer.testing import CliRunner

from simulator.cli import app
from simulator.clock import Window
from simulator.errors import UnknownNameError, UsageError
from simulator.linkage import (
    KINDS,
    LinkageSpec,
    People,
    kana,
    make_lists,
    parse_counts,
    score_links,
    words,
    write_lists,
)
from simulator.linkage.lists import FIELDS
from simulator.population import PopulationSpec, build
from simulator.streams import Stream
from simulator.world.municipality import DEMO

COUNTS = {"ime": 40, "variant": 30, "long_vowel": 25, "half_width": 20, "full_width": 20, "notation": 60,
          "transposed": 15, "code_typo": 33, "phone_typo": 31, "former_name": 9, "missing": 50, "era": 5}  # fmt: skip
SPEC = LinkageSpec(seed=4, people=1_000, only_a=70, only_b=30, duplicates=25, errors=COUNTS)


@pytest.fixture(scope="module")
def people(mini):
    return People.of(mini)


@pytest.fixture(scope="module")
def lists(people):
    return make_lists(people, SPEC)


def test_counts_are_exact(lists):
    """Records, people in one list only, duplicates and errors are as many as were asked for."""
    assert lists.counts == COUNTS
    assert (lists.a.height, lists.b.height) == (970, 955)
    assert lists.links["record_a"].null_count() == 30 + _extra(lists)
    assert lists.links["person"].n_unique() == 930
    assert lists.a["record_id"].is_sorted()


def _extra(lists):
    """Duplicates of people who are in list B only."""
    alone = lists.links.filter(pl.col("record_a").is_null())
    return alone.height - alone["person"].n_unique()


def test_key_explains_every_difference(lists):
    """Undo the errors of list B, and every pair agrees in every field; before, nothing else differs."""
    restored = lists.b
    for name in FIELDS:
        undone = lists.mistakes.filter(field=name).select("record_id", "before", hit=pl.lit(value=True))
        joined = restored.join(undone, on="record_id", how="left", maintain_order="left")
        fixed = pl.when("hit").then("before").otherwise(name)
        restored = joined.with_columns(fixed.alias(name)).select(restored.columns)
    both = lists.links.drop_nulls().join(restored, left_on="record_b", right_on="record_id")
    both = both.join(lists.a, left_on="record_a", right_on="record_id", suffix="_a")
    assert both.height >= 900
    for name in FIELDS:
        assert both.filter(pl.col(name).ne_missing(pl.col(f"{name}_a"))).is_empty(), name


def test_mistakes_are_in_the_list(lists):
    """What the key says a record says, it says; no field was touched twice, and every error changes something."""
    assert not lists.mistakes.select("record_id", "field").is_duplicated().any()
    rows = {row["record_id"]: row for row in lists.b.iter_rows(named=True)}
    for mistake in lists.mistakes.iter_rows(named=True):
        assert rows[mistake["record_id"]][mistake["field"]] == mistake["after"] != mistake["before"]


def test_record_numbers_tell_nothing(lists):
    """Neither the number nor the place of a record of list B leads to its partner or its errors."""
    place = lists.links.drop_nulls().with_columns(
        pl.col("record_a").str.slice(1).cast(pl.Int64), pl.col("record_b").str.slice(1).cast(pl.Int64)
    )
    assert abs(place.select(pl.corr("record_a", "record_b")).item()) < 0.13  # four standard errors of 900 pairs


def test_same_seed_same_lists(people, lists):
    """Another seed gives other lists, the same seed the same."""
    again = make_lists(people, SPEC)
    assert again.b.equals(lists.b)
    assert not make_lists(people, LinkageSpec(seed=5, people=1_000)).b.equals(lists.b)


@pytest.fixture(scope="module")
def year():
    """A year of a small town: people have moved in it."""
    window = Window(date(2025, 4, 1), date(2026, 4, 1))
    return People.of_towns([build(PopulationSpec(2_000), DEMO, window, Stream(3))])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_happen(year, kind):
    """Each kind of error can be made, once if asked for once."""
    made = make_lists(year, LinkageSpec(seed=1, people=1_500, errors={kind: 1}))
    assert made.counts == {kind: 1}


def test_examples_of_the_kinds():
    """Some errors, as they are written in Japan."""

    def outcomes(change, *given):
        return {change(*given, draw * 2**54) for draw in range(1_024)}

    assert {"オーノ", "オノ"} == outcomes(kana.long_vowel, "オオノ")
    assert {"ヤマサキ"} <= outcomes(kana.sound_mark, "ヤマザキ")
    assert outcomes(kana.half_width, "ヤマザキ") == {"ﾔﾏｻﾞｷ"}
    assert {"髙橋"} == outcomes(words.variant, "高橋")
    assert {"斎藤", "齋藤", "齊藤"} == outcomes(words.variant, "斉藤")
    told = outcomes(words.notation, "桜町二丁目13番7号 メゾンさくら101号室")
    assert {"桜町2-13-7 メゾンさくら101号室", "桜町二丁目13番地7 メゾンさくら101号室"} <= told
    assert "桜町二丁目13番7号 メゾンさくら101号室" not in told


def test_nothing_written_is_somebodys_number(mini, tmp_path):
    """Lists and key, with every typo in them, hold no number that could be real; the key is in a folder of its own."""
    write_lists(mini, SPEC, tmp_path / "lists")
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == ["a.csv", "b.csv", "manifest.json"]
    for folder in ("lists", "lists.truth"):
        assert scan(tmp_path / folder) == set()
    assert json.loads((tmp_path / "lists.truth" / "summary.json").read_text())["errors"] == dict(sorted(COUNTS.items()))
    with pytest.raises(UsageError, match="already exists"):
        write_lists(mini, SPEC, tmp_path / "lists")


def test_linkage_is_scored_against_the_key(mini, tmp_path):
    """Exact matching on name and birth date finds the pairs without errors there, and is told which kinds it missed."""
    write_lists(mini, SPEC, tmp_path / "lists")
    a, b = (pl.read_csv(tmp_path / "lists" / f"{name}.csv", infer_schema=False) for name in "ab")
    keys = ["family_name", "given_name", "birth_date"]
    pairs = a.join(b, on=keys).select(record_a="record_id", record_b="record_id_right")
    pairs.write_csv(tmp_path / "found.csv")
    found = score_links(tmp_path / "lists.truth", tmp_path / "found.csv")
    kinds = {kind: (many, right) for kind, many, right in found.by_kind}
    assert kinds["ime"][1] == 0
    assert kinds["half_width"][1] > 0
    assert found.right > 800
    shown = CliRunner().invoke(app, ["population", "score-links", str(tmp_path / "lists.truth"), "--links",
                                     str(tmp_path / "found.csv"), "--format", "json"])  # fmt: skip
    assert json.loads(shown.stdout)[0]["found"] == found.right


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        (LinkageSpec(errors={"variants": 1}), UnknownNameError),
        (LinkageSpec(errors={"era": 100_000}), UsageError),
        (LinkageSpec(people=10**7), UsageError),
        (LinkageSpec(people=10, only_a=8, only_b=8), UsageError),
        (LinkageSpec(people=10, duplicates=11), UsageError),
    ],
)
def test_what_cannot_be_is_said(people, spec, error):
    """Unknown kinds and numbers that the register cannot give are refused."""
    with pytest.raises(error):
        make_lists(people, spec)


def test_counts_are_written_as_kind_and_number():
    """A count on the command line has one form."""
    assert parse_counts(["ime=3", "era=0"]) == {"ime": 3, "era": 0}
    with pytest.raises(UsageError, match="ime=120"):
        parse_counts(["ime"])
