"""Elasticsearch and OpenSearch bulk requests of ECS documents, with an index template beside them.

``create`` with the event_id as ``_id`` makes a second loading harmless and is what data streams ask for. Load with
``curl -H 'Content-Type: application/x-ndjson' --data-binary @event.bulk.ndjson HOST/_bulk`` after the template.
Source: Elasticsearch Guide, Bulk API; Index templates.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from simulator.export.canonical import tables
from simulator.export.contract import Exporter, Source
from simulator.export.formats import ecs
from simulator.export.json_text import write_lines
from simulator.schema import EVENT

STREAM = "logs-jukisim.audit-default"
_ACTION = pl.format(f'{{{{"create":{{{{"_index":"{STREAM}","_id":"{{}}"}}}}}}}}', "event_id")
_KEYWORD: dict[str, object] = {"type": "keyword"}
_PERSON = {"resident": _KEYWORD, "household": _KEYWORD}


def bulk(events: pl.DataFrame) -> pl.Series:
    """Two lines of a bulk request for each canonical event."""
    return events.select(_ACTION + "\n").to_series() + ecs.MAPPING.documents(events)


def template() -> dict[str, object]:
    """An index template for the data stream: every member of the documents with its type."""
    leaves = {field.path: _type(field.column) for field in ecs.MAPPING.all_fields}
    leaves |= dict.fromkeys((*ecs.MAPPING.constants, *ecs.MAPPING.derived, *ecs.MAPPING.derived_json), _KEYWORD)
    properties: dict[str, object] = {}
    for path, leaf in leaves.items():
        *outer, name = path.split(".")
        place = properties
        for part in outer:
            place = place.setdefault(part, {"properties": {}})["properties"]  # type: ignore[index]
        place[name] = leaf
    return {
        "index_patterns": ["logs-jukisim.*-*"],
        "data_stream": {},
        "priority": 300,
        "template": {"mappings": {"dynamic": True, "properties": properties}},
        "_meta": {"description": "jukisim audit log, ECS " + ecs.VERSION},
    }


def _type(column: str) -> dict[str, object]:
    if column == "people":
        return {"type": "nested", "properties": _PERSON}
    if column == "event_id":
        return _KEYWORD
    dtype = EVENT[column].dtype
    if isinstance(dtype, pl.Datetime):
        return {"type": "date"}
    if dtype == pl.Boolean:
        return {"type": "boolean"}
    return {"type": "long"} if dtype.is_integer() else _KEYWORD


def _write(source: Source, folder: Path) -> list[Path]:
    path, index = folder / "event.bulk.ndjson", folder / "index_template.json"
    with path.open("wb") as out:
        for events in source.events():
            write_lines(bulk(events), out)
    index.write_text(json.dumps(template(), indent=1) + "\n", encoding="utf-8")
    return [path, index]


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    with TemporaryDirectory() as scratch, (folder / "event.bulk.ndjson").open("rb") as lines:
        documents = Path(scratch) / "documents"
        with documents.open("wb") as out:
            out.writelines(line for place, line in enumerate(lines) if place % 2)
        return tables(ecs.MAPPING.read(documents))


EXPORTER = Exporter(
    name="elasticsearch",
    title_ja="Elasticsearch・OpenSearch 一括登録",
    title_en="Elasticsearch and OpenSearch bulk",
    write=_write,
    read=_read,
)
