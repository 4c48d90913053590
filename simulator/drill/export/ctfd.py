"""CTFd: a folder with ``challenge.yml`` for each question, as ctfcli installs them; hints open one after the other.

Several values are asked for in ascending order, joined by commas; the flag allows spaces and any case. Free judgement
has no type there and stays on paper.
Source: ctfcli 0.1.8, spec/challenge-example.yml and `ctf challenge lint`.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

from simulator import storage
from simulator.drill import same
from simulator.drill.pack import EVIDENCE_FOLDER, Pack, Question
from simulator.drill.rules import Form
from simulator.drill.secret import Secret

_TABLES = ("audit_log", "staff", "roster", "cases", "places", "people")
_STEP = "step-{}"


def write(pack: Pack, secret: Secret, out: Path) -> list[Path]:
    """Write one challenge per question; the first brings the evidence."""
    paths = []
    for question in pack.questions:
        folder = out / question.id
        files = _evidence(pack, folder) if question.number == 1 else []
        text = json.dumps(_challenge(pack, secret, question, files), ensure_ascii=False, indent=2)
        storage.write_bytes(folder / "challenge.yml", f"{text}\n".encode())
        paths.append(folder / "challenge.yml")
    return paths


def _evidence(pack: Pack, folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        shutil.copyfile(pack.path / EVIDENCE_FOLDER / f"{name}.csv", folder / f"{name}.csv")
    return [f"{name}.csv" for name in _TABLES]


def _challenge(pack: Pack, secret: Secret, question: Question, files: list[str]) -> dict[str, Any]:
    """JSON is YAML, so no library is needed to write it."""
    lang = pack.manifest.lang
    found: dict[str, Any] = {
        "name": f"{question.number:02} {pack.manifest.title.of(lang)}", "author": "jukisim",
        "category": pack.manifest.title.of(lang), "description": _description(question, lang),
        "attribution": "jukisim; invented data", "value": question.points, "type": "standard",
        "flags": [{"type": "regex", "content": _flag(secret, question), "data": "case_insensitive"}],
        "hints": [_hint(secret, question, step, lang) for step in (1, 2, 3)],
        "tags": [f"level {pack.manifest.difficulty}"],
        "state": "visible", "version": "0.1",
    }  # fmt: skip
    if files:
        found["files"] = files
    if question.number > 1:
        found["requirements"] = [f"{question.number - 1:02} {pack.manifest.title.of(lang)}"]
    return found


def _description(question: Question, lang: str) -> str:
    ways = {
        "ja": "（複数のときは小さい順にコンマで区切る。ないときは「なし」）",
        "en": "(several: ascending, by commas; nothing: none)",
    }
    return question.text.of(lang) + (ways[lang] if question.several else "")


def _flag(secret: Secret, question: Question) -> str:
    values = secret.answers[question.number].values
    if question.kind == Form.NUMBER and int(values[0]) >= same.LARGE:
        wanted, gap = int(values[0]), int(same.ASSUMED_TOLERANCE * int(values[0]))
        return f"^({'|'.join(str(n) for n in range(wanted - gap, wanted + gap + 1))})$"
    if values == ("なし",):
        return r"^\s*(なし|none)\s*$"
    return r"^\s*" + r"\s*,\s*".join(re.escape(value) for value in values) + r"\s*$"


def _hint(secret: Secret, question: Question, step: int, lang: str) -> dict[str, Any]:
    hint: dict[str, Any] = {
        "key": _STEP.format(step), "title": f"{step}", "content": secret.hints[question.number, step].of(lang),
        "cost": question.hint_costs[step - 1],
    }  # fmt: skip
    return hint | ({"requirements": [_STEP.format(step - 1)]} if step > 1 else {})
