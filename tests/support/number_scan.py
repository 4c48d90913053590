"""Reads everything that a run or export holds and finds numbers that could be somebody's."""

import re
import sqlite3
import unicodedata

import polars as pl
from stdnum.jp import in_

from simulator.world.check_digits import resident_code_candidates

# An inverted index keeps no text (what it was made of is in other tables), and its pages are numbered by SQLite.
_TABLES = """
SELECT name FROM sqlite_master AS one WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND NOT EXISTS (
  SELECT 1 FROM sqlite_master AS index_ WHERE index_.sql LIKE 'CREATE VIRTUAL%' AND one.name GLOB index_.name || '_*')
"""
# Digits after a decimal point are part of a measured number, not a run of their own.
RUN = re.compile(r"(?<![0-9A-Za-z])(?<![0-9]\.)[0-9]{11,12}(?![0-9A-Za-z])")


def real_numbers(text):
    """Digit runs that pass the My Number check (by python-stdnum) or any candidate formula of the resident code."""
    runs = set(RUN.findall(unicodedata.normalize("NFKC", text)))
    return {r for r in runs if (in_.is_valid(r) if len(r) == 12 else int(r[-1]) in resident_code_candidates(r[:-1]))}


def _flat(frame):
    """Tokens as hex, lists as text."""
    hexed = frame.with_columns(pl.selectors.binary().bin.encode("hex"))
    lists = [c for c, t in frame.schema.items() if t.is_nested()]
    told = [pl.Series(c, [" ".join(_word(v) for v in row or ()) for row in frame[c].to_list()]) for c in lists]
    return hexed.with_columns(told)


def _word(value):
    return value.hex() if isinstance(value, bytes) else str(value)


def texts_of(path):
    """What a file says, piece by piece: tables as text, databases row by row, anything else as it is."""
    if path.suffix == ".parquet":
        yield _flat(pl.read_parquet(path)).write_csv()
    elif path.suffix == ".db":
        with sqlite3.connect(path) as connection:
            names = [name for (name,) in connection.execute(_TABLES)]
            for name in names:
                rows = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name of the file itself
                yield "\n".join("|".join(map(_word, row)) for row in rows)
    else:
        yield path.read_bytes().decode("utf-8", errors="replace")


def scan(folder):
    """Numbers that could be somebody's in any file of `folder`, with the file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files
    return {(path.name, number) for path in files for text in texts_of(path) for number in real_numbers(text)}
