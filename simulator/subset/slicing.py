"""Slicing a run: the chosen people with all whom their records need, their part of the log, the truth about it."""

import dataclasses
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import simulator
from simulator import dataset, labels, registry, storage
from simulator.dataset import Dataset, LogHead, Manifest, populations
from simulator.errors import CheckError
from simulator.generation import KEYRING, RunFolders
from simulator.labels import AnswerKey
from simulator.population import Population
from simulator.population.consistency import violations
from simulator.population.part import Part, part
from simulator.pseudonym import Realm
from simulator.pseudonym.keyring import Keyring
from simulator.schema import AUDITOR_TABLES, STAFF, Table
from simulator.schema import table as table_of
from simulator.subset import events as log
from simulator.subset.choice import Choice

c = pl.col
_TRUTH = ("difficulty", "known")
NOTE = "Slice of the run {root}: {words} with all whom their records need; hits and rows_returned count the whole."


@dataclass(frozen=True, slots=True)
class Sliced:
    """What was made: the run, and how many residents and events it has of how many."""

    run: Dataset
    residents: tuple[int, int]
    events: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Town:
    """One municipality of the run: its people, and the chosen part."""

    whole: Population
    part: Part
    staff: pl.DataFrame

    @property
    def code(self) -> str:
        return self.whole.municipality.code


def subset(source: Dataset, choice: Choice, out: Path) -> Sliced:
    """Make of the run `source` the slice that `choice` asks for, at `out`, with ``out.truth`` and ``out.keys`` beside.

    Pseudonyms, codes and event numbers are those of `source`, so labels and scores of both agree; row numbers of the
    register are new. Members of staff who live there stay in the register.

    Raises:
        ExistsError: one of the three folders is there.
        MissingError: the keys of `source` are not beside it; without them nobody knows whom an event concerns.
        UsageError: there is no such district.
        CheckError: the slice would break a rule of the register.
        StorageError: the disk would not take it.
    """
    folders = RunFolders(Path(out).absolute())
    finals = {"truth": folders.truth, "keys": folders.keys, "run": folders.run}
    with storage.whole_folders(finals) as draft:
        towns = list(_towns(source, choice))
        heads, counts = _write_run(source, towns, draft / "run")
        manifest = _manifest(source, choice, draft / "run", heads, counts)
        manifest.write(draft / "run")
        _write_truth(source, manifest.root, draft)
        _write_keys(source, towns, draft / "keys")
    of = source.manifest.rows
    return Sliced(Dataset.open(folders.run), (counts["resident"], of["resident"]), (counts["event"], of["event"]))


def _keys(source: Dataset) -> Path:
    return RunFolders(source.path).keys


def _towns(source: Dataset, choice: Choice) -> Iterator[_Town]:
    for people in populations(source):
        staff = storage.read_parquet(_keys(source) / "staff" / f"{people.municipality.code}.parquet")
        own = staff["resident_no"].drop_nulls().cast(pl.UInt32)
        wanted = pl.concat([choice.residents(people, source.root).cast(pl.UInt32), own]).unique()
        taken = part(people, wanted, choice.places(people))
        if len(broken := violations(taken.people)) > len(violations(people)):
            msg = f"the slice breaks a rule of the register: {broken['rule'][0]}"
            raise CheckError(msg)
        yield _Town(people, taken, staff)


def _write_run(source: Dataset, towns: list[_Town], folder: Path) -> tuple[list[LogHead], Counter[str]]:
    counts, heads = Counter[str](), list[LogHead]()
    folder.mkdir(parents=True)
    shutil.copy2(source.path / "scenario.toml", folder / "scenario.toml")
    ring = Keyring.load(_keys(source) / KEYRING)
    for town in towns:
        tokens = _tokens(ring, town.code, towns)
        kept, shown = log.about(source.path, town.code, tokens)
        heads.append(log.write(kept, shown, town.code, folder))
        counts.update(event=kept.height, shown=shown.height)
        name = "registry.db" if len(towns) == 1 else f"registry-{town.code}.db"
        registry.write_database(town.part.people, folder / name)
        for table, frame in town.part.people.register.items():
            counts[table.name] += _put(table, frame, folder / "registry" / table.name / f"{town.code}.parquet")
        for table in AUDITOR_TABLES:
            frame = dataset.read_part(source.path, "auditor", table.name, town.code)
            if table.name in ("case", "attribute"):
                frame = frame.filter(c("resident").is_in(tokens.implode()))
            counts[table.name] += _put(table, frame, folder / "auditor" / table.name / f"{town.code}.parquet")
    return heads, counts


def _put(table: Table, frame: pl.DataFrame, path: Path) -> int:
    storage.write_parquet(table, table.conform(frame), path)
    return frame.height


def _tokens(ring: Keyring, code: str, towns: list[_Town]) -> pl.Series:
    """Pseudonyms of all who are kept, of whatever municipality, in the log of `code`, under every key version."""
    codes = pl.concat([town.part.people.residents["resident_code"] for town in towns])
    makers = [ring.pseudonymizer(Realm.audit(code), version.number) for version in ring.readable]
    return pl.concat([maker.column("resident", codes) for maker in makers])


def _manifest(source: Dataset, choice: Choice, run: Path, heads: list[LogHead], counts: Counter[str]) -> Manifest:
    note = NOTE.format(root=source.root, words=choice.words)
    return dataclasses.replace(
        source.manifest,
        version=simulator.__version__,
        rows=dict(sorted(counts.items())),
        logs=tuple(heads),
        files=tuple(dataset.FileDigest.of(run, path) for path in dataset.run_files(run)),
        notes=(*source.manifest.notes, note),
    )


def _write_truth(source: Dataset, root: str, draft: Path) -> None:
    """The labels of the events that are left, and their episodes; nothing if the truth is sealed or elsewhere."""
    truth, folder = labels.truth_of(source.path), draft / "truth"
    if not truth.is_dir():
        return
    key, ids = AnswerKey.open(truth), Dataset(draft / "run", Manifest.read(draft / "run")).table("event")["event_id"]
    kept = key.labels.filter(c("event_id").is_in(ids.implode()))
    told = key.episodes.filter(c("episode_id").is_in(kept["episode_id"].unique().implode()))
    AnswerKey(kept, told, root).write(folder)
    for name in _TRUTH:
        path = truth / f"{name}.parquet"
        if path.is_file():
            frame = storage.read_parquet(path)
            by, of = ("event_id", ids) if "event_id" in frame.columns else ("episode_id", told["episode_id"])
            storage.write_parquet(table_of(name), frame.filter(c(by).is_in(of.implode())), folder / path.name)
    for name in ("seed.json", "misuse.toml"):
        shutil.copy2(truth / name, folder / name)


def _write_keys(source: Dataset, towns: list[_Town], folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    shutil.copy2(_keys(source) / KEYRING, folder / KEYRING)
    for town in towns:
        numbers = town.part.numbers["residents"]
        new = numbers.search_sorted(town.staff["resident_no"].cast(pl.UInt32)).cast(pl.UInt32)
        there = pl.when(c("resident_no").is_not_null()).then(pl.Series("new", new))
        moved = town.staff.with_columns(resident_no=there)
        storage.write_parquet(STAFF, STAFF.conform(moved), folder / "staff" / f"{town.code}.parquet")
