"""The questions that staff can ask, one file each; a new file is a new call, command and route."""

import importlib
import pkgutil
from functools import cache

from simulator.errors import UnknownNameError
from simulator.live.question import Question


@cache
def questions() -> dict[str, Question]:
    """Every question by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    found = (importlib.import_module(f"{__name__}.{name}").QUESTION for name in names)
    return {question.name: question for question in found}


def question(name: str) -> Question:
    """The question called `name`.

    Raises:
        UnknownNameError: there is none.
    """
    known = questions()
    if name not in known:
        raise UnknownNameError("question", name[:40], known)
    return known[name]
