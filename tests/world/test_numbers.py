"""Numbers: right check digits, and an emitter that gets them wrong on purpose."""

import re
from itertools import pairwise

import numpy as np
import pytest
from stdnum.jp import cn, in_

from simulator.errors import UnknownNameError
from simulator.streams import Stream
from simulator.world.check_digits import (
    corporate_check,
    municipality_check,
    my_number_check,
    passes,
    passes_corporate,
    resident_code_candidates,
    resident_code_check,
    serial_number,
)
from simulator.world.municipality import MUNICIPALITIES, municipality
from simulator.world.numbers import CheckDigits, NumberEmitter, mistyped, permute, real_runs, serial_numbers, unpermute

MANY = np.arange(20_000, dtype=np.uint64) * np.uint64(99_991)


@pytest.mark.parametrize(("body", "digit"), [("2472705960", 8), ("1234567890", 3), ("0000000001", 9)])
def test_resident_code_check(body: str, digit: int) -> None:
    """The worked examples of resident codes hold."""
    assert resident_code_check(body) == digit
    assert digit in resident_code_candidates(body)


@pytest.mark.parametrize(("body", "digit"), [("12345678901", 8), ("62149832025", 7), ("98320567321", 4)])
def test_my_number_check(body: str, digit: int) -> None:
    """The worked examples of My Numbers hold, and an independent library agrees."""
    assert my_number_check(body) == digit
    assert in_.is_valid(f"{body}{digit}")


def test_corporate_check() -> None:
    """The number of the National Tax Agency's body ends as published."""
    assert corporate_check("000012050002") == 7
    assert cn.is_valid("7000012050002")


@pytest.mark.parametrize(("body", "digit"), [("39201", 4), ("13101", 6), ("01100", 2), ("47382", 1)])
def test_municipality_check(body: str, digit: int) -> None:
    """Codes of real municipalities end as published."""
    assert municipality_check(body) == digit


def test_municipalities_are_fictional_with_true_check_digits() -> None:
    """Every municipality has an unassigned prefecture number, a true check digit and blocks of its own."""
    for place in MUNICIPALITIES:
        assert 48 <= int(place.code[:2]) <= 99
        assert int(place.code[5]) == municipality_check(place.code[:5])
        assert municipality(place.code) is place
    assert all(b.first_block >= a.first_block + a.block_capacity for a, b in pairwise(MUNICIPALITIES))


def test_unknown_municipality_lists_the_known() -> None:
    """An unknown code names those that are."""
    with pytest.raises(UnknownNameError, match=MUNICIPALITIES[0].code):
        municipality("131016")


def test_default_numbers_pass_no_check() -> None:
    """No emitted number passes the My Number check or any candidate formula of the resident code."""
    emitter = NumberEmitter.of(Stream(1))
    assert not any(in_.is_valid(number) for number in emitter.my_numbers(MANY))
    assert not any(
        int(code[10]) in resident_code_candidates(code[:10]) for code in emitter.resident_codes(MANY)[:3_000]
    )


def test_valid_numbers_pass() -> None:
    """In valid mode every number passes."""
    emitter = NumberEmitter.of(Stream(1), CheckDigits.VALID)
    assert all(in_.is_valid(number) for number in emitter.my_numbers(MANY))
    assert all(int(code[10]) == resident_code_check(code[:10]) for code in emitter.resident_codes(MANY)[:3_000])


def test_permutation_hits_everything_once() -> None:
    """The permutation is one to one."""
    keys = Stream(5).bits("keys", 8)
    images = permute(np.arange(12 * 35, dtype=np.uint64), keys, (12, 35))
    assert sorted(images.tolist()) == list(range(12 * 35))


def test_serial_number_skips_what_the_rule_leaves_open() -> None:
    """Serial numbers have a check digit, and bodies of remainder 1 are skipped."""
    made = [serial_number(n, 10) for n in range(200)]
    assert None in made
    assert serial_number(5, 10) == "0000000051"


def test_permutation_can_be_undone() -> None:
    """A resident code leads back to the ordinal that it was made from."""
    emitter = NumberEmitter.of(Stream(1))
    assert [emitter.ordinal_of(code) for code in emitter.resident_codes(MANY[:50])] == MANY[:50].tolist()
    keys = Stream(5).bits("keys", 8)
    assert unpermute(permute(MANY, keys, (10**5, 10**6)), keys, (10**5, 10**6)).tolist() == MANY.tolist()


@pytest.mark.parametrize("mode", CheckDigits)
def test_corporate_numbers_end_by_mode(mode: CheckDigits) -> None:
    """Numbers of bodies pass the published check in valid mode only, and are unique in either."""
    made = NumberEmitter.of(Stream(1), mode).corporate_numbers(MANY).to_list()
    assert len(set(made)) == len(made)
    assert {cn.is_valid(number) for number in made} == {mode is CheckDigits.VALID}
    assert {passes_corporate(number) for number in made} == {mode is CheckDigits.VALID}


def test_cards_and_telephones_are_unique_and_nobodys() -> None:
    """Card numbers have their form; telephones begin 000 and are no resident code even without hyphens."""
    emitter = NumberEmitter.of(Stream(1))
    ordinals = np.arange(20_000, dtype=np.uint64)
    cards, phones = emitter.card_numbers(MANY).to_list(), emitter.telephones(ordinals).to_list()
    assert len(set(cards)) == len(cards)
    assert all(re.fullmatch(r"[A-Z]{2}\d{8}[A-Z]{2}", card) for card in cards)
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"000-\d{4}-\d{4}", phone) for phone in phones)
    assert not any(passes(phone.replace("-", "")) for phone in phones)


def test_mistakes_make_no_real_number() -> None:
    """Whatever mistake is made in a wrong number or a right one, what comes out is nobody's."""
    emitter = NumberEmitter.of(Stream(2))
    for number in (emitter.resident_codes(MANY[:1])[0], emitter.my_numbers(MANY[:1])[0], "123456789018"):
        for draw in range(400):
            wrong = mistyped(number, draw)
            assert wrong != number
            assert len(wrong) == len(number)
            assert not passes(wrong)
            assert not in_.is_valid(wrong)


def test_runs_are_found_in_text() -> None:
    """A real number is found in free text, in full width too; one inside a longer word or number is none."""
    assert real_runs("番号は１２３４５６７８９０１８です。") == ["123456789018"]
    assert real_runs("24727059608/123456789018") == ["24727059608", "123456789018"]
    assert real_runs("a123456789018 1234567890180 123456789017 24727059601") == []


def test_serial_numbers_are_those_of_the_rule() -> None:
    """Numbers in columns rise, differ, and end as the rule for one of them says."""
    made = serial_numbers(np.arange(30_000, dtype=np.uint64)).to_list()
    assert made == sorted(set(made))
    assert all(number == serial_number(int(number[:-1]), 10) for number in made)
