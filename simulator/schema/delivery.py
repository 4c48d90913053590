"""The log as the source systems hand it over, perhaps faulty; and which faults there truly are, which lies apart."""

import polars as pl

from simulator.schema.types import JST_MS, Column, Privacy, Table
from simulator.schema.vocabulary import SYSTEMS, Term, enum

# Source: domain.md 4.3 (M18: shared terminals, log gaps) and detection.md 6, item 10: what real audits fail at.
FAULTS = (
    Term("clock_skew", "端末の時計のずれ", "a terminal's clock is wrong"),
    Term("shared_terminal", "共用端末（操作者の記録なし）", "a terminal that records no operator"),
    Term("missing_hours", "履歴の欠落", "hours of a system's log are lost"),
    Term("broken_chain", "連鎖の不一致", "a record was changed after it was linked"),
    Term("renamed_operator", "操作者IDの変更", "an operator appears under another id"),
)

SOURCE = Table(
    "source",
    "原システムの履歴",
    "What the system that recorded an event handed over of it; an event without a row was never handed over.",
    ("event_id",),
    (
        Column("event_id", pl.Int64, "履歴番号", "The event of the central log."),
        Column("system", enum(SYSTEMS), "システム", "Which system recorded it."),
        Column(
            "source_seq", pl.Int64, "原履歴番号", "Running number in that system's log, from 1; without gaps at first."
        ),
        Column("source_at", JST_MS, "端末時刻", "When, by the clock of the terminal."),
        Column("source_terminal", pl.String, "端末番号", "Terminal."),
        Column("source_operator", pl.Binary, "操作者", "Operator, if recorded.", Privacy.PSEUDONYM, nullable=True),
        Column("source_link", pl.Binary, "連鎖値", "BLAKE2b of the link before and this row; 16 bytes."),
    ),
)

FAULT = Table(
    "fault",
    "証拠の欠陥",
    "A fault of the evidence: what, where, from when to when. It is no misuse.",
    ("fault_id",),
    (
        Column("fault_id", pl.String, "欠陥番号", "Number, such as F001.", Privacy.TRUTH),
        Column("fault", enum(FAULTS), "種別", "What kind.", Privacy.TRUTH),
        Column("municipality", pl.String, "団体コード", "Whose log.", Privacy.TRUTH),
        Column("place", pl.String, "箇所", "System, terminal or operator (hexadecimal).", Privacy.TRUTH),
        Column("first_at", JST_MS, "開始", "From.", Privacy.TRUTH),
        Column("last_at", JST_MS, "終了", "To.", Privacy.TRUTH),
        Column("amount", pl.Int64, "量", "Seconds that a clock is fast (negative: slow); else events.", Privacy.TRUTH),
        Column("event_count", pl.Int64, "件数", "Events that it touches.", Privacy.TRUTH),
    ),
)
