"""Both lists in one folder, the answer key in another beside it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import simulator
from simulator import export, storage
from simulator.dataset import Dataset
from simulator.errors import UsageError
from simulator.linkage.lists import LinkageSpec, Lists, make_lists
from simulator.linkage.people import People
from simulator.schema.linkage import LINK, MISTAKE, RECORD


def parse_counts(texts: Iterable[str]) -> dict[str, int]:
    """Counts given as ``kind=number``.

    Raises:
        UsageError: one is not of that form.
    """
    counts: dict[str, int] = {}
    for text in texts:
        kind, _, number = text.partition("=")
        if not (number.isascii() and number.isdigit()):
            msg = f"{text!r} is no count; write kind=number, such as ime=120"
            raise UsageError(msg)
        counts[kind] = int(number)
    return counts


def truth_folder(out: Path) -> Path:
    """Where the answer key of the lists in `out` lies."""
    return out.with_name(f"{out.name}.truth")


def write_lists(dataset: Dataset, spec: LinkageSpec, out: Path, form: str = "csv") -> Lists:
    """Make the lists of `dataset` and write them into the new folder `out`, the key into ``out.truth``.

    Raises:
        UnknownNameError: there is no such format or kind.
        UsageError: more is asked for than the register holds.
        ExistsError: one of the folders is already there.
        StorageError: the disk would not take it.
    """
    files = export.table_files(form)
    with storage.whole_folders({"truth": truth_folder(out), "lists": out}) as draft:
        lists = make_lists(People.of(dataset), spec)
        for part in ("lists", "truth"):
            (draft / part).mkdir()
        tables = (RECORD, lists.a, "lists/a"), (RECORD, lists.b, "lists/b"), (LINK, lists.links, "truth/links")
        for table, frame, name in (*tables, (MISTAKE, lists.mistakes, "truth/mistakes")):
            files.write(table, [frame], draft / f"{name}{files.suffix}")
        _write_words(dataset, spec, lists, draft)
    return lists


def _write_words(dataset: Dataset, spec: LinkageSpec, lists: Lists, draft: Path) -> None:
    told = {
        "version": simulator.__version__, "run": dataset.root, "check_digits": dataset.manifest.check_digits,
        "records": {"a": lists.a.height, "b": lists.b.height},
        "notes": ["Synthetic: no record was derived from a person's record.", "Telephone numbers begin 000: nobody's."],
    }  # fmt: skip
    truth = {
        "spec": asdict(spec),
        "errors": lists.counts,
        "matched": lists.links.height - lists.links["record_a"].null_count(),
    }
    for name, content in (("lists/manifest.json", told), ("truth/summary.json", truth)):
        storage.write_bytes(draft / name, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
