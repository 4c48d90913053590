"""One municipality from nothing to its log: people, office, lawful work, misuse, decisions, files."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from simulator import memory, population, registry, storage, workload
from simulator.access import Answers, PhasedGate, log
from simulator.clock import Window, day_start_ms
from simulator.dataset import LogHead
from simulator.errors import CheckError
from simulator.population import Population
from simulator.pseudonym import PseudonymKey, Realm
from simulator.registry import Registry
from simulator.scenario import Scenario
from simulator.schema import EPISODE, LABEL, Table
from simulator.simulate import auditor, twins
from simulator.streams import Stream
from simulator.workload import Office, OfficeSpec, Played
from simulator.world.municipality import municipality

Progress = Callable[[str], None]
_TOLD = {"request_no": pl.UInt64, "told": pl.String}
_TOKENS = pl.List(pl.Binary)
STAGES = ("people", "office", "lawful work", "misuse", "log", "auditor's tables", "register")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Which municipality is made, and with what.

    Attributes:
        index: its number in the run, from 0: the high bits of its event_ids.
        code: its six digits.
        stream: its own randomness.
        people: the randomness of people, one for the nation.
        key: pseudonym key of the run.
        folder: the run.
        jobs: workers; change no byte.
    """

    index: int
    code: str
    stream: Stream
    people: Stream
    key: PseudonymKey
    folder: Path
    jobs: int


@dataclass(frozen=True, slots=True)
class MadeHere:
    """What came of one municipality: rows by table, the head of its log, its staff, its part of the truth."""

    rows: dict[str, int]
    head: LogHead
    staff: pl.DataFrame
    labels: pl.DataFrame
    episodes: pl.DataFrame


def make(scenario: Scenario, site: Site, progress: Progress) -> MadeHere:
    """Simulate one municipality and write its part of the run.

    Raises:
        StorageError: the disk would not take it.
        CheckError: an episode could not be played, or the log answered it otherwise than it was told.
    """
    progress("people")
    place = municipality(site.code)
    residents, staff = scenario.sized(site.code)
    people = population.build(residents, place, scenario.window, site.people, site.jobs)
    with ThreadPoolExecutor(max_workers=1) as beside:
        register = partial(_registered, people, site, site.folder / _database(scenario, site))
        kept = beside.submit(register) if site.jobs > 1 else None
        made = _worked(scenario, site, people, staff, progress)
        progress("register")
        made.rows.update(kept.result() if kept else register())
    return made


def _registered(people: Population, site: Site, database: Path) -> dict[str, int]:
    """Write what the register holds; rows by table. All follows from the people, so a worker may be at it early."""
    rows = _write(site, people.register, "registry")
    registry.write_database(people, database)
    return rows


def _worked(scenario: Scenario, site: Site, people: Population, staff: OfficeSpec, progress: Progress) -> MadeHere:
    """The year in the office of `people`, down to its log."""
    progress("office")
    office = workload.build_office(staff, people, site.stream.at("office"))
    done = work(scenario, site, Stretch(people, people, office, site.stream, scenario.misuse), progress)
    rows = _write(site, done.tables, "auditor") | {"event": done.log.size, "shown": done.log.shown}
    return MadeHere(rows, LogHead(site.code, done.log.size, done.log.root), office.staff, done.labels, done.episodes)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of work: those of the scenario, or those by which a run grows.

    Attributes:
        people: the register, from its first day to its last.
        seen: the people as whoever works in these days meets them; its window is these days.
        office: on duty in these days.
        stream: of the work.
        misuse: which is played.
        numbered: how many cases of each letter and year have a number already.
        sealed: what the log holds already; None for nothing.
    """

    people: Population
    seen: Population
    office: Office
    stream: Stream
    misuse: Mapping[str, Mapping[str, Any]]
    numbered: Mapping[str, int] = field(default_factory=dict)
    sealed: log.SealedLog | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a stretch: its log, the auditor's tables, its part of the truth."""

    log: log.Written
    tables: Mapping[Table, pl.DataFrame]
    labels: pl.DataFrame
    episodes: pl.DataFrame


