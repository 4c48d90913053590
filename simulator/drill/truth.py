"""The truth of a drill: the answer key of its run in the terms of the evidence, with what is said and told about it."""

import polars as pl

from simulator import detect
from simulator.drill import reasons
from simulator.drill.evidence import Evidence
from simulator.drill.rules import OPENS, Facts
from simulator.drill.solvers import Found, answers
from simulator.drill.spec import DrillSpec, Text
from simulator.labels import AnswerKey

BASELINES = ("rules", "peers", "has_reason")
"""The three reference detectors that people are compared with."""
LONGEST_RANKING = 1_000
_KINDS = ("misuse", "grey", "error")


def labels(key: AnswerKey, evidence: Evidence) -> pl.DataFrame:
    """One row per event that is no ordinary work: ``event_id, staff_code, person_no, kind, episode_id``."""
    kinds = key.episodes.select("episode_id", "archetype", kind=pl.col("episode_kind"))
    rows = key.labels.select("event_id", "episode_id", "archetype").join(
        kinds, on=["episode_id", "archetype"], how="left"
    )  # a twin bears the episode that it matches, not its archetype
    kind = pl.col("kind").fill_null("look-alike")
    who = evidence.events.select("event_id", "staff_code", "person_no")
    named = rows.with_columns(kind=kind).join(who, on="event_id", how="left").sort("event_id")
    person = pl.col("person_no").backward_fill().forward_fill().over("episode_id", "staff_code")
    named = named.with_columns(person)  # a search that showed nobody alone is about whom was opened next
    return named.select("event_id", "staff_code", "person_no", "kind", "episode_id").sort("event_id")


def found(told: pl.DataFrame, evidence: Evidence) -> Found:
    """The acts that truly were misuse, grey or an error and can be shown to be so, as rows of the log.

    Where a case, the household or a colleague's work happens to explain such a look, no inquiry can tell; it counts in
    precision and recall, and no question asks for it.
    """
    acts = told.filter(pl.col("kind").is_in(_KINDS)).select("event_id", "kind")
    shown = reasons.unexplained(evidence).select("event_id")
    rows = evidence.events.join(acts, on="event_id")
    rows = pl.concat([rows.join(shown, on="event_id"), rows.filter(pl.col("action") == "export")])
    return {kind: rows.filter(pl.col("kind") == kind).drop("kind").sort("at", "event_id") for kind in _KINDS}


def key_answers(drill: DrillSpec, told: pl.DataFrame, evidence: Evidence) -> dict[int, tuple[str, ...]]:
    """The accepted answers."""
    return answers(drill, evidence, found(told, evidence))


def rankings(evidence: Evidence) -> dict[str, tuple[tuple[str, str], ...]]:
    """Reference detector → (staff number, person) from the most suspicious down; equal scores in order of time."""
    looks = evidence.events.filter(pl.col("action").is_in(OPENS)).select("event_id", "at", "staff_code", "person_no")
    ranked = {}
    for name in BASELINES:
        scores = detect.run(evidence, name).select("event_id", "score")
        best = (
            looks.drop_nulls()
            .join(scores, on="event_id")
            .sort(["score", "at", "event_id"], descending=[True, False, False])
        )
        pairs = best.unique(["staff_code", "person_no"], keep="first", maintain_order=True).head(LONGEST_RANKING)
        ranked[name] = tuple(pairs.select("staff_code", "person_no").iter_rows())
    return ranked


def interviews(told: pl.DataFrame, evidence: Evidence, words: dict[str, Text]) -> dict[str, Text]:
    """What everybody says who is worth asking: who did it, and who looks alike but had business."""
    names = {row["staff_code"]: row["staff_name"] for row in evidence.staff.iter_rows(named=True)}
    order = {"misuse": 0, "grey": 1, "error": 2, "look-alike": 3}
    rows = told.drop_nulls("staff_code").with_columns(rank=pl.col("kind").replace_strict(order, default=3)).sort("rank")
    said = {}
    for row in rows.unique("staff_code", keep="first", maintain_order=True).iter_rows(named=True):
        said[row["staff_code"]] = words[f"talk_{row['kind']}"].fill(name=names.get(row["staff_code"], ""))
    return said


def case_files(told: pl.DataFrame, evidence: Evidence, words: dict[str, Text]) -> dict[str, Text]:
    """What the files of the stated cases hold: whose business it was, and where it says nothing."""
    acts = told.filter(pl.col("kind").is_in((*_KINDS, "look-alike"))).select("event_id")
    stated = evidence.events.join(acts, on="event_id")["case_no"].drop_nulls().unique().sort()
    listed = {row["case_no"]: row for row in evidence.cases.iter_rows(named=True)}
    files = {}
    for case_no in stated:
        row = listed.get(case_no)
        about = {"person": f"{row['person_name']}（{row['person_no']}）"} if row else {"person": ""}
        files[case_no] = words["file" if row else "file_missing"].fill(case_no=case_no, **about)
    return files


def named(acts: Facts) -> dict[str, str]:
    """What the words of an inject may name: whom it happened to, and when; empty where nothing happened."""
    victim, chief = acts.victim or "", acts.chief or ""
    people, staff, days = acts.evidence.people, acts.evidence.staff, acts.opens["at"].dt.date()
    titles = dict(acts.evidence.places.select("section", "section_title").unique().iter_rows())
    person = people.filter(pl.col("person_no") == victim)
    clerk = staff.filter(pl.col("staff_code") == chief)
    return {
        "person_no": victim,
        "person_name": person["name"][0] if person.height else "",
        "person_address": person["address"][0] if person.height else "",
        "staff_section": titles.get(clerk["section"][0], "") if clerk.height else "",
        "month": str(days.min())[:7] if len(days) else "",
    }
