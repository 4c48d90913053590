"""Seeding: each municipality of a run into its own schema or file, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import registry, storage
from simulator.dataset import Dataset, populations
from simulator.errors import UnknownNameError
from simulator.seed.numbers import wrong_check_digits
from simulator.seed.order import Order

Progress = Callable[[str], None]
_OTHER_STEPS = ("reading", "indexes", "foreign keys")  # SQLite has its foreign keys from the first


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was seeded for one municipality.

    Attributes:
        municipality: six digits.
        place: where it is, without a password.
        rows: by table.
        wrong: by column, how many numbers have a check digit that is wrong on purpose.
    """

    municipality: str
    place: str
    rows: dict[str, int]
    wrong: dict[str, int]

    def words(self) -> str:
        """One paragraph for the user."""
        lines = [f"{self.place}: {self.rows['resident']:,} residents of {self.municipality}"]
        told = ", ".join(f"{count:,} in {column}" for column, count in self.wrong.items() if count)
        if told:
            lines.append(
                f"Check digits are wrong on purpose ({told}), so that no number is a living person's. Where your "
                "system refuses them, switch its check off for the test, or make the run anew for closed use with: "
                "jukisim generate … --check-digits valid --i-understand-collisions"
            )
        return "\n".join(lines)


def seed(dataset: Dataset, order: Order, progress: Progress = lambda _: None) -> list[Seeded]:
    """Put the register of `dataset` where `order` says; each municipality appears whole or not at all.

    Args:
        dataset: a run.
        order: what and where.
        progress: called at the start of each step, with its name.

    Raises:
        ExistsError: something is already there.
        UnknownNameError: the run has no such municipality.
        MissingError: the extra for PostgreSQL is not installed.
        StorageError: the database or disk would not take it.
    """
    codes = chosen(dataset, order)
    several = len(codes) > 1
    for code in codes:
        _check_free(order, code, several=several)
    return [_one(people, order, progress, several=several) for people in populations(dataset, codes)]


def chosen(dataset: Dataset, order: Order) -> list[str]:
    """The municipalities that `order` asks for.

    Raises:
        UnknownNameError: the run has not the one.
    """
    codes = [head.municipality for head in dataset.manifest.logs]
    if order.municipality is None:
        return codes
    if order.municipality not in codes:
        raise UnknownNameError("municipality", order.municipality, codes, str(dataset.path))
    return [order.municipality]


def stages(dataset: Dataset, order: Order) -> int:
    """How many steps `seed` will report."""
    return len(chosen(dataset, order)) * (len(registry.tables()) + len(_OTHER_STEPS) - (not order.in_postgres))


def _check_free(order: Order, code: str, *, several: bool) -> None:
    if order.in_postgres:
        schema = order.schema_of(code, several=several)
        storage.check_postgres(order.target, registry.tables(), schema=schema, replace=order.replace)
    else:
        storage.check_free(order.path_of(code, several=several), replace=order.replace)


def _one(people: registry.Register, order: Order, progress: Progress, *, several: bool) -> Seeded:
    code = people.municipality.code
    progress(f"{code}: reading")
    made = registry.served_layout(people) if order.in_postgres else registry.layout(people)

    def told(step: str) -> None:
        progress(f"{code}: {step}")

    if order.in_postgres:
        schema = order.schema_of(code, several=several)
        place = storage.fill_postgres(order.target, made, schema=schema, replace=order.replace, progress=told)
        place = f"{place} schema {schema}"
    else:
        path = order.path_of(code, several=several)
        storage.create_database(path, made, replace=order.replace, progress=told)
        place = str(path)
    rows = {table.name: frame.height for table, frame in made.tables.items()}
    return Seeded(code, place, rows, wrong_check_digits(people.residents))
