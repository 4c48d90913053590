"""The whole answer key again, from facts alone: is an M04 actor really kin, had an M15 actor really lost the right?

The people are made anew from the seed that lies with the truth, staff and keys are read from RUN.keys, the log and the
case list from the run. None of the code that played the episodes is asked; each archetype's rule is written a second
time, as a judge would put it (`rules`).
"""

from collections.abc import Iterator
from pathlib import Path

from simulator.dataset import Dataset, Finding
from simulator.labels import AnswerKey
from simulator.rederive.facts import Facts, facts
from simulator.rederive.rules import EVERY, RULES
from simulator.rederive.twins import unlike

__all__ = ["RULES", "Facts", "facts", "rederive"]


def rederive(run: Path) -> list[Finding]:
    """Everything in the answer key of the run in `run` that the facts do not bear out; empty if all is so.

    Raises:
        MissingError, DamagedError: the run, its truth or its keys are not there or do not decode.
    """
    dataset = Dataset.open(run)
    key = AnswerKey.open(run.with_name(f"{run.name}.truth"))
    findings = [finding for seen in facts(dataset, key) for finding in judge(seen)]
    return [*findings, *unlike(dataset, key)]


def judge(seen: Facts) -> Iterator[Finding]:
    """What the facts of one municipality do not bear out."""
    for episode in seen.episodes:
        rules = (*EVERY, *RULES.get(episode.archetype, ()))
        for rule in rules:
            if not rule.holds(seen, episode):
                yield Finding(f"truth/episode {episode.episode_id}", rule.says)
        if episode.archetype not in RULES:
            yield Finding(f"truth/episode {episode.episode_id}", f"no rule for {episode.archetype}")
