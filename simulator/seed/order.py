"""What is to be seeded, and where."""

from dataclasses import dataclass
from pathlib import Path

from simulator import storage

SQLITE_PREFIX = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be seeded, and where.

    Attributes:
        target: ``postgresql://…``, ``sqlite:///file`` or the path of a SQLite file.
        municipality: six digits of the only one that is wanted; None for all of the run.
        schema: of PostgreSQL; None for ``public``, or ``m`` and the six digits where there are several municipalities.
        replace: whether what an earlier seeding made may go.
    """

    target: str
    municipality: str | None = None
    schema: str | None = None
    replace: bool = False

    @property
    def in_postgres(self) -> bool:
        """Whether the target is a PostgreSQL database."""
        return storage.is_postgres(self.target)

    def schema_of(self, code: str, *, several: bool) -> str:
        """The schema that takes the municipality `code`."""
        own = f"{self.schema}_{code}" if self.schema else f"m{code}"
        return own if several else self.schema or "public"

    def path_of(self, code: str, *, several: bool) -> Path:
        """The file that takes the municipality `code`."""
        path = Path(self.target.removeprefix(SQLITE_PREFIX))
        return path.with_name(f"{path.stem}-{code}{path.suffix}") if several else path
