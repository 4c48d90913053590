"""Where a drill stands: the clock stands in pauses and while the server is dead; each act has its effect."""

import pytest

from simulator.console.journal import Entry
from simulator.console.progress import MINUTE_MS, Progress

TEAM = "1班"


def played(*acts, minutes=60):
    """The progress after `acts`: (minute, kind, body)."""
    progress = Progress([TEAM, "2班"], minutes)
    for seq, (minute, kind, body) in enumerate(acts, start=1):
        team = body.pop("team", TEAM) if kind not in {"start", "pause", "resume", "finish", "gone", "message"} else ""
        progress.apply(Entry(seq, int(minute * MINUTE_MS), team, "甲", kind, body))
    return progress


def mark(event_id, verdict="misuse"):
    """The body of a mark."""
    return {"event_id": event_id, "verdict": verdict, "reason": "受付なし"}


def test_pause_is_not_counted():
    """Ten minutes, five of pause, three more: thirteen."""
    progress = played((0, "start", {}), (10, "pause", {}), (15, "resume", {}))
    assert progress.elapsed_ms(18 * MINUTE_MS) == 13 * MINUTE_MS
    assert progress.running


def test_death_of_the_server_is_not_counted():
    """From the last sign of life to the new start the clock stands."""
    progress = played((0, "start", {}), (30, "gone", {"from_ms": 12 * MINUTE_MS}))
    assert progress.elapsed_ms(31 * MINUTE_MS) == 13 * MINUTE_MS


def test_mark_keeps_the_minute_of_its_verdict():
    """Another reason later does not make the finding later; another verdict does."""
    progress = played((0, "start", {}), (4, "mark", mark(7)), (9, "mark", mark(7)), (11, "mark", mark(8)))
    assert {event: m.minute for event, m in progress.teams[TEAM].marks.items()} == {7: 4.0, 8: 11.0}
    changed = played((0, "start", {}), (4, "mark", mark(7, "watch")), (9, "mark", mark(7)))
    assert changed.teams[TEAM].marks[7].minute == 9.0


def test_teams_do_not_see_each_other():
    """What one team does is its own."""
    progress = played((0, "start", {}), (1, "mark", mark(7)), (2, "answer", {"question": 1, "values": ["a"]}))
    assert not progress.teams["2班"].marks
    assert not progress.teams["2班"].answers


def test_hint_taken_twice_is_taken_once():
    """The first minute counts."""
    hint = {"question": 1, "step": 1}
    assert played((0, "start", {}), (3, "hint", dict(hint)), (9, "hint", dict(hint))).teams[TEAM].hints == {(1, 1): 3.0}


def test_end_hands_in_for_who_has_not():
    """At the end every team's work stands as it is; who handed in before keeps their minute."""
    progress = played((0, "start", {}), (20, "hand_in", {}), (50, "finish", {}))
    assert progress.teams[TEAM].handed_in == 20
    assert progress.teams["2班"].handed_in == 50
    assert progress.finished
    assert not progress.running


def test_message_reaches_whom_it_is_for():
    """A message to one team is not shown to another."""
    sent = {"inject": "i1", "words": "", "teams": ["2班"]}
    progress = played((0, "start", {}), (5, "message", sent))
    assert [m.inject for m in progress.messages_of("2班")] == ["i1"]
    assert progress.messages_of(TEAM) == []


def test_entry_of_unknown_kind_is_an_error():
    """A journal of a later version is not half understood."""
    with pytest.raises(AttributeError):
        played((0, "teleport", {}))
