"""The audit log: what a request is inside a run, and the event and the people shown that become of it."""

import polars as pl

from simulator.schema.types import JST_MS, Column, Privacy, Table
from simulator.schema.vocabulary import (
    ACTIONS,
    AUTH_METHODS,
    DECISIONS,
    GROUNDS,
    MATCHES,
    PURPOSES,
    ROLES,
    SCREENS,
    SEARCHES,
    SYSTEMS,
    enum,
)

REQUEST = Table(
    "request",
    "要求",
    "One request to the gate; inside a run.",
    ("request_no",),
    (
        Column(
            "request_no", pl.UInt64, "要求番号", "Unique in the run; carries no meaning and leaves no trace in the log."
        ),
        Column("at", JST_MS, "日時", "When."),
        Column("tie", pl.UInt64, "順序", "Orders requests of the same millisecond; a random word of the stream."),
        Column("staff_no", pl.UInt32, "職員行番号", "Who asks."),
        Column("session_key", pl.UInt64, "セッション鍵", "The same within one session, different between sessions."),
        Column("terminal", pl.String, "端末番号", "From which terminal."),
        Column("auth_method", enum(AUTH_METHODS), "認証", "How the session was opened."),
        Column("system", enum(SYSTEMS), "システム", "Through which system."),
        Column("screen", enum(SCREENS), "画面", "On which screen."),
        Column("action", enum(ACTIONS), "操作", "What is asked."),
        Column("purpose", enum(PURPOSES), "事務", "The stated purpose."),
        Column("case_no", pl.String, "受付番号", "The stated case.", nullable=True),
        Column(
            "target", pl.UInt32, "対象", "resident_no that is meant, or whose details are searched for.", nullable=True
        ),
        Column(
            "search", enum(SEARCHES), "検索項目", "Which details are searched by; null for no search.", nullable=True
        ),
        Column("match", enum(MATCHES), "一致", "How they must match.", nullable=True),
        Column("typed", pl.UInt8, "入力文字数", "Characters typed of the first detail; null: all.", nullable=True),
        Column("dwell_s", pl.UInt32, "表示秒数", "How long the answer stays on the screen, in seconds.", nullable=True),
        Column(
            "grounds",
            enum(GROUNDS),
            "利用事由",
            "Picked where the screen prompts; null: duty, for it must be.",
            nullable=True,
        ),
        Column("sheets", pl.UInt16, "枚数", "Sheets to be printed; null: 1.", nullable=True),
        Column("failed", pl.Boolean, "認証失敗", "Whether the log-on was with a wrong credential.", nullable=True),
    ),
)

EVENT = Table(
    "event",
    "操作履歴",
    "One audit event: every request gives exactly one.",
    ("event_id",),
    (
        Column("event_id", pl.Int64, "履歴番号", "Municipality index × 2^40 + sequence without gaps; below 2^53."),
        Column("at", JST_MS, "日時", "When, to the millisecond."),
        Column("system", enum(SYSTEMS), "システム", "Through which system."),
        Column("screen", enum(SCREENS), "画面", "On which screen."),
        Column("session_id", pl.Int64, "セッション番号", "Session, numbered in the log by first event."),
        Column("actor", pl.Binary, "操作者", "Staff pseudonym.", Privacy.PSEUDONYM),
        Column("role", enum(ROLES), "役割", "Role at that time."),
        Column("section", pl.String, "課コード", "Section at that time."),
        Column("office", pl.String, "庁舎コード", "Building of the terminal."),
        Column("terminal", pl.String, "端末番号", "Terminal."),
        Column("auth_method", enum(AUTH_METHODS), "認証", "How the session was opened."),
        Column("action", enum(ACTIONS), "操作", "What was asked."),
        Column("purpose", enum(PURPOSES), "事務", "The stated purpose."),
        Column("case_no", pl.String, "受付番号", "The stated case.", nullable=True),
        Column(
            "search_keys",
            pl.String,
            "検索条件",
            "Which details, and characters typed, as kana:4; no text.",
            nullable=True,
        ),
        Column(
            "search_token",
            pl.Binary,
            "検索トークン",
            "Keyed token of the text searched.",
            Privacy.PSEUDONYM,
            nullable=True,
        ),
        Column("match", enum(MATCHES), "一致", "How they had to match.", nullable=True),
        Column("hits", pl.UInt32, "該当件数", "How many residents matched.", nullable=True),
        Column("resident", pl.Binary, "住民", "Whom it concerned, if one.", Privacy.PSEUDONYM, nullable=True),
        Column("household", pl.Binary, "世帯", "Their household.", Privacy.PSEUDONYM, nullable=True),
        Column("resident_municipality", pl.String, "住所地", "Six-digit code of their municipality.", nullable=True),
        Column("protected_alert", pl.Boolean, "支援措置警告", "Whether the alert was shown."),
        Column("fields", pl.String, "表示項目", "Groups of fields shown, joined by +.", nullable=True),
        Column("rows_returned", pl.UInt32, "表示件数", "How many residents were shown."),
        Column("decision", enum(DECISIONS), "判定", "What the policy decided."),
        Column("reason", pl.String, "判定理由", "Code that names the rule."),
        Column("approval_id", pl.String, "承認番号", "Approval used.", nullable=True),
        Column("override_id", pl.String, "緊急閲覧番号", "Break-glass used.", nullable=True),
        Column("extraction_id", pl.String, "抽出番号", "Extraction made.", nullable=True),
        Column("dwell_s", pl.UInt32, "表示秒数", "How long the answer stayed on the screen.", nullable=True),
        Column("grounds", enum(GROUNDS), "利用事由", "Picked where the screen prompted for it.", nullable=True),
        Column("my_number", pl.Boolean, "個人番号利用", "Whether a My Number was shown or searched by."),
        Column("document_no", pl.String, "発行番号", "Certificate issued.", nullable=True),
        Column("sheets", pl.UInt16, "枚数", "Sheets printed.", nullable=True),
        Column("printer", pl.String, "プリンタ番号", "Where they were printed.", nullable=True),
    ),
)

SHOWN = Table(
    "shown",
    "表示された住民",
    "One row per resident shown by an event.",
    ("event_id", "rank"),
    (
        Column("event_id", pl.Int64, "履歴番号", "The event."),
        Column("rank", pl.UInt32, "順位", "Place in the list, from 0."),
        Column("resident", pl.Binary, "住民", "Resident pseudonym.", Privacy.PSEUDONYM),
        Column("household", pl.Binary, "世帯", "Household pseudonym.", Privacy.PSEUDONYM),
    ),
)
