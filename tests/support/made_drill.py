"""A drill made in memory over the made-up office: two acts of misuse, three questions, one inject; no run."""

import made_evidence
import polars as pl

from simulator.console.journal import Journal
from simulator.console.room import Room
from simulator.drill import Answer, Inject, Manifest, Pack, Question, Secret, Text

ACTS = (700, 701, 1500)
"""Rows of the log that are misuse: one episode of two events, one of one."""


def text(words):
    """The same words in both languages."""
    return Text(ja=words, en=words)


def pack(path, events=2_000, teams=2):
    """The pack of the drill."""
    manifest = Manifest(
        format=1, version="0", title=Text(ja="演習 架空市の一週間", en="A week in a made-up city"), lang="ja",
        difficulty=2, minutes=90, phases={"brief": 15, "search": 40, "write": 10, "debrief": 25}, teams=teams, team=2,
        rows={"events": events}, first_day="2025-06-02", last_day="2025-06-11", files={},
    )  # fmt: skip
    (path / "drill.json").write_text("{}", encoding="utf-8")
    costs = (2, 3, 4)
    asked = [("staff", "誰が見ましたか", False), ("number", "何件ですか", False), ("person", "誰の記録ですか", True)]
    return Pack(path, manifest, tuple(
        Question(id=f"q{n}", number=n, points=10, text=text(words), kind=kind, several=several, hint_costs=costs)
        for n, (kind, words, several) in enumerate(asked, start=1)
    ))  # fmt: skip


def secret(frames):
    """What is sealed of it."""
    rows = frames.events[list(ACTS)]
    labels = rows.select("event_id", "staff_code", "person_no", kind=pl.lit("misuse"),
                         episode_id=pl.Series(["a", "a", "b"]))  # fmt: skip
    return Secret(
        drill="made",
        answers={n: Answer(values=("x",), path=text("道筋")) for n in (1, 2, 3)},
        hints={(n, step): text(f"ヒント{step}の言葉") for n in (1, 2, 3) for step in (1, 2, 3)},
        injects=(Inject(id="call", minute=5, kind="citizen", title=text("市民からの苦情"),
                        text=text("私の住所が漏れています。"), expect=text("本人の記録を誰が見たかを調べる")),),
        interviews={rows["staff_code"][0]: text("近所の人なので気になって見ました。")},
        case_files={"2025-000001": text("申請書 1 枚")}, story=(text("話"),), labels=labels, rankings={},
    )  # fmt: skip


def room(folder, clock=None, teams=2, frames=None, **sizes):
    """The drill in progress, in `folder`, over these frames or made-up ones."""
    frames = made_evidence.made(**sizes) if frames is None else frames
    frames.warm()
    journal = Journal.open(folder / "session", {"drill": "made"}, clock)
    return Room(pack(folder, teams=teams), secret(frames), frames, journal)
