"""An auditor in the loop: hand-worked histories, and what must hold for any."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from simulator import scoring
from simulator.errors import UsageError
from simulator.scoring import AuditOffice
from simulator.scoring.loop import Pool, by_section, lottery, ranked, weighted

MONDAY = datetime(2025, 6, 2, 1, tzinfo=UTC)
SURE = {"error_rate": 0.0, "false_alarm_rate": 0.0, "deterrence": 0.0}


def history(looks):
    """Judged events: (office day from Monday, actor, resident, score, misuse)."""
    rows = [
        {"event_id": place, "at": MONDAY + timedelta(days=day), "actor": actor, "resident": resident, "score": score,
         "misuse": misuse, "lookalike": False, "section": "tax", "episode_id": actor.decode(), "archetype": "M06",
         "stealth": 0.5}
        for place, (day, actor, resident, score, misuse) in enumerate(looks)
    ]  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col("at").dt.convert_time_zone("Asia/Tokyo"))


STORY = history([
    (0, b"a", b"r1", 0.9, True), (1, b"a", b"r2", 0.1, True), (2, b"a", b"r3", 0.9, True),
    (0, b"b", b"r4", 0.5, False), (1, b"b", b"r4", 0.5, False), (2, b"b", b"r5", 0.5, False),
    (3, b"c", b"r6", 0.2, True), (3, b"b", b"r7", 0.5, False),
])  # fmt: skip


def effects(rows, **office):
    return {effect.policy: effect for effect in scoring.compare(rows, AuditOffice(**{**SURE, **office}))}


def test_story_worked_by_hand():
    """One review a day: a is found on Monday, so r2 and r3 are spared; c is never looked at and harms r6."""
    told = effects(STORY, per_day=1, delay_days=0)
    assert (told["no audit"].harmed, told["no audit"].reviews) == (4, 0)
    best = told["ranked"]
    assert (best.found, best.harmed, best.spared, best.deterred) == (1, 2, 2, 0)
    assert (best.recall, best.days_to_detection, best.reviews, best.suspected) == (0.5, 0.0, 4, 1)


def test_delay_costs_victims():
    """Two office days later, a has already looked up r2 and r3."""
    late = effects(STORY, per_day=1, delay_days=2)["ranked"]
    assert (late.found, late.harmed, late.days_to_detection) == (1, 4, 2.0)


def test_errors_miss_and_accuse():
    """A reviewer who takes all misuse for work finds nobody; one who takes look-alikes for misuse accuses."""
    assert effects(STORY, error_rate=1.0)["ranked"].found == 0
    alike = STORY.with_columns(lookalike=~pl.col("misuse"))
    assert effects(alike, false_alarm_rate=1.0)["ranked"].accused == 1


def test_deterrence_stops_colleagues():
    """With certain deterrence the case of a ends c's misuse before it begins."""
    told = effects(STORY, per_day=1, delay_days=0, deterrence=1.0)["ranked"]
    assert (told.harmed, told.spared, told.deterred) == (1, 2, 1)


@pytest.mark.parametrize("order", [ranked, lottery, weighted, by_section])
def test_policies_review_each_once(order):
    """Every policy orders the whole pool, each unit once."""
    rows = STORY.with_columns(section=pl.Series(["tax", "care"] * 4))
    played = effects(rows, per_day=10)
    assert all(effect.reviews <= 8 for effect in played.values())
    pool = Pool(np.array([0.1, 0.9, 0.9, 0.5]), np.array([0.2, 0.4, 0.3, 0.9]), np.array(list("xyyx")))
    assert sorted(order(pool).tolist()) == [0, 1, 2, 3]
    if order is by_section:
        assert order(pool).tolist() == [2, 3, 1, 0]


def test_same_seed_same_effects():
    """The same seed gives the same effects whatever is called before; nothing is harmed more than without audit."""
    first, again = effects(STORY, deterrence=0.5, error_rate=0.3), effects(STORY, deterrence=0.5, error_rate=0.3)
    assert first == again
    assert all(e.harmed + e.spared + e.deterred == first["no audit"].harmed for e in first.values())


def test_impossible_office_is_refused():
    """A rate above 1 is refused."""
    with pytest.raises(UsageError, match="rates from 0 to 1"):
        AuditOffice(error_rate=1.5)
