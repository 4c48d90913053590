"""Bulk, single and Cedar decide every cell of the matrix alike; and no rule can be changed unnoticed."""

import csv
import dataclasses
import hashlib
from pathlib import Path

import cedarpy
import matrix
import numpy as np
import pytest

from simulator.access.cedar import question, to_cedar, to_entities, to_schema
from simulator.access.decide import REASONS, Kernel
from simulator.access.facts import Facts
from simulator.access.policy import FIELDS, PROTECTED, REQUIREMENTS, SCOPES, Policy
from simulator.access.policy.rules import RoleFile
from simulator.access.single import SingleTable, groups
from simulator.schema.vocabulary import ACTIONS, DECISIONS, PURPOSES, ROLES, SCREENS

GOLDEN = Path(__file__).parents[2] / "fixtures" / "policy" / "decisions.csv"
POLICY = Policy.default()
PIECE = 500_000
# Facts that meet every limit of the shipped policy on both sides.
DAYS = (1, 5, 6, 20, 21, 300, 301, 1_500, 1_501, 1_000_000, 1_000_001)
LIMITS = ((2_000, 1), (2_001, 1), *((0, today) for today in DAYS))


def bulk(policy, facts):
    verdict = Kernel.of(policy).decide(facts)
    return verdict.code.tolist(), verdict.decision.tolist(), verdict.fields.tolist()


def agree(policy, rows):
    facts = matrix.cells(policy, rows)
    table = SingleTable.of(policy)
    reasons, decisions = list(REASONS), [term.code for term in DECISIONS]
    for fact, code, decision, fields in zip(matrix.ones(facts), *bulk(policy, facts), strict=True):
        assert table.decide(fact) == (reasons[code], decisions[decision], fields), fact


def cedar(policy, rows):
    """Every question to Cedar about the cells `rows`, and what the kernel says to it."""
    policies = cedarpy.PolicySet.from_str(to_cedar(policy))
    entities = cedarpy.Entities.from_json_str(to_entities())
    facts = matrix.cells(policy, rows)
    names = ["", *FIELDS]
    for place, (fact, code, _, fields) in enumerate(zip(matrix.ones(facts), *bulk(policy, facts), strict=True)):
        group = names[place % len(names)]
        answer = cedarpy.is_authorized(question(fact, group), policies, entities)
        expected = code == 0 and (not group or group in groups(fields))
        assert answer.allowed == expected, (fact, group, REASONS[code])
        assert not answer.diagnostics.errors
        if answer.allowed:
            number = policy.cells[fact.role, fact.purpose, fact.action]
            found = [answer.diagnostics.id_annotations_by_reason[name] for name in answer.diagnostics.reasons]
            assert found == [policy.rules[number].id]


def test_core_is_decided_alike_in_bulk_and_alone():
    """Of every 61st cell of the whole matrix both paths give the same reason, decision and fields."""
    agree(POLICY, np.arange(0, matrix.size(), 61))


@pytest.mark.slow
def test_whole_matrix_is_decided_alike_in_bulk_and_alone():
    """Each of the millions of cells."""
    for start in range(0, matrix.size(), PIECE):
        agree(POLICY, np.arange(start, min(start + PIECE, matrix.size())))


def test_cedar_decides_the_core_alike():
    """Cedar, with the exported policy, permits what the gate allows, shows the same groups and names the same rule."""
    cedar(POLICY, matrix.core_rows(POLICY, 20_000))


@pytest.mark.slow
def test_cedar_decides_the_whole_matrix_alike():
    """Every cell of the core that a rule decides, with everything in order and with each requirement turned round."""
    role, purpose, action, *_ = np.unravel_index(np.arange(np.prod(matrix.CORE)), matrix.CORE)
    ruled = np.flatnonzero(POLICY.cells[role, purpose, action] >= 0)
    for flip in range(len(matrix.FLIPS)):
        cedar(POLICY, ruled + flip * np.prod(matrix.CORE))


def test_exported_policy_fits_its_schema():
    """Cedar's own validator finds nothing in what is exported."""
    found = cedarpy.validate_policies(to_cedar(POLICY), to_schema())
    assert found.validation_passed, found.errors


SHAPE = (len(SCREENS), len(SCOPES), 2, 2, len(matrix.FLIPS), len(LIMITS))


