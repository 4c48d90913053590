"""What is sealed of a drill: answers, hints, injects, what people say when they are asked, and the truth.

Each part is a seal of its own under its own key, derived from that of the drill; so a hint can be opened without any
answer. Parts are filled up to even sizes: their lengths tell nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from simulator import storage
from simulator.drill.pack import SEALED, Pack
from simulator.drill.spec import STEPS, Text
from simulator.errors import DamagedError, MissingError
from simulator.pseudonym import PseudonymKey, seal

KEY_SUFFIX = ".key"
_CONTEXT = b"jukisim/drill/v1/"
_COMMITMENT = "commitment.json"
_LENGTH = 8
_BLOCK = {"hint": 4_096, "injects": 32_768, "answers": 65_536, "story": 65_536, "talks": 262_144, "truth": 524_288}
_TRUTH_SCHEMA = {
    "event_id": pl.Int64, "staff_code": pl.String, "person_no": pl.String, "kind": pl.String, "episode_id": pl.String,
}  # fmt: skip
"""One row per event that is no ordinary work; ``kind`` is misuse, grey, error or look-alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The accepted values of a question, all of which are wanted, and the way to them."""

    values: tuple[str, ...]
    path: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """News to be released in a minute of the search."""

    id: str
    minute: int
    kind: str
    title: Text
    text: Text
    expect: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Everything sealed, opened.

    Attributes:
        drill: name of the drill and of its scenario.
        answers: number of the question → answer.
        hints: (number, step) → words.
        injects: in order of time.
        interviews: staff number → what is said.
        case_files: case number → what the file holds.
        story: what really happened, one text per episode.
        labels: the truth, columns as `_TRUTH_SCHEMA`.
        rankings: reference detector → (staff number, person) from the most suspicious down.
    """

    drill: str
    answers: Mapping[int, Answer]
    hints: Mapping[tuple[int, int], Text]
    injects: tuple[Inject, ...]
    interviews: Mapping[str, Text]
    case_files: Mapping[str, Text]
    story: tuple[Text, ...]
    labels: pl.DataFrame
    rankings: Mapping[str, tuple[tuple[str, str], ...]]

    @property
    def misuse_event_ids(self) -> frozenset[int]:
        """The events of misuse."""
        return frozenset(self.labels.filter(pl.col("kind") == "misuse")["event_id"].to_list())


def key_of(drill: Path) -> Path:
    """Where the key of the drill in the folder `drill` is put: beside it."""
    return drill.with_name(drill.name + KEY_SUFFIX)


def write_sealed(secret: Secret, folder: Path, key: PseudonymKey) -> None:
    """Seal `secret` into ``sealed/`` of `folder`."""
    parts = {
        "answers": {str(n): asdict(a) for n, a in secret.answers.items()},
        "injects": [asdict(inject) for inject in secret.injects],
        "story": {"drill": secret.drill, "story": [asdict(text) for text in secret.story]},
        "talks": {
            name: {code: asdict(text) for code, text in said.items()}
            for name, said in (("interviews", secret.interviews), ("case_files", secret.case_files))
        },
        "truth": {"labels": secret.labels.to_dict(as_series=False), "rankings": secret.rankings},
    }
    hints = {f"hint-{number}-{step}": asdict(text) for (number, step), text in secret.hints.items()}
    for name, content in (parts | hints).items():
        storage.write_bytes(folder / SEALED / f"{name}.sealed", _seal(name, content, key))
    written = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((folder / SEALED).glob("*.sealed"))}
    storage.write_bytes(folder / SEALED / _COMMITMENT, (json.dumps(written, indent=1) + "\n").encode())


def _seal(name: str, content: Any, key: PseudonymKey) -> bytes:
    text = json.dumps(content, ensure_ascii=False).encode()
    block = _BLOCK[name.partition("-")[0]]
    whole = len(text).to_bytes(_LENGTH, "big") + text
    return seal.seal(whole.ljust(-(-len(whole) // block) * block, b"\0"), *_lock(name, key))


def _lock(name: str, key: PseudonymKey) -> tuple[memoryview, bytes]:
    use = _CONTEXT + name.encode()
    return key.derive(use), use


def _open(pack: Pack, name: str, key: PseudonymKey) -> Any:
    path = pack.path / SEALED / f"{name}.sealed"
    if not path.is_file():
        msg = f"{path} is missing from the drill"
        raise MissingError(msg)
    whole = bytes(seal.open_seal(path.read_bytes(), *_lock(name, key)))
    length = int.from_bytes(whole[:_LENGTH], "big")
    try:
        return json.loads(whole[_LENGTH : _LENGTH + length])
    except ValueError as error:
        msg = f"{path} holds no drill"
        raise DamagedError(msg) from error


def open_hint(pack: Pack, number: int, step: int, key: PseudonymKey) -> Text:
    """One hint and nothing else.

    Raises:
        MissingError: there is no such hint.
        SealError: another key.
    """
    return Text(**_open(pack, f"hint-{number}-{step}", key))


def unseal(pack: Pack, key: PseudonymKey | Path | None = None) -> Secret:
    """Open all that is sealed of `pack`, with its key or the path of the key file; without one, the file beside it.

    Raises:
        MissingError: a part or the key file is missing.
        KeyFileError: the key file is open to others, or is none.
        SealError: another key, or changed bytes.
    """
    found = key if isinstance(key, PseudonymKey) else PseudonymKey.load(key or key_of(pack.path))
    answers, injects, told = (_open(pack, name, found) for name in ("answers", "injects", "story"))
    talks, truth = _open(pack, "talks", found), _open(pack, "truth", found)
    numbers = [(question.number, step) for question in pack.questions for step in range(1, STEPS + 1)]
    texts = ("title", "text", "expect")
    return Secret(
        drill=told["drill"],
        answers={int(n): Answer(values=tuple(a["values"]), path=Text(**a["path"])) for n, a in answers.items()},
        hints={place: open_hint(pack, *place, found) for place in numbers},
        injects=tuple(Inject(**{**row, **{name: Text(**row[name]) for name in texts}}) for row in injects),
        interviews={code: Text(**text) for code, text in talks["interviews"].items()},
        case_files={code: Text(**text) for code, text in talks["case_files"].items()},
        story=tuple(Text(**text) for text in told["story"]),
        labels=pl.DataFrame(truth["labels"], schema=_TRUTH_SCHEMA),
        rankings={name: tuple((a, b) for a, b in pairs) for name, pairs in truth["rankings"].items()},
    )
