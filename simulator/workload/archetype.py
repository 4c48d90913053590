"""What an archetype is: one kind of misuse, told as a generator that asks and is answered.

An episode does not invent working time. It takes over cases of its actor's own day (hijacking), so hour, session,
terminal, pauses and lengths stay those of real work; what changes is whose record is asked for, and why.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from simulator.access import AccessRequest, Outcome

Row = dict[str, Any]


class Kind(StrEnum):
    """What an archetype is.

    Grey is neither plainly lawful nor plainly misuse; an error is honest; a canary tries detectors out and is counted
    in no score; a technique serves other archetypes and is never played alone; a look-alike is lawful work.
    """

    MISUSE = "misuse"
    GREY = "grey"
    ERROR = "error"
    CANARY = "canary"
    TECHNIQUE = "technique"
    LOOKALIKE = "look-alike"


PLAYED = (Kind.MISUSE, Kind.GREY, Kind.ERROR, Kind.CANARY)
UNSCORED = (Kind.GREY, Kind.CANARY)


@dataclass(frozen=True, slots=True)
class Step:
    """One request of an episode.

    Attributes:
        request: what is asked.
        replaces: request_no of the lawful request whose place it takes; None for one more request.
        stage: of the episode.
        reason_status: real, borrowed, forged or none.
    """

    request: AccessRequest
    replaces: int | None
    stage: str
    reason_status: str


class Guise(StrEnum):
    """What the case list says of a case that an episode has taken over.

    Open: what it said before, so it is somebody else's case. Hidden: nothing, as of some lawful cases. Entered: that it
    is the victim's, for the actor wrote it so.
    """

    OPEN = "open"
    HIDDEN = "hidden"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that an episode takes over.

    Attributes:
        case_index, staff_no, resident_no: of the case as it was.
        steps: its requests in order of time, as rows of the table ``request``.
        guise: what the case list will say of it.
        cover: whether it is to be worked at to its end, with whatever it issues.
        day: of the window, on which it is worked at.
    """

    case_index: int
    staff_no: int
    resident_no: int
    steps: tuple[Row, ...]
    guise: Guise = Guise.OPEN
    cover: bool = False
    day: int = 0


Plan = Generator[Step, Outcome, None]


@dataclass(slots=True)
class Story:
    """What an episode turned out to be; the generator fills it in as it goes.

    `instigator` is a colleague for whom it is done; `culprit` who really asked, where it was in another's session.
    `hands` are those among whom the looks are split, and `looked` who has looked on which day of the window.
    """

    motive: str = ""
    relation: str = ""
    story_ja: str = ""
    story_en: str = ""
    instigator: int | None = None
    culprit: int | None = None
    victims: list[int] = field(default_factory=list)
    hands: list[int] = field(default_factory=list)
    looked: list[tuple[int, int]] = field(default_factory=list)


class End(NamedTuple):
    """How episodes of a kind came to light in the published cases, for the case file.

    Attributes:
        channels: codes of the vocabulary CHANNELS with weights.
        days: from the last event until it came to light, shortest and longest; drawn evenly on a logarithmic scale.
        sanctions: codes of the vocabulary SANCTIONS with weights.
    """

    channels: tuple[tuple[str, int], ...]
    days: tuple[int, int]
    sanctions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """One kind of misuse, grey area, error, technique or look-alike.

    Attributes:
        name: such as M06.
        title_ja, title_en: its titles.
        looks: how it looks from outside, and what lawful thing it resembles.
        signals: columns or joins that may tell.
        sources: published cases that it is modelled on.
        params: its knobs, a frozen dataclass.
        kind: what it is.
        plan: the generator of what is played; None for a technique or a look-alike.
        procedures: lawful procedures whose cases may be the look-alike; none: all.
        marks: which of these cases are it (evidence, knobs → one flag a case); None for all.
        told_by: "resident" or "staff": whose cases make one episode.
        rank: of two look-alikes that claim a case the one of lower rank has it.
        end: how it came to light.
    """

    name: str
    title_ja: str
    title_en: str
    looks: str
    signals: tuple[str, ...]
    sources: tuple[str, ...]
    params: type[Any]
    kind: Kind = Kind.LOOKALIKE
    plan: Callable[[Any, Any], Plan] | None = None
    procedures: tuple[str, ...] = ()
    marks: Callable[[Any, Any], Any] | None = None
    told_by: str = "resident"
    rank: int = 50
    end: End | None = None

    @property
    def misuse(self) -> bool:
        """Whether it is misuse."""
        return self.kind is Kind.MISUSE

    @property
    def unscored(self) -> bool:
        """Whether it is labelled grey, so that no score counts it."""
        return self.kind in UNSCORED

    @property
    def played(self) -> bool:
        """Whether a scenario can order episodes of it."""
        return self.kind in PLAYED

    def row(self) -> dict[str, str]:
        """One line of a list."""
        return {
            "archetype": self.name, "類型": self.title_ja, "title": self.title_en, "kind": self.kind.value,
            "signals": ", ".join(self.signals),
        }  # fmt: skip

    def page(self) -> str:
        """Everything about it in words."""
        knobs = [f"  {k} = {getattr(self.params(), k)!r}" for k in self.params.__dataclass_fields__]
        parts = [
            f"{self.name}  {self.title_ja} / {self.title_en}",
            "",
            self.looks,
            "",
            "Knobs:",
            *(knobs or ["  none"]),
        ]
        return "\n".join([*parts, "", "Sources:", *(f"  {source}" for source in self.sources)])


def retarget(step: Row, resident_no: int, case_no: str | None) -> AccessRequest:
    """The request in the place of `step`, about another resident and under `case_no`.

    Whether a case number is written follows the system and purpose of the place, not the lawfulness.
    """
    names = AccessRequest.__dataclass_fields__
    values = {name: step[name] for name in names}
    numbered = step["case_no"] is not None
    return AccessRequest(**{**values, "target": resident_no, "case_no": case_no if numbered else None})


def check_knobs(stealth: float, **ranges: tuple[int, int, int]) -> None:
    """Refuse a stealth outside 0–1 and every knob (value, lowest, highest) outside its range.

    Raises:
        ValueError: the knob and its range.
    """
    if not 0 <= stealth <= 1:
        msg = f"stealth must lie in 0–1, not {stealth}"
        raise ValueError(msg)
    for name, (value, low, high) in ranges.items():
        if not low <= value <= high:
            msg = f"{name} must lie in {low}–{high}, not {value}"
            raise ValueError(msg)


def looks(taken: Taken) -> Sequence[Row]:
    """The steps of a taken case that only look: searches and views, without issue, update or change."""
    return [row for row in taken.steps if row["action"] in ("search", "list", "view")]
