"""Each export and each section has pseudonyms of its own: joins are empty, and nothing but chance tells who is who."""

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier
from typer.testing import CliRunner

from simulator import export
from simulator.cli import app
from simulator.errors import UnknownNameError
from simulator.export import Apart, Excerpt
from simulator.privacy.uniqueness import wilson
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm, from_text
from simulator.pseudonym.keyring import Keyring


@pytest.fixture(scope="module")
def apart(made):
    """How to export a run apart, by name or section."""
    ring = Keyring.load(made.path.with_name("run.keys") / "keyring")

    def way(name, section=None):
        realm = Realm.section("482013", section) if section else Realm.export(name)
        return Apart(ring.pseudonymizer(realm), Excerpt.of(made, section) if section else None)

    return way


def _exported(made, way, folder):
    export.export(made, "csv", folder, way)
    return export.exporter("csv").read(folder)


def _tokens(tables, columns=("actor", "resident", "household", "surname", "search_token")):
    return {token for frame in tables.values() for name in columns if name in frame.columns
            for token in frame[name].drop_nulls()}  # fmt: skip


def test_two_exports_do_not_join_and_each_joins_with_itself(made, apart, tmp_path):
    """No pseudonym is in two exports or in the run; within one the tables join as the run's do; all else is equal."""
    one, other = (_exported(made, apart(name), tmp_path / name) for name in ("one", "other"))
    run = {name: made.table(name) for name in one}
    assert not _tokens(one) & _tokens(other)
    assert not _tokens(one) & _tokens(run)
    assert len(_tokens(one)) == len(_tokens(run)) > 1_000
    for name, table in run.items():
        tokens = [c for c, t in table.schema.items() if t == pl.Binary]
        keys = [c for c in table.columns if c not in tokens]
        assert one[name].select(keys).sort(keys).equals(table.select(keys).sort(keys)), name
    pairs = [made.table("event").join(made.table("staff"), on="actor").height]
    pairs += [each["event"].join(each["staff"], on="actor").height for each in (one, other)]
    assert len(set(pairs)) == 1
    assert pairs[0] > 0
    assert one["event"].join(other["event"], on="resident").is_empty()


def test_two_sections_do_not_join(made, apart, tmp_path):
    """Each section gets its own events, staff, cases and people, and their tables share no pseudonym."""
    tax, tax_again, child = (
        _exported(made, apart("x", section), tmp_path / str(place))
        for place, section in enumerate(("income_tax", "income_tax", "child"))
    )
    assert not _tokens(tax) & _tokens(child)
    assert _tokens(tax) == _tokens(tax_again)
    for name, section in (("event", tax), ("staff", tax), ("case", tax)):
        assert set(section[name]["section"]) == {"income_tax"}
    whole = made.table("event").filter(pl.col("section") == "income_tax")
    assert tax["event"]["event_id"].to_list() == whole["event_id"].to_list()
    seen = tax["event"].filter(pl.col("resident").is_not_null())
    assert seen.join(tax["attribute"], on="resident", how="anti").is_empty()
    assert tax["shown"].join(tax["event"], on="event_id", how="anti").is_empty()
    assert set(tax["roster"]["actor"]) <= set(tax["event"]["actor"]) | set(tax["staff"]["actor"])
    assert 0 < tax["attribute"].height < made.table("attribute").height
    with pytest.raises(UnknownNameError, match="income_tax"):
        apart("x", "no_such")


def test_every_format_takes_an_export_apart(made, apart, tmp_path):
    """Events of any format read back carry the export's pseudonyms and the run's numbers."""
    expected = made.table("event")["event_id"].to_list()
    for form in export.names():
        export.export(made, form, tmp_path / form, apart("one", "income_tax"))
        tables = export.exporter(form).read(tmp_path / form)
        assert set(tables["event"]["event_id"]) <= set(expected)
        assert not _tokens(tables) & _tokens({"event": made.table("event"), "shown": made.table("shown")})


def test_the_command_gives_each_export_its_realm(made, tmp_path):
    """Two exports as typed share no pseudonym; --realm run keeps the run's; without keys it says what would do."""
    tokens = {}
    for name, more in (("one", []), ("two", []), ("own", ["--realm", "run"]), ("tax", ["--section", "income_tax"])):
        words = ["export", str(made.path), "--format", "csv", "--out", str(tmp_path / name), *more]
        assert CliRunner().invoke(app, words).exit_code == 0
        frame = pl.read_csv(tmp_path / name / "event.csv", infer_schema=False)
        tokens[name] = {from_text(text) for text in frame["actor"]}
    assert not tokens["one"] & tokens["two"]
    assert tokens["own"] == set(made.table("event")["actor"])
    assert not tokens["tax"] & (tokens["one"] | tokens["own"])
    words = ["export", str(made.path), "--out", str(tmp_path / "no"), "--keys", str(tmp_path / "none")]
    found = CliRunner().invoke(app, words)
    assert "--realm run keeps" in str(found.exception)
    assert not (tmp_path / "no").exists()


def test_a_classifier_cannot_tell_who_is_who():
    """Given two realms' pseudonyms of pairs of people, a trained classifier tells same from different by chance.

    Pairs are half the same person, half not; features are the bits of both pseudonyms and of their difference. The
    accuracy on pairs of unseen people has a 95 % interval that holds one half, and is nowhere near use.
    """
    count, key = 6_000, PseudonymKey.generate()
    people = pl.Series([f"{i * 7919:011d}" for i in range(count)])
    one, other = (
        np.unpackbits(
            np.frombuffer(
                b"".join(Pseudonymizer(key, Realm.section("482013", name)).column("resident", people)), np.uint8
            )
        ).reshape(count, 128)[:, 8:]
        for name in ("tax", "child")
    )
    same = np.arange(count) % 2 == 0
    partner = np.where(same, np.arange(count), np.roll(np.arange(count), 2))
    pairs = np.hstack([one, other[partner], one ^ other[partner]])
    half = count // 2
    model = RandomForestClassifier(40, random_state=1, n_jobs=1).fit(pairs[:half], same[:half])
    right = int((model.predict(pairs[half:]) == same[half:]).sum())
    low, high = wilson(right, half)
    assert low - 0.02 < 0.5 < high + 0.02
    assert abs(right / half - 0.5) < 0.04  # 4.4 standard errors of 3,000 guesses
    told = RandomForestClassifier(40, random_state=1, n_jobs=1).fit(
        np.hstack([one, one[partner], one ^ one[partner]])[:half], same[:half]
    )
    assert (told.predict(np.hstack([one, one[partner], one ^ one[partner]])[half:]) == same[half:]).mean() > 0.95
    assert not set(map(bytes, one)) & set(map(bytes, other))
