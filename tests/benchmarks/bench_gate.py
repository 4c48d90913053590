"""Decisions per second on one core: the compiled kernel, the single path, Cedar and Casbin, on the same requests.

Run with `python tests/benchmarks/bench_gate.py [count]`. CPU time of this process counts, the best of a few rounds;
the kernel is given facts in columns (what a request needs and who asks). The last line is the whole gate in bulk, on
the town of the tests: facts from office and register, who is found and shown, and every column of the event.
"""

import dataclasses
import importlib
import importlib.util
import sys
import time
from pathlib import Path

import cedarpy
import numpy as np
import polars as pl

from simulator.access import Gate, Policy
from simulator.access.cedar import question, to_cedar, to_entities
from simulator.access.decide import Kernel
from simulator.access.facts import FLAGS, Facts
from simulator.access.policy import SCOPES
from simulator.access.single import Fact, SingleTable
from simulator.registry import Registry
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES, SCREENS

ROUNDS = 5
# Casbin's own model language: role, purpose and action as a list of permits, with two conditions of the table.
MODEL = """
[request_definition]
r = role, purpose, action, reach, hits
[policy_definition]
p = role, purpose, action, scope, limit
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.role == p.role && r.purpose == p.purpose && r.action == p.action && \
    within(r.reach, p.scope) && within(r.hits, p.limit)
"""


def draw(policy: Policy, count: int) -> Facts:
    """Requests of which half are of a cell that a rule decides."""
    rng = np.random.default_rng(1)
    cells = np.argwhere(policy.cells >= 0)
    role, purpose, action = cells[rng.integers(0, len(cells), count)].T
    wild = rng.random(count) < 0.5
    role = np.where(wild, rng.integers(0, len(ROLES), count), role).astype(np.uint8)
    purpose = np.where(wild, rng.integers(0, len(PURPOSES), count), purpose).astype(np.uint8)
    action = np.where(wild, rng.integers(0, len(ACTIONS), count), action).astype(np.uint8)
    flags = {name: rng.random(count) < 0.5 for name in FLAGS}
    flags |= {"account": rng.random(count) < 0.99, "failed": rng.random(count) < 0.01}
    return Facts(
        role=role, purpose=purpose, action=action, screen=rng.integers(0, len(SCREENS), count).astype(np.uint8),
        rule=policy.cells[role, purpose, action].astype(np.int16),
        reach=rng.integers(0, len(SCOPES), count).astype(np.uint8),
        hits=rng.integers(0, 4_000, count).astype(np.int32),
        today=rng.integers(1, 400, count).astype(np.int32), **flags,
    )  # fmt: skip


def rate(what, count: int, rounds: int = ROUNDS) -> float:
    """Per second of CPU, the best of `rounds`."""
    best = 0.0
    for _ in range(rounds):
        started = time.process_time()
        what()
        best = max(best, count / (time.process_time() - started))
    return best


def whole(policy: Policy, kernel: Kernel, facts: Facts) -> None:
    """From role, purpose and action to the verdict: the rule is looked up too."""
    rule = policy.cells[facts.role, facts.purpose, facts.action]
    kernel.decide(dataclasses.replace(facts, rule=rule))


def ones(facts: Facts, count: int) -> list[Fact]:
    """The first `count` of `facts`, one by one."""
    names = [each.name for each in dataclasses.fields(Facts) if each.name != "rule"]
    rows = zip(*(getattr(facts, name)[:count].tolist() for name in names), strict=True)
    return [Fact(**dict(zip(names, row, strict=True))) for row in rows]


def cedar(policy: Policy, facts: list[Fact]) -> float:
    """Cedar's policy set and entities are read once."""
    policies = cedarpy.PolicySet.from_str(to_cedar(policy))
    entities = cedarpy.Entities.from_json_str(to_entities())
    asked = [question(fact) for fact in facts]
    return rate(lambda: [cedarpy.is_authorized(each, policies, entities) for each in asked], len(asked), 2)


def casbin_rate(policy: Policy, facts: list[Fact]) -> float | None:
    """Casbin with one line a cell, if it is installed."""
    if importlib.util.find_spec("casbin") is None:
        return None
    casbin = importlib.import_module("casbin")
    model = casbin.Model()
    model.load_model_from_text(MODEL)
    enforcer = casbin.Enforcer(model)
    enforcer.add_function("within", lambda value, most: value <= int(most))
    for role, purpose, action in np.argwhere(policy.cells >= 0).tolist():
        rule = policy.rules[policy.cells[role, purpose, action]]
        enforcer.add_policy(str(role), str(purpose), str(action), str(SCOPES.index(rule.scope)), str(rule.hits))
    asked = [(str(f.role), str(f.purpose), str(f.action), f.reach, f.hits) for f in facts]
    return rate(lambda: [enforcer.enforce(*each) for each in asked], len(asked), 2)


def whole_gate(policy: Policy) -> float:
    """`Gate.submit_batch` on the town of the tests, without the acts that are taken one by one."""
    sys.path.append(str(Path(__file__).parents[1] / "support"))
    place = Path(__file__).parents[1] / "access" / "conftest.py"
    spec = importlib.util.spec_from_file_location("town_of_the_gate", place)
    town = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(town)
    registry, office = Registry.of(town.registry_town.make_town()), town.make_office()
    rows = town.make_requests(office, registry.size, 400_000, days=360)
    rows = rows.filter(~pl.col("action").cast(pl.String).is_in(["export", "override", "approve"]))
    gate = Gate(policy, registry, office)
    return rate(lambda: gate.submit_batch(rows), rows.height)


def main() -> None:
    """Print the rates and their ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000
    policy = Policy.default()
    kernel, table, facts = Kernel.of(policy), SingleTable.of(policy), draw(policy, count)
    few = ones(facts, 20_000)
    rates = {
        "kernel, facts to verdict": rate(lambda: kernel.decide(facts), count),
        "kernel, with the look-up of the rule": rate(lambda: whole(policy, kernel, facts), count),
        "single path": rate(lambda: [table.decide(fact) for fact in few], len(few)),
        "cedarpy": cedar(policy, few[:2_000]),
        "casbin": casbin_rate(policy, few[:20]),
        "whole gate in bulk": whole_gate(policy),
    }
    fastest = rates["kernel, facts to verdict"]
    for name, found in rates.items():
        if found is None:
            sys.stdout.write(f"{name:40} not installed\n")
        else:
            sys.stdout.write(f"{name:40} {found:14,.0f}/s   kernel is {fastest / found:12,.1f} times as fast\n")


if __name__ == "__main__":
    main()
