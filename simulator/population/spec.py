"""What population is wanted."""

from dataclasses import dataclass, replace

from simulator.population.shape import Shape
from simulator.world.municipality import Municipality
from simulator.world.real_towns import real_towns

BLOCK_HOUSEHOLDS = 8_192
BLOCK_NUMBERS = 65_536
REMOVED_NUMBERS = BLOCK_NUMBERS // 16  # the last numbers of a block are for records removed before the window
LONGEST_HISTORY = 4


@dataclass(frozen=True, slots=True)
class PopulationSpec:
    """A population.

    Attributes:
        residents: how many people are in the register when the window begins (reached to within one household).
        profile: which age and household profile; "own" is the one that each municipality has.
        history_years: how many years before the window are told: past changes and removed records (0–4).
        check_digits: how resident codes and My Numbers end, "invalid" unless collisions are accepted.
        towns: real municipality whose towns and postal codes serve, such as 高知市 (extra geo); or none.
        neighbours: code → residents of the municipalities that people come from and go to, where it is not `residents`.
        shape: ages, households and foreign share of one's own town, in the place of `profile`; None for none.
    """

    residents: int
    profile: str = "national"
    check_digits: str = "invalid"
    history_years: int = 3
    towns: str = ""
    neighbours: dict[str, int] | None = None
    shape: Shape | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be made.

        Raises:
            ValueError: no residents, or a profile or mode that does not exist.
        """
        if self.residents < 1:
            msg = f"a population of {self.residents} residents; at least 1 is needed"
            raise ValueError(msg)
        if self.profile not in PROFILES:
            msg = f"unknown profile {self.profile!r}; valid: {', '.join(PROFILES)}"
            raise ValueError(msg)
        if not 0 <= self.history_years <= LONGEST_HISTORY:
            msg = f"history_years is {self.history_years}; valid: 0 to {LONGEST_HISTORY}"
            raise ValueError(msg)
        if self.check_digits not in ("invalid", "valid"):
            msg = f"unknown check_digits {self.check_digits!r}; valid: invalid, valid"
            raise ValueError(msg)

    @property
    def told(self) -> tuple[str, ...]:
        """What a reader of the people must know beside."""
        real = f"Town names and postal codes are those of {self.towns}; people, buildings and numbers are made up."
        return (real,) if self.towns else ()

    def residents_of(self, place: Municipality) -> int:
        """How many people `place`, which people come from and go to, has in its register."""
        return (self.neighbours or {}).get(place.code, self.residents)

    def placed(self, place: Municipality) -> Municipality:
        """`place` with the towns that are wanted.

        Raises:
            MissingError: they are real ones and the extra geo is not installed.
            UsageError: there is no such municipality.
        """
        if self.towns:
            real_towns(self.towns)
        return replace(place, towns=self.towns)


PROFILES = ("national", "ageing_town", "student_city", "commuter_suburb", "own")