def work(scenario: Scenario, site: Site, stretch: Stretch, progress: Progress) -> Worked:
    """Plan the lawful work of a stretch, play its misuse, and write the log.

    Raises:
        StorageError: the disk would not take it.
        CheckError: an episode could not be played, or the log answered it otherwise than it was told.
    """
    people, seen, office, stream = stretch.people, stretch.seen, stretch.office, stretch.stream
    progress("lawful work")
    spec, numbered = scenario.workload, stretch.numbered
    plan = workload.plan_lawful(spec, seen, office, stream.at("work"), site.jobs, numbered=numbered)
    registry = Registry.of(people)
    gate = PhasedGate.of(scenario.policy or (), registry, office)
    progress("misuse")
    made_before = gate.submit_batch(plan.others.filter(pl.col("action") == "approve")).decided
    live = gate.open(made_before, plan.of_staff)
    played = workload.play(stretch.misuse, seen, office, plan, stream=stream.at("misuse"), submit=live.submit)
    progress("log")
    epochs = scenario.rotation.epochs(site.key, Realm.audit(site.code))
    writer = log.LogWriter.of(registry, office, epochs, site.index, site.folder, stretch.sealed)
    met = stretch.sealed.met if stretch.sealed else None
    candidates = twins.Candidates.of(played.made, writer.names.residents, epochs, met)
    truth = _logged(_Logging(gate, played, writer, candidates), months(seen.window), site.jobs)
    head = writer.close(truth.ids)
    progress("auditor's tables")
    names = auditor.tokens(people, office, writer.names)
    cases = office.moved.titled(played.cases, pl.col("opened").dt.date())
    labels = _labels(played.labels, truth.pairs, truth.ids)
    episodes = _episodes(played.episodes, labels, truth.ids, names)
    told = (_told_apart(frame, scenario, site.code) for frame in (labels, episodes))
    return Worked(head, auditor.tables(people, office, cases, names), *told)


@dataclass(frozen=True, slots=True)
class _Truth:
    """What is kept of the log for the answer key.

    Attributes:
        ids: request_no, event_id and at of the labelled requests, and of all that might be twins.
        pairs: request_no of each twin and twin_of.
    """

    ids: pl.DataFrame
    pairs: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Logging:
    """What goes through the gate, and who writes down what."""

    gate: PhasedGate
    played: Played
    writer: log.LogWriter
    candidates: twins.Candidates


def _logged(work: _Logging, spans: list[tuple[int, int]], jobs: int) -> _Truth:
    """Decide and write the whole work, month by month; with two workers one decides the next while one writes."""
    kept, played, writer = [], work.played, work.writer
    labelled = played.labels.select("request_no")
    try:
        with ThreadPoolExecutor(max_workers=1) as ahead:
            turns = _in_turn(ahead if jobs > 1 else None, work.gate, played, spans)
            for span in spans:
                answers = next(turns)
                _check_answers(answers.decided, played.answers)
                ids = writer.add(answers)
                near = work.candidates.add(answers.decided, played.request_case(*span))
                wanted = pl.concat([labelled, near.to_frame()])
                times = answers.decided.select("request_no", "at").join(wanted, on="request_no", how="semi")
                kept.append(ids.join(times, on="request_no", maintain_order="left"))
                del answers  # before the next month is decided: each takes what a stage takes
                memory.give_back()
    except BaseException as error:
        writer.abandon(error)
        raise
    return _Truth(pl.concat(kept), work.candidates.pairs(played.labels))


def _in_turn(
    ahead: ThreadPoolExecutor | None, gate: PhasedGate, played: Played, spans: list[tuple[int, int]]
) -> Iterator[Answers]:
    """The answers of each span, decided while the one before is in use, if there is a worker for it."""

    def decide(span: tuple[int, int]) -> Answers:
        return gate.submit_batch(played.between(*span))

    if ahead is None:
        yield from map(decide, spans)
        return
    waiting = ahead.submit(decide, spans[0])
    for following in [*spans[1:], None]:
        answers = waiting.result()
        if following is not None:
            waiting = ahead.submit(decide, following)
        yield answers
        del answers


def months(window: Window) -> list[tuple[int, int]]:
    """First millisecond and end of each month of `window`."""
    firsts = [day for day in window.days() if day.day == 1 or day == window.start]
    ends = [*firsts[1:], window.end]
    return [(day_start_ms(first), day_start_ms(end)) for first, end in zip(firsts, ends, strict=True)]


def _told_apart(truth: pl.DataFrame, scenario: Scenario, code: str) -> pl.DataFrame:
    """`truth` with episodes named so that those of the run's other municipalities bear other names."""
    if len(scenario.municipalities) == 1:
        return truth
    return truth.with_columns(episode_id=pl.format("{}-{}", pl.lit(code), pl.col("episode_id")))


def _database(scenario: Scenario, site: Site) -> str:
    return "registry.db" if len(scenario.municipalities) == 1 else f"registry-{site.code}.db"


