"""The small tables that describe a town: counts of people, households, staff and cases; nothing else is read.

A table of persons is refused by its columns, by its size, and by cells that hold too few.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simulator.errors import MissingError, UsageError
from simulator.population.shape import LARGEST
from simulator.workload.procedure import procedures
from simulator.workload.sections import ASSUMED_SECTIONS

ASSUMED_LEAST_CELL = 10
"""The smallest count of people, households or cases that is read unless told otherwise."""
MOST_ROWS = 500
MOST_BYTES = 65_536
OLDEST = 104
SEXES = {"male": "male", "female": "female", "男": "male", "女": "female"}
GROUPS = {"japanese": "japanese", "foreign": "foreign", "日本人": "japanese", "外国人": "foreign"}
Row = dict[str, str]
HEADINGS = {
    "ages.csv": {"age_from": "年齢から", "age_to": "年齢まで", "sex": "性別", "people": "人数"},
    "households.csv": {"size": "人員", "households": "世帯数"},
    "nationality.csv": {"group": "区分", "people": "人数"},
    "sections.csv": {"section": "課", "staff": "職員数"},
    "volumes.csv": {"procedure": "手続", "cases_a_year": "年間件数"},
}
"""File → its columns and what they may be called in Japanese. Only ``ages.csv`` is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What is known of a town.

    Attributes:
        ages: first age of each band, from 0; the last band is open.
        male, female: people of each band.
        households: size → households; the last size means that or more where `open_ended`.
        open_ended: whether the last size is "or more".
        foreign: foreign residents; None where it is not told.
        sections: code → heads.
        volumes: procedure → cases a year.
    """

    ages: tuple[int, ...]
    male: tuple[int, ...]
    female: tuple[int, ...]
    households: Mapping[int, int] = field(default_factory=dict)
    open_ended: bool = False
    foreign: int | None = None
    sections: Mapping[str, int] = field(default_factory=dict)
    volumes: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """All residents."""
        return sum(self.male) + sum(self.female)


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of one file, with what is said of a wrong one."""

    name: str
    rows: list[Row]
    least: int

    def wrong(self, line: int, words: str) -> UsageError:
        return UsageError(f"{self.name}, line {line}: {words}")

    def counted(self, column: str, *, small: bool = False) -> Iterator[tuple[int, Row, int]]:
        """Line, row, and its count in `column`, refused where it is none or, unless `small`, too few to be told."""
        for line, row in enumerate(self.rows, start=2):
            value = self.number(line, row, column)
            if not small and 0 < value < self.least:
                words = (
                    f"a cell of {value} is smaller than {self.least}: put it together with a neighbour (--least-cell)"
                )
                raise self.wrong(line, words)
            yield line, row, value

    def number(self, line: int, row: Row, column: str) -> int:
        text = row[column].replace(",", "").strip()
        if not text.isascii() or not text.isdigit():
            raise self.wrong(line, f"{column} must be a whole number of at least 0, not {row[column]!r}")
        return int(text)

    def word(self, line: int, text: str, valid: Mapping[str, str]) -> str:
        if text.strip() not in valid:
            raise self.wrong(line, f"{text!r} is none of {', '.join(valid)}")
        return valid[text.strip()]


def read(folder: Path, least: int = ASSUMED_LEAST_CELL) -> Margins:
    """The margins in the tables of `folder`: ``ages.csv``, and what there is of the others in `HEADINGS`.

    Args:
        folder: with CSV files in UTF-8 or CP932, headings in English or Japanese.
        least: smallest count that is read; 0 itself may stand.

    Raises:
        MissingError: there is no ``ages.csv``.
        UsageError: a file or column that is not of the layout, a cell that is too small, a band or word that is wrong.
    """
    if not (folder / "ages.csv").is_file():
        msg = f"{folder} has no ages.csv; --example writes tables to begin with"
        raise MissingError(msg)
    for path in sorted(folder.glob("*.csv")):
        if path.name not in HEADINGS:
            msg = f"{path} is none of {', '.join(HEADINGS)}; nothing else is read, and no table of persons"
            raise UsageError(msg)
    tables = {name: _rows(folder / name, least) for name in HEADINGS if (folder / name).is_file()}
    ages, male, female = _ages(tables["ages.csv"])
    sizes, open_ended = _sizes(tables["households.csv"]) if "households.csv" in tables else ({}, False)
    told = Margins(
        ages=ages, male=male, female=female, households=sizes, open_ended=open_ended,
        foreign=_foreign(tables["nationality.csv"], sum(male) + sum(female)) if "nationality.csv" in tables else None,
        sections=_named(tables, "sections.csv", {s.code: s.title for s in ASSUMED_SECTIONS}, small=True),
        volumes=_named(tables, "volumes.csv", {p.name: p.title_ja for p in procedures().values()}),
    )  # fmt: skip
    _check_households(told)
    return told


