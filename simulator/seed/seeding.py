"""Seeding: each municipality of a run into its own schema, file or folder, whole or not at all."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator import registry, storage
from simulator.dataset import Dataset, populations
from simulator.errors import UnknownNameError
from simulator.population import Population
from simulator.seed import fields
from simulator.seed.characters import Replaced, convert
from simulator.seed.numbers import wrong_check_digits
from simulator.seed.order import Order
from simulator.seed.place import Place
from simulator.seed.sheets import Sheets, check_limits

Progress = Callable[[str], None]
TEXTS = {
    "residents": "resident", "households": "household", "addresses": "address", "changes": "change",
    "protections": "protection",
}  # fmt: skip
_WORST = 5


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was seeded for one municipality.

    Attributes:
        municipality: six digits.
        place: where it is, without a password.
        rows: by table.
        wrong: by column, how many numbers have a check digit that is wrong on purpose.
        replaced: the characters that did not fit.
    """

    municipality: str
    place: str
    rows: dict[str, int]
    wrong: dict[str, int]
    replaced: tuple[Replaced, ...] = ()

    def words(self) -> str:
        """One paragraph for the user."""
        lines = [f"{self.place}: {sum(self.rows.values()):,} rows in {len(self.rows)} tables of {self.municipality}"]
        if self.replaced:
            worst = sorted(self.replaced, key=lambda each: -each.rows)[:_WORST]
            told = ", ".join(each.words() for each in worst)
            lines.append(f"Characters that do not fit: {len(self.replaced)} replaced; most often {told}")
        wrong = ", ".join(f"{count:,} in {column}" for column, count in self.wrong.items() if count)
        if wrong:
            lines.append(
                f"Check digits are wrong on purpose ({wrong}), so that no number is a living person's. Where your "
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
        UsageError: parts of the order do not go together, or something is already there.
        UnknownNameError: a municipality, form, encoding, character set, field map or column that there is not.
        CheckError: a value is wider than the field map lets it be.
        MissingError: the extra for PostgreSQL is not installed.
        StorageError: the database or disk would not take it.
    """
    order.check()
    codes = chosen(dataset, order)
    laid = fields.load(order.fields) if order.fields else None
    places = {code: Place(order, code, several=len(codes) > 1) for code in codes}
    for place in places.values():
        place.check_free(_names(laid))
    found = []
    for people in populations(dataset, codes):
        place = places[people.municipality.code]
        progress(f"{place.code}: reading")
        found.append(_one(people, place, laid, _named(progress, place.code)))
    return found


def _named(progress: Progress, code: str) -> Progress:
    return lambda step: progress(f"{code}: {step}")


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
    order.check()
    steps = ["reading", "writing"]
    if order.form is None:
        laid = fields.load(order.fields) if order.fields else None
        steps = ["reading", *_names(laid), "indexes"] + ["foreign keys"] * order.in_postgres
    return len(chosen(dataset, order)) * len(steps)


def _names(laid: fields.FieldMap | None) -> list[str]:
    """The tables that are made."""
    return [table.name for table in (laid.table if laid else registry.tables())]


def _one(people: Population, place: Place, laid: fields.FieldMap | None, progress: Progress) -> Seeded:
    fitting, replaced = _fitting(people, place.order)
    sheets = fields.lay_out(fitting, laid) if laid else None
    if place.order.form is None:
        layout = _layout(fitting, sheets, place.order)
        rows = {table.name: frame.height for table, frame in layout.tables.items() if not storage.inverted(table)}
        where = place.fill(layout, progress)
    else:
        progress("writing")
        whole = sheets or _sheets(registry.layout(fitting))
        rows = {table.name: frame.height for table, frame in whole.tables.items()}
        where = place.write(whole, replaced)
    wrong = wrong_check_digits(people.residents)
    shown = {name: count for name, count in wrong.items() if laid is None or laid.shows(name)}
    return Seeded(place.code, where, rows, shown, tuple(replaced))


def _fitting(people: Population, order: Order) -> tuple[Population, list[Replaced]]:
    if order.charset is None:
        return people, []
    told: list[Replaced] = []
    frames: dict[str, Any] = {}
    for name, table in TEXTS.items():
        frames[name], more = convert(getattr(people, name), table, order.charset, selectors=order.selectors)
        told += more
    return dataclasses.replace(people, **frames), told


def _layout(people: Population, sheets: Sheets | None, order: Order) -> storage.Layout:
    if sheets is not None:
        check_limits(sheets, "utf-8")
        return storage.Layout(sheets.tables)
    return registry.served_layout(people) if order.in_postgres else registry.layout(people)


def _sheets(layout: storage.Layout) -> Sheets:
    tables = {table: table.conform(frame) for table, frame in layout.tables.items() if not storage.inverted(table)}
    return Sheets(tables, tuple(layout.references))
