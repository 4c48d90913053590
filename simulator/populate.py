"""Tables of people without offices or log, of any size: Parquet files or a SQLite database, and a manifest."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

import simulator
from simulator import scenario, storage
from simulator.dataset import FileDigest, run_files
from simulator.errors import UnknownNameError
from simulator.population import plans
from simulator.population.nation import Nation
from simulator.population.plan import Plan
from simulator.population.tables import WRITTEN, Maker, Piece, ahead
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm, expect
from simulator.schema import Table
from simulator.storage.pieces import database_pieces
from simulator.world.municipality import Municipality, municipality
from simulator.world.numbers import CheckDigits, accept

PART_BLOCKS = 6
FORMS = ("parquet", "sqlite")
INDEXES = {
    "resident": [("household_no",), ("address_no",), ("name_key",), ("kana_key",), ("resident_code",), ("my_number",)],
    "change": [("resident_no",)],
    "token": [("resident",)],
}
SYNTHETIC = "Synthetic: no record was derived from a person's record."
NUMBERING = "Row numbers are block × 65,536 + place: not dense, the same however many residents are made."
INSECURE = "Pseudonyms use the published insecure key: they show how pseudonyms work and protect nothing."
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to make.

    Attributes:
        nation: whose people; its spec says how many.
        seed: that `nation` was made from, for the manifest.
        place: the municipality.
        key: of the pseudonyms.
        form: parquet or sqlite.
        jobs: workers; they change no byte.
        collisions_understood: whether numbers that pass their checks may be made.
    """

    nation: Nation
    seed: int
    place: Municipality
    key: PseudonymKey
    form: str = "parquet"
    jobs: int = 1
    collisions_understood: bool = False

    @property
    def plans(self) -> Iterator[Plan]:
        """The blocks to make."""
        return plans(self.nation.spec, self.place, self.nation.window, self.nation.stream)

    @property
    def maker(self) -> Maker:
        """Makes their tables."""
        return Maker(Pseudonymizer(self.key, Realm(f"jp.sim/{self.place.code}/register")))


def wish(
    name: str,
    code: str,
    *,
    seed: int,
    residents: int,
    key: Path | None = None,
    digits: tuple[str | None, bool] = (None, False),
) -> Wish:
    """A wish in the words of the command line.

    Args:
        name: of the scenario whose window and population hold.
        code: of the municipality.
        seed: of the nation.
        residents: how many.
        key: pseudonym key file; without it the published insecure key.
        digits: check digits instead of the scenario's, and whether collisions are understood.

    Raises:
        UnknownNameError: there is no such scenario or municipality.
    """
    nation = scenario.load(name).nation(seed, residents)
    if digits[0] is not None:
        mode = accept(digits[0], understood=digits[1])
        nation = replace(nation, spec=replace(nation.spec, check_digits=mode.value))
    master = PseudonymKey.insecure() if key is None else PseudonymKey.load(key)
    place, understood = municipality(code), digits[1]
    return Wish(nation=nation, seed=seed, place=place, key=master, collisions_understood=understood)


def populate(wish: Wish, out: Path, progress: Progress = lambda _: None) -> dict[str, int]:
    """Write the tables that `wish` asks for into the new folder `out`; how many rows each has.

    Args:
        wish: what to make.
        out: the folder, which appears when all is written.
        progress: called after each block with the number of its residents.

    Raises:
        UnknownNameError: there is no such form.
        UsageError: the municipality cannot hold so many, or valid check digits are asked for and not understood.
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    mode = accept(wish.nation.spec.check_digits, understood=wish.collisions_understood)
    if wish.form not in FORMS:
        raise UnknownNameError("form", wish.form, FORMS)
    with storage.whole_folder(out) as draft:
        expect(wish.nation.spec.residents)
        rows = _WRITE[wish.form](wish, draft, progress)
        storage.write_bytes(draft / "manifest.json", _manifest(wish, mode, rows, draft))
    return rows


def _write_parquet(wish: Wish, folder: Path, progress: Progress) -> dict[str, int]:
    """Parts of six blocks, each written by the worker that makes it, in few large row groups."""
    maker, rows = wish.maker, Counter[str]()

    def write(part: tuple[int, list[Plan]]) -> Counter[str]:
        number, blocks = part
        pieces: dict[Table, list[pl.DataFrame]] = {table: [] for table in WRITTEN}
        for plan in blocks:
            made = _put(maker(plan), lambda table, frame: pieces[table].append(frame))
            progress(made["resident"])
        found = Counter[str]()
        for table in WRITTEN:
            whole = pl.concat(pieces.pop(table))
            found[table.name] += whole.height
            storage.write_parquet(table, whole, folder / table.name / f"part-{number:04d}.parquet")
        return found

    for found in ahead(write, _parts(wish.plans), wish.jobs):
        rows.update(found)
    return dict(rows)


def _parts(blocks: Iterator[Plan]) -> Iterator[tuple[int, list[Plan]]]:
    number = 0
    while part := list(islice(blocks, PART_BLOCKS)):
        yield number, part
        number += 1


def _write_sqlite(wish: Wish, folder: Path, progress: Progress) -> dict[str, int]:
    """One database; the blocks are made ahead while the one before is written."""
    rows = Counter[str]()
    with database_pieces(folder / "registry.db", WRITTEN, INDEXES) as write:
        for piece in ahead(wish.maker, wish.plans, wish.jobs):
            made = _put(piece, write)
            rows.update(made)
            progress(made["resident"])
    return dict(rows)


_WRITE = {"parquet": _write_parquet, "sqlite": _write_sqlite}


def _put(piece: Piece, write: Callable[[Any, Any], None]) -> dict[str, int]:
    for table, frame in piece.items():
        write(table, frame)
    return {table.name: frame.height for table, frame in piece.items()}


def _manifest(wish: Wish, mode: CheckDigits, rows: dict[str, int], folder: Path) -> bytes:
    files = [FileDigest.of(folder, path) for path in run_files(folder)]
    insecure = wish.key.is_insecure
    told = {
        "version": simulator.__version__, "municipality": wish.place.code, "seed": wish.seed,
        "residents": wish.nation.spec.residents, "profile": wish.nation.spec.profile,
        "window": [wish.nation.window.start.isoformat(), wish.nation.window.end.isoformat()],
        "check_digits": mode.value, "pseudonym_key": "insecure-default" if insecure else wish.key.fingerprint,
        "rows": rows, "files": [asdict(f) for f in files],
        "notes": [SYNTHETIC, mode.note, NUMBERING, *wish.nation.spec.told, *([INSECURE] if insecure else [])],
    }  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
