"""What is to be seeded, and where."""

from dataclasses import dataclass
from pathlib import Path

from simulator import storage
from simulator.errors import UsageError
from simulator.seed.characters import check_set
from simulator.seed.files import check_form

SQLITE_PREFIX = "sqlite:///"
_DEFAULT_ENCODINGS = {"csv": "utf-8-bom", "fixed": "cp932"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be seeded, and where.

    Attributes:
        target: ``postgresql://…``, ``sqlite:///file``, the path of a SQLite file, or with `form` a folder to be made.
        form: of files instead of a database: csv, fixed, mariadb, postgresql, sqlite or oracle; None for a database.
        encoding: of csv and fixed-width files; None for the usual one (utf-8-bom and cp932).
        characters: the set that the receiver holds; None for all, or for that of the encoding.
        selectors: whether variation selectors (IVS) stay, where the set has them.
        fields: name or TOML file of a field map; None for the tables as they are.
        municipality: six digits of the only one that is wanted; None for all of the run.
        schema: of PostgreSQL; None for ``public``, or ``m`` and the six digits where there are several municipalities.
        replace: whether what an earlier seeding made may go.
    """

    target: str
    form: str | None = None
    encoding: str | None = None
    characters: str | None = None
    selectors: bool = True
    fields: str | None = None
    municipality: str | None = None
    schema: str | None = None
    replace: bool = False

    def check(self) -> None:
        """Raise UsageError if parts of it do not go together, UnknownNameError if one does not exist."""
        if self.form is not None:
            check_form(self.form, self.written)
        elif self.encoding is not None:
            raise UsageError("--encoding is of files; add --as csv or --as fixed")
        if self.form not in (None, "csv", "fixed") and self.encoding not in (None, "utf-8"):
            msg = f"--as {self.form} is written in utf-8; --encoding is of csv and fixed"
            raise UsageError(msg)
        if self.charset is not None:
            check_set(self.charset)
        if self.written == "cp932" and self.charset != "cp932":
            msg = f"the encoding cp932 holds the characters of cp932, not of {self.charset}"
            raise UsageError(msg)

    @property
    def written(self) -> str:
        """The encoding of its files."""
        return self.encoding or _DEFAULT_ENCODINGS.get(self.form or "", "utf-8")

    @property
    def charset(self) -> str | None:
        """The character set that its texts are brought to; None if all may stay."""
        return self.characters or ("cp932" if self.form and self.written == "cp932" else None)

    @property
    def in_postgres(self) -> bool:
        """Whether the target is a PostgreSQL database."""
        return self.form is None and storage.is_postgres(self.target)

    def schema_of(self, code: str, *, several: bool) -> str:
        """The schema that takes the municipality `code`."""
        own = f"{self.schema}_{code}" if self.schema else f"m{code}"
        return own if several else self.schema or "public"

    def path_of(self, code: str, *, several: bool) -> Path:
        """The file or folder that takes the municipality `code`."""
        path = Path(self.target.removeprefix(SQLITE_PREFIX))
        return path.with_name(f"{path.stem}-{code}{path.suffix}") if several else path
