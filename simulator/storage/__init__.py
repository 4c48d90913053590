"""The only door to databases and table files: SQLite, PostgreSQL, Parquet, plain files."""

from simulator.storage.address import check_postgres, connect_postgres, fill_postgres, is_postgres, without_password
from simulator.storage.connection import Connection, Dialect
from simulator.storage.files import sync, whole_file, write_bytes
from simulator.storage.folders import alone, check_new, whole_folder, whole_folders
from simulator.storage.layout import Layout, Reference, inverted
from simulator.storage.parquet import (
    ROW_GROUP,
    parquet_groups,
    parquet_pieces,
    parse_parquet,
    read_parquet,
    write_frame,
    write_parquet,
    write_parts,
)
from simulator.storage.sqlite import (
    SqliteConnection,
    append,
    check_free,
    connect,
    connect_journal,
    connect_still,
    create_database,
    engine_version,
    has_text_index,
    open_database,
    read_table,
    scratch,
)
from simulator.storage.workbook import workbook

__all__ = [
    "ROW_GROUP", "Connection", "Dialect", "Layout", "Reference", "SqliteConnection", "alone", "append", "check_free",
    "check_new", "check_postgres", "connect", "connect_journal", "connect_postgres", "connect_still", "create_database",
    "engine_version", "fill_postgres", "has_text_index", "inverted", "is_postgres", "open_database", "parquet_groups",
    "parquet_pieces", "parse_parquet", "read_parquet", "read_table", "scratch", "sync", "whole_file", "whole_folder",
    "whole_folders", "without_password", "workbook", "write_bytes", "write_frame", "write_parquet",
    "write_parts",
]  # fmt: skip
