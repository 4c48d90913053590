"""The data version is frozen: scenario `mini`, seed 3, gives the rows it always gave.

`pytest tests/golden --update-golden` writes the files anew; that is a change of the data version and belongs under
**Data changes** in the changelog.
"""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from simulator import schema

FOLDER = Path(__file__).parents[2] / "fixtures" / "golden" / "mini"
TABLES = [t.name for folder in ("registry", "auditor", "audit") for t in schema.FOLDERS[folder]]


def text(frame):
    """Canonical rows: CSV with pseudonyms as hexadecimal and lists joined."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    binary = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    joined = [pl.col(n).list.eval(pl.element().bin.encode("hex")).list.join("+") for n in lists]
    return frame.with_columns(*joined, *(pl.col(n).bin.encode("hex") for n in binary)).write_csv()


@pytest.fixture(scope="module")
def found(mini, mini_key):
    tables = {name: mini.table(name) for name in TABLES}
    return {**tables, "label": mini_key.labels, "episode": mini_key.episodes}


def test_rows_are_those_of_the_golden_run(found, request):
    """Every table has the digest over canonical rows that is stored."""
    digests = {name: hashlib.sha256(text(frame).encode()).hexdigest() for name, frame in found.items()}
    path = FOLDER / "content.json"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == digests


@pytest.mark.parametrize("name", [*TABLES, "label", "episode"])
def test_first_rows_can_be_read(found, name, request):
    """The first twenty rows of each table are stored as text, for whoever wants to see what changed."""
    head = text(found[name].head(20))
    path = FOLDER / f"{name}.csv"
    if request.config.getoption("--update-golden"):
        path.write_text(head, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == head
