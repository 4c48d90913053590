# ruff: noqa: E501, PLR0917 (tables are read a row a line)
"""A small made-up log with what an auditor has beside it, and its answers: for tests of what reads a run.

Not simulated: thirty staff of three sections open cases' records for three weeks; one of them looks at two strangers.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from simulator.clock import JST, Window
from simulator.detect import Tables
from simulator.labels import AnswerKey
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, EPISODE, LABEL
from simulator.streams import Stream
from simulator.world import calendar

ROOT = "ab" * 32
SECTIONS = ("citizen", "tax", "welfare")
PURPOSES = ("resident_certificate", "income_tax", "public_assistance")
STAFF, PEOPLE, PER_DAY = 30, 400, 60
WINDOW = Window(date(2025, 6, 2), date(2025, 6, 21))
SPY = 4
_STREAM = Stream(11, "/made_town")


@dataclass(frozen=True, slots=True)
class Town(Tables):
    """The tables, with a root as a run has one."""

    root: str = ROOT


def token(kind: int, number: int) -> bytes:
    """A pseudonym-shaped token of 16 bytes."""
    word = int(_STREAM.bits(f"token{kind}", 1, number)[0])
    return bytes([1]) + word.to_bytes(8, "big") + kind.to_bytes(3, "big") + number.to_bytes(4, "big")


def _at(day: date, second: int) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=JST) + timedelta(seconds=second, milliseconds=second % 997)


def _staff() -> list[dict]:
    return [
        {"actor": token(1, i), "section": SECTIONS[i % 3], "role": ("R01", "R05", "R09")[i % 3],
         "employment": "regular", "supervisor": i < 3, "hired_on": date(2015, 4, 1), "resident": token(2, i),
         "household": token(3, i // 2), "surname": token(4, i % 20), "district": i % 5}
        for i in range(STAFF)
    ]  # fmt: skip


def _event(number: int, at: datetime, who: int, whom: int, action: str, case_no: str | None) -> dict:
    return {
        "event_id": number, "at": at, "system": "MUNI", "screen": "record", "session_id": who * 1000 + at.day,
        "actor": token(1, who), "role": ("R01", "R05", "R09")[who % 3], "section": SECTIONS[who % 3], "office": "HQ",
        "terminal": f"T{who:02d}", "auth_method": "vein", "action": action, "purpose": PURPOSES[who % 3],
        "case_no": case_no, "search_keys": None, "search_token": None, "match": None, "hits": 1,
        "resident": token(2, whom), "household": token(3, whom // 2), "resident_municipality": "482012",
        "protected_alert": False, "my_number": False, "fields": "basic+address", "rows_returned": 1, "decision": "allow",
        "reason": "role_purpose", "approval_id": None, "override_id": None, "extraction_id": None, "dwell_s": 30,
    }  # fmt: skip


def town() -> Town:
    """The tables of the town, the same on every call."""
    staff, cases, events = _staff(), [], []
    draws = {name: _STREAM.below(name, 2000, bound) for name, bound in (("who", STAFF), ("whom", PEOPLE), ("s", 28000))}
    days, number = calendar.business_days(WINDOW), 0
    for day in days:
        for second in sorted(set(draws["s"][number : number + PER_DAY].tolist())):
            who, whom, at = int(draws["who"][number]), int(draws["whom"][number]), _at(day, second)
            number += 1
            cases.append({"case_no": f"C{number:05d}", "purpose": PURPOSES[who % 3], "section": SECTIONS[who % 3],
                          "opened": at - timedelta(minutes=5), "closed": at + timedelta(minutes=20),
                          "resident": token(2, whom), "household": token(3, whom // 2)})  # fmt: skip
            events += [
                (at, who, whom, "view", cases[-1]["case_no"]),
                (at + timedelta(seconds=60), who, whom, "issue", cases[-1]["case_no"]),
            ]
    events += [(_at(days[6], 1800 * k + 77), SPY, 390 + k, "view", None) for k in (1, 2)]
    rows = [_event(i + 1, *parts) for i, parts in enumerate(sorted(events, key=lambda e: (e[0], e[1])))]
    frames = {
        "event": rows,
        "shown": [{"event_id": r["event_id"], "rank": 0, "resident": r["resident"], "household": r["household"]} for r in rows],
        "staff": staff,
        "section": [{"section": s, "title": t, "office": "HQ", "office_title": "本庁", "entitled": True} for s, t in zip(SECTIONS, ("市民課", "市民税課", "生活福祉課"), strict=True)],
        "account": [{"actor": s["actor"], "role": s["role"], "section": s["section"], "valid_from": s["hired_on"], "valid_to": None} for s in staff],
        "terminal": [{"terminal": f"T{i:02d}", "section": SECTIONS[i % 3], "office": "HQ", "counter": False} for i in range(STAFF)],
        "roster": [{"actor": s["actor"], "day": d, "starts": _at(d, -1800), "ends": _at(d, 30000), "lunch_starts": _at(d, 10800), "terminal": f"T{i:02d}"} for i, s in enumerate(staff) for d in days],
        "case": cases,
        "attribute": [{"resident": token(2, i), "household": token(3, i // 2), "surname": token(4, i % 20), "district": i % 5, "age_band": i % 9, "protected": i % 50 == 0} for i in range(PEOPLE)],
    }  # fmt: skip
    tables = {
        t.name: t.conform(pl.DataFrame(frames[t.name], schema=t.polars)) for t in (*AUDIT_TABLES, *AUDITOR_TABLES)
    }
    return Town(tables)


def key(view: Town) -> AnswerKey:
    """The answers: the two looks of the spy."""
    bad = view.table("event").filter(pl.col("case_no").is_null())
    common = {"misuse": True, "archetype": "M06", "episode_id": "E1", "motive": "favour", "relation": "stranger", "stealth": 0.2, "grey": False, "episode_kind": "misuse", "culprit": None, "channel": "tip", "found_after_days": 30, "sanction": "warning"}  # fmt: skip
    labels = [{"event_id": e, **common, "stage": "look", "reason_status": "none", "lookalike": False, "twin_of": None} for e in bad["event_id"]]  # fmt: skip
    episode = {**common, "actors": [token(1, SPY)], "instigator": None, "victims": bad["resident"].to_list(),
               "first_at": bad["at"].min(), "last_at": bad["at"].max(), "event_count": 2,
               "story_ja": "市民税課の職員が、依頼を受けて2人の住所を調べた。", "story_en": "A tax clerk looked up two addresses as a favour."}  # fmt: skip
    return AnswerKey(
        LABEL.conform(pl.DataFrame(labels, schema=LABEL.polars)),
        EPISODE.conform(pl.DataFrame([episode], schema=EPISODE.polars)),
        ROOT,
    )
