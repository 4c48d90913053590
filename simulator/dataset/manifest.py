"""The manifest: what a run is, and the digest of every file of it.

``manifest.json`` is written last; ``manifest.sha256`` beside it holds its SHA-256, the *root* of the run. Whoever keeps
the root elsewhere (``checkpoint``) can later tell whether the run as a whole has been rewritten.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from simulator import __version__, spec, storage
from simulator.errors import DamagedError, MissingError, SimulatorError

FORMAT = 1
"""Layout of a run's folder. It rises when a reader of the version before could not read the run, or would misread it;
what a version adds beside that (a file, a column at the end, a note) leaves it as it is."""
CHUNK = 1 << 20
MANIFEST = "manifest.json"
SIDECAR = "manifest.sha256"
CHECKPOINT = "checkpoint"
_OWN_FILES = {MANIFEST, SIDECAR, CHECKPOINT}


@dataclass(frozen=True, slots=True)
class FileDigest:
    """One file of a run.

    Attributes:
        path: relative to the run, with forward slashes.
        bytes: its length.
        sha256: of the whole, hexadecimal.
        chunks: of each mebibyte, the first 16 hexadecimal digits; they tell where a file is damaged.
    """

    path: str
    bytes: int
    sha256: str
    chunks: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path, path: Path) -> Self:
        """Digest the file `path` in the run `folder`."""
        whole, chunks, length = hashlib.sha256(), [], 0
        with path.open("rb") as content:
            while chunk := content.read(CHUNK):
                whole.update(chunk)
                chunks.append(hashlib.sha256(chunk).hexdigest()[:16])
                length += len(chunk)
        return cls(path.relative_to(folder).as_posix(), length, whole.hexdigest(), tuple(chunks))


@dataclass(frozen=True, slots=True)
class LogHead:
    """The head of one municipality's audit log: its size in events and its root, base64."""

    municipality: str
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a run is. It holds no seed, no key and nothing of the misuse.

    Attributes:
        format: version of the layout of the folder.
        version: of jukisim that made it.
        scenario: name of the scenario.
        seed_commitment: SHA-256 that the seed, once revealed, can be checked against.
        pseudonym_key: ``insecure-default`` or the fingerprint of the key used.
        check_digits: ``invalid`` (wrong on purpose) or ``valid``.
        rows: rows of each table.
        logs: head of each audit log.
        files: every other file of the run.
        notes: what a reader must know, in words.
    """

    format: int
    version: str
    scenario: str
    seed_commitment: str
    pseudonym_key: str
    check_digits: str
    rows: dict[str, int]
    logs: tuple[LogHead, ...]
    files: tuple[FileDigest, ...]
    notes: tuple[str, ...] = field(default=())

    def to_bytes(self) -> bytes:
        """The canonical text of the manifest: the same for the same run."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def root(self) -> str:
        """SHA-256 of the manifest, hexadecimal: the name of the run."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def checkpoint(self) -> str:
        """The text to keep elsewhere: origin, number of events, root."""
        events = sum(head.size for head in self.logs)
        return f"jukisim/run/{self.scenario}\n{events}\n{self.root}\n"

    def write(self, folder: Path) -> None:
        """Write manifest, sidecar and checkpoint into `folder`."""
        storage.write_bytes(folder / CHECKPOINT, self.checkpoint.encode())
        storage.write_bytes(folder / SIDECAR, f"{self.root}\n".encode())
        storage.write_bytes(folder / MANIFEST, self.to_bytes())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of the run in `folder`.

        Raises:
            MissingError: there is none, so this is no finished run.
            DamagedError: it does not agree with its sidecar, or is not a manifest.
            SimulatorError: it was made by a version with another layout.
        """
        path, sidecar = folder / MANIFEST, folder / SIDECAR
        if not path.is_file():
            msg = f"{folder} is not a run: it has no {MANIFEST}"
            raise MissingError(msg)
        content = path.read_bytes()
        if not sidecar.is_file() or sidecar.read_bytes() != f"{hashlib.sha256(content).hexdigest()}\n".encode():
            msg = f"{path} does not agree with {SIDECAR} beside it"
            raise DamagedError(msg)
        return cls._parse(content, path)

    @classmethod
    def _parse(cls, content: bytes, path: Path) -> Self:
        try:
            values: Mapping[str, Any] = json.loads(content)
            found = values.get("format") if isinstance(values, Mapping) else None
        except ValueError as error:
            msg = f"{path} is not JSON: {error}"
            raise DamagedError(msg) from error
        if type(found) is not int or found != FORMAT:
            raise _other_layout(path, values, found)
        return spec.build(cls, values, str(path))


def _other_layout(path: Path, values: object, found: object) -> SimulatorError:
    """What to say of a run that this version does not read: what made it, and what to do."""
    told = values if isinstance(values, Mapping) else {}
    if type(found) is not int or found < 1:
        return DamagedError(f"{path} names no layout: it is not the manifest of a run")
    maker = f"{path} was made by jukisim {told.get('version', 'of unknown version')} in layout {found}"
    if found > FORMAT:
        return SimulatorError(f"{maker}; this version reads layout {FORMAT}: update with pip install -U jukisim")
    again = f"jukisim generate {told.get('scenario', 'SCENARIO')} --seed (in seed.json of the run's .truth) --out …"
    return SimulatorError(f"{maker}, which jukisim {__version__} no longer reads: make it again with {again}")


def run_files(folder: Path) -> Iterator[Path]:
    """Every file of the run but the manifest's own, by path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in files if path.relative_to(folder).as_posix() not in _OWN_FILES)


def seed_commitment(seed: int) -> str:
    """SHA-256 that commits to `seed` (0 ≤ seed < 2^128). A small seed can be found by trying: only blind seeds hide."""
    return hashlib.sha256(b"jukisim/seed/v1\n" + seed.to_bytes(16, "big")).hexdigest()
