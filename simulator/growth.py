"""A run made longer by some months: what is there stays byte for byte, what comes is added behind it.

The months go on from the state that the run ends in: the register as it stands then, the same office and posts, case,
session and event numbers that follow. It is not the run that a longer scenario would have made from the start: stories
and rosters are drawn for a window as a whole.
"""

import calendar
import dataclasses
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import simulator
from simulator import card, dataset, difficulty, leaks, registry, scenario, spec, storage, tips, workload
from simulator.access import log
from simulator.access.log.verification import Log
from simulator.clock import Window
from simulator.dataset import Dataset, FileDigest, LogHead, Manifest
from simulator.errors import CheckError, DamagedError, MissingError, UsageError
from simulator.generation import KEYRING, RunFolders
from simulator.generation.folders import place
from simulator.labels import AnswerKey
from simulator.population import Population
from simulator.population.growth import grow as grow_people
from simulator.population.growth import grown, joined, seen
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.keyring import Keyring
from simulator.scenario import Scenario, people_stream
from simulator.schema import ATTRIBUTE, AUDITOR_CASE, AUDITOR_ROSTER, DIFFICULTY, EVENT, KNOWN, STAFF
from simulator.simulate import Site, Stretch, Worked, work
from simulator.streams import Stream
from simulator.workload.promise import RATE
from simulator.world.municipality import municipality

c = pl.col
NOTE = "Grown from {start} to {end}, going on from the run {root}: earlier files are that run's, unchanged."
_SLICE = "Slice of the run"
_REMADE = re.compile(r"scenario\.toml|registry[^/]*\.db|audit/(tiles|checkpoint)/.*|[^/]*")
_NUMBERED = re.compile(r"(.*)-(\d+)")
Progress = Callable[[str], None]
STAGES = ("people", "lawful work", "misuse", "log", "auditor's tables", "register", "leak gate")


@dataclass(frozen=True, slots=True)
class Grown:
    """What was made: the longer run, its new days, and how many events they have."""

    run: Dataset
    window: Window
    events: int


