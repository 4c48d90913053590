"""Is a run whole and unchanged? Every file against its digest, every log against its tree, all against a checkpoint."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.access import log
from simulator.dataset.manifest import CHECKPOINT, CHUNK, FileDigest, LogHead, Manifest, run_files
from simulator.errors import DamagedError, MissingError, SimulatorError


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was: where, and what."""

    place: str
    what: str

    def __str__(self) -> str:
        """The finding as one line."""
        return f"{self.place}: {self.what}"


def verify(folder: Path, checkpoint: Path | None = None) -> list[Finding]:
    """Check the run in `folder`; an empty list means that it is whole.

    Args:
        folder: the public half of a run.
        checkpoint: a copy of the run's checkpoint that was kept elsewhere.

    Raises:
        MissingError: there is no run, or no checkpoint file.
    """
    try:
        manifest = Manifest.read(folder)
    except DamagedError as error:
        return [Finding("manifest.json", str(error))]
    findings = [*_files(folder, manifest), *_unlisted(folder, manifest), *_own_checkpoint(folder, manifest)]
    damaged = {finding.place for finding in findings}
    for head in manifest.logs:
        findings += _log(folder, head, damaged)
    if checkpoint is not None:
        findings += _against(checkpoint, manifest)
    return findings


def _files(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    for listed in manifest.files:
        path = folder / listed.path
        if not path.is_file():
            yield Finding(listed.path, "is missing")
            continue
        found = FileDigest.of(folder, path)
        if found != listed:
            yield Finding(listed.path, _difference(listed, found))


def _difference(listed: FileDigest, found: FileDigest) -> str:
    if found.bytes < listed.bytes:
        return f"is cut to {found.bytes} of {listed.bytes} bytes"
    pairs = zip(listed.chunks, found.chunks, strict=False)
    first = next((i for i, (was, now) in enumerate(pairs) if was != now), len(listed.chunks))
    end = min((first + 1) * CHUNK, found.bytes)
    return f"was changed: SHA-256 differs, first within bytes {first * CHUNK}–{end - 1}"


def _unlisted(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    listed = {f.path for f in manifest.files}
    for path in run_files(folder):
        name = path.relative_to(folder).as_posix()
        if name not in listed:
            yield Finding(name, "does not belong to the run: the manifest does not list it")


def _own_checkpoint(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    path = folder / CHECKPOINT
    if not path.is_file():
        yield Finding(CHECKPOINT, "is missing")
    elif path.read_bytes() != manifest.checkpoint.encode():
        yield Finding(CHECKPOINT, "was changed: it does not agree with the manifest")


def _log(folder: Path, head: LogHead, damaged: set[str]) -> Iterator[Finding]:
    try:
        yield from (Finding(p, w) for p, w in log.verify_log(folder, head.municipality, head.size, head.root))
    except (DamagedError, MissingError) as error:
        if not any(place.startswith("audit/") for place in damaged):
            yield Finding("audit", str(error))


def _against(checkpoint: Path, manifest: Manifest) -> Iterator[Finding]:
    try:
        kept = checkpoint.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"checkpoint {checkpoint} cannot be read: {error}"
        raise MissingError(msg) from error
    if not kept.startswith("jukisim/run/"):
        msg = f"{checkpoint} is not a run's checkpoint; it should begin with jukisim/run/"
        raise SimulatorError(msg)
    if kept != manifest.checkpoint:
        digest = hashlib.sha256(kept.encode()).hexdigest()[:12]
        yield Finding("checkpoint", f"the run is not the one of the checkpoint {digest}…: it was rewritten as a whole")
