"""OpenTelemetry logs: OTLP/JSON, some hundred records a line, as the Collector's ``otlpjsonfile`` receiver reads them.

Attributes that the semantic conventions name bear those names; the others begin with ``juki.``.
Source: opentelemetry-proto 1.x, logs.proto and its JSON mapping; semantic conventions for user, session and database.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

import simulator
from simulator.export import canonical, json_text
from simulator.export.contract import Exporter
from simulator.export.mapping import lines
from simulator.schema import EVENT

RECORDS_A_LINE = 512
_INFO = 9
_NAMES = {
    "actor": "user.id",
    "role": "user.roles",
    "session_id": "session.id",
    "terminal": "client.address",
    "action": "db.operation.name",
    "rows_returned": "db.response.returned_rows",
}
_ELSEWHERE = ("at",)
_COLUMNS = {name: _NAMES.get(name, f"juki.{name}") for name in EVENT.names if name not in _ELSEWHERE}
_PEOPLE = ("resident", "household")
_HEAD = json.dumps(
    {
        "attributes": [
            {"key": "service.name", "value": {"stringValue": "jukisim"}},
            {"key": "service.version", "value": {"stringValue": simulator.__version__}},
            {"key": "juki.synthetic", "value": {"boolValue": True}},
        ]
    },
    separators=(",", ":"),
)

_BEFORE = f'{{"resourceLogs":[{{"resource":{_HEAD},"scopeLogs":[{{"scope":{{"name":"jukisim"}},"logRecords":['


def write(events: pl.DataFrame, out: BinaryIO) -> None:
    """Write the canonical `events`, `RECORDS_A_LINE` records in each line."""
    events = canonical.texts(events)
    texts = json_text.strings(events, _COLUMNS)
    attributes = [_attribute(key, "stringValue", texts[name]) for name, key in _COLUMNS.items() if name != "role"]
    attributes += [_attribute(_NAMES["role"], "arrayValue", _array(texts["role"]))]
    attributes += [_attribute(f"juki.shown.{of}", "arrayValue", _shown(of)) for of in _PEOPLE]
    joined = pl.concat_str(attributes, ignore_nulls=True).str.strip_prefix(",")
    nanoseconds = pl.col("at_ms").cast(pl.String) + "000000"
    head = (
        f'{{{{"timeUnixNano":"{{}}","observedTimeUnixNano":"{{}}","severityNumber":{_INFO},"severityText":"INFO",'
        '"eventName":"jukisim.audit","body":{{"stringValue":"{}"}},"attributes":[{}]}}'
    )
    records = events.select(record=pl.format(head, nanoseconds, nanoseconds, "action", joined))
    grouped = records.group_by(pl.int_range(pl.len()) // RECORDS_A_LINE, maintain_order=True).agg(
        pl.col("record").str.join(",")
    )
    json_text.write_lines(grouped.select(pl.concat_str(pl.lit(_BEFORE), "record", pl.lit("]}]}]}"))).to_series(), out)


def _attribute(key: str, kind: str, value: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f',{{"key":"{key}","value":{{"{kind}":'), value, pl.lit("}}"))


def _array(text: pl.Expr) -> pl.Expr:
    return pl.format('{{"values":[{{"stringValue":{}}}]}}', text)


def _shown(of: str) -> pl.Expr:
    each = pl.format('{{"stringValue":"{}"}}', pl.element().struct.field(of))
    people = pl.col("people")
    listed = people.list.eval(each).list.join(",")
    return pl.when(people.list.len() > 0).then(pl.format('{{"values":[{}]}}', listed))


def read(path: Path) -> pl.DataFrame:
    """The canonical columns back."""
    return canonical.from_texts(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    columns = {key: name for name, key in _COLUMNS.items()}
    with path.open(encoding="utf-8") as held:
        for line in held:
            for record in json.loads(line)["resourceLogs"][0]["scopeLogs"][0]["logRecords"]:
                values = {entry["key"]: _plain(entry["value"]) for entry in record["attributes"]}
                shown = [values.pop(f"juki.shown.{of}", []) for of in _PEOPLE]
                row = {columns[key]: value[0] if isinstance(value, list) else value for key, value in values.items()}
                at = canonical.instant(int(record["timeUnixNano"]) // 10**6)
                yield {**row, "at": at, "people": list(zip(*shown, strict=True))}


def _plain(value: dict[str, Any]) -> Any:
    if "arrayValue" in value:
        return [entry["stringValue"] for entry in value["arrayValue"]["values"]]
    return value["stringValue"]


EXPORTER = Exporter(
    name="otel",
    title_ja="OpenTelemetry ログ（OTLP/JSON）",
    title_en="OpenTelemetry logs, OTLP/JSON",
    **lines(".otlp.jsonl", write, read),
)