def answers(policy, role, cells):
    """What `role` gets in `cells` (purpose, action) on every screen, in every situation, against fixed numbers."""
    count = int(np.prod(SHAPE))
    screen, reach, protected, approved, flip, limit = (
        np.tile(part, len(cells)) for part in np.unravel_index(np.arange(count), SHAPE)
    )
    purpose, action = (np.repeat(np.array(part, dtype=np.int64), count) for part in zip(*cells, strict=True))
    place = np.full(len(screen), [term.code for term in ROLES].index(role))
    flags = {
        name: np.where(flip == matrix.FLIPS.index(name), not value, bool(value))
        for name, value in matrix.GIVEN.items()
    }  # fmt: skip
    facts = Facts(
        role=place, purpose=purpose, action=action, screen=screen, rule=policy.cells[place, purpose, action],
        reach=reach, hits=np.array(LIMITS)[limit, 0], today=np.array(LIMITS)[limit, 1], protected=protected == 1,
        approved=approved == 1, **flags,
    )  # fmt: skip
    return Kernel.of(policy).decide(facts)


def ruled(policy, role):
    """Purpose and action of every cell of `role` that a rule decides."""
    place = [term.code for term in ROLES].index(role)
    return [(purpose, action) for purpose, action in zip(*np.nonzero(policy.cells[place] >= 0), strict=True)]


def line(policy, role):
    """Of each rule of `role` one cell: how much it permits, and digests of all that it answers and is based on."""
    rules = policy.rules_of(role)
    firsts = [(_place(PURPOSES, rule.purposes[0]), _place(ACTIONS, rule.actions[0])) for rule in rules]
    verdict = answers(policy, role, firsts) if rules else None
    content = _bytes(verdict) if rules else b""
    said = repr([(r.id, r.purposes, r.actions, r.rows, r.basis) for r in rules])
    return {
        "role": role, "rules": len(rules), "cells": len(ruled(policy, role)),
        "permitted": int((verdict.code == 0).sum()) if rules else 0,
        "decisions": hashlib.sha256(content).hexdigest()[:16],
        "wording": hashlib.sha256(said.encode()).hexdigest()[:16],
    }  # fmt: skip


def _bytes(verdict):
    return verdict.code.tobytes() + verdict.decision.tobytes() + verdict.fields.tobytes()


def _place(terms, code):
    return [term.code for term in terms].index(code)


def test_decisions_are_those_that_were_agreed(request):
    """What each role gets is what fixtures/policy/decisions.csv says; a change needs --update-golden and a review."""
    rows = [{name: str(value) for name, value in line(POLICY, term.code).items()} for term in ROLES]
    if request.config.getoption("--update-golden"):
        with GOLDEN.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    with GOLDEN.open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == rows


def without(names, name):
    return tuple(each for each in names if each != name)


def toggled(names, name):
    return without(names, name) if name in names else (*names, name)


def flips(rule):
    """`rule` with each one thing of it changed."""
    for name in rule.purposes:
        yield {"purposes": without(rule.purposes, name)}
    for name in rule.actions:
        yield {"actions": without(rule.actions, name)}
    place = SCOPES.index(rule.scope)
    yield from ({"scope": SCOPES[near]} for near in (place - 1, place + 1) if 0 <= near < len(SCOPES))
    yield from ({"fields": toggled(rule.fields, name)} for name in FIELDS)
    yield from ({"require": toggled(rule.require, name)} for name in REQUIREMENTS)
    yield from ({"beyond": toggled(rule.beyond, name)} for name in REQUIREMENTS)
    yield from ({"protected": name} for name in PROTECTED if name != rule.protected)
    yield from ({name: getattr(rule, name) + step} for name in ("rows", "daily", "hits") for step in (-1, 1))


def same_anyway(rule, change):
    """Whether `change` alters no answer: a requirement that holds already, or a treatment that comes to the same."""
    ((name, value),) = change.items()
    if name == "beyond":
        return rule.scope != "nation" or set(value) ^ set(rule.beyond) <= set(rule.require)
    if name == "protected":
        return "second_person" in rule.require and {value, rule.protected} == {"alert", "release"}
    return False


