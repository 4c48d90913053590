"""The inspection rules of the office (点検規程), as published: what is looked for, and how much it weighs.

Staff can read them, and so can whoever means harm: detector `rules` scores by them, and an adaptive insider plays the
best response to them. What they cost is known from hospitals: rules of this kind fire far more often than there is
misuse, and 16–43 % of the accesses they flag have a plain explanation. Source: Hedda, Malin, Yan, Fabbri 2017 (AMIA).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# An office's judgement; nobody's published figures.
ASSUMED_WEIGHTS = MappingProxyType(
    {
        "own_record": 8.0, "own_household": 7.0, "foreign_case": 6.0, "crowd": 5.0, "off_roster": 5.0,
        "no_account": 5.0, "protected": 4.0, "closed_office": 3.0, "bulk": 3.0, "other_section_case": 3.0,
        "usually_with_case": 2.5, "rare_purpose": 2.5, "unknown_case": 2.0, "refused": 2.0, "same_surname": 2.0,
        "repeat": 2.0, "foreign_terminal": 1.5, "neighbour": 1.0, "wide_search": 1.0, "no_result": 0.5,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Rules with their weights and thresholds, which an office that has never measured its own log sets by judgement.

    Attributes:
        weights: rule → what it adds to a score.
        first_hour, last_hour: hours of the day between which work is usual.
        many_persons_per_hour: more persons within the hour are too many.
        many_actors, crowd_days: so many who open one record without a case within so many days are a crowd.
        repeat_days: on so many days the same person without a case is a repeat.
        usual_case_rate: share of a purpose's looks with a case from which one without is odd.
        rare_purpose_rate: share of a section's work below which a purpose is rare there.
        wide_hits: a pattern that matches more is wide.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: ASSUMED_WEIGHTS)
    first_hour: int = 7
    last_hour: int = 20
    many_persons_per_hour: int = 40
    many_actors: int = 4
    crowd_days: int = 7
    repeat_days: int = 3
    usual_case_rate: float = 0.8
    rare_purpose_rate: float = 0.01
    wide_hits: int = 100


PUBLISHED = Inspection()
