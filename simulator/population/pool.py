"""The pool of household compositions, as arrays, with the rates that depend on who is in a household."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.schema.people import HOUSEHOLD_KINDS, RELATIONSHIPS
from simulator.streams import Floats, Ints, Weights

Bools = npt.NDArray[np.bool_]
NONE = 255
_WHOLE = 2**53
_LIMB, _TERMS = 24, 2**14


@dataclass(frozen=True, slots=True)
class Pool:
    """Compositions; the members of composition c lie at ``first[c]`` … ``first[c] + size[c]`` of the member arrays.

    Attributes:
        weights: how often each composition occurs, as whole numbers.
        chosen: the same for drawing.
        kind, size, first: per composition.
        relationship, male, age, mother, father, spouse, own_name: per member; mother, father and spouse are places in
            the household, 255 for none in it; own_name marks those who do not bear the family's surname.
    """

    weights: Ints
    chosen: Weights
    kind: Ints
    size: Ints
    first: Ints
    relationship: Ints
    male: Bools
    age: Ints
    mother: Ints
    father: Ints
    spouse: Ints
    own_name: Bools

    @property
    def home(self) -> Ints:
        """The composition of each member."""
        return np.repeat(np.arange(len(self.size)), self.size)

    def mean(self, values: Floats) -> float:
        """The mean over households of a value per composition, by exact integers of 2^-40."""
        return exact_mean(self.weights, values)

    def per_household(self, values: Floats) -> Floats:
        """Sums per composition of a value per member."""
        return np.add.reduceat(values, self.first)

    @property
    def mean_size(self) -> float:
        """Residents per household, group quarters included."""
        return self.mean(self.size.astype(np.float64))


def exact_mean(weights: Ints, values: Floats) -> float:
    """The mean of `values`, cut to 2^-20, by whole `weights` of at least 0: the same on every machine.

    Sums are of products of 24 bits each, so that no more than 2^15 of them fit into 63 bits.
    """
    whole, total = (values * 2.0**20).astype(np.int64), 0
    for i, part in enumerate(_limbs(weights)):
        for j, other in enumerate(_limbs(whole)):
            sums = np.add.reduceat(part * other, np.arange(0, len(part), _TERMS))
            total += sum(sums.tolist()) << (_LIMB * (i + j))
    return total / (int(weights.sum()) << 20)


def _limbs(numbers: Ints) -> tuple[Ints, Ints, Ints]:
    """Three parts of 24 bits, the lowest first; the highest bears the sign."""
    low = 2**_LIMB - 1
    return numbers & low, (numbers >> _LIMB) & low, numbers >> 2 * _LIMB


def exact_weights(weights: Ints) -> Weights:
    """`Weights` of whole numbers of any size, exactly."""
    total, end, ends = int(weights.sum()), 0, []
    for weight in weights.tolist():
        end += weight
        ends.append(end * _WHOLE // total)
    return Weights(np.array(ends, dtype=np.uint64))


@cache
def pool() -> Pool:
    """The pool of the national profile."""
    with (files("simulator.world") / "data" / "households.parquet").open("rb") as source:
        table = pl.read_parquet(source)
    size = table["age"].list.len().cast(pl.Int64).to_numpy()
    weights = table["weight"].to_numpy()
    columns = [table[name].explode() for name in ("male", "age", "mother", "father", "spouse", "own_name")]
    male, age, mother, father, spouse, own_name = (column.to_numpy() for column in columns)
    return Pool(
        weights=weights,
        chosen=exact_weights(weights),
        kind=codes(table["kind"], HOUSEHOLD_KINDS),
        size=size,
        first=np.cumsum(size) - size,
        relationship=codes(table["relationship"].explode(), RELATIONSHIPS),
        male=male,
        age=age.astype(np.int64),
        mother=mother.astype(np.int64),
        father=father.astype(np.int64),
        spouse=spouse.astype(np.int64),
        own_name=own_name,
    )


def codes(column: pl.Series, terms: pl.Enum) -> Ints:
    """The numbers of enumerated values."""
    return column.cast(terms).to_physical().cast(pl.Int64).to_numpy()


def kind_number(kind: str) -> int:
    """The number of a household kind."""
    return HOUSEHOLD_KINDS.categories.to_list().index(kind)


def relationship_number(relationship: str) -> int:
    """The number of a relationship."""
    return RELATIONSHIPS.categories.to_list().index(relationship)
