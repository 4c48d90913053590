"""What the certificate checks: statements of SQL that ship in ``sql/``, each answering code, item, value, verdict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from simulator.storage import Connection

_HEAD = re.compile(r"-- (?P<code>[A-Z]\d\d) \| (?P<ja>.+?) \| (?P<en>.+)")
BROKEN = ("OFF", "BROKEN")


@dataclass(frozen=True, slots=True)
class Check:
    """One statement.

    Attributes:
        code: letter of the chapter and number.
        title_ja, title_en: what holds.
        sql: one statement, with its head as a comment.
    """

    code: str
    title_ja: str
    title_en: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What the statements need beside the database: the table ``term``.

    Attributes:
        start_day, end_day: the window, the second day not in it.
        check_digits: invalid or valid.
        profile: of the population; margins have a reference for the national one.
    """

    start_day: date
    end_day: date
    check_digits: str
    profile: str

    @property
    def values(self) -> dict[str, str]:
        """The columns of the table ``term``."""
        return {
            "start_day": self.start_day.isoformat(), "end_day": self.end_day.isoformat(),
            "check_digits": self.check_digits, "profile": self.profile,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One line of an answer."""

    code: str
    item: str
    value: str
    verdict: str

    @property
    def line(self) -> str:
        """The line as the program ``sqlite3`` prints it."""
        return "|".join((self.code, self.item, self.value, self.verdict))

    @property
    def broken(self) -> bool:
        """Whether it is not as it must be."""
        return self.verdict in BROKEN


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order of their files."""
    folder = files("simulator.certify") / "sql"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir(), key=lambda p: p.name)]
    parts = [part.strip() for text in texts for part in re.split(r"(?m)^(?=-- [A-Z]\d\d \|)", text) if part.strip()]
    return tuple(_check(part) for part in parts)


def _check(text: str) -> Check:
    head = _HEAD.match(text)
    assert head is not None, text[:40]  # noqa: S101 - a file of our own
    return Check(head["code"], head["ja"], head["en"], text)


def run(connection: Connection, term: Term, chosen: Sequence[Check] | None = None) -> list[Result]:
    """Ask every check, or those `chosen`, of the register that `connection` has open.

    Raises:
        DamagedError: the database is damaged.
        StorageError: it lacks a table, so it is no register of this version.
    """
    columns = ", ".join(f":{name} AS {name}" for name in term.values)
    connection.select(f"CREATE TEMP TABLE term AS SELECT {columns}", term.values)
    rows = [row for check in chosen or checks() for row in connection.select(check.sql, {})]
    return [Result(*(str(row[name]) for name in ("code", "item", "value", "verdict"))) for row in rows]


def script(term: Term) -> str:
    """Everything as one script for the program ``sqlite3``."""
    columns = ",\n  ".join(f"'{value}' AS {name}" for name, value in term.values.items())
    head = f"-- Window and kind of this run; every check reads them.\nCREATE TEMP TABLE term AS SELECT\n  {columns};\n"
    return "\n".join([head, *(f"{check.sql}\n" for check in checks())])
