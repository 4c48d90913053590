"""Elastic Common Schema: one JSON document per event; what ECS has no field for is under ``juki``.

Residents stay out of ``related.user``: they are not users of the system.
Source: Elastic Common Schema 9.3, field reference; allowed values of ``event.category`` and ``event.type``.
"""

import polars as pl

from simulator.export.contract import Exporter
from simulator.export.mapping import LIST, PERSONS, TEXT, Field, Mapping, lines

VERSION = "9.3.0"
# action → event.category, event.type
_KINDS = {
    "login": ("authentication", "start"),
    "logout": ("authentication", "end"),
    "update": ("database", "change"),
    "approve": ("iam", "info"),
    "override": ("iam", "info"),
}
_ACCESS = ("database", "access")
_OUTCOMES = {"allow": "success", "mask": "success", "deny": "failure"}


def _kind(place: int) -> pl.Expr:
    kinds = {action: kind[place] for action, kind in _KINDS.items()}
    return _list(pl.col("action").replace_strict(kinds, default=_ACCESS[place], return_dtype=pl.String))


def _list(code: pl.Expr) -> pl.Expr:
    return pl.format('["{}"]', code)


MAPPING = Mapping(
    fields=(
        Field("@timestamp", "at"),
        Field("event.id", "event_id", TEXT),
        Field("event.action", "action"),
        Field("event.reason", "reason"),
        Field("user.id", "actor"),
        Field("user.roles", "role", LIST),
        Field("user.group.id", "section"),
        Field("source.address", "terminal"),
        Field("service.name", "system"),
        Field("juki.shown", "people", PERSONS),
    ),
    constants={
        "ecs.version": VERSION,
        "event.kind": "event",
        "event.dataset": "jukisim.audit",
        "event.module": "jukisim",
        "tags": ["synthetic"],
    },
    derived={
        "event.outcome": pl.col("decision").replace_strict(_OUTCOMES, default="unknown", return_dtype=pl.String),
        "organization.id": pl.col("municipality"),
    },
    derived_json={"event.category": _kind(0), "event.type": _kind(1), "related.user": _list(pl.col("actor"))},
    rest="juki",
)

EXPORTER = Exporter(
    name="ecs",
    title_ja="Elastic Common Schema（JSON Lines）",
    title_en="Elastic Common Schema, JSON Lines",
    **lines(".ecs.jsonl", MAPPING.write, MAPPING.read),
)
