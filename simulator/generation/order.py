"""What is wanted: a scenario, a seed, a key, and how much of it."""

import dataclasses
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import simulator
from simulator import scenario, spec
from simulator.errors import UnknownNameError, UsageError
from simulator.pseudonym import Passphrase, PseudonymKey
from simulator.scenario import Scenario
from simulator.world.numbers import accept

ENGINES = ("local", "dask")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make.

    Attributes:
        scenario: the scenario.
        seed: 0 ≤ seed < 2^128.
        key: the pseudonym key.
        jobs: how many workers; changes no byte.
        collisions_understood: whether numbers that pass their checks may be made, if the scenario asks for them.
        seal: passphrase under which the truth is sealed; None to leave it open.
        blind: whether the seed is secret; a run that is taken up again then keeps its own.
        only: the municipalities to make, of the scenario's; none for all.
        scheduler: address of a dask scheduler whose workers make them; None for this machine.
    """

    scenario: Scenario
    seed: int
    key: PseudonymKey
    jobs: int = 1
    collisions_understood: bool = False
    seal: Passphrase | None = None
    blind: bool = False
    only: tuple[str, ...] = ()
    scheduler: str | None = None

    def __post_init__(self) -> None:
        """Refuse municipalities that the scenario does not have, and a scenario that has grown.

        Raises:
            UsageError: it has.
            UnknownNameError: `only` names one.
        """
        if self.scenario.grown:
            msg = f"{self.scenario.name} is of a run that has grown: generate one without grown, then jukisim grow it"
            raise UsageError(msg)
        for code in self.only:
            if code not in self.scenario.municipalities:
                raise UnknownNameError("municipality", code, self.scenario.municipalities, self.scenario.name)

    @property
    def codes(self) -> list[str]:
        """The municipalities to make, in the order of the scenario."""
        return [code for code in self.scenario.municipalities if not self.only or code in self.only]

    @property
    def fingerprint(self) -> str:
        """What the bytes of the run follow from, but for the seed: SHA-256, hexadecimal."""
        told = simulator.__version__, spec.to_toml(self.scenario), self.key.fingerprint, ",".join(self.codes)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What is wanted otherwise than the scenario has it; None leaves it.

    Attributes:
        residents, days: other numbers.
        check_digits: "invalid" or "valid".
        rotate_every_days: after how many days pseudonyms get a new key version.
        collisions_understood: whether valid ones may be made.
    """

    residents: int | None = None
    days: int | None = None
    check_digits: str | None = None
    rotate_every_days: int | None = None
    collisions_understood: bool = False

    def applied(self, chosen: Scenario) -> Scenario:
        """`chosen` with these values.

        Raises:
            UsageError: valid check digits without `collisions_understood`, or such as do not exist.
        """
        mode = accept(self.check_digits or chosen.population.check_digits, understood=self.collisions_understood)
        residents = self.residents or chosen.population.residents
        chosen = chosen if self.residents is None else dataclasses.replace(chosen, places={})
        people = dataclasses.replace(chosen.population, residents=residents, check_digits=mode.value)
        rotation = self.rotate_every_days or chosen.rotate_every_days
        days = self.days or chosen.days
        return dataclasses.replace(chosen, population=people, days=days, rotate_every_days=rotation)


def scheduler_for(engine: str, scheduler: str | None) -> str | None:
    """The scheduler that the `engine` ("local" or "dask") needs.

    Raises:
        UnknownNameError: there is no such engine.
        UsageError: a scheduler is lacking, or given to who needs none.
    """
    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    if (engine == "dask") != (scheduler is not None):
        raise UsageError("give --engine dask and --scheduler ADDRESS together, or neither of them")
    return scheduler


def order(
    name: str,
    *,
    seed: int | None = None,
    blind: bool = False,
    key: Path | None = None,
    jobs: int = 1,
    instead: Overrides = Overrides(),
    only: tuple[str, ...] = (),
) -> Order:
    """An order in the words of the command line.

    Args:
        name: of a shipped scenario, or the path of a TOML file.
        seed: a published seed; it gives the labels away to whoever has it.
        blind: draw 128 bits from the operating system instead.
        key: pseudonym key file; without it the published insecure key.
        jobs: workers.
        instead: what is wanted otherwise than in the scenario.
        only: the municipalities to make, of the scenario's; none for all.

    Raises:
        UsageError: neither or both of `seed` and `blind`, an unknown scenario or municipality, or valid check digits
            that nobody said to understand.
    """
    if blind == (seed is not None):
        raise UsageError("give either --seed N (published) or --blind (secret), one of the two")
    chosen = instead.applied(scenario.load(name))
    master = PseudonymKey.insecure() if key is None else PseudonymKey.load(key)
    drawn = secrets.randbits(128) if seed is None else seed
    understood = instead.collisions_understood
    return Order(
        scenario=chosen, seed=drawn, key=master, jobs=jobs, collisions_understood=understood, blind=blind, only=only
    )
