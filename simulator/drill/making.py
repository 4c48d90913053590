"""Makes a drill: plays its scenario, holds the pack to its promise, writes what teams get and seals the rest.

A pack is handed over only if its solver reaches every answer by the evidence alone and, from level 2 on, no question
is answered by the top of a column or one filter. Otherwise the town is drawn anew, the same way for the same seed.
"""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import simulator
from simulator import generation, storage
from simulator.dataset import Dataset
from simulator.drill import evidence as evidences
from simulator.drill import pack as packs
from simulator.drill import rules, same, secret, solvers, spec, truth
from simulator.drill.evidence import Evidence
from simulator.drill.pack import Manifest, Pack, Question
from simulator.drill.papers import write_papers
from simulator.drill.rules import Facts
from simulator.drill.secret import Answer, Inject, Secret
from simulator.drill.sheets import write_evidence
from simulator.drill.spec import DrillSpec, QuestionSpec, Text
from simulator.drill.trivial import trivial
from simulator.errors import CheckError, SimulatorError, UsageError
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey, Realm
from simulator.scenario import Scenario
from simulator.streams import Stream

ATTEMPTS = 48
COSTS = (0.2, 0.3, 0.4)
"""What each of the three hints takes of a question's points; all three leave a tenth."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make.

    Attributes:
        drill: which one.
        seed: 0 ≤ seed < 2^128; it gives everything away to whoever has it.
        difficulty: 1–3.
        minutes: of the whole exercise.
        teams, team: how many teams, and people in each.
        lang: of the papers, ja or en.
        days, residents: another size than the level's, for large logs.
    """

    drill: DrillSpec
    seed: int
    difficulty: int = 2
    minutes: int = 90
    teams: int = 5
    team: int = 4
    lang: str = "ja"
    days: int | None = None
    residents: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            UsageError: a number out of range or an unknown language.
        """
        for name, low, high in (("minutes", 20, 480), ("teams", 1, 20), ("team", 1, 12)):
            if not low <= getattr(self, name) <= high:
                msg = f"{name} is {getattr(self, name)}; give {low} to {high}"
                raise UsageError(msg)
        if self.lang not in spec.LANGUAGES:
            msg = f"lang is {self.lang!r}; give ja or en"
            raise UsageError(msg)

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        sized = generation.Overrides(days=self.days, residents=self.residents)
        return sized.applied(self.drill.played(self.difficulty))


@dataclass(frozen=True, slots=True)
class Town:
    """What came of playing a scenario: the evidence, the truth and what follows from both."""

    tables: dict[str, pl.DataFrame]
    secret: Secret

    @property
    def evidence(self) -> Evidence:
        """The evidence."""
        return Evidence({name: frame.lazy() for name, frame in self.tables.items()})


def order(drill: str, *, seed: int | None = None, **wanted: Any) -> Order:
    """An order in the words of the command line; without a seed one is drawn and kept nowhere.

    Raises:
        UnknownNameError: there is no such drill.
        UsageError: a number out of range.
    """
    drawn = secrets.randbits(128) if seed is None else seed
    return Order(drill=spec.load(drill), seed=drawn, **{name: v for name, v in wanted.items() if v is not None})


def make(order: Order, out: Path, progress: Progress = lambda _: None, key: PseudonymKey | None = None) -> Pack:
    """Make the drill at `out`, with its key file beside it.

    Raises:
        ExistsError: `out` or the key file is already there.
        CheckError: none of `ATTEMPTS` towns could be solved by its evidence alone.
        StorageError: the disk would not take it.
    """
    folder = Path(out).absolute()
    with storage.whole_folders({"key": secret.key_of(folder), "pack": folder}) as draft:
        town = settled(order, progress, draft)
        sealing = key or PseudonymKey.generate()
        progress("papers")
        write(order, town, draft / "pack", sealing)
        sealing.save(draft / "key")
    return packs.open_pack(folder)


def settled(order: Order, progress: Progress = lambda _: None, place: Path | None = None) -> Town:
    """The first town of the order that holds its promise.

    Args:
        order: of the drill.
        progress: told which town is tried.
        place: folder for the runs of the towns, each of which goes again; None for the system's own.

    Raises:
        CheckError: none of `ATTEMPTS` does.
    """
    faults: list[str] = []
    for number, seed in enumerate(_seeds(order.seed), start=1):
        progress(f"town {number}")
        try:
            town = play(order, seed, place)
        except CheckError as error:
            faults.append(str(error))
            continue
        wrong = check(order, town)
        if not wrong:
            return town
        faults.append(wrong[0])
    msg = f"none of {ATTEMPTS} towns can be solved by its evidence alone; last: {faults[-1]}; give another --seed"
    raise CheckError(msg)


def _seeds(seed: int) -> Iterator[int]:
    """The seeds of the towns that are tried, the first being `seed` itself."""
    yield seed
    yield from (int(word) for word in Stream(seed).at("drill").bits("town", ATTEMPTS - 1))


def play(order: Order, seed: int, place: Path | None = None) -> Town:
    """Play the scenario from `seed`, in a folder of `place`, and take the evidence and the truth of it.

    Raises:
        CheckError: the scenario's promise could not be kept.
    """
    with tempfile.TemporaryDirectory(dir=place, prefix="jukisim-drill-") as folder:
        key, run = PseudonymKey.generate(), Path(folder) / "run"
        made = generation.generate(generation.Order(scenario=order.scenario, seed=seed, key=key), run)
        folders = generation.RunFolders(run)
        return compiled(order, made, folders.keys, AnswerKey.open(folders.truth), key)


def compiled(order: Order, run: Dataset, keys: Path, answer_key: AnswerKey, key: PseudonymKey) -> Town:
    """The evidence of a run and what is sealed about it; the evidence depends on nothing of `answer_key`."""
    played = order.scenario
    epochs = played.rotation.epochs(key, Realm.audit(played.municipalities[0]))
    tables = evidences.machine(run, keys, played, epochs)
    evidence = Evidence({name: frame.lazy() for name, frame in tables.items()})
    return Town(tables, _secret(order.drill, answer_key, evidence))


def _secret(drill: DrillSpec, answer_key: AnswerKey, evidence: Evidence) -> Secret:
    told, words = truth.labels(answer_key, evidence), spec.common().words
    given = truth.key_answers(drill, told, evidence)
    acts = Facts(truth.found(told, evidence)["misuse"], evidence)
    stories = answer_key.episodes.filter(pl.col("episode_kind") != "look-alike")
    hints = {(n, step): hint for n, q in enumerate(drill.questions, 1) for step, hint in enumerate(q.hints, 1)}
    return Secret(
        drill=drill.name,
        answers={n: Answer(values=given[n], path=q.path) for n, q in enumerate(drill.questions, start=1)},
        hints=hints,
        injects=_injects(drill, acts),
        interviews=truth.interviews(told, evidence, words),
        case_files=truth.case_files(told, evidence, words),
        story=tuple(Text(ja=row["story_ja"], en=row["story_en"]) for row in stories.iter_rows(named=True)),
        labels=told,
        rankings=truth.rankings(evidence),
    )


def _injects(drill: DrillSpec, acts: Facts) -> tuple[Inject, ...]:
    values = truth.named(acts)
    return tuple(
        Inject(
            id=f"inject-{number}", minute=one.minute, kind=one.kind, title=one.title,
            text=one.text.fill(**values), expect=one.expect.fill(**values),
        )
        for number, one in enumerate(drill.injects, start=1)
    )  # fmt: skip


def check(order: Order, town: Town) -> list[str]:
    """What keeps the town from being handed over; empty if nothing does."""
    drill, evidence = order.drill, town.evidence
    try:
        reached = solvers.solve(drill, evidence)
    except SimulatorError as error:
        return [str(error)]
    forms = {n: rules.of(q.rule).form for n, q in enumerate(drill.questions, start=1)}
    missed = [
        f"question {n}: the evidence leads to {reached[n]}, the truth is {answer.values}"
        for n, answer in town.secret.answers.items()
        if not same.right(reached[n], answer.values, forms[n])
    ]
    if missed or order.difficulty == 1:
        return missed
    given = {n: (forms[n], answer.values) for n, answer in town.secret.answers.items()}
    easy = trivial(evidence, given)
    return [f"question {n} needs no thought: {how}" for n, how in easy.items()]


def write(order: Order, town: Town, folder: Path, key: PseudonymKey) -> None:
    """Write the whole pack into the new `folder`; only ``sealed/`` depends on the truth."""
    drill, evidence = order.drill, town.evidence
    for name, frame in town.tables.items():
        storage.write_frame(frame, folder / packs.MACHINE_FOLDER / f"{name}.parquet")
    questions = tuple(_question(number, q) for number, q in enumerate(drill.questions, start=1))
    packs.write_questions(questions, folder)
    rows = write_evidence(evidence, folder / packs.EVIDENCE_FOLDER, questions, order.lang, order.teams)
    days = evidence.events["at"].dt.date()
    shares = spec.minutes_of(order.minutes)
    manifest = Manifest(
        format=packs.FORMAT, version=simulator.__version__, title=drill.title, lang=order.lang,
        difficulty=order.difficulty, minutes=order.minutes,
        phases={phase.key: minutes for phase, minutes in zip(spec.common().phases, shares, strict=True)},
        teams=order.teams, team=order.team, rows=rows, first_day=str(days.min()), last_day=str(days.max()), files={},
    )  # fmt: skip
    write_papers(drill, manifest, questions, folder)
    secret.write_sealed(town.secret, folder, key)
    Manifest(**{**_plain(manifest), "files": packs.digests(folder)}).write(folder)


def _plain(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}


def _question(number: int, q: QuestionSpec) -> Question:
    rule = rules.of(q.rule)
    costs = tuple(round(q.points * share) for share in COSTS)
    return Question(
        id=f"q{number:02}", number=number, points=q.points, text=q.text, kind=rule.form.value, several=rule.several,
        hint_costs=(costs[0], costs[1], costs[2]),
    )  # fmt: skip
