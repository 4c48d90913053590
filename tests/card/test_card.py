"""What a run says of itself: a whole card, metadata that another tool reads, and nothing of the misuse."""

import dataclasses
import json
import re
import warnings

import mlcroissant
import pytest
import yaml

from simulator import card, dataset, scenario

HEADINGS = ("Motivation", "Composition", "Collection process", "Preprocessing, cleaning, labelling", "Uses",
            "Distribution", "Maintenance")  # fmt: skip


@pytest.fixture(scope="module")
def croissant(mini):
    """The run as mlcroissant reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mlcroissant.Dataset(mini.path / "croissant.json")


def test_croissant_has_no_error(croissant):
    """mlcroissant finds no error, and misses nothing but a date of publication, which a run does not have."""
    assert croissant.metadata.issues.errors == set()
    (missed,) = croissant.metadata.issues.warnings
    assert "datePublished" in missed


@pytest.mark.parametrize("table", ["event", "shown", "staff", "case"])
def test_croissant_gives_the_rows(croissant, mini, table):
    """mlcroissant reads as many records as the table has rows, and the event_ids or codes in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        records = list(croissant.records(table))
    rows = mini.table(table)
    assert len(records) == rows.height
    assert set(records[0]) == {f"{table}/{name}" for name in rows.columns}
    if table == "event":
        assert [r["event/event_id"] for r in records] == rows["event_id"].to_list()


def test_every_table_with_rows_is_described(mini):
    """Each table of the manifest that has rows has a record set, with every column."""
    told = json.loads((mini.path / "croissant.json").read_text(encoding="utf-8"))
    sets = {entry["name"]: [f["name"] for f in entry["field"]] for entry in told["recordSet"]}
    assert set(sets) == {name for name, count in mini.manifest.rows.items() if count}
    assert sets["resident"] == mini.table("resident").columns


@pytest.mark.parametrize("name", ["datacard.md", "datacard.ja.md"])
def test_card_answers_everything(mini, name):
    """The seven headings and limits, the ten pitfalls, every table; no brace is left, numbers are the manifest's."""
    text = (mini.path / name).read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert len(headings) == 10
    assert name.endswith("ja.md") or tuple(headings[:7]) == HEADINGS
    assert [int(n) for n in re.findall(r"^\| P(\d+) \| .+ \| .{20,} \|$", text, re.MULTILINE)] == list(range(1, 11))
    assert "{" not in text
    assert all(f"| {table} | {count:,} |" in text for table, count in mini.manifest.rows.items())


def test_citation_is_a_citation_file(mini):
    """CITATION.cff is YAML with what version 1.2.0 of the format wants, and names the software."""
    told = yaml.safe_load((mini.path / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(told)
    assert told["type"] == "dataset"
    assert told["references"][0]["version"] == mini.manifest.version


def test_nothing_of_the_misuse_is_told(mini):
    """With other misuse in the same scenario every page is the same to the byte."""
    whole = scenario.load("mini")
    without = dataclasses.replace(whole, misuse={})
    sources = card.run_sources(mini.manifest.rows)
    assert card.pages(card.Facts.of(mini.manifest, whole), sources) == card.pages(
        card.Facts.of(mini.manifest, without), sources
    )


def test_pages_are_sealed_with_the_run(mini):
    """The manifest lists the pages, so a changed card is found as any other change."""
    listed = {file.path for file in mini.manifest.files}
    assert {"datacard.md", "datacard.ja.md", "croissant.json", "CITATION.cff"} <= listed
    assert dataset.verify(mini.path) == []
