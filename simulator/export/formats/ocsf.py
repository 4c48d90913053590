"""OCSF 1.5: API Activity (6003) with who was seen, Authentication (3002) for log-on and log-off.

Searches are written once more as Datastore Activity (6005), in a file of their own so that nothing is counted twice:
only that class has a field for the query, only 6003 one for the residents. Findings of a detector are class 2004, see
`simulator.export.findings`. Source: OCSF 1.5.0 schema.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

import simulator
from simulator.export.canonical import tables
from simulator.export.contract import Exporter, Source
from simulator.export.json_text import write_lines
from simulator.export.mapping import TEXT, Codec, Field, Mapping, only, people

VERSION = "1.5.0"
INFORMATIONAL = 1
_USER = 1
_RELATIONAL = 1
_LOGON = {"login": 1, "logout": 2}
_OTHER = 99
_API = {"search": 2, "list": 2, "view": 2, "unmask": 2, "print": 2, "issue": 2, "export": 2, "update": 3}
_STATUS = {"allow": 1, "mask": 1, "deny": 2}
_SEARCHED = pl.col("search_keys").is_not_null()
_IS_LOGON = pl.col("action").cast(pl.String).is_in(list(_LOGON))
_EPOCH = Codec(
    lambda _: pl.col("at_ms"),
    pl.Int64,
    lambda value: (
        pl.from_epoch(value, "ms")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("Asia/Tokyo")
        .dt.strftime("%Y-%m-%dT%H:%M:%S%.3f+09:00")
    ),
)
_SECTION = only(
    '[{"uid":"{}","type":"section"}]',
    pl.List(pl.Struct({"uid": pl.String})),
    lambda value: value.list.first().struct.field("uid"),
)
_RESOURCES = people(
    '{"uid":"<resident>","type":"resident","namespace":"<household>"}', resident="uid", household="namespace"
)
PRODUCT = {
    "metadata.version": VERSION,
    "metadata.product": {"name": "jukisim", "vendor_name": "jukisim", "version": simulator.__version__},
    "metadata.labels": ["synthetic"],
}
_COMMON = (
    Field("time", "at", _EPOCH),
    Field("metadata.uid", "event_id", TEXT),
    Field("metadata.correlation_uid", "case_no"),
    Field("metadata.log_name", "system"),
    Field("actor.user.uid", "actor"),
    Field("actor.user.groups", "section", _SECTION),
    Field("actor.session.uid", "session_id", TEXT),
    Field("src_endpoint.name", "terminal"),
    Field("status_detail", "reason"),
)
_TENANT = {"metadata.tenant_uid": pl.col("municipality")}
_STATUS_ID = {"status_id": pl.col("decision").replace_strict(_STATUS, default=_OTHER, return_dtype=pl.Int64)}


def _activity(class_uid: int, activity: pl.Expr) -> dict[str, pl.Expr]:
    return {"activity_id": activity, "type_uid": activity + class_uid * 100, **_TENANT, **_STATUS_ID}


def _class(class_uid: int) -> dict[str, object]:
    constants = {"category_uid": class_uid // 1000, "class_uid": class_uid, "severity_id": INFORMATIONAL}
    return {**constants, **PRODUCT, "actor.user.type_id": _USER}


def _of(codes: dict[str, int]) -> pl.Expr:
    return pl.col("action").replace_strict(codes, default=_OTHER, return_dtype=pl.Int64)


def event_type(action: pl.Expr) -> pl.Expr:
    """The type_uid that the event of an `action` (text) has in `documents`."""
    logon = action.replace_strict(_LOGON, default=None, return_dtype=pl.Int64)
    other = action.replace_strict(_API, default=_OTHER, return_dtype=pl.Int64)
    return pl.coalesce(logon + 300_200, other + 600_300)


API_ACTIVITY = Mapping(
    fields=(*_COMMON, Field("api.operation", "action"), Field("resources", "people", _RESOURCES)),
    constants=_class(6003),
    derived={**_activity(6003, _of(_API)), "api.service.name": pl.col("system"), "activity_name": pl.col("action")},
    rest="unmapped",
)
AUTHENTICATION = Mapping(
    fields=(*_COMMON, Field("activity_name", "action"), Field("unmapped.shown", "people", _RESOURCES)),
    constants={**_class(3002), "user.type_id": _USER},
    derived={**_activity(3002, _of(_LOGON)), "user.uid": pl.col("actor"), "service.name": pl.col("system")},
    rest="unmapped",
)
DATASTORE_ACTIVITY = Mapping(
    fields=(*_COMMON, Field("activity_name", "action"), Field("unmapped.shown", "people", _RESOURCES)),
    constants={
        **_class(6005),
        "database.name": "residents",
        "database.type_id": _RELATIONAL,
        "query_info.name": "resident search",
    },
    derived={
        **_activity(6005, pl.lit(4, dtype=pl.Int64)),
        "query_info.query_string": pl.format("{} ({})", "search_keys", pl.col("match").fill_null("exact")),
    },
    rest="unmapped",
)


def documents(events: pl.DataFrame) -> pl.Series:
    """One document per canonical event, in order: class 3002 for log-on and off, else 6003."""
    texts = events.select(pl.int_range(pl.len()).alias("place"), logon=_IS_LOGON)
    parts = [
        texts.filter(pl.col("logon") == logon).select("place").with_columns(mapping.documents(rows).alias("text"))
        for logon, mapping in ((True, AUTHENTICATION), (False, API_ACTIVITY))
        if (rows := events.filter(_IS_LOGON if logon else ~_IS_LOGON)).height
    ]
    return pl.concat(parts).sort("place")["text"]


def _write(source: Source, folder: Path) -> list[Path]:
    log, searches = folder / "event.ocsf.jsonl", folder / "search.ocsf.jsonl"
    with log.open("wb") as out, searches.open("wb") as twin:
        for events in source.events():
            write_lines(documents(events), out)
            write_lines(DATASTORE_ACTIVITY.documents(events.filter(_SEARCHED)), twin)
    return [log, searches]


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    path = folder / "event.ocsf.jsonl"
    return tables(pl.concat(_rows(path)).sort("event_id"))


def _rows(path: Path) -> Iterator[pl.DataFrame]:
    logons = AUTHENTICATION.read(path).filter(_IS_LOGON)
    others = API_ACTIVITY.read(path).filter(pl.col("action").is_not_null())
    yield from (others, logons.select(others.columns))


EXPORTER = Exporter(
    name="ocsf", title_ja="OCSF 1.5（JSON Lines）", title_en="OCSF 1.5, JSON Lines", write=_write, read=_read
)