def _check_answers(decided: pl.DataFrame, told: Mapping[int, str]) -> None:
    expected = pl.DataFrame({"request_no": list(told), "told": list(told.values())}, schema_overrides=_TOLD)
    found = decided.join(expected, on="request_no").filter(pl.col("decision").cast(pl.String) != pl.col("told"))
    if found.height:
        msg = f"{found.height} requests of episodes were answered otherwise in the log than when they were played"
        raise CheckError(msg)


def _write(site: Site, tables: Mapping[Table, pl.DataFrame], folder: str) -> dict[str, int]:
    for table, frame in tables.items():
        storage.write_parquet(table, frame, site.folder / folder / table.name / f"{site.code}.parquet")
    return {table.name: frame.height for table, frame in tables.items()}


def _labels(labels: pl.DataFrame, pairs: pl.DataFrame, event_ids: pl.DataFrame) -> pl.DataFrame:
    """Table label: what was played and its look-alikes, and a row for each twin, all by event_id.

    A look-alike that is a twin keeps its own label and says so.
    """
    told = labels.join(pairs, on="request_no", how="left", maintain_order="left")
    others = pairs.join(labels, on="request_no", how="anti", maintain_order="left")
    whole = pl.concat([told, twins.labels(labels, others)])
    numbered = event_ids.select(twin_of="request_no", twin_id="event_id")
    numbers = whole.join(event_ids, on="request_no").join(numbered, on="twin_of", how="left")
    return LABEL.conform(numbers.drop("twin_of").rename({"twin_id": "twin_of"})).sort("event_id")


def _episodes(
    episodes: pl.DataFrame, labels: pl.DataFrame, events: pl.DataFrame, names: auditor.Tokens
) -> pl.DataFrame:
    """Table episode: row numbers replaced by pseudonyms of the log, times and counts taken from its events."""
    timed = (
        labels.filter(pl.col("archetype") != twins.TWIN)
        .join(events.select("event_id", "at"), on="event_id")
        .group_by("episode_id")
        .agg(first_at=pl.col("at").min(), last_at=pl.col("at").max(), event_count=pl.len())
    )
    whole = episodes.join(timed, on="episode_id")
    told = _Names.of(names, whole.select("first_at", "last_at"))
    named = whole.with_columns(
        told.all("actor", whole["staff_nos"]).alias("actors"),
        told.all("resident", whole["resident_nos"]).alias("victims"),
        *(told.first(whole[f"{who}_no"]).alias(who) for who in ("instigator", "culprit")),
    )
    return EPISODE.conform(named).sort("episode_id")


@dataclass(frozen=True, slots=True)
class _Names:
    """Pseudonyms by key version and row number, and the versions from the first to the last day of each story.

    Attributes:
        known: columns epoch, no, name by "actor" and "resident".
        first_epoch, last_epoch: of each story.
    """

    known: dict[str, pl.DataFrame]
    first_epoch: pl.Series
    last_epoch: pl.Series

    @classmethod
    def of(cls, names: auditor.Tokens, spans: pl.DataFrame) -> "_Names":
        known = {
            "actor": names.staff.select("epoch", pl.col("actor").alias("name"), no="staff_no"),
            "resident": names.residents.select("epoch", pl.col("resident").alias("name"), no="resident_no"),
        }
        return cls(known, *(names.epochs.places(spans[c]) for c in ("first_at", "last_at")))

    def all(self, who: str, rows: pl.Series) -> pl.Series:
        """For each story the sorted pseudonyms of its `rows` under every version from its first to its last day."""
        versions = pl.int_ranges("first_epoch", pl.col("last_epoch") + 1, dtype=pl.UInt32)
        frame = pl.DataFrame({"no": rows, "first_epoch": self.first_epoch, "last_epoch": self.last_epoch})
        each = frame.with_row_index("story").with_columns(epoch=versions).explode("epoch").explode("no")
        named = each.join(self._of(who, rows.dtype), on=["epoch", "no"]).group_by("story").agg(pl.col("name").sort())
        whole = frame.with_row_index("story").join(named, on="story", how="left", maintain_order="left")
        return whole["name"].cast(_TOKENS).fill_null([])

    def first(self, rows: pl.Series) -> pl.Series:
        """For each story the pseudonym of its one member of staff, if any, on its first day."""
        frame = pl.DataFrame({"no": rows, "epoch": self.first_epoch})
        return frame.join(self._of("actor", rows.dtype), on=["epoch", "no"], how="left", maintain_order="left")["name"]

    def _of(self, who: str, numbers: pl.DataType) -> pl.DataFrame:
        number = numbers.inner if isinstance(numbers, pl.List) else numbers
        return self.known[who].with_columns(pl.col("no").cast(number))
