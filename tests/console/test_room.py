"""The room: seats, what is allowed when, what each side sees, and that a restart changes nothing."""

from datetime import timedelta

import made_drill
import pytest

from simulator.clock import JST, SimClock, from_ms
from simulator.console import feed
from simulator.console.journal import Journal
from simulator.console.room import NotNowError, Room
from simulator.drill.rules import NONE


@pytest.fixture
def clock():
    """A clock that stands until it is moved."""
    return SimClock(from_ms(1_764_000_000_000).astimezone(JST))


@pytest.fixture
def room(tmp_path, clock):
    """A drill of two teams, not begun."""
    made = made_drill.room(tmp_path, clock)
    yield made
    made.journal.close()


def seated(room, team="第1班", name="監査 花子"):
    """A member's seat."""
    return room.seat(room.sit(room.progress.codes[team], name))


def again(room, clock):
    """The same drill after the server died and was started anew."""
    folder = room.journal.path.parent
    room.journal.close()
    return Room(room.pack, room.secret, room.frames, Journal.open(folder, {"drill": "made"}, clock))


def test_code_opens_the_seat_of_its_team_only(room):
    """Small letters and blanks do; another code is nobody's."""
    token = room.sit(f" {room.progress.codes['第2班'].lower()} ", "乙")
    assert room.seat(token).team == "第2班"
    assert room.sit("XXXXXX", "誰") is None
    assert room.seat("made up") is None
    assert room.seat(room.sit(room.progress.codes[""], "進行")).facilitator


def test_codes_differ_and_come_back_after_a_restart(room, clock):
    """What the facilitator wrote on the board stays true."""
    codes = dict(room.progress.codes)
    assert len(set(codes.values())) == 3
    token = room.sit(codes["第1班"], "甲")
    after = again(room, clock)
    assert after.progress.codes == codes
    assert after.seat(token).member == "甲"
    after.journal.close()


ACTS = {
    "mark": lambda room, seat: room.mark(seat, 5, "misuse", "理由"),
    "answer": lambda room, seat: room.answer(seat, 1, ["S0000001"]),
    "hint": lambda room, seat: room.hint(seat, 1),
    "accuse": lambda room, seat: room.accuse(seat, "S0000001", ""),
    "ask": lambda room, seat: room.ask(seat, "interview", "S0000001", ""),
    "judge": lambda room, seat: room.judge(seat, 1, "書く"),
    "hand_in": lambda room, seat: room.hand_in(seat),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ["before", "paused", "handed in", "over"])
def test_nothing_is_done_when_it_may_not_be(room, act, state):
    """Before the beginning, in a pause, after the hand-in and after the end nothing is recorded."""
    seat = seated(room)
    if state != "before":
        room.start()
    if state == "paused":
        room.pause()
    if state == "handed in":
        room.hand_in(seat)
    if state == "over":
        room.finish()
    before = room.progress.seq
    with pytest.raises(NotNowError):
        ACTS[act](room, seat)
    assert room.progress.seq == before


@pytest.mark.parametrize("act", [
    lambda room, seat: room.mark(seat, 99_999, "misuse", ""),
    lambda room, seat: room.mark(seat, 5, "guilty", ""),
    lambda room, seat: room.accuse(seat, "S9999999", ""),
    lambda room, seat: room.ask(seat, "interview", "S9999999", ""),
    lambda room, seat: room.ask(seat, "case_file", " ", ""),
    lambda room, seat: room.ask(seat, "torture", "S0000001", ""),
])  # fmt: skip
def test_what_does_not_exist_is_refused_and_not_recorded(room, act):
    """A wrong number is told to whoever typed it."""
    seat = seated(room)
    room.start()
    before = room.progress.seq
    with pytest.raises(NotNowError):
        act(room, seat)
    assert room.progress.seq == before


