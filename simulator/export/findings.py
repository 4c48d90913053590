"""What a detector found as OCSF 1.5 Detection Findings (2004): the most suspicious dealings of each day.

One finding is what one member of staff did about one resident on one day, as an auditor reviews it; its related events
are named by the uid that the same events have in the ``ocsf`` export. It holds scores and no truth.
Source: OCSF 1.5.0 schema, detection_finding.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from simulator import pseudonym, storage
from simulator.export.canonical import Run
from simulator.export.formats.ocsf import PRODUCT, event_type
from simulator.export.mapping import nest
from simulator.schema import EVENT

CLASS = 2004
_CREATE, _NEW, _ANOMALY = 1, 1, 99
_COLUMNS = ("event_id", "at", "actor", "resident", "action", "section")
_MEDIUM = 3


def write(run: Run, scores: pl.DataFrame, detector: str, per_day: int, path: Path) -> int:
    """Write the `per_day` most suspicious dealings of each day, one JSON document a line; how many there were.

    Args:
        run: the run, in the realm of the export.
        scores: ``event_id``, ``score`` of every event; ``why``, if there.
        detector: its name.
        per_day: findings a day.
        path: the file to make.

    Raises:
        StorageError: the disk would not take it.
    """
    made = [json.dumps(document, ensure_ascii=False) for document in documents(run, scores, detector, per_day)]
    storage.write_bytes(path, "".join(f"{line}\n" for line in made).encode())
    return len(made)


def documents(run: Run, scores: pl.DataFrame, detector: str, per_day: int) -> Iterator[dict[str, Any]]:
    """The findings in time order, within a day the most suspicious first."""
    events = pl.concat(part.select(_COLUMNS) for part in run.parts(EVENT))
    rows = events.join(scores, on="event_id").with_columns(
        day=pl.col("at").dt.date(), type_uid=event_type(pl.col("action").cast(pl.String))
    )
    units = (
        rows.sort("at", "event_id")
        .group_by("day", "actor", "resident", "section", maintain_order=True)
        .agg("event_id", "type_uid", pl.col("score").max(), first=pl.col("at").first(), last=pl.col("at").last())
        .sort("day", "score", descending=[False, True], maintain_order=True)
        .group_by("day", maintain_order=True)
        .head(per_day)
    )
    names = [pseudonym.to_texts(units[column]) for column in ("actor", "resident")]
    told = units.with_columns(names).with_columns(pl.col("first", "last").dt.epoch("ms"))
    return (_document(unit, detector) for unit in told.iter_rows(named=True))


def _document(unit: dict[str, Any], detector: str) -> dict[str, Any]:
    related = [
        {"uid": str(uid), "type_uid": kind} for uid, kind in zip(unit["event_id"], unit["type_uid"], strict=True)
    ]
    person = [{"uid": unit["resident"], "type": "resident"}] if unit["resident"] else []
    about = f" about {unit['resident']}" if unit["resident"] else ""
    members = {
        "category_uid": CLASS // 1000,
        "class_uid": CLASS,
        "activity_id": _CREATE,
        "type_uid": CLASS * 100 + _CREATE,
        "severity_id": _MEDIUM,
        "status_id": _NEW,
        "time": unit["last"],
        "is_alert": True,
        **PRODUCT,
        "finding_info.uid": f"{detector}-{unit['event_id'][0]}",
        "finding_info.title": "Unusual dealings with the resident register",
        "finding_info.desc": f"{unit['actor']} of {unit['section']}{about} on {unit['day'].isoformat()}",
        "finding_info.first_seen_time": unit["first"],
        "finding_info.last_seen_time": unit["last"],
        "finding_info.related_events": related,
        "finding_info.related_events_count": len(related),
        "finding_info.analytic": {"name": detector, "type_id": _ANOMALY, "type": "detector"},
        "evidences": [{"actor": {"user": {"uid": unit["actor"], "type_id": 1}}}],
        "resources": person,
        "unmapped.score": unit["score"],
    }
    return nest({name: value for name, value in members.items() if value != []})
