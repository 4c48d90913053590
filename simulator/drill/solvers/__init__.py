"""A solver for each drill: what a patient team would find, by the evidence alone. One file each, named as the drill.

A solver knows no run, no label and no number of any pack; it gets the `Evidence` and returns what it takes for misuse,
for a grey area and for an error. The questions follow from that by the same rules as the answer key.
"""

import importlib
from collections.abc import Mapping

import polars as pl

from simulator.drill import reasons, rules
from simulator.drill.evidence import Evidence
from simulator.drill.rules import Answers, Facts
from simulator.drill.spec import DrillSpec

CLEARED = "cleared"
"""What a question can also be about: looks whose reason is not in the case list."""
Found = Mapping[str, pl.DataFrame]
"""misuse, grey, error → rows of ``evidence.events``; a kind that is missing was not found."""


def solve(drill: DrillSpec, evidence: Evidence) -> dict[int, Answers]:
    """The answers that the solver of `drill` reaches, by number of the question."""
    found: Found = importlib.import_module(f"{__name__}.{drill.name.replace('-', '_')}").find(evidence)
    return answers(drill, evidence, found)


def answers(drill: DrillSpec, evidence: Evidence, found: Found) -> dict[int, Answers]:
    """The answers to the questions of `drill` that follow from `found`."""
    nothing = evidence.events.head(0)
    acts = {
        kind: reasons.begun(found.get(kind, nothing).sort("at", "event_id"), evidence)
        for kind in ("misuse", "grey", "error")
    }
    if any(question.of == CLEARED for question in drill.questions):
        acts[CLEARED] = reasons.cleared(evidence)
    facts = {kind: Facts(rows, evidence) for kind, rows in acts.items()}
    return {number: rules.answer(q.rule, facts[q.of]) for number, q in enumerate(drill.questions, start=1)}
