"""The main job on a small city, end to end: make it, look for the misuse with each baseline, score, draw a report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator import detect, generation, report, scenario, scoring
from simulator.errors import ExistsError
from simulator.generation import Order, RunFolders
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey
from simulator.scoring import Scorecard

SCENARIO = "demo"
SHOWN = ("B1", "B2")
"""Codes of the baselines that the demo tries."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a demo made, and where it is."""

    folders: RunFolders
    report: Path
    cards: tuple[Scorecard, ...]
    events: int
    misuse: int
    lookalikes: int

    def words(self) -> str:
        """The closing words: where everything is and three commands to try next."""
        run, truth = self.folders.run, self.folders.truth
        best = max(self.cards, key=lambda card: card.average_precision)
        lines = [
            f"  run        {run}   {self.events:,} audit events; nothing in it tells misuse from work",
            f"  answers    {truth}   {self.misuse} episodes of misuse, {self.lookalikes:,} lawful look-alikes",
            f"  keys       {self.folders.keys}",
            f"  report     {self.report}",
            "",
            f"Best baseline: {best.detector}, average precision {best.average_precision:.3f} "
            f"where chance gives {best.prevalence:.5f}.",
            "",
            "Try next:",
            f"  jukisim verify {run}",
            f"  jukisim detect {run} --with has_reason --out scores.csv",
            f"  jukisim export {run} --format csv --out {run}.csv",
        ]
        return "\n".join(lines)


def baselines() -> list[str]:
    """The names of the detectors that the demo tries."""
    return [name for name, baseline in detect.discover().items() if baseline.quick and baseline.code in SHOWN]


def stage_count() -> int:
    """How many stages `run` reports."""
    return generation.stages(scenario.load(SCENARIO)) + len(baselines()) + 1


def run(out: Path, seed: int, jobs: int, progress: Callable[[str], None]) -> Shown:
    """Make the demo at `out`, with its report in ``out.report.html``.

    Raises:
        ExistsError: something of that name is already there.
    """
    folders = RunFolders(Path(out).absolute())
    page = folders.run.with_name(folders.run.name + ".report.html")
    folders.check_free()
    if page.exists():
        msg = f"{page} already exists; give another --out or remove it first"
        raise ExistsError(msg)
    order = Order(scenario=scenario.load(SCENARIO), seed=seed, key=PseudonymKey.insecure(), jobs=jobs)
    dataset = generation.generate(order, folders.run, lambda words, _: progress(words))
    key = AnswerKey.open(folders.truth)
    cards = []
    for name in baselines():
        progress(name)
        cards.append(scoring.score(dataset, key, detect.run(dataset, name), name))
    progress("report")
    report.write_run_page(dataset, page, key, cards)
    misuse = int(key.episodes["misuse"].sum())
    counts = dataset.manifest.rows["event"], misuse, key.episodes.height - misuse
    return Shown(folders, page, tuple(cards), *counts)
