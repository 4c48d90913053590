"""How a request was made must not tell whether it is misuse: only whose record, under which case, may tell.

Every artefact is compared with lawful requests of the same procedure and action only. What a leak smaller than four
standard errors does, these tests cannot see; the message of each names that bound.
"""

from dataclasses import dataclass

import numpy as np
import played_town
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

SEEDS = range(1, 13)
DAYS, RESIDENTS, STAFF = 60, 4_000, 120
# A crowd of seven different people among a dozen must hold the quiet ones too; four show how the engine chooses.
MISUSE = {"M06": {"episodes": 10}, "M12": {"episodes": 8, "actors": 4}}
BOUND = 4.0  # standard errors
LARGEST_ERROR = 0.04  # else the tests would see nothing
SESSION = ["seed", "staff_no", "session_key"]
# Searches and views alone: that misuse issues nothing is a signal which its archetypes name.
LOOK = pl.col("action").is_in(["search", "list", "view"])
ARTEFACTS = {
    "millisecond": pl.col("at").dt.millisecond(),
    "second of minute": pl.col("at").dt.second(),
    "tie": pl.col("tie"),
    "request_no": pl.col("request_no"),
    "session length in time": (pl.col("at").max() - pl.col("at").min()).over(SESSION).dt.total_milliseconds(),
    "session length in looks": LOOK.sum().over(SESSION),
    "gap to the actor's previous request": pl.col("at").diff().over("seed", "staff_no").dt.total_milliseconds(),
    "dwell": pl.col("dwell_s"),
    "typed": pl.col("typed"),
    "position in the session": pl.int_range(pl.len()).over(SESSION),
    "time since log-on": (pl.col("at") - pl.col("at").min().over(SESSION)).dt.total_milliseconds(),
    "no case number": pl.col("case_no").is_null(),
}
WHO = {
    "looks of the actor in all": LOOK.sum().over("seed", "staff_no"),
    **{name: ARTEFACTS[name] for name in ("session length in looks", "position in the session", "time since log-on")},
}


@dataclass(frozen=True)
class Area:
    """An area under the ROC curve within strata, with its standard error, and over how many episodes."""

    auc: float
    error: float
    episodes: int

    def __str__(self):
        unseen = f"leaks below {BOUND * self.error:.3f} would go unseen"
        return f"AUC {self.auc:.4f}, standard error {self.error:.4f} over {self.episodes} episodes; {unseen}"

    @property
    def leaks(self):
        return abs(self.auc - 0.5) > BOUND * self.error


def _requests(seed):
    """Requests of one run, in order, with `episode` (null if lawful), `procedure` and every artefact."""
    town = played_town.make(seed, DAYS, RESIDENTS, STAFF)
    played = town.play(MISUSE)
    of_case = town.plan.request_case.join(town.plan.cases.select("case_index", "procedure"), on="case_index")
    bad = played.labels.filter("misuse").select("request_no", episode="episode_id")
    sections = town.office.staff.select("staff_no", "section")
    return (
        played.requests.join(of_case, on="request_no", how="left", maintain_order="left")
        .join(bad, on="request_no", how="left", maintain_order="left")
        .join(sections, on="staff_no", maintain_order="left")
        .with_columns(seed=pl.lit(seed), episode=pl.format("{}/{}", pl.lit(seed), "episode"))
        .sort("at", "tie")
    )


@pytest.fixture(scope="module")
def work():
    """The steps of cases of every seed, lawful and not, with their artefacts."""
    whole = pl.concat([_requests(seed) for seed in SEEDS])
    measured = whole.with_columns(
        column.cast(pl.Float64).fill_null(-1).alias(n) for n, column in (ARTEFACTS | WHO).items()
    )
    left = pl.col("at") + pl.duration(seconds=pl.col("dwell_s"))
    pause = (pl.col("at").shift(-1).over(SESSION) - left).dt.total_milliseconds()
    return measured.with_columns(pause_ms=pause.cast(pl.Float64)).filter(pl.col("procedure").is_not_null())


