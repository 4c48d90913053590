"""Every export is held against a schema or parser that somebody else wrote.

Of `mini`, in CI, some lines of every kind go through the validators that take a millisecond a line; of `demo`, every
line of every export goes through its validator.
"""

import configparser
import csv
import json
import re
import shutil
from collections import Counter
from itertools import islice
from pathlib import Path

import jsonschema
import polars as pl
import pycef
import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from google.protobuf import json_format
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData
from syslog_rfc5424_parser import SyslogMessage

from simulator import detect, export
from simulator.export import canonical, findings
from simulator.export.formats import hec
from simulator.export.formats import ocsf as ocsf_format

FIELDS = Path(__file__).parents[2] / "fixtures/vectors/ecs_fields.csv"
TYPES_OF_CATEGORY = {
    "authentication": {"start", "end", "info"},
    "database": {"access", "change", "info", "error"},
    "iam": {"admin", "change", "creation", "deletion", "group", "info", "user"},
}


PIECES = 3
"""A resource of FHIR takes its validator a millisecond, so those of a large run are judged in pieces."""
EACH = 12
"""So many lines of every kind are enough where not every line is judged."""


@pytest.fixture(scope="module", params=["mini", pytest.param("demo", marks=pytest.mark.slow)])
def run(request):
    """The run whose exports are validated."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def exported(tmp_path_factory, run):
    """The lines of the log in a format, by name, one after the other: no more than one is held."""
    folder = tmp_path_factory.mktemp("exported")

    def lines(form, place=0):
        out = folder / form
        if not out.exists():
            export.export(run, form, out)
        with sorted(out.glob("*"))[place].open(encoding="utf-8", newline="\n") as held:
            yield from (line.removesuffix("\n") for line in held)

    yield lines
    shutil.rmtree(folder)


@pytest.fixture
def judged(run):
    """Whether something of this kind goes through its validator: of `demo` everything, of `mini` some of each kind."""
    seen, everything = Counter(), run.manifest.scenario == "demo"

    def chosen(*kind):
        seen[kind] += 1
        return everything or seen[kind] <= EACH

    return chosen


@pytest.fixture(scope="module")
def ocsf():
    """A validator for each class of OCSF, by its number."""
    schemas, made = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.5.0")), {}

    def check(document):
        uid = document["class_uid"]
        if uid not in made:
            made[uid] = jsonschema.Draft202012Validator(
                schemas.get_class_schema(schemas.lookup_class_name_from_uid(uid))
            )
        return [error.message for error in made[uid].iter_errors(document)]

    return check


@pytest.mark.parametrize(("place", "classes"), [(0, {6003, 3002}), (1, {6005})])
def test_ocsf_holds_to_its_schema(exported, ocsf, judged, place, classes):
    """Events of every kind, by class, action, decision and members, have no error against OCSF 1.5.0."""
    errors, found = [], Counter()
    for document in map(json.loads, exported("ocsf", place)):
        found[document["class_uid"]] += 1
        if judged(document["class_uid"], document["activity_name"], *sorted(document["unmapped"])):
            errors += ocsf(document)
    assert errors == []
    assert set(found) == classes


def test_ocsf_shows_the_same_people(exported, run):
    """6003 and 3002 together hold every event once and every resident shown once; 6005 every search once."""
    events, shown = [], 0
    for document in map(json.loads, exported("ocsf")):
        events.append(document["metadata"]["uid"])
        shown += len(document.get("resources", document["unmapped"].get("shown", [])))
    assert len(set(events)) == len(events) == run.table("event").height
    assert shown == run.table("shown").height
    searches = [json.loads(line)["metadata"]["uid"] for line in exported("ocsf", 1)]
    wanted = run.table("event").filter(pl.col("search_keys").is_not_null())["event_id"]
    assert searches == wanted.cast(pl.String).to_list()


def test_findings_hold_to_their_schema(run, ocsf, tmp_path):
    """Findings of a detector are class 2004 without an error, so many a day at most, of events of the export."""
    scores = detect.run(run, "has_reason")
    count = findings.write(export.Run(run), scores, "has_reason", 3, tmp_path / "found.jsonl")
    documents = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(documents) == count > 0
    assert [error for document in documents for error in ocsf(document)] == []
    days = Counter(document["finding_info"]["desc"][-10:] for document in documents)
    assert max(days.values()) == 3
    texts = dict(zip(run.table("event")["event_id"], documents_of(run), strict=True))
    related = [event for document in documents for event in document["finding_info"]["related_events"]]
    assert all(json.loads(texts[int(event["uid"])])["type_uid"] == event["type_uid"] for event in related)


def documents_of(run):
    return [text for events in export.Run(run).events() for text in ocsf_format.documents(events)]


def flat(value, path=""):
    if not isinstance(value, dict):
        return {path: value}
    return {k: v for name, inner in value.items() for k, v in flat(inner, f"{path}.{name}" if path else name).items()}


def test_ecs_uses_only_fields_that_are(exported, run):
    """Outside ``juki`` every field is in the list of ECS, of its type, with an allowed value."""
    with FIELDS.open(encoding="utf-8") as held:
        known = {row["field"]: row for row in csv.DictReader(held)}
    ids = []
    for document in map(json.loads, exported("ecs")):
        ids.append(document["event"]["id"])
        for field, value in flat(document).items():
            if field.startswith("juki."):
                continue
            entry = known[field]
            values = value if isinstance(value, list) else [value]
            assert isinstance(value, list) == (entry["array"] == "yes"), field
            assert all(isinstance(v, str) and len(v) <= 1024 for v in values), field
            assert not entry["allowed"] or set(values) <= set(entry["allowed"].split()), field
        assert set(document["event"]["type"]) <= TYPES_OF_CATEGORY[document["event"]["category"][0]]
    assert ids == run.table("event")["event_id"].cast(pl.String).to_list()


def test_elasticsearch_bulk_is_pairs_of_lines(exported, run):
    """A create action with the event_id, then the ECS document; the template names every field that occurs."""
    template = json.loads("\n".join(exported("elasticsearch", 1)))

    def mapped(field):
        node = template["template"]["mappings"]
        for name in field.split("."):
            node = node["properties"][name]
        return node["type"]

    fields, ids, lines = set(), [], exported("elasticsearch")
    for action, document in zip(map(json.loads, lines), map(json.loads, lines), strict=True):
        assert action["create"]["_id"] == document["event"]["id"]
        ids.append(document["event"]["id"])
        fields |= set(flat(document))
    assert ids == run.table("event")["event_id"].cast(pl.String).to_list()
    assert {mapped(field) for field in fields} <= {"keyword", "date", "long", "boolean", "nested"}


@pytest.mark.parametrize("piece", range(PIECES))
def test_fhir_resources_takes_every_audit_event(exported, judged, piece):
    """fhir.resources takes all of them, a piece of the lines at a time."""
    for document in map(json.loads, islice(exported("fhir"), piece, None, PIECES)):
        if judged(document["subtype"][0]["code"], document["outcome"], *map(len, document["entity"])):
            assert AuditEvent.model_validate(document).recorded.utcoffset().total_seconds() == 32_400


def test_fhir_is_one_audit_event_a_person(exported, run):
    """There are as many resources as residents shown, and one for each event without."""
    ids, patients = [], 0
    for document in map(json.loads, exported("fhir")):
        ids.append(document["id"])
        patients += sum(e.get("role", {}).get("code") == "1" for e in document["entity"])
    shown = run.table("shown")
    quiet = run.table("event").join(shown, on="event_id", how="anti").height
    assert len(set(ids)) == len(ids) == shown.height + quiet
    assert patients == shown.height


def test_cef_is_parsed_by_pycef(exported, run):
    """pycef reads every line; labels name what custom fields hold."""
    rows = run.table("event")
    for line, event_id, purpose in zip(exported("cef"), rows["event_id"], rows["purpose"], strict=True):
        found = pycef.parse(line)
        assert found["externalId"] == str(event_id)
        assert found["purpose"] == purpose
        assert (found["DeviceVendor"], found["CEFVersion"]) == ("jukisim", "0")


def test_sentinel_is_cef_behind_a_syslog_header(exported, run):
    """Every line has the header of RFC 3164, its text begins with CEF:0 and pycef reads it."""
    rows = run.table("event")
    for line, event_id, at in zip(exported("sentinel"), rows["event_id"], rows["at"], strict=True):
        header, found = re.fullmatch(r"<110>(\w{3} [ \d]\d \d\d:\d\d:\d\d) juki-\d{6} (CEF:0\|.+)", line).groups()
        assert header == f"{at:%b} {at.day:2d} {at:%H:%M:%S}"
        assert pycef.parse(found)["externalId"] == str(event_id)


def test_splunk_app_knows_the_fields(exported, run, tmp_path):
    """Every file of the app is an INI file; each field that it names is a member of the events."""
    export.export(run, "hec", tmp_path / "hec")
    held = {}
    for path in sorted((tmp_path / "hec" / hec.APP).glob("*.conf")):
        held[path.name] = configparser.ConfigParser(interpolation=None)
        held[path.name].optionxform = str
        held[path.name].read_string(path.read_text(encoding="utf-8"))
    assert set(held) == {"app.conf", "eventtypes.conf", "props.conf", "tags.conf"}
    (props,) = (held["props.conf"][name] for name in held["props.conf"].sections())
    with (tmp_path / "hec/event.hec.jsonl").open(encoding="utf-8") as lines:
        members = {"host"}.union(*(json.loads(line)["event"] for line in lines))
    aliased = [value.split(" AS ")[0] for name, value in props.items() if name.startswith("FIELDALIAS")]
    compared = re.findall(r"(\w+)=", " ".join(v for name, v in props.items() if name.startswith("EVAL")))
    assert set(aliased) | set(compared) <= members
    assert {f"eventtype={name}" for name in held["eventtypes.conf"].sections()} == set(held["tags.conf"].sections())


def test_syslog_is_parsed_by_another(exported, run):
    """syslog-rfc5424-parser reads every line: facility log audit, every column as structured data."""
    for line, row in zip(exported("syslog"), run.table("event").iter_rows(named=True), strict=True):
        message = SyslogMessage.parse(line).as_dict()
        assert (message["facility"], message["severity"], message["appname"]) == ("audit", "info", "jukisim")
        assert message["sd"]["juki@32473"]["event_id"] == str(row["event_id"])
        assert message["timestamp"] == canonical.instant(int(row["at"].timestamp() * 1000 + 0.5))


def test_otel_parses_as_protobuf(exported, run):
    """The JSON of every line is that of opentelemetry.proto.logs.v1.LogsData, and no record is lost."""
    found = (json_format.Parse(line, LogsData()) for line in exported("otel"))
    scopes = (scope for data in found for logs in data.resource_logs for scope in logs.scope_logs)
    instants = [record.time_unix_nano // 10**6 for scope in scopes for record in scope.log_records]
    assert instants == run.table("event")["at"].dt.epoch("ms").to_list()


def test_hec_envelope(exported, run):
    """Every envelope has what the collector wants, its time in seconds with milliseconds."""
    rows = run.table("event")
    for line, at in zip(exported("hec"), rows["at"].dt.epoch("ms"), strict=True):
        envelope = json.loads(line)
        assert set(envelope) == {"source", "sourcetype", "time", "host", "event"}
        assert round(envelope["time"] * 1000) == at
