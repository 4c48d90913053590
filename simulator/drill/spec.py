"""What a drill is, as its TOML file writes it: story, questions, hints, injects and the size of the office by level."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from simulator import scenario, spec
from simulator.errors import SpecError, UnknownNameError
from simulator.scenario import Scenario

LANGUAGES = ("ja", "en")
LEVELS = (1, 2, 3)
STEPS = 3
"""Hints of a question, from a nudge to nearly the answer."""
_FOLDER = Path(__file__).with_name("drills")
_COMMON = Path(__file__).with_name("common.toml")
_SHARED = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same words in Japanese and English."""

    ja: str
    en: str

    def of(self, lang: str) -> str:
        """The words in the language `lang`, ja or en."""
        return self.ja if lang == "ja" else self.en

    def fill(self, **values: "Text | str") -> "Text":
        """The words with ``{name}`` replaced."""
        ja = {name: value.ja if isinstance(value, Text) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(ja=self.ja.format_map(ja), en=self.en.format_map(en))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """One question.

    Attributes:
        rule: how its answer follows from what happened; one of `simulator.drill.rules`.
        of: which acts the rule looks at: misuse, grey or error.
        points: what a right answer is worth.
        text, path: the question, and the way to its answer through the evidence.
        hints: three, each more telling than the one before.
    """

    rule: str
    text: Text
    path: Text
    hints: tuple[Text, ...]
    points: int = 10
    of: str = "misuse"

    def __post_init__(self) -> None:
        """Refuse a ladder of another height."""
        if len(self.hints) != STEPS:
            msg = f"the question {self.text.en!r} needs {STEPS} hints, not {len(self.hints)}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectSpec:
    """News that the facilitator releases.

    Attributes:
        minute: of the search phase, from 0.
        kind: who brings it.
        title, text: for the teams; ``{resident_name}`` and other names of `simulator.drill.rules` are filled in.
        expect: what a good team does with it, for the facilitator.
    """

    minute: int
    kind: str
    title: Text
    text: Text
    expect: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The office of one level of difficulty.

    Attributes:
        residents, staff, days, volume: of the scenario.
        hidden_rate: share of lawful cases that the case list lacks.
        misuse: what is changed in the scenario's misuse tables.
    """

    residents: int
    staff: int
    days: int
    volume: float
    hidden_rate: float = 0.0
    misuse: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSpec:
    """A drill.

    Attributes:
        name: of its file.
        scenario: of the shipped scenario that it plays; no team is told.
        title: for teams: it gives nothing away.
        case: the real case that it follows, for the debrief.
        brief: what the teams know when they begin.
        story: what really happened, for the facilitator.
        aims: what is practised.
        traps: the lawful look-alikes to be told apart.
        lessons: what the office should change.
        sanction: what followed in the real case, from the published reports.
        questions: 8–12, in order of difficulty.
        injects: in order of time.
        levels: by level, 1 the easiest.
    """

    name: str
    scenario: str
    title: Text
    case: Text
    brief: tuple[Text, ...]
    story: Text
    aims: tuple[Text, ...]
    traps: tuple[Text, ...]
    lessons: tuple[Text, ...]
    sanction: Text
    questions: tuple[QuestionSpec, ...]
    injects: tuple[InjectSpec, ...]
    levels: dict[str, Level]

    def __post_init__(self) -> None:
        """Refuse too few questions or levels that are not there."""
        if not 8 <= len(self.questions) <= 12:  # noqa: PLR2004 - what trainers ask for, detection.md 4.1
            msg = f"a drill has 8 to 12 questions, not {len(self.questions)}"
            raise ValueError(msg)
        if set(self.levels) != {str(level) for level in LEVELS}:
            msg = f"levels must be {LEVELS}, not {sorted(self.levels)}"
            raise ValueError(msg)

    def played(self, difficulty: int) -> Scenario:
        """The scenario of that level.

        Raises:
            SpecError: there is no such level.
        """
        if difficulty not in LEVELS:
            msg = f"difficulty must be one of {LEVELS}, not {difficulty}"
            raise SpecError(msg)
        return _resized(scenario.load(self.scenario), self.levels[str(difficulty)])


def _resized(base: Scenario, level: Level) -> Scenario:
    values = spec.to_values(base)
    values["days"] = level.days
    values["population"] |= {"residents": level.residents}
    values["office"] |= {"staff": level.staff}
    values["workload"] |= {"volume": level.volume, "hidden_rate": level.hidden_rate}
    values["misuse"] = {name: own | level.misuse.get(name, {}) for name, own in base.misuse.items()}
    return spec.build(Scenario, values, base.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of the exercise, with its share of the time."""

    key: str
    title: Text
    share: float
    doing: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card with a heading and points, such as a role."""

    title: Text
    points: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Card):
    """A criterion of the rubric; each of its points begins with the marks that it stands for."""

    @property
    def marks(self) -> tuple[int, ...]:
        """The marks that may be given, the best first."""
        return tuple(int(point.en.partition(":")[0]) for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all drills share: phases, roles, rules, rubric, discipline scale, words of pages and sheets."""

    phases: tuple[Phase, ...]
    roles: tuple[Card, ...]
    rules: tuple[Text, ...]
    evidence: tuple[Card, ...]
    rubric: tuple[Criterion, ...]
    scale: tuple[Card, ...]
    words: dict[str, Text]


def names() -> list[str]:
    """The shipped drills."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(name_or_path: str) -> DrillSpec:
    """The shipped drill of that name, or the one in that TOML file.

    Raises:
        UnknownNameError: neither; or a key that is not known.
        SpecError: the file does not hold.
    """
    path = Path(name_or_path) if name_or_path.endswith(".toml") else _FOLDER / f"{name_or_path}.toml"
    if path.parent == _FOLDER and name_or_path not in names():
        raise UnknownNameError("drill", name_or_path, names())
    values = {"name": path.stem} | spec.read_toml(path)
    values["questions"] = [_shared(question, path.stem) for question in values.get("questions", [])]
    return spec.build(DrillSpec, values, path.stem)


def _shared(question: dict[str, Any], where: str) -> dict[str, Any]:
    """A question that is told to `use` one that several drills ask, with what it says otherwise."""
    wanted = question.get("use")
    if wanted is None:
        return question
    known = spec.read_toml(_SHARED)
    if wanted not in known:
        raise UnknownNameError("shared question", wanted, known, where)
    own = {name: value for name, value in question.items() if name != "use"}
    shared: dict[str, Any] = known[wanted]
    return {"rule": wanted} | shared | own


@cache
def common() -> Common:
    """What all drills share."""
    return spec.build(Common, spec.read_toml(_COMMON), _COMMON.name)


def minutes_of(total: int) -> list[int]:
    """How long each phase lasts of `total` minutes; the whole is kept."""
    shares = [phase.share for phase in common().phases]
    ends = [round(total * sum(shares[: place + 1]) / sum(shares)) for place in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
