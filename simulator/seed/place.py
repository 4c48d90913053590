"""Where one municipality goes: a schema of PostgreSQL, a SQLite file, or a folder of files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator import storage
from simulator.seed.characters import Replaced
from simulator.seed.files import check_folder, write_folder
from simulator.seed.order import Order
from simulator.seed.sheets import Sheets


@dataclass(frozen=True, slots=True)
class Place:
    """Where one municipality goes.

    Attributes:
        order: what was ordered.
        code: of the municipality.
        several: whether there are others beside it.
    """

    order: Order
    code: str
    several: bool = field(kw_only=True)

    @property
    def schema(self) -> str:
        """Its schema in PostgreSQL."""
        return self.order.schema_of(self.code, several=self.several)

    def check_free(self, names: Sequence[str]) -> None:
        """Raise ExistsError if tables of these `names`, the file or the folder are there and not to be replaced."""
        path, replace = self.order.path_of(self.code, several=self.several), self.order.replace
        if self.order.in_postgres:
            storage.check_postgres(self.order.target, names, schema=self.schema, replace=replace)
        elif self.order.form is None:
            storage.check_free(path, replace=replace)
        else:
            check_folder(path, replace=replace)

    def fill(self, layout: storage.Layout, progress: Callable[[str], None]) -> str:
        """Make the database; says where it is, without a password."""
        replace = self.order.replace
        if self.order.in_postgres:
            target = self.order.target
            place = storage.fill_postgres(target, layout, schema=self.schema, replace=replace, progress=progress)
            return f"{place} schema {self.schema}"
        path = self.order.path_of(self.code, several=self.several)
        storage.create_database(path, layout, replace=replace, progress=progress)
        return str(path)

    def write(self, sheets: Sheets, replaced: Sequence[Replaced]) -> str:
        """Make the folder; says where it is."""
        folder = self.order.path_of(self.code, several=self.several)
        write_folder(sheets, self.order.form or "csv", self.order.written, folder, replaced)
        return str(folder)
