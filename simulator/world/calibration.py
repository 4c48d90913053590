"""Makes ``data/households.parquet``: the pool of household compositions, weighted to the census.

Candidates are made role by role from plausible ages; then their weights are tilted (exponential tilting, by Newton's
method) until the ages × sexes of all their members and the numbers of households by kind and size agree with the census
at once. Drawing whole households from the pool by weight gives right persons *through* right households. Run
``python -m simulator.world.calibration`` to remake the file. All ages, gaps and chances of the candidates are ASSUMED;
the tilting is what brings them to the census.
"""
# ruff: noqa: PLR2004, FBT003

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.streams import Scalar, Stream
from simulator.world.ages import AGES, single_years

Floats = npt.NDArray[np.float64]

# Households by kind and size per thousand private ones. Source: domain.md 6.1 (census 2020): single 381, couple 201,
# couple with children 251, lone parent 90, other 77; sizes 381/281/166/119/38/16. The split of the cells is ASSUMED.
HOUSEHOLDS = {
    ("single", 1): 381, ("couple", 2): 201,
    ("couple_children", 3): 123, ("couple_children", 4): 102, ("couple_children", 5): 23, ("couple_children", 6): 3,
    ("lone_parent", 2): 60, ("lone_parent", 3): 24, ("lone_parent", 4): 5.5, ("lone_parent", 5): 0.5,
    ("other", 2): 19, ("other", 3): 15, ("other", 4): 2.5,
    ("three_generations", 3): 4, ("three_generations", 4): 9, ("three_generations", 5): 14.5,
    ("three_generations", 6): 9, ("three_generations", 7): 4,
}  # fmt: skip
ASSUMED_INSTITUTION = 53.0  # residents of group quarters per thousand private households (2.4 % of people)
CANDIDATES_PER_CELL = {"single": 3_000, "couple": 3_000, "institution": 1_500}
OTHER_CANDIDATES = 1_600
NONE = 255


@dataclass(slots=True)
class Member:
    """One member of a candidate: relationship to the head, sex, age, and the places of mother, father and spouse."""

    relationship: str
    male: bool
    age: int
    mother: int = NONE
    father: int = NONE
    spouse: int = NONE
    own_name: bool = False


def _couple(r: Scalar, low: int, high: int) -> list[Member]:
    husband = r.between(low, high)
    wife = husband - r.between(-4, 6) + r.between(-2, 2) - r.between(0, 1) * r.between(0, 4)
    wife = max(18, min(AGES - 1, wife))
    pair = [Member("世帯主", True, husband, spouse=1), Member("妻", False, wife, spouse=0)]
    if r.chance(0.06):  # ASSUMED: a wife is head of this share of couples
        pair = [Member("世帯主", False, wife, spouse=1), Member("夫", True, husband, spouse=0)]
    return pair


def _births(r: Scalar, mother: int, count: int) -> list[int]:
    """Ages of `count` children, eldest first; None of them below 0, births at 17–45, a year or more apart or twins."""
    age = mother - r.between(19, 30) - r.between(0, 9)
    ages = []
    for _ in range(count):
        ages.append(age)
        age = age if r.chance(0.01) else age - 1 - r.between(0, 3) - r.between(0, 1)
    return ages if min(ages) >= 0 and mother - min(ages) <= 46 and mother - max(ages) >= 17 else []


def _at_home(r: Scalar, ages: list[int]) -> bool:
    """Whether all of `ages` would live with a parent; ASSUMED shares by age."""
    chances = [1.0 if a < 18 else 0.75 if a < 23 else 0.5 if a < 30 else 0.25 if a < 40 else 0.15 for a in ages]
    return max(ages) <= 65 and all(r.chance(c) for c in chances)


def _children(r: Scalar, mother_age: int, count: int, parents: tuple[int, int], name: str = "子") -> list[Member]:
    ages = _births(r, mother_age, count)
    if not ages or not _at_home(r, ages):
        return []
    return [Member(name, r.chance(0.513), age, *parents) for age in ages]


def _single(r: Scalar, _size: int) -> list[Member]:
    young = r.chance(0.45)
    return [Member("世帯主", r.chance(0.5), r.between(18, 45) if young else r.between(30, 100))]


def _institution(r: Scalar, _size: int) -> list[Member]:
    low, high = ((70, 104), (18, 24), (3, 80))[0 if r.chance(0.78) else 1 if r.chance(0.6) else 2]
    return [Member("世帯主", r.chance(0.4), r.between(low, high))]


def _couple_only(r: Scalar, _size: int) -> list[Member]:
    return _couple(r, 20, 95)


def _couple_children(r: Scalar, size: int) -> list[Member]:
    pair = _couple(r, 20, 92)
    mother, father = (0, 1) if not pair[0].male else (1, 0)
    kids = _children(r, pair[mother].age, size - 2, (mother, father))
    return [*pair, *kids] if kids and pair[father].age - kids[0].age >= 18 else []


