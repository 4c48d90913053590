"""Splits of runs for learning and testing, and the arrays that a model reads.

Four ways, none of which lets a story stand on both sides: by time, by operator, by seed (whole runs), and by archetype
held out of the learning parts. A split by rows is refused: an episode's events would be learnt from and tested on.
Source: Arp et al. 2022 (USENIX Security), pitfalls P1, P3; detection.md 3.3 names the four.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import tomli_w

from simulator import card, scenario, spec, storage
from simulator.card import Facts
from simulator.dataset import Dataset
from simulator.detect.features import TRACKS, VERSION, features
from simulator.detect.tracks import TABLES_OF, check_track
from simulator.detect.view import TABLES, AuditorView
from simulator.errors import MissingError, UnknownNameError, UsageError
from simulator.labels import AnswerKey
from simulator.schema import table as table_of
from simulator.scoring.align import check_key
from simulator.streams import Stream

REFUSED = ("random", "rows")
HOWS = ("temporal", "operator", "seed", "archetype")
PARTS = ("train", "validation", "test")
LEARNING = ("train", "validation")
SHARES = (0.6, 0.2, 0.2)
"""Of the days, or of the operators, in each part."""
_LOG = ("event", "shown")
_OPERATORS = Stream(0, "/split/operators")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split; a detector reads it as it reads a run.

    Attributes:
        folder: where its tables lie.
    """

    folder: Path

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`.

        Raises:
            MissingError: the part is not there.
        """
        return storage.read_parquet(self.folder / f"{table}.parquet")

    @property
    def labels(self) -> pl.DataFrame | None:
        """``event_id``, ``misuse`` of all but grey events; None for the part to be tested on."""
        path = self.folder / "labels.parquet"
        return storage.read_parquet(path) if path.is_file() else None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Arrays in time order: what scikit-learn, PyOD or any other model fits in one line.

    Attributes:
        X: features, shape ``(n_events, n_features)``.
        y: 1 for misuse, shape ``(n_events,)``; None for the part to be tested on.
        groups: whose event, as a number, for cross-validation by operator.
        time: milliseconds since 1970.
        event_id: the events.
        names: of the features.
    """

    X: npt.NDArray[np.float64]
    y: npt.NDArray[np.int64] | None
    groups: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    event_id: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many events: with `__getitem__`, a map-style data set as PyTorch's loaders read it."""
        return len(self.event_id)

    def __getitem__(self, place: int) -> tuple[npt.NDArray[np.float64], int]:
        """Features and label of one event; the label is −1 where it is not given."""
        return self.X[place], -1 if self.y is None else int(self.y[place])


def load_split(folder: Path | str, part: str = "train", track: str = "auditor-view") -> Loaded:
    """The frozen features of a part, as arrays; of a part with labels only the events that have one: grey ones do not.

    Raises:
        UnknownNameError: there is no such part or track.
        MissingError: there is no split in `folder`.
    """
    if part not in PARTS:
        raise UnknownNameError("part", part, PARTS)
    held = Part(Path(folder) / part)
    found = features(held, TRACKS[check_track(track)])
    if (labels := held.labels) is None:
        return Loaded(found.values, None, found.actor, found.at_ms, found.event_id, found.names)
    rows = pl.DataFrame({"event_id": found.event_id}).join(labels, on="event_id", how="left", maintain_order="left")
    told = rows["misuse"].is_not_null().to_numpy()
    truth = rows["misuse"].drop_nulls().cast(pl.Int64).to_numpy()
    return Loaded(found.values[told], truth, found.actor[told], found.at_ms[told], found.event_id[told], found.names)


def split(
    runs: Sequence[Dataset], keys: Sequence[AnswerKey], how: str, out: Path, held_out: Sequence[str] = ()
) -> dict[str, int]:
    """Split `runs` into parts in the new folder `out`, labels of the test part into ``out.truth``; events of each part.

    Args:
        runs: one run; for ``seed`` at least three, the last to be tested on, the one before it for validation.
        keys: their answer keys.
        how: one of `HOWS`.
        out: the folder to make.
        held_out: for ``archetype``, the archetypes whose events the learning parts do not hold.

    Raises:
        UsageError: a split by rows, or too few runs, or nothing held out.
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    _check(runs, keys, how, held_out)
    with storage.whole_folders({"truth": out.with_name(f"{out.name}.truth"), "split": out}) as draft:
        counts = {name: _write(source, rows, draft, name) for name, source, rows in _parts(runs, keys, how, held_out)}
        facts = _facts(runs, counts)
        _write_terms(runs, how, held_out, facts, draft / "split" / "bench.toml")
        for name, content in card.pages(facts, _sources()).items():
            storage.write_bytes(draft / "split" / name, content)
    return counts


def _check(runs: Sequence[Dataset], keys: Sequence[AnswerKey], how: str, held_out: Sequence[str]) -> None:
    if how in REFUSED:
        msg = (
            "a split by rows is refused: events of one story would be learnt from and tested on, and any figure would "
            f"flatter; take one of {', '.join(HOWS)}"
        )
        raise UsageError(msg)
    if how not in HOWS:
        raise UnknownNameError("way to split", how, HOWS)
    if how == "seed" and len(runs) < len(PARTS):
        raise UsageError("a split by seed needs at least three runs: to learn from, to choose thresholds, to test on")
    if how != "seed" and len(runs) != 1:
        msg = f"a split by {how} takes one run; give --how seed for several"
        raise UsageError(msg)
    for run, key in zip(runs, keys, strict=True):
        check_key(run, key)
    _check_held_out(keys, how, held_out)


def _check_held_out(keys: Sequence[AnswerKey], how: str, held_out: Sequence[str]) -> None:
    known = {name for key in keys for name in key.episodes["archetype"].unique()}
    if how == "archetype" and not held_out:
        msg = f"which archetypes are held out? --hold-out one or more of {', '.join(sorted(known))}"
        raise UsageError(msg)
    for name in held_out:
        if name not in known:
            raise UnknownNameError("archetype of the run", name, known)


def row(name: str, events: int) -> dict[str, str | int]:
    """One line of the table that tells what was made."""
    return {"part": name, "events": events, "labels": "yes" if name in LEARNING else "no"}


_Rows = tuple[pl.DataFrame, pl.DataFrame]
"""The events of a part and the labels of all of them: event_id, misuse and the columns of ``label``."""


def _parts(
    runs: Sequence[Dataset], keys: Sequence[AnswerKey], how: str, held_out: Sequence[str]
) -> Iterator[tuple[str, list[Dataset], list[_Rows]]]:
    if how == "seed":
        for name, chosen in (("train", range(len(runs) - 2)), ("validation", [-2]), ("test", [-1])):
            told = [_labelled(runs[i].table("event"), keys[i]) for i in chosen]
            yield name, [runs[i] for i in chosen], told
        return
    events, key = runs[0].table("event"), keys[0]
    place = _by_operator(events) if how == "operator" else _by_time(events)
    away = key.labels.filter(pl.col("archetype").is_in(list(held_out)))["event_id"]
    for number, name in enumerate(PARTS):
        rows = events.filter(place == number)
        if how == "archetype" and name in LEARNING:
            rows = rows.filter(~pl.col("event_id").is_in(away.implode()))
        yield name, [runs[0]], [_labelled(rows, key)]


def _labelled(events: pl.DataFrame, key: AnswerKey) -> _Rows:
    told = events.select("event_id").join(key.labels, on="event_id", how="left")
    return events, told.with_columns(pl.col("misuse", "lookalike", "grey").fill_null(value=False))


def _by_time(events: pl.DataFrame) -> pl.Series:
    if not events.height:
        raise UsageError("the run holds no event to split")
    day = pl.col("at").dt.date()
    first, last = events.select(day.min().alias("first"), day.max().alias("last")).row(0)
    ends = [first + timedelta(days=round(((last - first).days + 1) * share)) for share in np.cumsum(SHARES[:-1])]
    return events.select(pl.sum_horizontal((day >= end).cast(pl.Int64) for end in ends)).to_series()


def _by_operator(events: pl.DataFrame) -> pl.Series:
    actors = events["actor"].unique().sort()
    order = _OPERATORS.order("actor", len(actors))
    bounds = np.searchsorted(np.cumsum(SHARES[:-1]) * len(actors), np.arange(len(actors)), side="right")
    part = np.empty(len(actors), dtype=np.int64)
    part[order] = bounds
    placed = pl.DataFrame({"actor": actors, "part": part})
    return events.select("actor").join(placed, on="actor", maintain_order="left")["part"]


def _write(runs: list[Dataset], rows: list[_Rows], draft: Path, name: str) -> int:
    """Write one part; several runs are told apart by event_id only if they do not share one, else renumbered."""
    folder, truth = draft / "split" / name, draft / "truth"
    folder.mkdir(parents=True)
    truth.mkdir(exist_ok=True)
    shifts = [place << 45 for place in range(len(runs))]
    kept = [events.select("event_id") for events, _ in rows]
    shown = [run.table("shown").join(some, on="event_id", how="semi") for run, some in zip(runs, kept, strict=True)]
    frames = {"event": [events for events, _ in rows], "shown": shown}
    for table in TABLES:
        parts = frames.get(table) or [run.table(table) for run in runs]
        if table in _LOG:
            parts = [f.with_columns(pl.col("event_id") + s) for f, s in zip(parts, shifts, strict=True)]
        storage.write_parquet(table_of(table), pl.concat(parts), folder / f"{table}.parquet")
    told = pl.concat(t.with_columns(pl.col("event_id") + s) for (_, t), s in zip(rows, shifts, strict=True))
    place = folder / "labels.parquet" if name in LEARNING else truth / "labels.parquet"
    known = told.filter(~pl.col("grey")).select("event_id", "misuse") if name in LEARNING else told
    storage.write_frame(known, place)
    return told.height


def _facts(runs: Sequence[Dataset], counts: dict[str, int]) -> Facts:
    told = [Facts.of(run.manifest, scenario.load(str(run.path / "scenario.toml"))) for run in runs]
    return Facts.together(told).with_parts(counts)


def _sources() -> list[card.Source]:
    return [
        card.Source(table_of(table), f"{part}/{table}.parquet", f"{part}-{table}") for part in PARTS for table in TABLES
    ]


def _write_terms(runs: Sequence[Dataset], how: str, held_out: Sequence[str], facts: Facts, path: Path) -> None:
    """``bench.toml``: how it was split, and what each track may open."""
    terms = {
        "how": how, "held_out": list(held_out), "features": VERSION, "events": dict(facts.parts),
        "runs": [run.root for run in runs],
        "thresholds": "from the validation part only",
        "track": {name: {"tables": list(TABLES_OF[name]), "features": list(TRACKS[name])} for name in TRACKS},
        "about": spec.to_values(facts),
    }  # fmt: skip
    path.write_text(tomli_w.dumps(terms), encoding="utf-8")


def terms(folder: Path) -> dict[str, object]:
    """What ``bench.toml`` of the split in `folder` says.

    Raises:
        MissingError: there is no split.
    """
    path = folder / "bench.toml"
    if not path.is_file():
        msg = f"{folder} is no split: it has no bench.toml; make one with jukisim split"
        raise MissingError(msg)
    return spec.read_toml(path)


def about(folder: Path) -> Facts:
    """What the split in `folder` says of itself.

    Raises:
        MissingError: there is no split.
    """
    return spec.build(Facts, cast("dict[str, Any]", terms(folder)["about"]), f"{folder}/bench.toml")


def view(folder: Path) -> AuditorView:
    """The run, or the part of a split, in `folder`, as a detector reads it.

    Raises:
        MissingError: there is neither.
    """
    if (folder / "event.parquet").is_file():
        return Part(folder)
    return Dataset.open(folder)


def learnt_from(folder: Path | None) -> tuple[AuditorView, pl.DataFrame] | None:
    """The part in `folder` with its labels, for a detector that learns; None for no folder.

    Raises:
        UsageError: the part has no labels.
    """
    if folder is None:
        return None
    labels = Part(folder).labels
    if labels is None:
        msg = f"{folder} has no labels to learn from; give the train part of a split"
        raise UsageError(msg)
    return Part(folder), labels


def choose_threshold(part: Part, scores: pl.DataFrame, per_day: float) -> float:
    """The score above which the events of `part` give `per_day` alerts a day of its log; `part` must have labels.

    Raises:
        UsageError: the part is the one to be tested on: a threshold chosen there has seen the answer's distribution.
    """
    if part.labels is None:
        raise UsageError("a threshold is chosen on the validation part; one tuned on the test part is refused")
    days = max(1, part.table("event")["at"].dt.date().n_unique())
    ranked = scores["score"].sort(descending=True)
    return float(ranked[min(len(ranked) - 1, round(per_day * days))])


def describe(folder: Path) -> str:
    """The terms of a split as JSON."""
    return json.dumps(terms(folder), ensure_ascii=False, indent=1)
