"""A drill on disk, as a team may open it: what it is, its questions, its evidence. Nothing here knows an answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from simulator import storage
from simulator.drill.evidence import Evidence
from simulator.drill.spec import Text
from simulator.errors import DamagedError, MissingError

FORMAT = 1
MANIFEST = "drill.json"
QUESTIONS = "questions.json"
SEALED = "sealed"
MACHINE_FOLDER = "machine"
EVIDENCE_FOLDER = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a drill is.

    Attributes:
        format: of the folder.
        version: of the package that made it.
        title: for teams; it tells nothing.
        lang: of its papers, ja or en.
        difficulty: 1–3.
        minutes: of the whole; `phases` of each part, by key.
        teams, team: how many teams, and people in each.
        rows: table for people → rows.
        first_day, last_day: of the log, ISO 8601.
        files: path → SHA-256 of everything that is not sealed.
    """

    format: int
    version: str
    title: Text
    lang: str
    difficulty: int
    minutes: int
    phases: Mapping[str, int]
    teams: int
    team: int
    rows: Mapping[str, int]
    first_day: str
    last_day: str
    files: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Write it into `folder`."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        storage.write_bytes(folder / MANIFEST, text.encode())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read that of the drill in `folder`.

        Raises:
            MissingError: there is none.
            DamagedError: it does not decode, or another format.
        """
        values = _json(folder / MANIFEST)
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            msg = f"{folder / MANIFEST} is no drill of format {FORMAT}; make the drill anew"
            raise DamagedError(msg)
        try:
            return cls(**(values | {"title": Text(**values["title"])}))
        except (KeyError, TypeError) as error:
            msg = f"{folder / MANIFEST} lacks a part: {error}"
            raise DamagedError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as a team sees it.

    Attributes:
        id: short name, unique in the drill.
        number: from 1.
        points: what a right answer is worth.
        text: the question.
        kind: form of the answer: staff, person, case, event, date, number, terminal or household.
        several: whether there may be more than one value.
        hint_costs: points that each of the three hints takes.
    """

    id: str
    number: int
    points: int
    text: Text
    kind: str
    several: bool
    hint_costs: tuple[int, int, int]


@dataclass(frozen=True)
class Pack:
    """A drill as a team may open it."""

    path: Path
    manifest: Manifest
    questions: tuple[Question, ...]

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence, read when it is asked for."""
        return Evidence.open(self.path / MACHINE_FOLDER)

    @property
    def points(self) -> int:
        """The most that questions can bring."""
        return sum(question.points for question in self.questions)

    def question(self, number: int) -> Question:
        """The question of that number.

        Raises:
            MissingError: there is none.
        """
        for question in self.questions:
            if question.number == number:
                return question
        msg = f"no question {number}; there are 1 to {len(self.questions)}"
        raise MissingError(msg)


def open_pack(path: Path | str) -> Pack:
    """Open the drill in the folder `path`; the evidence is read later, when it is asked for.

    Raises:
        MissingError: there is no drill.
        DamagedError: its manifest or its questions do not decode.
    """
    folder = Path(path)
    if not folder.is_dir():
        msg = f"{folder} is not a folder; give the folder that `jukisim drill new` made"
        raise MissingError(msg)
    manifest = Manifest.read(folder)
    try:
        questions = tuple(_question(row) for row in _json(folder / QUESTIONS))
    except (KeyError, TypeError) as error:
        msg = f"{folder / QUESTIONS} lacks a part: {error}"
        raise DamagedError(msg) from error
    return Pack(folder, manifest, questions)


def _question(row: Mapping[str, Any]) -> Question:
    return Question(**{**row, "text": Text(**row["text"]), "hint_costs": tuple(row["hint_costs"])})


def write_questions(questions: tuple[Question, ...], folder: Path) -> None:
    """Write the questions into `folder`."""
    text = json.dumps([asdict(q) for q in questions], ensure_ascii=False, indent=1) + "\n"
    storage.write_bytes(folder / QUESTIONS, text.encode())


def digests(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file of `folder` that is neither sealed nor the manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if name != MANIFEST and not name.startswith(f"{SEALED}/")
    }


def changed(pack: Pack) -> list[str]:
    """The files that are not as they were made: other content, gone, or new."""
    now, made = digests(pack.path), dict(pack.manifest.files)
    kept = {name: digest for name, digest in now.items() if not name.startswith("answers/")}
    return sorted(name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name))


def _json(path: Path) -> Any:
    if not path.is_file():
        msg = f"{path} is missing; give the folder that `jukisim drill new` made"
        raise MissingError(msg)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        msg = f"{path} does not decode: {error}"
        raise DamagedError(msg) from error
