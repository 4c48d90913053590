"""The answer key: which events belong to which story. It lives in RUN.truth and nowhere else."""

import polars as pl

from simulator.schema.types import JST_MS, Column, Privacy, Table
from simulator.schema.vocabulary import CHANNELS, REASON_STATUSES, SANCTIONS, enum

LABEL = Table(
    "label",
    "正解ラベル",
    "One row per event that belongs to an episode, misuse or look-alike; no row: ordinary work.",
    ("event_id",),
    (
        Column("event_id", pl.Int64, "履歴番号", "The event.", Privacy.TRUTH),
        Column("misuse", pl.Boolean, "不正", "Whether it is misuse.", Privacy.TRUTH),
        Column("archetype", pl.String, "類型", "Archetype, such as M06.", Privacy.TRUTH),
        Column("episode_id", pl.String, "事案", "The episode.", Privacy.TRUTH),
        Column("stage", pl.String, "段階", "Stage of the episode.", Privacy.TRUTH),
        Column("stealth", pl.Float64, "巧妙さ", "0 open to 1 careful.", Privacy.TRUTH),
        Column("motive", pl.String, "動機", "Why.", Privacy.TRUTH),
        Column(
            "relation",
            pl.String,
            "関係",
            "What the resident is to the actor, or to whom it is done for.",
            Privacy.TRUTH,
        ),
        Column("reason_status", enum(REASON_STATUSES), "事由", "Where the stated case comes from.", Privacy.TRUTH),
        Column("lookalike", pl.Boolean, "類似正当", "Lawful, but looks like misuse.", Privacy.TRUTH),
        Column(
            "twin_of", pl.Int64, "対", "The misuse event that this lawful one matches.", Privacy.TRUTH, nullable=True
        ),
        Column("grey", pl.Boolean, "灰色", "Grey area or canary: counted in no score.", Privacy.TRUTH),
    ),
)

EPISODE = Table(
    "episode",
    "事案",
    "One story: who did what to whom, for whom and why.",
    ("episode_id",),
    (
        Column("episode_id", pl.String, "事案", "The episode.", Privacy.TRUTH),
        Column("archetype", pl.String, "類型", "Archetype.", Privacy.TRUTH),
        Column("episode_kind", pl.String, "事案種別", "misuse, grey, error, canary or look-alike.", Privacy.TRUTH),
        Column("misuse", pl.Boolean, "不正", "Whether it is misuse.", Privacy.TRUTH),
        Column("grey", pl.Boolean, "灰色", "Grey area or canary: counted in no score.", Privacy.TRUTH),
        Column("motive", pl.String, "動機", "Why.", Privacy.TRUTH),
        Column(
            "relation",
            pl.String,
            "関係",
            "What the resident is to the actor, or to whom it is done for.",
            Privacy.TRUTH,
        ),
        Column("stealth", pl.Float64, "巧妙さ", "0 open to 1 careful.", Privacy.TRUTH),
        Column("actors", pl.List(pl.Binary), "操作者", "Who asked: pseudonyms of the log.", Privacy.TRUTH),
        Column("instigator", pl.Binary, "依頼者", "For whom, if a colleague.", Privacy.TRUTH, nullable=True),
        Column(
            "culprit",
            pl.Binary,
            "真の操作者",
            "Who really asked, where it was in another's session.",
            Privacy.TRUTH,
            nullable=True,
        ),
        Column("victims", pl.List(pl.Binary), "被害者", "Whose records: pseudonyms of the log.", Privacy.TRUTH),
        Column("first_at", JST_MS, "開始", "First event.", Privacy.TRUTH),
        Column("last_at", JST_MS, "終了", "Last event.", Privacy.TRUTH),
        Column("event_count", pl.UInt32, "件数", "Events of the episode.", Privacy.TRUTH),
        Column("channel", enum(CHANNELS), "発覚の端緒", "How it came to light.", Privacy.TRUTH),
        Column("found_after_days", pl.UInt32, "発覚までの日数", "Days from the last event until then.", Privacy.TRUTH),
        Column("sanction", enum(SANCTIONS), "処分", "What followed.", Privacy.TRUTH),
        Column("story_ja", pl.String, "経緯", "The story in Japanese.", Privacy.TRUTH),
        Column("story_en", pl.String, "経緯（英語）", "The story in English.", Privacy.TRUTH),
    ),
)

DIFFICULTY = Table(
    "difficulty",
    "難易度",
    "How far down the list of a reference detector the best event of an episode stands; measured after generation.",
    ("detector", "episode_id"),
    (
        Column("detector", pl.String, "検知器", "Reference detector.", Privacy.TRUTH),
        Column("episode_id", pl.String, "事案", "The episode.", Privacy.TRUTH),
        Column("best_rank", pl.Float64, "順位", "Best rank of its events, from 1; ties share.", Privacy.TRUTH),
        Column("events", pl.UInt32, "全件数", "Events in the list.", Privacy.TRUTH),
        Column("difficulty", pl.Float64, "難易度", "log(best_rank) / log(events): 0 first, 1 last.", Privacy.TRUTH),
    ),
)

KNOWN = Table(
    "known",
    "把握済み事案",
    "What the office has learnt of which events, and when: late, incomplete, sometimes wrong labels beside the truth.",
    ("event_id",),
    (
        Column("event_id", pl.Int64, "履歴番号", "The event.", Privacy.TRUTH),
        Column("known_on", pl.Date, "把握日", "When the office learnt of it; perhaps after the window.", Privacy.TRUTH),
        Column("channel", enum(CHANNELS), "端緒", "How.", Privacy.TRUTH),
        Column(
            "founded", pl.Boolean, "事実", "Whether it is misuse; a complaint about lawful work is not.", Privacy.TRUTH
        ),
    ),
)
