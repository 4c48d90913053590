"""A folder of files for another system: the rows, how wide they are, and which characters were replaced."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.errors import ExistsError, UnknownNameError
from simulator.seed.characters import Replaced
from simulator.seed.dump import DIALECTS, write_dump
from simulator.seed.flat import ENCODINGS, measured_encoding, write_csv, write_fixed, write_oracle
from simulator.seed.sheets import Sheets, Width, check_limits, widths

FORMS = ("csv", "fixed", *DIALECTS)
MARK = "widths.csv"
_REPLACED = {
    "column": pl.String, "code_point": pl.String, "character": pl.String, "instead": pl.String, "rows": pl.Int64,
}  # fmt: skip


def check_form(form: str, encoding: str) -> None:
    """Raise UnknownNameError unless there are such files and such an encoding."""
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    if encoding not in ENCODINGS:
        raise UnknownNameError("encoding", encoding, ENCODINGS)


def check_folder(folder: Path, *, replace: bool) -> None:
    """Raise ExistsError if `folder` is there, unless `replace` and it is one that we made."""
    if folder.exists() and not (replace and (folder / MARK).is_file()):
        msg = f"{folder} already exists; --replace makes it anew if jukisim made it"
        raise ExistsError(msg)


def write_folder(sheets: Sheets, form: str, encoding: str, folder: Path, replaced: Sequence[Replaced]) -> None:
    """Write `sheets` as `form` into the new `folder`, whole or not at all.

    Raises:
        CheckError: a value is wider than its field map lets it be; nothing was written.
        StorageError: the disk would not take it.
    """
    counted = measured_encoding(encoding)
    check_limits(sheets, counted)
    found = widths(sheets, counted)
    with storage.whole_folder(folder, replace=True) as draft:  # `check_folder` has seen whether it may go
        if form == "csv":
            write_csv(sheets, encoding, draft)
        elif form == "fixed":
            write_fixed(sheets, encoding, draft)
        elif form == "oracle":
            write_oracle(sheets, found, draft)
        else:
            write_dump(sheets, found, form, draft / f"{form}.sql")
        pl.DataFrame(found, schema=Width._fields, orient="row").write_csv(draft / MARK, include_bom=True)
        told = pl.DataFrame([each.row() for each in replaced], schema=_REPLACED)
        told.write_csv(draft / "characters.csv", include_bom=True)
