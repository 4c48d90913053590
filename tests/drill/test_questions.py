import pytest

from simulator import drill
from simulator.drill import making, rules, same, solvers
from simulator.drill.rules import NONE, Form
from simulator.drill.trivial import trivial

SEEDS = range(9_001, 9_021)
"""Seeds on which no solver was written; the numbers were chosen before."""


def holds(name: str, seed: int) -> None:
    """The pack of that seed is solved by its evidence, and none of its questions is answered without thought."""
    order = drill.order(name, seed=seed)
    town = making.settled(order)
    reached = solvers.solve(order.drill, town.evidence)
    forms = {n: rules.of(q.rule).form for n, q in enumerate(order.drill.questions, start=1)}
    for number, answer in town.secret.answers.items():
        assert same.right(reached[number], answer.values, forms[number]), number
    given = {n: (forms[n], answer.values) for n, answer in town.secret.answers.items()}
    assert trivial(town.evidence, given) == {}


@pytest.mark.parametrize("name", ["yokote", "usb"])
def test_a_drill_is_solved_by_its_evidence_alone(name: str) -> None:
    holds(name, SEEDS[0])


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", drill.names())
def test_every_drill_is_solved_on_seeds_it_was_not_written_on(name: str, seed: int) -> None:
    holds(name, seed)


@pytest.mark.parametrize("name", drill.names())
def test_every_drill_asks_eight_to_twelve_questions_in_two_languages(name: str) -> None:
    told = drill.load(name)
    assert 8 <= len(told.questions) <= 12
    for question in told.questions:
        assert question.text.ja != question.text.en
        assert len({hint.ja for hint in question.hints}) == 3
    assert len(told.lessons) >= 3
    assert len(told.injects) >= 2


def test_every_rule_is_asked_by_a_drill() -> None:
    asked = {question.rule for name in drill.names() for question in drill.load(name).questions}
    assert set(rules.RULES) == asked


@pytest.mark.parametrize(
    ("given", "wanted", "form"),
    [
        (("ｓ0123456",), ("S0123456",), Form.STAFF), (("該当なし",), (NONE,), Form.PERSON),
        (("none",), (NONE,), Form.CASE),
        (("2025/4/1",), ("2025-04-01",), Form.DATE), (("１２件",), ("12",), Form.NUMBER),
        (("55",), ("60",), Form.NUMBER),
        (("なし",), ("0",), Form.NUMBER), (("2", "1"), ("1", "2"), Form.EVENT),
    ],
)  # fmt: skip
def test_answers_are_right_as_people_write_them(given: tuple[str, ...], wanted: tuple[str, ...], form: Form) -> None:
    assert same.right(given, wanted, form)


@pytest.mark.parametrize(
    ("given", "wanted", "form"),
    [
        (("1",), ("1", "2"), Form.EVENT), (("1", "2", "3"), ("1", "2"), Form.EVENT), (("4",), ("5",), Form.NUMBER),
        (("40",), ("60",), Form.NUMBER), ((), (NONE,), Form.STAFF),
    ],
)  # fmt: skip
def test_answers_that_are_not_right_are_told(given: tuple[str, ...], wanted: tuple[str, ...], form: Form) -> None:
    assert not same.right(given, wanted, form)
