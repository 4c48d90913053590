"""A town with lawful work and a gate, on which misuse can be played again and again."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import population, scenario, workload
from simulator.access import Gate, Policy
from simulator.population import Population
from simulator.registry import Registry
from simulator.streams import Stream
from simulator.workload import Office, Plan, Played
from simulator.world.municipality import municipality

Misuse = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PlayedTown:
    """People, office and lawful work of scenario `mini`, perhaps with more people or days."""

    people: Population
    office: Office
    plan: Plan
    gate: Gate
    stream: Stream

    def play(self, misuse: Misuse) -> Played:
        """The lawful work with `misuse` in it, each time from a gate that has seen only lawful work."""
        live = self.gate.open(self.gate.submit_batch(self.plan.requests).decided)
        place = self.stream.at("misuse")
        return workload.play(misuse, self.people, self.office, self.plan, stream=place, submit=live.submit)


def make(seed: int, days: int = 14, residents: int = 1_500, staff: int = 40) -> PlayedTown:
    """The town of `mini` at `seed`."""
    mini = scenario.load("mini")
    mini = dataclasses.replace(
        mini,
        days=days,
        population=dataclasses.replace(mini.population, residents=residents),
        office=dataclasses.replace(mini.office, staff=staff),
    )
    stream = Stream(seed)
    people = population.build(
        mini.population, municipality(mini.municipalities[0]), mini.window, stream.at("population")
    )
    office = workload.build_office(mini.office, people, stream.at("office"))
    plan = workload.plan_lawful(mini.workload, people, office, stream.at("work"))
    return PlayedTown(people, office, plan, Gate(Policy.default(), Registry.of(people), office), stream)
