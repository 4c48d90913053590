"""What an archetype is: one kind of misuse, told as a generator that asks and is answered.

An episode does not invent working time. It takes over cases of its actor's own day (hijacking), so hour, session,
terminal, pauses and lengths stay those of real work; what changes is whose record is asked for, and why.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.access import AccessRequest, Outcome

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One request of an episode.

    Attributes:
        request: what is asked.
        replaces: request_no of the lawful request whose place it takes.
        stage: of the episode.
        reason_status: real, borrowed, forged or none.
    """

    request: AccessRequest
    replaces: int
    stage: str
    reason_status: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that an episode takes over: its requests in order of time, as rows of the table ``request``."""

    case_index: int
    staff_no: int
    resident_no: int
    steps: tuple[Row, ...]


Plan = Generator[Step, Outcome, None]


@dataclass(slots=True)
class Story:
    """What an episode turned out to be; the generator fills it in as it goes."""

    motive: str = ""
    relation: str = ""
    story_ja: str = ""
    story_en: str = ""
    instigator: int | None = None
    victims: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """One kind of misuse or look-alike.

    Attributes:
        name: such as M06.
        title_ja, title_en: its titles.
        looks: how it looks from outside, and what lawful thing it resembles.
        signals: columns or joins that may tell.
        sources: published cases that it is modelled on.
        params: its knobs, a frozen dataclass.
        plan: the generator; None for a look-alike, which is lawful work of `procedures`.
        procedures: lawful procedures whose cases are the look-alike.
    """

    name: str
    title_ja: str
    title_en: str
    looks: str
    signals: tuple[str, ...]
    sources: tuple[str, ...]
    params: type[Any]
    plan: Callable[[Any, Any], Plan] | None = None
    procedures: tuple[str, ...] = ()

    @property
    def misuse(self) -> bool:
        """Whether it is misuse; a look-alike is not."""
        return self.plan is not None

    def row(self) -> dict[str, str]:
        """One line of a list."""
        kind = "misuse" if self.misuse else "look-alike"
        signals = ", ".join(self.signals)
        return {"archetype": self.name, "類型": self.title_ja, "title": self.title_en, "kind": kind, "signals": signals}

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


def looks(taken: Taken) -> Sequence[Row]:
    """The steps of a taken case that only look: searches and views, without issue, update or change."""
    return [row for row in taken.steps if row["action"] in ("search", "list", "view")]
