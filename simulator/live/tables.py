"""The tables of a live log: the event with its detail and its link, whom it showed, and what the log is of."""

import polars as pl

from simulator.registry.fence import role_block
from simulator.schema import EVENT, SHOWN, Column, Table

EVENT_LIVE = Table(
    "event",
    EVENT.ja,
    "One event of the live log; chained to the one before.",
    EVENT.key,
    (
        *(
            Column(c.name, pl.Int64, c.ja, c.meaning, c.privacy, c.nullable) if isinstance(c.dtype, pl.Datetime) else c
            for c in EVENT
        ),
        Column("detail", pl.String, "詳細", "What else was recorded, as canonical JSON.", nullable=True),
        Column("link", pl.Binary, "連鎖値", "SHA-256 of the link before and the record."),
    ),
)
SHOWN_LIVE = SHOWN
META = Table(
    "meta",
    "付帯情報",
    "What the log belongs to.",
    ("name",),
    (
        Column("name", pl.String, "名称", "Name of the value."),
        Column("value", pl.String, "値", "The value."),
    ),
)
INDEXES: dict[str, list[tuple[str, ...]]] = {"event": [("actor", "at"), ("resident",)], "shown": [("resident",)]}
_VERBS = (("unchanged", "UPDATE"), ("undeleted", "DELETE"))
FENCES = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the log only grows: {verb} of {table} is forbidden'); END"
    for table in ("event", "shown", "meta")
    for name, verb in _VERBS
)
"""Triggers that keep mistakes out; who owns the file can remove them, and the links tell."""
AUDIT_ROLE = "jukisim_audit"
"""The role of PostgreSQL that reads the log and adds to it, and can do nothing else."""
_REFUSING = (
    "CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'the log only grows: % of % is forbidden', TG_OP, TG_TABLE_NAME; END$$"
)
_RIGHTS = role_block(AUDIT_ROLE, "GRANT SELECT, INSERT ON event, shown TO {role};", "GRANT SELECT ON meta TO {role};")
"""The triggers hold in any case, also where the role is not ours to make."""
SERVED_FENCES = (
    _REFUSING,
    *(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        for table in ("event", "shown", "meta")
    ),
    _RIGHTS,
)
"""The same for PostgreSQL, and a role that may only read and add."""