def _area(work, artefact, strata):
    """The mean over misuse of its place among lawful requests of its stratum: an AUC per stratum, weighted."""
    weighted, misused, lawful = [], [], []
    for _, part in work.group_by(strata, maintain_order=True):
        bad = part["episode"].is_not_null().to_numpy()
        if bad.all() or not bad.any():
            continue
        values = part[artefact].to_numpy()
        score = float(roc_auc_score(bad, values))
        weighted.append((score, bad.sum()))
        misused.append((_place(values[bad], values[~bad]) - 0.5, part["episode"].filter(bad)))
        share = bad.sum() / (~bad).sum()
        groups = part.filter(~bad).select(pl.concat_str(pl.col(SESSION).cast(pl.String), separator="/"))
        lawful.append(((_place(values[~bad], values[bad]) - 1 + score) * share, groups.to_series()))
    auc, n = np.array(weighted).T
    mean = float(np.average(auc, weights=n))
    variance, episodes = _variance(misused, n.sum())
    return Area(mean, float(np.sqrt(variance + _variance(lawful, n.sum())[0])), episodes)


def _place(values, others):
    """The share of `others` below each of `values`, ties for half."""
    ordered = np.sort(others)
    return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, side="right")) / 2 / len(ordered)


def _variance(parts, n):
    """The variance of the sum of centred places over `n`, by clusters, and how many clusters there are."""
    frame = pl.concat([pl.DataFrame({"place": place, "cluster": group}) for place, group in parts])
    sums = frame.group_by("cluster").agg(pl.col("place").sum())["place"]
    count = len(sums)
    return float((sums**2).sum()) / n**2 * count / (count - 1), count


@pytest.mark.parametrize("artefact", ARTEFACTS)
def test_artefact_does_not_tell_misuse(work, artefact):
    """Misuse lies among lawful requests of its procedure and action as chance would have it."""
    # A crowd takes one of every branch first, whose sessions are shorter: rhythm is compared within the section.
    area = _area(work, artefact, ["procedure", "action", *(["section"] if artefact in WHO else [])])
    assert not area.leaks, f"{artefact}: {area}"
    assert area.error < LARGEST_ERROR, f"{artefact}: {area}"


@pytest.mark.parametrize("artefact", WHO)
@pytest.mark.parametrize("archetype", MISUSE)
def test_misuse_falls_on_people_and_sessions_as_work_does(work, artefact, archetype):
    """Within its section, procedure and action no archetype prefers quiet or busy people, sessions or hours."""
    kept = work.filter(pl.col("episode").is_null() | pl.col("episode").str.contains(archetype, literal=True))
    area = _area(kept, artefact, ["procedure", "action", "section"])
    assert not area.leaks, f"{archetype}, {artefact}: {area}"
    assert area.error < LARGEST_ERROR, f"{archetype}, {artefact}: {area}"


def test_case_number_is_null_by_purpose_and_system_alone(work):
    """Within a purpose and system misuse lacks case numbers as often as lawful work does."""
    area = _area(work, "no case number", ["purpose", "system"])
    assert not area.leaks, str(area)


def test_no_hole_is_left_where_misuse_issues_nothing(work):
    """After the last look the actor's next request comes as soon as after lawful cases that only look."""
    case = ["seed", "case_index"]
    looks_only = ~pl.col("action").is_in(["issue", "update", "change"]).any().over(case)
    last = work.filter(looks_only, pl.col("at") == pl.col("at").max().over(case), pl.col("pause_ms") >= 0)
    area = _area(last, "pause_ms", ["procedure", "action"])
    assert not area.leaks, str(area)
    assert area.error < LARGEST_ERROR, str(area)


def test_planted_leaks_are_seen(work):
    """A millisecond that misuse rounds off, and a tie that it draws three tenths lower, both show."""
    bad = pl.col("episode").is_not_null()
    for artefact, planted in (("millisecond", pl.lit(0.0)), ("tie", pl.col("tie") * 0.7)):
        changed = pl.when(bad).then(planted).otherwise(pl.col(artefact)).alias(artefact)
        area = _area(work.with_columns(changed), artefact, ["procedure", "action"])
        assert area.leaks, f"{artefact}: {area}"
