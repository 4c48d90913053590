"""Check digits of the numbers of persons and bodies, as published, and every candidate where nothing was published.

Source of all formulas: domain.md 2.
"""

from collections.abc import Sequence

# Weights from the right. The first is the likely formula; the notice itself was not found (domain.md 2), so the other
# mod-11 weightings in common use count as candidates too and no emitted code passes any.
LIKELY = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5)
_RISING = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
CODE_WEIGHTS = (LIKELY, LIKELY[::-1], _RISING, _RISING[::-1])
MY_NUMBER_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)


def weighted(body: str, weights: Sequence[int]) -> int:
    """The sum of the digits of `body` times `weights`, which count from the right."""
    return sum(int(digit) * weight for digit, weight in zip(reversed(body), weights, strict=True))


def eleven_minus(remainder: int) -> int:
    """The usual end of a mod-11 check: 11 − `remainder`, and 0 for remainders 0 and 1."""
    return 0 if remainder <= 1 else 11 - remainder


def candidates(remainder: int) -> set[int]:
    """The check digits that mod-11 formulas in use would give to `remainder`."""
    return {eleven_minus(remainder), (11 - remainder) % 11 % 10, remainder % 10}


def resident_code_candidates(body: str) -> set[int]:
    """Every check digit that some candidate formula would give to the ten-digit `body` of a 住民票コード."""
    return set().union(*(candidates(weighted(body, weights) % 11) for weights in CODE_WEIGHTS))


def resident_code_check(body: str) -> int:
    """The likely check digit of a ten-digit `body` of a 住民票コード."""
    return eleven_minus(weighted(body, LIKELY) % 11)


def my_number_check(body: str) -> int:
    """The check digit of an eleven-digit `body` of a 個人番号. Source: 平成26年総務省令85号5条."""
    return eleven_minus(weighted(body, MY_NUMBER_WEIGHTS) % 11)


def corporate_check(body: str) -> int:
    """The check digit, which stands first, of a twelve-digit `body` of a 法人番号."""
    return 9 - weighted(body, (1, 2) * 6) % 9


def municipality_check(body: str) -> int:
    """The check digit of a five-digit `body` of a 全国地方公共団体コード."""
    return (11 - weighted(body, (2, 3, 4, 5, 6)) % 11) % 10


def serial_number(serial: int, width: int) -> str | None:
    """A 宛名番号 or 世帯番号: `serial` in `width` − 1 digits and a check digit; None for bodies to be skipped.

    Mod 11 with weights 2–7; the specification leaves remainder 1 undefined (ASSUMED: such bodies are not used).
    """
    body = f"{serial:0{width - 1}d}"
    remainder = weighted(body, [2 + place % 6 for place in range(len(body))]) % 11
    return None if remainder == 1 else body + str((11 - remainder) % 11)


CODE_WIDTH, MY_NUMBER_WIDTH, CORPORATE_WIDTH = 11, 12, 13


def passes(run: str) -> bool:
    """Whether a run of digits could be somebody's: the My Number check, or a candidate formula of resident codes."""
    if len(run) == CODE_WIDTH:
        return int(run[-1]) in resident_code_candidates(run[:-1])
    return len(run) == MY_NUMBER_WIDTH and int(run[-1]) == my_number_check(run[:-1])


def passes_corporate(run: str) -> bool:
    """Whether a run of thirteen digits has the check digit of a 法人番号."""
    return len(run) == CORPORATE_WIDTH and int(run[0]) == corporate_check(run[1:])
