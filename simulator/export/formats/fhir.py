"""HL7 FHIR R4 AuditEvent: one resource per person shown, as IHE's Patient Query audit asks; one for an event without.

So a list of twenty residents is twenty resources: the unit in which people exposed are counted. What the profile has no
element for is in ``entity.detail`` of the transaction. Every resource is marked as test data (HTEST).
Source: FHIR R4 AuditEvent; IHE ITI BasicAudit PatientQuery; DICOM audit codes (DCM).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from simulator.export import canonical, json_text
from simulator.export.contract import Exporter
from simulator.export.json_text import Constant, Plain, Raw
from simulator.export.mapping import lines, nest
from simulator.schema import EVENT

_EVENT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_OURS = "urn:jukisim"
_REST = {"system": _EVENT_TYPE, "code": "rest", "display": "RESTful Operation"}
_USER_AUTHENTICATION = {"system": _DICOM, "code": "110114", "display": "User Authentication"}
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_SUBTYPES = {
    "login": (_DICOM, "110122"),
    "logout": (_DICOM, "110123"),
    "search": (_INTERACTION, "search"),
    "list": (_INTERACTION, "search"),
    "update": (_INTERACTION, "update"),
}
_READ = (_INTERACTION, "read")
_ACTIONS = {"login": "E", "logout": "E", "search": "E", "list": "E", "update": "U", "approve": "E", "override": "E"}
_OUTCOMES = {"allow": "0", "mask": "0"}
_REFUSED = "4"
_ELSEWHERE = ("event_id", "at", "reason", "actor")
_DETAILS = tuple(name for name in EVENT.names if name not in _ELSEWHERE)
_ACTION = pl.col("action")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _template(value: object) -> str:
    """A template for `pl.format`: ``<>`` in the JSON of `value` is where an expression goes."""
    return _text(value).replace("{", "{{").replace("}", "}}").replace('"<>"', "{}").replace("<>", "{}")


def _coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


_AGENTS = _template(
    [
        {
            "type": {"coding": [_coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP")]},
            "role": [{"coding": [_coding(f"{_OURS}:role", "x<>")]}],
            "who": {"identifier": {"system": f"{_OURS}:actor", "value": "x<>"}},
            "requestor": True,
            "purposeOfUse": [{"coding": [_coding(f"{_OURS}:purpose", "x<>")]}],
        },
        {
            "type": {"coding": [{**_coding(_DICOM, "110153"), "display": "Source Role ID"}]},
            "who": {"identifier": {"system": f"{_OURS}:terminal", "value": "<>"}},
            "requestor": False,
            "network": {"address": "<>", "type": "1"},
        },
    ]
).replace("x{}", "{}")
_PATIENT = _template(
    {
        "what": {"identifier": {"system": f"{_OURS}:resident", "value": "x<>"}},
        "type": _coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1"),
        "role": _coding("http://terminology.hl7.org/CodeSystem/object-role", "1"),
        "detail": [{"type": "household", "valueString": "x<>"}],
    }
).replace("x{}", "{}")
_QUERY = _template(
    {
        "type": _coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2"),
        "role": _coding("http://terminology.hl7.org/CodeSystem/object-role", "24"),
        "query": "x<>",
    }
).replace("x{}", "{}")
_TRANSACTION = _template(
    {
        "what": {"identifier": {"system": f"{_OURS}:event", "value": "x<>"}},
        "type": _coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2"),
        "detail": "<>",
    }
).replace("x{}", "{}")


def documents(events: pl.DataFrame) -> pl.Series:
    """The resources of the canonical `events`, in order: one per person shown, or one."""
    person = pl.col("people").struct.field("resident", "household").name.prefix("shown_")
    rank = pl.int_range(pl.len()).over("event_id").alias("rank")
    rows = canonical.texts(events).explode("people", empty_as_null=True).with_columns(person, rank).drop("people")
    return json_text.encode(_members(rows), _TREE)


def _members(rows: pl.DataFrame) -> pl.DataFrame:
    texts = json_text.strings(rows, (*_DETAILS, "terminal", "municipality", "system"))
    actions = {action: _text([_coding(*code)]) for action, code in _SUBTYPES.items()}
    logon = _ACTION.is_in(["login", "logout"])
    return rows.select(
        "reason",
        pl.format("{}-{}", "event_id", "rank").alias("id"),
        pl.when(logon).then(pl.lit(_text(_USER_AUTHENTICATION))).otherwise(pl.lit(_text(_REST))).alias("type"),
        _ACTION.replace_strict(actions, default=_text([_coding(*_READ)])).alias("subtype"),
        _ACTION.replace_strict(_ACTIONS, default="R").alias("action"),
        pl.col("at").alias("recorded"),
        pl.col("decision").replace_strict(_OUTCOMES, default=_REFUSED).alias("outcome"),
        pl.format(_AGENTS, "role", "actor", "purpose", texts["terminal"], texts["terminal"]).alias("agent"),
        pl.format(
            '{{"site":{},"observer":{{"identifier":{{"system":"urn:jukisim:system","value":{}}}}}}}',
            texts["municipality"],
            texts["system"],
        ).alias("source"),
        _entities(texts),
    )


def _entities(texts: dict[str, pl.Expr]) -> pl.Expr:
    patient = pl.format(_PATIENT, "shown_resident", "shown_household")
    searched = pl.concat_str("search_keys", pl.lit(" "), pl.col("match"))
    query = pl.format(_QUERY, searched.cast(pl.Binary).bin.encode("base64"))
    heads = {name: pl.lit(f',{{"type":"{name}","valueString":') for name in _DETAILS}
    details = [pl.concat_str(head, texts[name], pl.lit("}")) for name, head in heads.items()]
    detail = pl.format("[{}]", pl.concat_str(details, ignore_nulls=True).str.strip_prefix(","))
    transaction = pl.format(_TRANSACTION, "event_id", detail)
    listed = pl.concat_str(patient, query, transaction, separator=",", ignore_nulls=True)
    return pl.format("[{}]", listed).alias("entity")


_TREE = nest(
    {
        "resourceType": Constant("AuditEvent"),
        "id": Plain("id", safe=True),
        "meta.security": Constant([_coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")]),
        "type": Raw("type"),
        "subtype": Raw("subtype"),
        "action": Plain("action", safe=True),
        "recorded": Plain("recorded", safe=True),
        "outcome": Plain("outcome", safe=True),
        "outcomeDesc": Plain("reason"),
        "agent": Raw("agent"),
        "source": Raw("source"),
        "entity": Raw("entity"),
    }
)


def write(events: pl.DataFrame, out: BinaryIO) -> None:
    """Write the resources of the canonical `events`, one a line."""
    json_text.write_lines(documents(events), out)


def read(path: Path) -> pl.DataFrame:
    """The canonical columns back."""
    return canonical.from_texts(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    row: dict[str, Any] = {}
    with path.open(encoding="utf-8") as held:
        for line in held:
            found = json.loads(line)
            number = found["id"].split("-")[0]
            if row and row["event_id"] != number:
                yield row
            row = row if row and row["event_id"] == number else _row(found, number)
            row["people"] += _person(found["entity"])
    if row:
        yield row


def _row(found: dict[str, Any], number: str) -> dict[str, Any]:
    details = {entry["type"]: entry["valueString"] for entry in found["entity"][-1]["detail"]}
    actor = found["agent"][0]["who"]["identifier"]["value"]
    return {
        **details,
        "event_id": number,
        "at": found["recorded"],
        "reason": found["outcomeDesc"],
        "actor": actor,
        "people": [],
    }


def _person(entities: list[dict[str, Any]]) -> list[tuple[str, str]]:
    first = entities[0]
    if first.get("role", {}).get("code") != "1":
        return []
    return [(first["what"]["identifier"]["value"], first["detail"][0]["valueString"])]


EXPORTER = Exporter(
    name="fhir",
    title_ja="FHIR R4 AuditEvent（表示された住民ごと）",
    title_en="FHIR R4 AuditEvent, by person shown",
    **lines(".fhir.ndjson", write, read),
)
