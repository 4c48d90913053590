"""Syslog by RFC 5424: one line per event, facility 13 (log audit), severity 6, every column as structured data.

Enterprise number 32473 is the one reserved for documentation (RFC 5612). Escapes as in RFC 5424, 6.3.3.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from simulator.export import canonical
from simulator.export.contract import Exporter
from simulator.export.json_text import write_lines
from simulator.export.mapping import lines
from simulator.schema import EVENT

PRIORITY = 13 * 8 + 6
SD_ID = "juki@32473"
_COLUMNS = tuple(name for name in EVENT.names if name != "at")
_PARAMETER = re.compile(r' (\w+)="((?:[^"\\\]]|\\.)*)"')
_ESCAPED = re.compile(r'\\(["\\\]])')


def messages(events: pl.DataFrame) -> pl.Series:
    """One message for each canonical event."""
    events = canonical.texts(events)
    pieces = [_parameter(name, pl.col(name).cast(pl.String)) for name in _COLUMNS]
    data = pl.concat_str([*pieces, _parameter("shown", shown_text())], ignore_nulls=True)
    host = pl.lit("juki-") + pl.col("municipality")
    head = f"<{PRIORITY}>1 {{}} {{}} jukisim - {{}} [{SD_ID}{{}}]"
    return events.select(pl.format(head, "at", host, "action", data)).to_series()


def _parameter(name: str, value: pl.Expr) -> pl.Expr:
    escaped = value.str.replace_all(r'(["\\\]])', r"\$1")
    return pl.concat_str(pl.lit(f' {name}="'), escaped, pl.lit('"'))


def shown_text() -> pl.Expr:
    """Residents shown, each with the household: ``resident:household,…``; null for none."""
    people = pl.col("people")
    person = pl.format("{}:{}", pl.element().struct.field("resident"), pl.element().struct.field("household"))
    return pl.when(people.list.len() > 0).then(people.list.eval(person).list.join(","))


def write(events: pl.DataFrame, out: BinaryIO) -> None:
    """Write a message for each canonical event, one a line; a line end inside a value becomes a space."""
    write_lines(messages(events).str.replace_all(r"[\r\n]", " "), out)


def read(path: Path) -> pl.DataFrame:
    """The canonical columns back."""
    return canonical.from_texts(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as held:
        for line in held:
            found = _PARAMETER.findall(line)
            values: dict[str, Any] = {name: _ESCAPED.sub(r"\1", value) for name, value in found}
            shown = values.pop("shown", "")
            people = [tuple(pair.split(":")) for pair in shown.split(",") if pair]
            yield {**values, "at": line.split(" ", 2)[1], "people": people}


EXPORTER = Exporter(
    name="syslog", title_ja="Syslog（RFC 5424）", title_en="Syslog, RFC 5424", **lines(".log", write, read)
)