def test_hints_come_in_steps_and_end(room):
    """Three steps, then no more."""
    seat = seated(room)
    room.start()
    assert [room.hint(seat, 2) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(NotNowError):
        room.hint(seat, 2)


def test_case_file_is_handed_over_at_once_and_an_interview_waits(room):
    """The facilitator answers for people; papers answer for themselves."""
    seat = seated(room)
    room.start()
    for number in ("2025-000001", "2025-000002", "9"):
        room.ask(seat, "case_file", number, "")
    room.ask(seat, "preserve", "", "端末 T001")
    room.ask(seat, "interview", "S0000001", "なぜ見ましたか")
    *papers, interview = room.progress.asked.values()
    assert papers[0].reply == "申請書 1 枚"
    assert len({paper.reply for paper in papers}) == 4
    assert room.progress.open_requests() == [interview]
    room.reply(interview.number, "業務です")
    assert room.progress.open_requests() == []


def test_injects_are_sent_in_their_minute_once(room, clock):
    """Not before, not twice, and not while the facilitator holds them."""
    room.start()
    clock.at += timedelta(minutes=4)
    room.tick()
    assert room.progress.messages_of("第1班") == []
    room.send_by_itself(on=False)
    clock.at += timedelta(minutes=3)
    room.tick()
    assert room.progress.messages_of("第1班") == []
    room.send_by_itself(on=True)
    room.tick()
    room.tick()
    assert [m.inject for m in room.progress.messages_of("第1班")] == ["call"]


def test_restart_changes_nothing_and_does_not_count(room, clock):
    """Marks, answers, clock and messages are as they were; the time of death is not on the clock."""
    seat = seated(room)
    room.start()
    clock.at += timedelta(minutes=10)
    room.mark(seat, 5, "misuse", "受付なし")
    room.answer(seat, 1, ["S0000003", " "])
    room.look(seat, {"text": "佐藤"})
    room.tick()
    told = room.findings("第1班")
    clock.at += timedelta(hours=2)
    after = again(room, clock)
    assert after.findings("第1班") == told
    assert after.minute == pytest.approx(10)
    assert after.progress.teams["第1班"].filters["監査 花子"] == {"text": "佐藤"}
    clock.at += timedelta(minutes=1)
    assert after.minute == pytest.approx(11)
    after.journal.close()


def test_findings_hold_what_the_team_said(room, clock):
    """Only marks of misuse count as such; nobody may be named as nobody."""
    seat = seated(room)
    room.start()
    clock.at += timedelta(minutes=3)
    room.mark(seat, 9, "misuse", "a")
    room.mark(seat, 8, "watch", "b")
    room.mark(seat, 7, "lawful", "c")
    room.accuse(seat, NONE, "")
    room.ask(seat, "report", "", "")
    found = room.findings("第1班")
    assert [(m.event_id, m.reason, m.minute) for m in found.marks] == [(9, "a", 3.0)]
    assert found.accused == (NONE,)
    assert [step.kind for step in found.protocol] == ["report"]
    assert found.members == ("監査 花子",)
    assert room.findings("第2班").marks == ()


def test_free_words_are_marked_by_the_scale_and_come_back(room, clock):
    """Marks stand in the grade, survive a restart, and fall when the team writes something else."""
    seat = seated(room)
    room.start()
    room.judge(seat, 1, "受付簿・世帯・同僚の処理に理由がない。")
    with pytest.raises(NotNowError):
        room.rate("第1班", 1, 3)
    room.hand_in(seat)
    for number in (1, 2, 3, 4):
        assert room.grade("第1班").marks is None
        room.rate("第1班", number, 2, "例を挙げる")
    with pytest.raises(NotNowError):
        room.rate("第1班", 3, 1)
    assert room.grade("第1班").marks == 8
    after = again(room, clock)
    first = after.grade("第1班").judged[0]
    assert (first.words[:3], first.rating.marks, first.rating.remark) == ("受付簿", 2, "例を挙げる")
    assert after.grade("第2班").rated == 0
    after.reopen("第1班")
    after.judge(seat, 1, "別の考え")
    assert after.grade("第1班").rated == 3
    after.journal.close()


def live(room):
    """Begin live mode at full speed before the first event."""
    room.play(at_ms=int(room.frames.at_ms[0]) - 1, speed=3600.0, running=True)
    room.start()


def test_no_misuse_arrives_before_it_is_released(room, clock):
    """The feed stands before the first act, whatever time passes, and goes on from there when it is released."""
    live(room)
    clock.at += timedelta(hours=9)
    first = made_drill.ACTS[0]
    assert room.until == first
    stood = room.office_ms
    with pytest.raises(NotNowError):
        room.mark(seated(room), int(room.frames.events["event_id"][first]), "misuse", "")
    room.release([room.gates[0].episode])
    assert room.until == first
    assert room.office_ms == stood
    clock.at += timedelta(seconds=20)
    assert first < room.until <= made_drill.ACTS[2]
    room.release([gate.episode for gate in room.gates])
    clock.at += timedelta(days=1)
    assert room.until == len(room.frames.events)


def test_feed_without_a_gate_is_the_log_itself(room, clock):
    """Everything that has happened by the office's clock has arrived, and nothing else."""
    live(room)
    room.release([gate.episode for gate in room.gates])
    clock.at += timedelta(seconds=10)
    assert room.until == int((room.frames.at_ms <= room.office_ms).sum())


def test_feed_stops_in_a_pause_and_goes_on_after_a_restart(room, clock):
    """Pause, speed and place survive the death of the server."""
    live(room)
    room.release([gate.episode for gate in room.gates])
    clock.at += timedelta(seconds=5)
    room.pause()
    stood = room.office_ms
    clock.at += timedelta(seconds=50)
    assert room.office_ms == stood
    after = again(room, clock)
    assert after.office_ms == stood
    after.resume()
    after.play(running=False)
    clock.at += timedelta(seconds=50)
    assert after.office_ms == stood
    after.journal.close()


def test_next_morning_is_before_the_office_opens(room):
    """The facilitator skips what nobody watches: to twenty past eight of the next day with work."""
    live(room)
    first = int(room.frames.at_ms[0])
    morning = from_ms(feed.next_morning_ms(room.frames, first))
    assert (morning.hour, morning.minute) == (8, 20)
    assert morning.date() == from_ms(first).date() + timedelta(days=1)
    last = int(room.frames.at_ms[-1])
    assert feed.next_morning_ms(room.frames, last) == last


def test_live_mode_begins_before_the_first_misuse(room):
    """In the morning of its day."""
    begin = feed.start_ms(room.frames, room.gates, None)
    assert begin < room.gates[0].at_ms
    assert from_ms(begin).date() == from_ms(room.gates[0].at_ms).date()