def _rows(path: Path, least: int) -> _Table:
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        msg = f"{path} has {len(content):,} bytes; a table of margins has at most {MOST_BYTES:,}: no records"
        raise UsageError(msg)
    reader = csv.DictReader(io.StringIO(_decoded(path, content), newline=""))
    names = {given: name for name, ja in HEADINGS[path.name].items() for given in (name, ja)}
    found = [(heading or "").strip() for heading in reader.fieldnames or []]
    wrong = [heading for heading in found if heading not in names]
    if wrong or sorted(names[heading] for heading in found) != sorted(HEADINGS[path.name]):
        told = f"has the column {wrong[0]!r}" if wrong else f"has the columns {', '.join(found) or '(none)'}"
        msg = f"{path} {told}; it must have {', '.join(HEADINGS[path.name])} and no other: records are never read"
        raise UsageError(msg)
    rows = [{names[heading.strip()]: text or "" for heading, text in row.items() if heading} for row in reader]
    if len(rows) > MOST_ROWS:
        msg = f"{path} has {len(rows):,} rows; a table of margins has at most {MOST_ROWS}: no records"
        raise UsageError(msg)
    return _Table(path.name, rows, least)


def _decoded(path: Path, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"{path} is text neither in UTF-8 nor in CP932"
    raise UsageError(msg)


def _ages(table: _Table) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Bands that follow on each other from 0, the same for both sexes."""
    cells: dict[str, dict[int, tuple[int, int]]] = {"male": {}, "female": {}}
    for line, row, people in table.counted("people"):
        first = table.number(line, row, "age_from")
        last = table.number(line, row, "age_to") if row["age_to"].strip() else OLDEST
        sex = table.word(line, row["sex"], SEXES)
        if last < first or first > OLDEST or first in cells[sex]:
            raise table.wrong(line, f"{sex} from {first} to {last} is no band of its own")
        cells[sex][first] = last, people
    for sex, bands in cells.items():
        _check_bands(sex, {first: last for first, (last, _) in bands.items()})
    firsts = tuple(sorted(cells["male"]))
    if firsts != tuple(sorted(cells["female"])):
        raise UsageError("ages.csv: men and women must have the same bands")
    male, female = (tuple(cells[sex][first][1] for first in firsts) for sex in ("male", "female"))
    if not sum(male) + sum(female):
        raise UsageError("ages.csv: nobody lives there")
    return firsts, male, female


def _check_bands(sex: str, bands: Mapping[int, int]) -> None:
    """Refuse bands (first age → last) that leave a gap, overlap or end."""
    expected = 0
    for first in sorted(bands):
        if first != expected:
            msg = f"ages.csv: {sex} has no band that begins at {expected}, before that of {first}"
            raise UsageError(msg)
        expected = bands[first] + 1
    if expected <= OLDEST:
        msg = f"ages.csv: {sex} ends at {expected - 1}; leave age_to of the oldest band empty"
        raise UsageError(msg)


def _sizes(table: _Table) -> tuple[dict[int, int], bool]:
    """Households by size from 1 on; the largest may be "6+"."""
    found: dict[int, int] = {}
    open_ended = False
    for line, row, households in table.counted("households"):
        text = row["size"].strip()
        more = text.endswith(("+", "以上"))
        size = table.number(line, {"size": text.removesuffix("+").removesuffix("人以上").removesuffix("以上")}, "size")
        if size != len(found) + 1 or size > LARGEST or open_ended:
            raise table.wrong(
                line, f"size {text!r}; give 1, 2, 3 … in order, at most {LARGEST}, the last as 5+ if it is so"
            )
        found[size], open_ended = households, more
    return found, open_ended


def _foreign(table: _Table, people: int) -> int:
    found = {table.word(line, row["group"], GROUPS): n for line, row, n in table.counted("people")}
    if "foreign" not in found or ("japanese" in found and sum(found.values()) != people):
        msg = f"nationality.csv must say how many are foreign, and japanese and foreign must add up to {people:,}"
        raise UsageError(msg)
    return found["foreign"]


def _named(
    tables: Mapping[str, _Table], file: str, titles: Mapping[str, str], *, small: bool = False
) -> dict[str, int]:
    """Code → count, rows named by code or Japanese title."""
    if file not in tables:
        return {}
    name, count = HEADINGS[file]
    valid = {given: code for code, title in titles.items() for given in (code, title)}
    found: dict[str, int] = {}
    for line, row, value in tables[file].counted(count, small=small):
        code = tables[file].word(line, row[name], valid)
        if code in found:
            raise tables[file].wrong(line, f"{row[name]} stands there twice")
        found[code] = value
    return found


def _check_households(told: Margins, tolerance: float = 0.02) -> None:
    """Refuse households that cannot hold the people, as of another day or another town."""
    if not told.households:
        return
    least = sum(size * n for size, n in told.households.items())
    last = max(told.households)
    most = least + (LARGEST - last) * told.households[last] if told.open_ended else least
    if not least * (1 - tolerance) <= told.people <= most * (1 + tolerance):
        told_ = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        msg = f"households.csv holds {told_} people and ages.csv {told.people:,}: are they of one town and day?"
        raise UsageError(msg)