def _lone_parent(r: Scalar, size: int) -> list[Member]:
    age, male = r.between(19, 98), r.chance(0.15)
    parents = (NONE, 0) if male else (0, NONE)
    kids = _children(r, age, size - 1, parents)
    if kids and kids[0].age >= 45 and r.chance(0.5):  # the grown child heads, the parent is 母 or 父
        return _child_heads(age, kids, male=male)
    return [Member("世帯主", male, age), *kids] if kids else []


def _child_heads(age: int, kids: list[Member], *, male: bool) -> list[Member]:
    """A lone parent's household turned round: the eldest child heads."""
    parent_place = len(kids)
    places = (NONE, parent_place) if male else (parent_place, NONE)
    sibling = {(True, True): "弟", (True, False): "妹"}
    members = [Member("世帯主", kids[0].male, kids[0].age, *places)]
    members += [Member(sibling[True, kid.male], kid.male, kid.age, *places) for kid in kids[1:]]
    return [*members, Member("父" if male else "母", male, age)]


def _three_generations(r: Scalar, size: int) -> list[Member]:
    """Grandparents head, or the middle generation with 父母; a son stays with his wife four times out of five."""
    elder_count = 1 if r.chance(0.45) else 2
    parent_count = 1 if size == 3 or r.chance(0.2) else 2
    count = size - elder_count - parent_count
    if count < 1 or count > 4:
        return []
    middle = _couple(r, 22, 62)[:2]
    if not middle[0].male:
        return []
    father_lives = parent_count == 2 or r.chance(0.3)
    kids = _births(r, middle[1].age, count)
    if not kids or max(kids) > 30 or middle[0].age - kids[0] < 18:
        return []
    elders = _elders(r, middle[0].age if father_lives else middle[1].age, elder_count)
    return _stack(r, elders, middle, kids, (parent_count, father_lives)) if elders else []


def _elders(r: Scalar, child: int, count: int) -> list[tuple[bool, int]]:
    """Sex and age of one or two parents of someone aged `child`; mother at 19–40, father at 20–50."""
    mother = child + r.between(20, 36)
    father = mother + r.between(-2, 6)
    if max(mother, father) > 100 or father - child < 18:
        return []
    if count == 1:
        return [(True, father)] if r.chance(0.2) else [(False, mother)]
    return [(True, father), (False, mother)]


def _stack(
    r: Scalar, elders: list[tuple[bool, int]], middle: list[Member], kids: list[int], shape: tuple[int, bool]
) -> list[Member]:
    """Put three generations together, headed by the elders (ASSUMED 45 %) or by the middle generation."""
    parent_count, father_lives = shape
    elder_heads = r.chance(0.45)
    own = middle[0] if father_lives else middle[1]
    block = [own] if parent_count == 1 else [middle[0], middle[1]]
    first_middle = len(elders) if elder_heads else 0
    first_elder = 0 if elder_heads else len(block)
    place = {male: first_elder + i for i, (male, _) in enumerate(elders)}
    members_elder = _elder_members(elders, place, heads=elder_heads)
    members_middle = _middle_members(block, first_middle, place, heads=elder_heads)
    father = first_middle if father_lives else NONE
    mother = first_middle + 1 if parent_count == 2 else (NONE if father_lives else first_middle)
    names = "子の子" if elder_heads else "子"
    young = [Member(names, r.chance(0.513), age, mother, father) for age in kids]
    head = members_elder + members_middle if elder_heads else members_middle + members_elder
    return head + young


def _elder_members(elders: list[tuple[bool, int]], place: dict[bool, int], *, heads: bool) -> list[Member]:
    both = len(elders) == 2
    made = []
    for i, (male, age) in enumerate(elders):
        word = ("世帯主" if i == 0 else "妻") if heads else ("父" if male else "母")
        made.append(Member(word, male, age, spouse=place[not male] if both else NONE))
    return made


def _middle_members(block: list[Member], first: int, place: dict[bool, int], *, heads: bool) -> list[Member]:
    parents = (place.get(False, NONE), place.get(True, NONE))
    own = Member("子" if heads else "世帯主", block[0].male, block[0].age, *parents)
    if len(block) == 1:
        return [own]
    own.spouse = first + 1
    return [own, Member("子の妻" if heads else "妻", False, block[1].age, spouse=first)]


def _other(r: Scalar, size: int) -> list[Member]:
    """Siblings, a couple with a parent, a grandparent with a grandchild, or people who are not kin."""
    which = r.unit()
    if size == 2:
        return _pair(r, which)
    pair = _couple(r, 40 if size == 4 else 35, 75)
    if pair[0].relationship != "世帯主" or not pair[0].male:
        return []
    return _with_parents(r, pair, 0 if size == 4 or which < 0.7 else 1, size - 2)


def _with_parents(r: Scalar, pair: list[Member], whose: int, count: int) -> list[Member]:
    """A couple with one or both parents of one of them (0 the husband, 1 the wife)."""
    child = pair[whose]
    elders = _elders(r, child.age, count)
    places = {male: 2 + i for i, (male, _) in enumerate(elders)}
    child.mother, child.father = places.get(False, NONE), places.get(True, NONE)
    prefix = "" if whose == 0 else "妻の"
    members = [
        Member(prefix + ("父" if male else "母"), male, age, spouse=places.get(not male, NONE), own_name=whose == 1)
        for male, age in elders
    ]
    return [*pair, *members] if members else []


