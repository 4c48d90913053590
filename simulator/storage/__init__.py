"""The only door to databases and table files: SQLite, PostgreSQL, Parquet, plain files."""

from simulator.storage.connection import Connection
from simulator.storage.files import sync, whole_file, write_bytes
from simulator.storage.parquet import ROW_GROUP, parquet_pieces, read_parquet, write_parquet
from simulator.storage.sqlite import (
    SqliteConnection,
    connect,
    connect_journal,
    create_database,
    engine_version,
    open_database,
)

__all__ = [
    "ROW_GROUP", "Connection", "SqliteConnection", "connect", "connect_journal", "create_database", "engine_version",
    "open_database", "parquet_pieces", "read_parquet", "sync", "whole_file", "write_bytes", "write_parquet",
]  # fmt: skip