def cell_of(rule, change):
    """A cell of `rule` that `change` may alter: the one that it takes away, or the first."""
    ((name, value),) = change.items()
    gone = [each for each in getattr(rule, name) if each not in value] if name in ("purposes", "actions") else []
    purpose = gone[0] if name == "purposes" else rule.purposes[0]
    action = gone[0] if name == "actions" else rule.actions[0]
    return _place(PURPOSES, purpose), _place(ACTIONS, action)


@pytest.mark.parametrize("role", [term.code for term in ROLES])
def test_no_rule_can_be_changed_unnoticed(role):
    """Any one purpose, action, group, requirement, limit or treatment of any rule changed gives other decisions."""
    for rule in POLICY.rules_of(role):
        whole, before = Policy.of([RoleFile(role, (rule,))]), {}
        for change in flips(rule):
            if "rows" in change or same_anyway(rule, change):  # how many rows are shown is in the wording below
                continue
            changed = Policy.of([RoleFile(role, (dataclasses.replace(rule, **change),))])
            cell = cell_of(rule, change)
            if cell not in before:
                before[cell] = _bytes(answers(whole, role, [cell]))
            assert before[cell] != _bytes(answers(changed, role, [cell])), (rule.id, change)


def test_limits_are_tried_on_both_sides():
    """Every limit of the shipped policy, and the number above it, is among those that decisions are tried against."""
    for rule in POLICY.rules:
        assert {rule.daily, rule.daily + 1} <= set(DAYS), rule.id
        assert {rule.hits, rule.hits + 1} <= {hits for hits, _ in LIMITS}, rule.id


def test_wording_has_what_no_decision_shows():
    """Limits of rows, and legal bases, are in the golden line of a role."""
    rules = POLICY.rules_of("R05")
    for change in ({"rows": 99}, {"basis": "x"}, {"purposes": ("training",)}):
        other = Policy.of([RoleFile("R05", (dataclasses.replace(rules[0], **change), *rules[1:]))])
        assert line(other, "R05") != line(POLICY, "R05")


WIDER = {
    "scope": lambda r: {"scope": "nation"},
    "fields": lambda r: {"fields": FIELDS},
    "require": lambda r: {"require": (), "beyond": ()},
    "protected": lambda r: {"protected": "alert"},
    "limits": lambda r: {"hits": r.hits + 1, "daily": r.daily + 1, "rows": r.rows + 1},
}


@pytest.mark.parametrize("name", WIDER)
def test_wider_right_never_takes_away(name):
    """Widening every rule in one way turns no permitted cell into a refused one, and shows no less."""
    rules = tuple(dataclasses.replace(rule, **WIDER[name](rule)) for rule in POLICY.rules)
    wider = Policy.of([RoleFile(t.code, tuple(r for r in rules if r.id.startswith(t.code))) for t in ROLES])
    facts = matrix.cells(POLICY, np.arange(0, matrix.size(), 37))
    if name == "protected":  # whoever is warned must say why, so compare where that is said
        facts = facts.take(np.flatnonzero(facts.grounded))
    before, after = Kernel.of(POLICY).decide(facts), Kernel.of(wider).decide(facts)
    held = before.code == 0
    assert (after.code[held] == 0).all()
    if name != "fields":
        assert (after.fields[held] & before.fields[held] == before.fields[held]).all()
    assert int((after.code == 0).sum()) > int(held.sum()) or name == "fields"


def test_taking_a_rule_away_only_takes_away():
    """Without one of its rules a policy permits nothing that it did not permit before."""
    facts = matrix.cells(POLICY, np.arange(0, matrix.size(), 101))
    before = Kernel.of(POLICY).decide(facts).code == 0
    for number in range(0, len(POLICY.rules), 5):
        cells = np.where(POLICY.cells == number, -1, POLICY.cells)
        rule = cells[facts.role, facts.purpose, facts.action]
        less = dataclasses.replace(POLICY, cells=cells)
        after = Kernel.of(less).decide(dataclasses.replace(facts, rule=rule)).code == 0
        assert not (after & ~before).any()


def test_every_reason_is_given_somewhere():
    """The matrix meets every reason, so that none is only on paper."""
    codes = set()
    codes |= set(Kernel.of(POLICY).decide(matrix.cells(POLICY, np.arange(0, matrix.size(), 7))).code.tolist())
    assert {REASONS[code] for code in codes} == set(REASONS)
