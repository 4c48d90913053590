"""Every format gives back what it was given."""

import made_town
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import export
from simulator.errors import UnknownNameError
from simulator.schema import EVENT, table

TEXTS = st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n, a市"), max_size=8)


@pytest.mark.parametrize("form", export.names())
@pytest.mark.parametrize("entry", export.EXPORTED, ids=lambda t: t.name)
def test_table_comes_back(tmp_path, form, entry):
    """A table in two parts is read back whole."""
    rows = made_town.town().table(entry.name)
    chosen = export.exporter(form)
    path = tmp_path / f"{entry.name}{chosen.suffix}"
    chosen.write(entry, [rows.head(7), rows.tail(-7)], path)
    assert chosen.read(entry, path).equals(rows)


@pytest.mark.parametrize("form", export.names())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=6))
def test_any_text_comes_back(tmp_path, form, texts):
    """Formulas, quotes, line ends, empty texts and nulls survive."""
    row = made_town.town().table("event").head(1)
    rows = EVENT.conform(pl.concat([row.with_columns(reason=pl.lit(a), fields=pl.lit(b, pl.String)) for a, b in texts]))
    path = tmp_path / "rows"
    export.exporter(form).write(EVENT, [rows], path)
    assert export.exporter(form).read(EVENT, path).equals(rows)


def test_csv_is_what_it_says(tmp_path):
    """Instants carry +09:00 and milliseconds, pseudonyms have 26 characters, a formula gets an apostrophe."""
    rows = made_town.town().table("event").head(1).with_columns(reason=pl.lit("=1+1"))
    export.exporter("csv").write(EVENT, [rows], tmp_path / "event.csv")
    plain = pl.read_csv(tmp_path / "event.csv", infer_schema=False).row(0, named=True)
    assert plain["at"][10:11] + plain["at"][-10:] == "T" + plain["at"][-10:-6] + "+09:00"
    assert (len(plain["actor"]), plain["reason"]) == (26, "'=1+1")


def test_unknown_format_names_the_valid_ones():
    """An unknown format lists the others."""
    with pytest.raises(UnknownNameError, match="csv, jsonl, parquet"):
        export.exporter("xml")
    assert {t.name for t in export.EXPORTED} == {table(t.name).name for t in export.EXPORTED}
