"""Splunk HTTP Event Collector: one envelope per event, ready to be posted to /services/collector/event.

Beside them an app of four small files: ``props.conf`` says how the source type is read and what the fields are called
in the Common Information Model; event types and tags put log-ons into its model Authentication and the rest into
Change. Copy ``jukisim_splunk`` to ``etc/apps``. It was checked against the events, not run on a Splunk server.

Source: Splunk, Format events for HTTP Event Collector (time in seconds since 1970 with milliseconds);
props.conf, eventtypes.conf and tags.conf specifications; Common Information Model, Authentication and Change.
"""

from pathlib import Path

import polars as pl

from simulator.export.contract import Exporter, Source
from simulator.export.mapping import PERSONS, Field, Mapping, lines

_AT = pl.col("at_ms")
SOURCETYPE = "jukisim:audit"

MAPPING = Mapping(
    fields=(Field("host", "terminal"), Field("event.shown", "people", PERSONS)),
    constants={"source": "jukisim", "sourcetype": SOURCETYPE},
    derived_json={"time": pl.format("{}.{}", _AT // 1000, (_AT % 1000).cast(pl.String).str.zfill(3))},
    rest="event",
)

_ALIASES = {"user": "actor", "src": "host", "object_id": "resident", "result_id": "reason", "dest": "system"}
"""Fields of the Common Information Model and the columns that fill them."""
_CASES = {
    "status": {"allow": "success", "mask": "success", "deny": "failure"},
    "action": {"login": "success", "logout": "logout", "update": "modified"},
}
_COLUMN_OF = {"status": "decision", "action": "action"}
APP = "jukisim_splunk/default"


def conf() -> dict[str, str]:
    """The files of the app, by path."""
    aliases = [f"FIELDALIAS-{field} = {column} AS {field}" for field, column in _ALIASES.items()]
    evals = [f"EVAL-{field} = {_case(_COLUMN_OF[field], values)}" for field, values in _CASES.items()]
    props = [f"[{SOURCETYPE}]", "KV_MODE = json", "SHOULD_LINEMERGE = false", "TRUNCATE = 0", "TZ = Asia/Tokyo"]
    logons = " OR ".join(f"action={code}" for code in ("login", "logout"))
    types = {"jukisim_logon": logons, "jukisim_access": f"NOT ({logons})"}
    tags = {"jukisim_logon": ("authentication",), "jukisim_access": ("change", "audit")}
    told = {
        "app.conf": ["[ui]", "is_visible = false", "label = jukisim audit log (synthetic)"],
        "props.conf": [*props, *aliases, *evals],
        "eventtypes.conf": [f"[{n}]\nsearch = sourcetype={SOURCETYPE} ({found})" for n, found in types.items()],
        "tags.conf": [
            "\n".join([f"[eventtype={n}]", *(f"{tag} = enabled" for tag in some)]) for n, some in tags.items()
        ],
    }
    return {f"{APP}/{name}": "\n".join(lines) + "\n" for name, lines in told.items()}


def _case(column: str, values: dict[str, str]) -> str:
    pairs = [f'{column}="{code}", "{meaning}"' for code, meaning in values.items()]
    other = '"unknown"' if column == "decision" else column
    return f"case({', '.join(pairs)}, true(), {other})"


_LINES = lines(".hec.jsonl", MAPPING.write, MAPPING.read)


def _write(source: Source, folder: Path) -> list[Path]:
    written: list[Path] = _LINES["write"](source, folder)
    for name, text in conf().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


EXPORTER = Exporter(
    name="hec",
    title_ja="Splunk HTTP Event Collector",
    title_en="Splunk HTTP Event Collector",
    write=_write,
    read=_LINES["read"],
)
