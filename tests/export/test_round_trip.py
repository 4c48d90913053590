"""Every format gives back what it was given."""

import shutil

import made_town
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from simulator import export
from simulator.dataset import Dataset
from simulator.errors import UnknownNameError
from simulator.export import canonical
from simulator.export.formats import csv, excel, jsonl, parquet
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, EVENT

TABLES = (*AUDIT_TABLES, *AUDITOR_TABLES)
TEXTS = st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n\\|], a市"), max_size=8)
BY_TABLE = pytest.mark.parametrize("form", [csv, jsonl, parquet], ids=["csv", "jsonl", "parquet"])
CHANGED = ("reason", "fields", "case_no")
LOSSY_LINE_ENDS = ("syslog",)


class Made:
    """A log of events like the first of a made town, with other texts, as exporters read it."""

    municipalities = ("482013",)
    tables = AUDIT_TABLES

    def __init__(self, texts):
        town = made_town.town()
        first = town.table("event").head(1)
        changed = (
            first.with_columns(
                event_id=pl.lit(place, pl.Int64),
                **{name: pl.lit(text, pl.String) for name, text in zip(CHANGED, some, strict=True)},
            )
            for place, some in enumerate(texts, start=1)
        )
        self.frames = {
            "event": EVENT.conform(pl.concat(changed)),
            "shown": town.table("shown").filter(pl.col("event_id") == 1),
        }

    def parts(self, table):
        yield self.frames[table.name]

    def events(self):
        yield canonical.canonical(self.frames["event"], self.frames["shown"], self.municipalities)


@BY_TABLE
@pytest.mark.parametrize("entry", TABLES, ids=lambda t: t.name)
def test_table_comes_back(tmp_path, form, entry):
    """A table in two parts is read back whole."""
    rows = made_town.town().table(entry.name)
    form.write(entry, [rows.head(7), rows.tail(-7)], tmp_path / "rows")
    assert form.read(entry, tmp_path / "rows").equals(rows)


@pytest.mark.parametrize("name", ["mini", pytest.param("demo", marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", export.names())
def test_run_comes_back(request, tmp_path, form, name):
    """Every format gives back the log and the residents shown of a whole run, and whatever tables it keeps."""
    run = request.getfixturevalue(name)
    written = export.export(run, form, tmp_path / form)
    assert all(path.stat().st_size for path in written)
    back = export.exporter(form).read(tmp_path / form)
    assert {"event", "shown"} <= set(back)
    assert [name for name, frame in back.items() if not frame.equals(run.table(name))] == []
    shutil.rmtree(tmp_path / form)


@pytest.mark.parametrize("form", export.names())
@settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.none() | TEXTS), min_size=30, max_size=40))
def test_any_text_comes_back(tmp_path_factory, form, texts):
    """Formulas, quotes, separators, line ends, empty texts and nulls survive; a line of syslog holds no line end."""
    if form == "excel":
        texts = [tuple(t or None for t in some) if some[0] else ("x", *(t or None for t in some[1:])) for some in texts]
    made = Made(texts)
    folder = tmp_path_factory.mktemp("text")
    export.exporter(form).write(made, folder)
    back = export.exporter(form).read(folder)["event"]
    wanted = made.frames["event"]
    if form in LOSSY_LINE_ENDS:
        wanted = wanted.with_columns(pl.col(CHANGED).str.replace_all(r"[\r\n]", " "))
    assert back.equals(wanted)


def test_csv_is_what_it_says(tmp_path):
    """Instants carry +09:00 and milliseconds, pseudonyms have 26 characters, a formula gets an apostrophe."""
    rows = made_town.town().table("event").head(1).with_columns(reason=pl.lit("=1+1"))
    csv.write(EVENT, [rows], tmp_path / "event.csv")
    plain = pl.read_csv(tmp_path / "event.csv", infer_schema=False).row(0, named=True)
    assert plain["at"][10:11] + plain["at"][-10:] == "T" + plain["at"][-10:-6] + "+09:00"
    assert (len(plain["actor"]), plain["reason"]) == (26, "'=1+1")


def test_excel_goes_on_in_the_next_sheet(tmp_path, monkeypatch, mini):
    """A table longer than a sheet is split, and read back whole."""
    monkeypatch.setattr(excel, "LAST_ROW", 500)
    export.export(mini, "excel", tmp_path / "book")
    assert excel.EXPORTER.read(tmp_path / "book")["event"].equals(mini.table("event"))


def test_unknown_format_names_the_valid_ones():
    """An unknown format lists the others."""
    with pytest.raises(UnknownNameError, match="cef, csv, ecs, elasticsearch, excel, fhir"):
        export.exporter("xml")


def test_parts_are_small(mini):
    """Canonical events come in parts of bounded size, all of them, in order."""
    parts = list(export.Run(Dataset.open(mini.path)).events())
    assert max(part.height for part in parts) <= 32_768
    assert pl.concat(part.select("event_id") for part in parts)["event_id"].equals(mini.table("event")["event_id"])