def _pair(r: Scalar, which: float) -> list[Member]:
    head = Member("世帯主", r.chance(0.5), r.between(20, 92))
    if which < 0.5:
        gap, male = r.between(1, 9), r.chance(0.5)
        return [head, Member("弟" if male else "妹", male, head.age - gap)] if head.age - gap >= 18 else []
    if which < 0.65:
        age = head.age - r.between(45, 68)
        return [head, Member("子の子", r.chance(0.513), age)] if age >= 0 else []
    other = Member("同居人", r.chance(0.5), min(95, max(18, head.age + r.between(-12, 12))), own_name=True)
    if which < 0.85 and head.male != other.male:
        other.relationship = "夫(未届)" if other.male else "妻(未届)"
        head.spouse, other.spouse = 1, 0
    return [head, other]


MAKERS: dict[str, Callable[[Scalar, int], list[Member]]] = {
    "single": _single, "couple": _couple_only, "couple_children": _couple_children, "lone_parent": _lone_parent,
    "three_generations": _three_generations, "other": _other, "institution": _institution,
}  # fmt: skip


def candidates() -> list[tuple[str, list[Member]]]:
    """The candidates of every kind and size, from a fixed stream."""
    made: list[tuple[str, list[Member]]] = []
    for kind, size in [*HOUSEHOLDS, ("institution", 1)]:
        r = Stream(0).at("calibration", kind, size).scalar()
        count = CANDIDATES_PER_CELL.get(kind, OTHER_CANDIDATES)
        while count:
            members = MAKERS[kind](r, size)
            if len(members) == size and all(0 <= m.age < AGES for m in members):
                made.append((kind, members))
                count -= 1
    return made


def design(pool: list[tuple[str, list[Member]]]) -> tuple[Floats, Floats, Floats]:
    """What each candidate counts towards, what all should sum to, and the weights to begin with."""
    cells = {**HOUSEHOLDS, ("institution", 1): ASSUMED_INSTITUTION}
    index = {cell: 2 * AGES + i for i, cell in enumerate(cells)}
    counts = np.zeros((len(pool), 2 * AGES + len(cells)))
    start = np.zeros(len(pool))
    for row, (kind, members) in enumerate(pool):
        at = (kind, len(members))
        counts[row, index[at]] = 1
        start[row] = cells[at]
        for member in members:
            counts[row, member.age + (0 if member.male else AGES)] += 1
    households = np.array(list(cells.values()))
    start /= counts[:, 2 * AGES :].sum(0)[counts[:, 2 * AGES :].argmax(1)]
    people = float(sum(weight * size for (_, size), weight in cells.items()))
    shares = np.concatenate([single_years("male"), single_years("female")])
    return counts, np.concatenate([shares / shares.sum() * people, households]), start


def tilt(counts: Floats, target: Floats, start: Floats, within: float = 0.0) -> Floats:
    """Weights nearest to `start` in entropy whose sums meet `target`, shape ``(n_candidates,)``.

    It stops as soon as every sum is `within` so much of its target.
    """
    strength = np.zeros(len(target))
    for _ in range(60):
        weights = start * np.exp(np.clip(counts @ strength, -30, 30))
        gap = target - counts.T @ weights
        if np.abs(gap).max() <= within:
            break
        curve = counts.T @ (counts * weights[:, None])
        step = np.linalg.solve(curve + np.eye(len(target)) * 1e-9 * curve.trace() / len(target), gap)
        strength += step * min(1.0, 2.0 / np.abs(step).max())
    return start * np.exp(np.clip(counts @ strength, -30, 30))


def frame(pool: list[tuple[str, list[Member]]], weights: Floats) -> pl.DataFrame:
    """The pool as a table, one row per candidate that has a weight."""
    whole = np.rint(weights / weights.sum() * 2**40).astype(np.int64)
    columns: dict[str, list[object]] = {"kind": [kind for kind, _ in pool]}
    for name in ("relationship", "male", "age", "mother", "father", "spouse", "own_name"):
        columns[name] = [[getattr(member, name) for member in members] for _, members in pool]
    return pl.DataFrame(columns).with_columns(weight=pl.Series(whole)).filter(pl.col("weight") > 0)


def main() -> None:
    """Make the file and say how well it fits."""
    pool = candidates()
    counts, target, start = design(pool)
    weights = tilt(counts, target, start)
    worst = np.abs(counts.T @ weights - target).max() / target[: 2 * AGES].sum()
    where = Path(str(files("simulator.world"))) / "data" / "households.parquet"
    frame(pool, weights).write_parquet(where, compression="zstd", compression_level=19, statistics=False)
    print(f"{len(pool)} candidates, worst cell off by {worst:.2e} of all people: {where.name}")  # noqa: T201


if __name__ == "__main__":
    main()