@dataclass(frozen=True, slots=True)
class _Order:
    """A run that grows.

    Attributes:
        source: the run as it is.
        told: its scenario.
        longer: the scenario of the longer run.
        seed, key: of both.
        stories: whether the misuse that the scenario counts is played once more.
    """

    source: Dataset
    told: Scenario
    longer: Scenario
    seed: int
    key: PseudonymKey
    stories: bool

    @property
    def window(self) -> Window:
        """The new days."""
        return self.longer.windows[-1]

    @property
    def number(self) -> int:
        """Which growth it is, from 1."""
        return len(self.longer.grown or ())

    @property
    def misuse(self) -> Mapping[str, Mapping[str, Any]]:
        """Which is played in the new days: what has a rate goes on."""
        return {name: values for name, values in self.told.misuse.items() if self.stories or RATE in values}

    def site(self, code: str, folder: Path) -> Site:
        """Where and with what the municipality `code` goes on."""
        return Site(
            index=self.told.municipalities.index(code), code=code, stream=Stream(self.seed).at("municipality", code),
            people=people_stream(self.seed), key=self.key, folder=folder, jobs=1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """What one municipality adds: its log's head, rows by table, and its part of the truth."""

    head: LogHead
    rows: Counter[str]
    key: AnswerKey


def grow(
    source: Dataset, months: int, out: Path, progress: Progress = lambda _: None, *, stories: bool = False
) -> Grown:
    """Make at `out` the run `source` with `months` more, with ``out.truth`` and ``out.keys`` beside; `source` stays.

    Args:
        source: a whole run with its truth and keys beside it.
        months: how many.
        out: folder to make; it appears whole or not at all.
        progress: told at the start of each stage, the stages of each municipality in turn and the leak gate.
        stories: whether the misuse that the scenario counts (``episodes``) is played once more; rates always go on.

    Raises:
        ExistsError: one of the three folders is there.
        MissingError: the truth, open, or the keys are not beside the run.
        DamagedError: the run is not what was sealed.
        UsageError: a slice, or a run whose pseudonyms rotate.
        CheckError: this version would not make the people of the run, or the longer run would leak its misuse.
    """
    order = _order(source, months, stories=stories)
    folders = RunFolders(Path(out).absolute())
    finals = {"truth": folders.truth, "keys": folders.keys, "run": folders.run}
    with storage.whole_folders(finals) as draft:
        run = draft / "run"
        for listed in source.manifest.files:
            if not _REMADE.fullmatch(listed.path):
                place(source.path / listed.path, run / listed.path)
        parts = [_grown(order, head, run, progress) for head in source.manifest.logs]
        manifest = _manifest(order, run, parts)
        progress("leak gate")
        _write_truth(order, manifest, draft, parts)
        shutil.copytree(RunFolders(source.path).keys, draft / "keys")
    events = sum(part.rows["event"] for part in parts)
    return Grown(Dataset.open(folders.run), order.window, events)


def _order(source: Dataset, months: int, *, stories: bool) -> _Order:
    folders = RunFolders(source.path)
    for needed in (folders.truth / "misuse.toml", folders.truth / "seed.json", folders.keys / KEYRING):
        if not needed.is_file():
            msg = f"{needed} is missing: a run grows by its own seed and keys, and its truth must be open"
            raise MissingError(msg)
    if any(note.startswith(_SLICE) for note in source.manifest.notes):
        msg = f"{source.path} is a slice: grow the run that it was taken from, and slice that"
        raise UsageError(msg)
    if findings := dataset.verify(source.path):
        msg = f"{source.path} is not what was sealed, so it does not grow: {findings[0]}"
        raise DamagedError(msg)
    told = scenario.load(str(folders.truth / "misuse.toml"))
    if told.rotate_every_days is not None:
        msg = f"the pseudonyms of {source.path} rotate; such a run does not grow: generate a longer one"
        raise UsageError(msg)
    key = Keyring.load(folders.keys / KEYRING)[1].key
    if key is None:
        raise MissingError("key version 1 of the run was destroyed, so its pseudonyms cannot be made again")
    days = (_later(told.window.end, months) - told.window.end).days
    longer = dataclasses.replace(told, days=told.days + days, grown=(*(told.grown or ()), days))
    seed = int(json.loads((folders.truth / "seed.json").read_text(encoding="utf-8"))["seed"])
    return _Order(source, told, longer, seed, key, stories)


def _later(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _grown(order: _Order, head: LogHead, run: Path, progress: Progress) -> _Part:
    """One municipality's further days, written into `run`."""
    code, window = head.municipality, order.window
    site = order.site(code, run)
    progress("people")
    residents, staff = order.told.sized(code)
    base, people = grown(residents, municipality(code), order.told.windows, site.people)
    more = grow_people(base, people, window, order.number)
    whole = joined(people, more)
    later = workload.Later(window, order.number)
    office = workload.build_office(staff, base.whole, site.stream.at("office"), later)
    _check_same(order, code, people, office.staff)
    stretch = Stretch(
        whole, seen(whole, window), office, site.stream.at("grown", order.number), order.misuse,
        _numbered(order.source, code), _sealed(order, head),
    )  # fmt: skip
    done = work(order.longer, site, stretch, progress)
    progress("register")
    rows = Counter({"event": done.log.size - head.size, "shown": done.log.shown})
    rows.update(dict(_add(run, "registry", code, window.start, more.register)))
    rows.update(dict(_add(run, "auditor", code, window.start, _auditor(order.source, code, done))))
    registry.write_database(whole, run / _database(order.told, code))
    return _Part(LogHead(code, done.log.size, done.log.root), rows, _renamed(order, done))


def _check_same(order: _Order, code: str, people: Population, staff: pl.DataFrame) -> None:
    """Refuse a run whose people this version would not make.

    Raises:
        CheckError: it is one.
    """
    held = storage.read_parquet(RunFolders(order.source.path).keys / "staff" / f"{code}.parquet")
    same = STAFF.conform(held).equals(STAFF.conform(staff)) and all(
        table.conform(dataset.read_part(order.source.path, "registry", table.name, code)).equals(table.conform(frame))
        for table, frame in people.register.items()
    )
    if not same:
        msg = (
            f"{order.source.path} was made by jukisim {order.source.manifest.version}; version {simulator.__version__} "
            "would make other people from its seed, so it cannot go on: grow it with the version that made it"
        )
        raise CheckError(msg)


def _sealed(order: _Order, head: LogHead) -> log.SealedLog:
    events = order.source.scan("event").select("event_id", "session_id", "resident")
    mine = events.filter(c("event_id") // (1 << 40) == order.told.municipalities.index(head.municipality))
    sessions = mine.select(c("session_id").max()).collect().item() or 0
    leaves = tuple(Log(order.source.path, head.municipality).leaves())
    met = mine.drop_nulls("resident").group_by("resident").len().collect()
    return log.SealedLog(head.size, int(sessions), leaves, order.window.start, met)


def _numbered(source: Dataset, code: str) -> dict[str, int]:
    """Letter and year of case numbers → the highest number, in the case list or the log."""
    listed = dataset.read_part(source.path, "auditor", AUDITOR_CASE.name, code)["case_no"]
    parts = [storage.read_parquet(path, ["case_no"])["case_no"] for path in Log(source.path, code).parts(EVENT)]
    found: dict[str, int] = {}
    for number in pl.concat([listed, *parts]).drop_nulls().unique().to_list():
        if matched := _NUMBERED.fullmatch(number):
            found[matched[1]] = max(found.get(matched[1], 0), int(matched[2]))
    return found


def _auditor(source: Dataset, code: str, done: Worked) -> dict[Any, pl.DataFrame]:
    """What the new days add to the auditor's tables: duty, cases, and the attributes of who came."""
    known = dataset.read_part(source.path, "auditor", ATTRIBUTE.name, code)
    came = done.tables[ATTRIBUTE].join(known, on="resident", how="anti", maintain_order="left")
    return {AUDITOR_ROSTER: done.tables[AUDITOR_ROSTER], AUDITOR_CASE: done.tables[AUDITOR_CASE], ATTRIBUTE: came}


def _add(run: Path, folder: str, code: str, day: date, tables: Mapping[Any, pl.DataFrame]) -> Iterator[tuple[str, int]]:
    """Write what is new of some tables, each as a file of its own; names and rows."""
    for table, frame in tables.items():
        if frame.height:
            path = run / folder / table.name / dataset.part_name(code, day)
            storage.write_parquet(table, table.conform(frame), path)
            yield table.name, frame.height


def _database(told: Scenario, code: str) -> str:
    return "registry.db" if len(told.municipalities) == 1 else f"registry-{code}.db"


def _renamed(order: _Order, done: Worked) -> AnswerKey:
    """Labels and episodes of the new days, numbered behind those that the run has."""
    highest: dict[str, int] = {}
    for name in AnswerKey.open(RunFolders(order.source.path).truth).episodes["episode_id"].to_list():
        if matched := _NUMBERED.fullmatch(name):
            highest[matched[1]] = max(highest.get(matched[1], 0), int(matched[2]))
    new = {name: _behind(name, highest) for name in done.episodes["episode_id"].to_list()}
    frames = [frame.with_columns(c("episode_id").replace(new)) for frame in (done.labels, done.episodes)]
    return AnswerKey(frames[0], frames[1].sort("episode_id"), "")


def _behind(name: str, highest: Mapping[str, int]) -> str:
    matched = _NUMBERED.fullmatch(name)
    if matched is None:
        return name
    kind, number = matched[1], int(matched[2])
    return f"{kind}-{number + highest.get(kind, 0):0{len(matched[2])}d}"


def _manifest(order: _Order, run: Path, parts: list[_Part]) -> Manifest:
    source = order.source.manifest
    rows = Counter(source.rows)
    for part in parts:
        rows.update(part.rows)
    storage.write_bytes(run / "scenario.toml", scenario.public(order.longer).encode())
    note = NOTE.format(start=order.window.start, end=order.window.end, root=order.source.root)
    manifest = dataclasses.replace(
        source, version=simulator.__version__, rows=dict(sorted(rows.items())), logs=tuple(part.head for part in parts),
        files=(), notes=(*source.notes, note),
    )  # fmt: skip
    facts = card.Facts.of(manifest, order.longer)
    for name, content in card.pages(facts, card.run_sources(manifest.rows)).items():
        storage.write_bytes(run / name, content)
    files = tuple(FileDigest.of(run, path) for path in dataset.run_files(run))
    manifest = dataclasses.replace(manifest, files=files)
    manifest.write(run)
    return manifest


def _write_truth(order: _Order, manifest: Manifest, draft: Path, parts: list[_Part]) -> None:
    """Old and new answers together, measured and held to the leak gate.

    Raises:
        CheckError: the longer run gives its misuse away.
    """
    folder, run = RunFolders(order.source.path).truth, Dataset(draft / "run", manifest)
    old = AnswerKey.open(folder)
    new = AnswerKey(pl.concat(p.key.labels for p in parts), pl.concat(p.key.episodes for p in parts), manifest.root)
    whole = AnswerKey(
        pl.concat([old.labels, new.labels]).sort("event_id"),
        pl.concat([old.episodes, new.episodes]).sort("episode_id"),
        manifest.root,
    )
    whole.write(draft / "truth")
    added = {DIFFICULTY: difficulty.measure(run, new), KNOWN: tips.known(run, new, order.seed)}
    for table, frame in added.items():
        both = pl.concat([storage.read_parquet(folder / f"{table.name}.parquet"), frame])
        storage.write_parquet(table, table.conform(both).sort(*table.key), draft / "truth" / f"{table.name}.parquet")
    shutil.copy2(folder / "seed.json", draft / "truth" / "seed.json")
    storage.write_bytes(draft / "truth" / "misuse.toml", spec.to_toml(order.longer).encode())
    report = leaks.examine(run, whole)
    storage.write_bytes(draft / "truth" / "leaks.json", report.to_bytes())
    if report.leaks:
        msg = f"the longer log gives its misuse away, so it was not made: {report.leaks[0].line()}"
        raise CheckError(msg)
