"""The scorecard: what an auditor would have got out of a detector, in the order in which it matters."""

import json
from dataclasses import asdict, dataclass

from simulator.scoring.bootstrap import Interval

HEADLINE_BUDGETS = (5, 20, 100)
HEADLINE = 20
VICTIM_COUNTS = (2, 5, 10)
COST_BUDGETS = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What so many reviews a day found.

    Attributes:
        per_day: reviews a day.
        reviews: reviews made over the window.
        recall: share of the actors of misuse episodes that were found, with its interval.
        precision: share of the reviews that met misuse.
        days_to_detection: median office days from an actor's first misuse to the review; null if none was found.
        lookalike_rate: share of the reviews that were of lawful look-alikes.
        suspected: staff reviewed who did no misuse.
        victims: share of the people looked up wrongly whose case was met.
        minutes: minutes of review.
    """

    per_day: int
    reviews: int
    recall: Interval
    precision: float
    days_to_detection: float | None
    lookalike_rate: float
    suspected: int
    victims: float
    minutes: int


@dataclass(frozen=True, slots=True)
class ArchetypeLine:
    """How one archetype of misuse was found at the headline budget: actors in episodes, found, recall."""

    archetype: str
    actors: int
    found: int
    recall: float


@dataclass(frozen=True, slots=True)
class GroupLine:
    """How misuse of one stealth (``open``, ``middling``, ``careful``) or section was found at the headline budget."""

    kind: str
    name: str
    actors: int
    found: int
    recall: float


@dataclass(frozen=True, slots=True)
class VictimLine:
    """Episodes with at least `victims` people looked up, and in how many someone was found before the last of those.

    Found before: the review fell on a day before the `victims`-th resident was first looked up wrongly.
    """

    victims: int
    episodes: int
    found: int
    share: float


@dataclass(frozen=True, slots=True)
class Explained:
    """What a detector that gives reasons explained: of all events, of first looks, and of misuse (wrongly)."""

    all: float
    first: float
    misuse: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The figures of one detector on one run.

    Attributes:
        detector: its name.
        run: root of the run.
        events, misuse: judged events, and how many of them are misuse.
        episodes: misuse episodes.
        prevalence: share of misuse among events: the average precision of chance.
        budgets: at 5, 20 and 100 reviews a day.
        precision_at_all: average precision over events, with its interval.
        ap_actor, ap_victim: average precision with staff, or residents, as what is ranked.
        archetypes: recall of each at 20 reviews a day, the worst first.
        groups: recall by stealth and by section at 20 reviews a day.
        before_victim: episodes found before their second, fifth and tenth victim at 20 reviews a day.
        explained: null if the scores say nothing of reasons.
        lookalikes_reviewed: share of the look-alike dealings reviewed at 20 a day.
        cost: recall, victims and minutes over budgets.
        cost_area: area under recall over the share of the largest budget.
        brier, calibration_error: null unless scores lie in 0–1.
        curve: precision–recall points (recall, precision), thinned for drawing.
    """

    detector: str
    run: str
    events: int
    misuse: int
    episodes: int
    prevalence: float
    budgets: tuple[BudgetLine, ...]
    precision_at_all: Interval
    ap_actor: float
    ap_victim: float
    archetypes: tuple[ArchetypeLine, ...]
    groups: tuple[GroupLine, ...]
    before_victim: tuple[VictimLine, ...]
    explained: Explained | None
    lookalikes_reviewed: float
    cost: tuple[BudgetLine, ...]
    cost_area: float
    brier: float | None
    calibration_error: float | None
    curve: tuple[tuple[float, float], ...]

    @property
    def average_precision(self) -> float:
        """Average precision over events."""
        return self.precision_at_all.value

    def to_json(self) -> str:
        """The whole card as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    def rows(self) -> list[dict[str, str | float | int | None]]:
        """The card as rows of a table: metric, value, low, high."""
        rows = [_row(f"{name} at {b.per_day} a day", *figures) for b in self.budgets for name, figures in _figures(b)]
        ap = self.precision_at_all
        rows += [_row("average precision", ap.value, ap.low, ap.high), _row("prevalence (chance)", self.prevalence)]
        rows += [_row(f"recall of {a.archetype} at {HEADLINE} a day", a.recall) for a in self.archetypes]
        rows += [_row(f"recall, {g.kind} {g.name}, at {HEADLINE} a day", g.recall) for g in self.groups]
        rows += [_row(f"found before victim {v.victims}, at {HEADLINE} a day", v.share) for v in self.before_victim]
        if self.explained is not None:
            given = self.explained
            rows += [_row("explained, all", given.all), _row("explained, first looks", given.first)]
            rows += [_row("misuse explained away", given.misuse)]
        rows += [
            _row("average precision by staff", self.ap_actor),
            _row("average precision by resident", self.ap_victim),
        ]
        rows += [_row("area under the cost curve", self.cost_area)]
        if self.brier is not None:
            rows += [_row("Brier score", self.brier), _row("calibration error", self.calibration_error)]
        return [*rows, _row(f"look-alikes reviewed at {HEADLINE} a day", self.lookalikes_reviewed)]


def _figures(line: BudgetLine) -> list[tuple[str, tuple[float | None, ...]]]:
    return [
        ("recall", (line.recall.value, line.recall.low, line.recall.high)),
        ("precision", (line.precision,)),
        ("office days to detection", (line.days_to_detection,)),
        ("staff wrongly suspected", (line.suspected,)),
        ("look-alikes among reviews", (line.lookalike_rate,)),
    ]


def _row(
    metric: str, value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, str | float | int | None]:
    values = {"value": value, "low": low, "high": high}
    return {"metric": metric, **{name: round(v, 5) if isinstance(v, float) else v for name, v in values.items()}}
