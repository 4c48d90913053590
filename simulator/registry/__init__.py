"""The register: named queries over residents, answered from columns in bulk and by SQL one at a time."""

from simulator.registry.database import Asked, Database, Found, write_database
from simulator.registry.intervals import FOREVER, Ints
from simulator.registry.layout import layout, served_layout, tables
from simulator.registry.lookup import Register, key_texts
from simulator.registry.queries import queries, query
from simulator.registry.query import Key, Query
from simulator.registry.received import Forwarded, Sender, forwarded, received, spans
from simulator.registry.registry import MATCH_NAMES, Registry, Searches
from simulator.registry.standing import Standing

__all__ = [
    "FOREVER", "MATCH_NAMES", "Asked", "Database", "Forwarded", "Found", "Ints", "Key", "Query", "Register",
    "Registry", "Searches", "Sender", "Standing", "forwarded", "key_texts", "layout", "queries", "query", "received",
    "served_layout", "spans", "tables", "write_database",
]  # fmt: skip
