"""A run or a split as a folder that Hugging Face reads: Parquet per split, the data card as README, Croissant.

Each table is a configuration of its own, ``event`` the default; labels, where there are any, are one too. Nothing is
sent anywhere: the folder is for whoever wants to publish it, and loads with ``datasets.load_dataset(folder, table)``.
Source: Hugging Face Hub, Manual configuration of datasets; Dataset cards.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator import card, export, scenario, split, storage
from simulator.card import Facts, Source
from simulator.card.citation import DATA_LICENCE
from simulator.dataset import Dataset
from simulator.detect.view import TABLES
from simulator.export import Apart, Run
from simulator.schema import Column, Table
from simulator.schema import table as table_of

NAME = "huggingface"
WHOLE = "full"
"""Name of the only split of a run that was not split."""
LABEL = Table(
    "label", "正解ラベル", "Whether an event of a learning part is misuse.", ("event_id",),
    (Column("event_id", pl.Int64, "履歴番号", "The event."), Column("misuse", pl.Boolean, "不正", "Whether misuse.")),
)  # fmt: skip
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
          (10_000_000, "1M<n<10M"))  # fmt: skip
_LARGEST = "n>10M"


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is published: facts, and for each table and split its frames, part by part."""

    facts: Facts
    tables: Mapping[str, Table]
    splits: Mapping[str, "_Frames"]


class _Frames:
    """The tables of one split."""

    def __init__(self, of: Dataset | split.Part, apart: Apart | None = None) -> None:
        self._of, self._apart = of, apart

    def holds(self, table: str) -> bool:
        return table != LABEL.name or (isinstance(self._of, split.Part) and self._of.labels is not None)

    def parts(self, table: Table) -> Iterator[pl.DataFrame]:
        if isinstance(self._of, Dataset):
            yield from Run(self._of, self._apart).parts(table)
        elif table is LABEL and self._of.labels is not None:
            yield self._of.labels
        else:
            yield self._of.table(table.name)


def hugging_face(folder: Path, out: Path, apart: Apart | None = None) -> list[Path]:
    """Write the run, or the split, in `folder` for Hugging Face into the new folder `out`; the files, in order.

    Args:
        folder: a run, or a folder that `split.split` made.
        out: written beside and renamed when whole.
        apart: pseudonyms of the export's own, for a run.

    Raises:
        MissingError: there is neither.
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    whole = _of_split(folder) if (folder / "bench.toml").is_file() else _of_run(folder, apart)
    with storage.whole_folder(out) as draft:
        written = _write(whole, draft)
    return [out / path.relative_to(draft) for path in written]


def _of_run(folder: Path, apart: Apart | None) -> _Whole:
    run = Dataset.open(folder)
    facts = Facts.of(run.manifest, scenario.load(str(folder / "scenario.toml")))
    return _Whole(facts, _tables(), {WHOLE: _Frames(run, apart)})


def _of_split(folder: Path) -> _Whole:
    held = {name: _Frames(split.Part(folder / name)) for name in split.PARTS}
    return _Whole(split.about(folder), {**_tables(), LABEL.name: LABEL}, held)


def _tables() -> dict[str, Table]:
    return {name: table_of(name) for name in TABLES}


def _write(whole: _Whole, draft: Path) -> list[Path]:
    files, written = export.table_files("parquet"), []
    for name, table in whole.tables.items():
        for part, frames in whole.splits.items():
            if frames.holds(name):
                path = draft / "data" / name / f"{part}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                files.write(table, frames.parts(table), path)
                written.append(path)
    for name, content in _pages(whole).items():
        storage.write_bytes(draft / name, content)
        written.append(draft / name)
    return written


def _pages(whole: _Whole) -> dict[str, bytes]:
    sources = [Source(table, f"data/{name}/*.parquet", name) for name, table in whole.tables.items()]
    pages = card.pages(whole.facts, sources)
    front = f"---\n{json.dumps(_front(whole), ensure_ascii=False, indent=1)}\n---\n\n"
    readme = front.encode() + pages.pop("datacard.md")
    return {"README.md": readme, "README.ja.md": pages.pop("datacard.ja.md"), **pages}


def _front(whole: _Whole) -> dict[str, object]:
    """The front matter of the card (JSON, which is YAML): licence, tags, and where the files of each table are."""
    configs = [
        {
            "config_name": name,
            **({"default": True} if name == TABLES[0] else {}),
            "data_files": [
                {"split": part, "path": f"data/{name}/{part}.parquet"}
                for part, frames in whole.splits.items()
                if frames.holds(name)
            ],
        }
        for name in whole.tables
    ]
    events = whole.facts.rows.get("event", 0)
    size = next((name for most, name in _SIZES if events < most), _LARGEST)
    return {
        "pretty_name": f"jukisim {whole.facts.name}", "license": DATA_LICENCE.lower(), "language": ["ja", "en"],
        "task_categories": ["tabular-classification"], "size_categories": [size],
        "tags": ["synthetic", "audit-log", "insider-threat", "anomaly-detection"], "configs": configs,
    }  # fmt: skip
