"""Common Event Format: one line per event, as Microsoft Sentinel (CommonSecurityLog), ArcSight and QRadar read it.

Columns without a key of the dictionary have keys of their own that begin with ``jukisim``.
Source: ArcSight, Common Event Format implementation standard 26 (escapes, extension dictionary).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

import simulator
from simulator.export import canonical
from simulator.export.contract import Exporter
from simulator.export.formats.syslog import shown_text
from simulator.export.json_text import write_lines
from simulator.export.mapping import lines
from simulator.schema import EVENT
from simulator.schema.vocabulary import ACTIONS

_KEYS = {
    "event_id": "externalId",
    "action": "act",
    "actor": "suid",
    "role": "spriv",
    "terminal": "shost",
    "resident": "duid",
    "reason": "reason",
    "decision": "outcome",
    "system": "deviceFacility",
    "rows_returned": "cn1",
    "hits": "cn2",
    "dwell_s": "cn3",
    "purpose": "cs1",
    "session_id": "cs2",
    "case_no": "cs3",
    "section": "cs4",
    "search_keys": "cs5",
    "household": "cs6",
}
"""Columns that have a key of the dictionary."""
_CUSTOM = re.compile(r"c[ns]\d")
_SEVERITY = {"deny": "6", "approval": "5"}
_HEAD = f"CEF:0|jukisim|registry|{simulator.__version__}|{{}}|{{}}|{{}}|{{}}"
_PAIR = re.compile(r"(\w+)=((?:[^=\\]|\\.)*?)(?= \w+=|$)")


def key(column: str) -> str:
    """The extension key of `column`."""
    return _KEYS.get(column) or "jukisim" + "".join(part.capitalize() for part in column.split("_"))


def messages(events: pl.DataFrame) -> pl.Series:
    """One CEF line for each canonical event."""
    events = canonical.texts(events)
    pieces = [pl.format(" rt={}", "at_ms")]
    for name in (name for name in EVENT.names if name != "at"):
        pieces.append(_pair(key(name), pl.col(name).cast(pl.String)))
        if _CUSTOM.fullmatch(key(name)):
            pieces.append(pl.when(pl.col(name).is_not_null()).then(pl.lit(f" {key(name)}Label={name}")))
    pieces += [_pair(key("shown"), shown_text()), pl.lit(" cat=audit")]
    extension = pl.concat_str(pieces, ignore_nulls=True).str.strip_prefix(" ")
    action = pl.col("action")
    title = action.replace_strict({term.code: term.en for term in ACTIONS}, default=action)
    severity = pl.col("decision").replace_strict(_SEVERITY, default="3")
    return events.select(pl.format(_HEAD, action, title, severity, extension)).to_series()


def _pair(name: str, value: pl.Expr) -> pl.Expr:
    escaped = value.str.replace_all(r"([\\=])", r"\$1").str.replace_all("\n", r"\n", literal=True)
    return pl.concat_str(pl.lit(f" {name}="), escaped.str.replace_all("\r", r"\r", literal=True))


def write(events: pl.DataFrame, out: BinaryIO) -> None:
    """Write a line for each canonical event."""
    write_lines(messages(events), out)


def read(path: Path) -> pl.DataFrame:
    """The canonical columns back."""
    return canonical.from_texts(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    columns = {key(name): name for name in EVENT.names if name != "at"}
    with path.open(encoding="utf-8", newline="\n") as held:
        for line in held:
            extension = line.rstrip("\n").split("|", 7)[7]
            found = {name: _unescaped(value) for name, value in _PAIR.findall(extension)}
            row: dict[str, Any] = {columns[name]: value for name, value in found.items() if name in columns}
            people = [tuple(pair.split(":")) for pair in found.get(key("shown"), "").split(",") if pair]
            yield {**row, "at": canonical.instant(int(found["rt"])), "people": people}


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), value)


EXPORTER = Exporter(
    name="cef",
    title_ja="CEF（Microsoft Sentinel・ArcSight 等）",
    title_en="Common Event Format",
    **lines(".cef", write, read),
)
