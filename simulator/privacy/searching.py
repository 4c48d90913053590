"""Looks for what must be nowhere: resident codes, My Numbers and keys in files, logs and exports.

Tables, databases and archives are opened; anything else is read as bytes. A finding tells where, never what. The
register of a run holds codes rightly and is left out, as are the files under RUN.keys.
"""

import gzip
import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.errors import DamagedError, MissingError, StorageError
from simulator.pseudonym.keyring import Keyring
from simulator.world.numbers import real_runs

_DIGITS = re.compile(rb"(?<![0-9])[0-9]{11,12}(?![0-9])")
_FRACTION = re.compile(r"(?<=[0-9])\.[0-9]+")
"""Places behind a decimal point: a dozen digits of a share are nobody's number."""
_SQLITE = b"SQLite format 3\x00"
_PARQUET, _ZIP, _GZIP = b"PAR1", b"PK\x03\x04", b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be there: file, place in it, what kind of thing, how often."""

    file: str
    place: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What to look for.

    Attributes:
        numbers: resident codes and My Numbers of the run.
        spellings: every way in which a key may be written.
        official: whether to look for any number that passes an official check as well.
    """

    numbers: frozenset[str]
    spellings: tuple[bytes, ...] = ()
    official: bool = True

    @classmethod
    def of(cls, dataset: Dataset | None, ring: Keyring | None = None) -> Self:
        """Those of a run and of its keys."""
        numbers: set[str] = set()
        if dataset is not None:
            people = dataset.table("resident")
            numbers = {number for name in ("resident_code", "my_number") for number in people[name].drop_nulls()}
        keys = () if ring is None else tuple(v.key for v in ring.versions if v.key and not v.key.is_insecure)
        official = dataset is None or dataset.manifest.check_digits != "valid"
        return cls(frozenset(numbers), tuple(s for key in keys for s in key.spellings()), official)

    def kinds(self, part: "Part") -> Counter[str]:
        """How often each kind of secret is in `part`."""
        found = Counter({"key": sum(part.content.count(spelling) for spelling in self.spellings)})
        known = "resident code or My Number of the run"
        if not part.is_text:
            found[known] = sum(run.decode() in self.numbers for run in _DIGITS.findall(part.content))
            return +found
        plain = unicodedata.normalize("NFKC", part.content.decode("utf-8", "replace"))
        found[known] = sum(run.decode() in self.numbers for run in _DIGITS.findall(plain.encode()))
        if self.official:
            found["number that passes its official check"] = len(real_runs(_FRACTION.sub(" ", plain)))
        return +found


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """A part of a file: where it is, and what is there."""

    place: str
    content: bytes
    is_text: bool = True


def scan(paths: Iterable[Path], secrets: Secrets) -> list[Leak]:
    """Every leak in the files and folders `paths`; empty if there is none.

    Raises:
        MissingError: one of them is not there.
        DamagedError, StorageError: a file does not decode or cannot be read.
    """
    return [leak for path in paths for file in _files(path) for leak in _leaks(file, path, secrets)]


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        msg = f"there is nothing at {path}"
        raise MissingError(msg)
    if path.is_file():
        yield path
        return
    is_run = (path / "manifest.json").is_file()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        if not (is_run and file.relative_to(path).parts[0].startswith("registry")):
            yield file


def _leaks(file: Path, top: Path, secrets: Secrets) -> Iterator[Leak]:
    name = file.relative_to(top).as_posix() if file != top else file.name
    for part in _parts(file):
        for kind, count in sorted(secrets.kinds(part).items()):
            yield Leak(f"{top.name}/{name}" if file != top else name, part.place, kind, count)


def _parts(file: Path) -> Iterator[Part]:
    try:
        content = file.read_bytes()
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise StorageError(msg) from error
    if content.startswith(_SQLITE):
        yield Part("bytes", content, is_text=False)
        yield from _tables(file)
    elif content.startswith(_PARQUET):
        yield from _columns(storage.read_parquet(file))
    else:
        yield from _opened(file.name, content)


def _opened(name: str, content: bytes) -> Iterator[Part]:
    """An archive's members, or the content as it is."""
    try:
        if content.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from (_plain(f"member {each}", archive.read(each)) for each in archive.namelist())
        elif content.startswith(_GZIP):
            yield _plain("unpacked", gzip.decompress(content))
        else:
            yield _plain("text", content)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        msg = f"{name} does not unpack: {error}"
        raise DamagedError(msg) from error


def _plain(place: str, content: bytes) -> Part:
    try:
        content.decode()
    except UnicodeDecodeError:
        return Part("bytes" if place == "text" else place, content, is_text=False)
    return Part(place, content)


def _columns(frame: pl.DataFrame) -> Iterator[Part]:
    """What each column says, every value once."""
    for column in frame:
        for name, flat in _flat(column):
            values = flat.drop_nulls().unique(maintain_order=True)
            if flat.dtype == pl.Binary:
                yield Part(f"column {name}", b"\n".join(values), is_text=False)
            elif flat.dtype.is_integer():
                yield Part(f"column {name}", _padded(values), is_text=False)
            else:
                yield Part(f"column {name}", "\n".join(values.cast(pl.String)).encode())


def _padded(values: pl.Series) -> bytes:
    """Whole numbers as they would be written with eleven and with twelve digits."""
    texts = values.cast(pl.String)
    return "\n".join(pl.concat([texts.str.zfill(11), texts.str.zfill(12)])).encode()


def _flat(column: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    if isinstance(column.dtype, pl.List | pl.Array):
        yield from _flat(column.explode().alias(column.name))
    elif isinstance(column.dtype, pl.Struct):
        for field in column.struct.unnest():
            yield from _flat(field.alias(f"{column.name}.{field.name}"))
    else:
        yield column.name, column


def _tables(file: Path) -> Iterator[Part]:
    database = storage.open_database(file)
    try:
        for table in database.table_names():
            rows = database.query(f"SELECT * FROM [{table}]")  # noqa: S608 - a name of the file itself
            yield Part(f"table {table}", b"\n".join(_bytes(value) for row in rows for value in row.values()))
    finally:
        database.close()


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
