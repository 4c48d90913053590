"""Where and when a block is made."""

from dataclasses import dataclass
from datetime import date, timedelta

from simulator.clock import Window
from simulator.population.days import OfficeDays, office_days
from simulator.population.details import Setting
from simulator.population.mix import Profile
from simulator.population.spec import BLOCK_HOUSEHOLDS, BLOCK_NUMBERS, PopulationSpec
from simulator.streams import Stream
from simulator.world.municipality import Municipality
from simulator.world.numbers import CheckDigits, NumberEmitter


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and when a block is made.

    Attributes:
        spec, place, window: as given to `build`.
        stream: of the population.
        number: of the block.
        households: how many of its households are wanted.
    """

    spec: PopulationSpec
    place: Municipality
    window: Window
    stream: Stream
    number: int
    households: int = BLOCK_HOUSEHOLDS

    @property
    def profile(self) -> Profile:
        """Which age and household profile."""
        return profile_of(self.spec, self.place)

    @property
    def here(self) -> Stream:
        """The stream of the block."""
        return block_stream(self.stream, self.place, self.number)

    @property
    def eve(self) -> date:
        """The day before the window: ages are as of it, so that nobody present is born in the window."""
        return self.window.start - timedelta(days=1)

    @property
    def days(self) -> OfficeDays | None:
        """Office days of the window."""
        return office_days(self.window)

    @property
    def first_number(self) -> int:
        """The block's place in the numbering of the nation."""
        return (self.place.first_block + self.number) * BLOCK_NUMBERS

    @property
    def emitter(self) -> NumberEmitter:
        """The maker of numbers of the nation."""
        return NumberEmitter.of(self.stream.at("numbers"), CheckDigits(self.spec.check_digits))

    @property
    def setting(self) -> Setting:
        """Where and when."""
        return Setting(self.place, self.number, self.eve)


def profile_of(spec: PopulationSpec, place: Municipality) -> Profile:
    """The profile that `spec` means in `place`."""
    if spec.shape is not None:
        return spec.shape
    return place.profile if spec.profile == "own" else spec.profile


def block_stream(stream: Stream, place: Municipality, number: int) -> Stream:
    """The stream of block `number` of `place`."""
    return stream.at("population", place.code, "block", number)
