"""The office: sections, posts, staff, accounts, terminals and the roster of working days."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.schema import ACCOUNT, SECTION, STAFF, TERMINAL
from simulator.streams import Ints, Stream
from simulator.workload import duty, posts, second
from simulator.workload.changes import Moved, changes
from simulator.workload.posts import KINDS, Seats
from simulator.workload.sections import BY_CODE, ENTITLED_ROLES, EVERY, NETWORK, OFFICE_TITLES
from simulator.workload.settings import OfficeSpec
from simulator.workload.town import Town

_ADULT_AGES = (22, 64)
_NEW_AGES = (20, 32)
_OPENED = date(2019, 4, 1)
_MACHINES = ("証明書交付サーバ", "住基ネットCS")


@dataclass(frozen=True, slots=True)
class Office:
    """An office for the days of a window.

    Attributes:
        sections, staff, accounts, terminals, roster: frames of the tables of these names.
        postings: who holds which seat of which section from when to when, as ``posts.postings``.
        shifts: the roster in milliseconds with seat, section and role of the day; sections as there were first.
        moved: what changes in the window.
    """

    sections: pl.DataFrame
    staff: pl.DataFrame
    accounts: pl.DataFrame
    terminals: pl.DataFrame
    roster: pl.DataFrame
    postings: pl.DataFrame
    shifts: pl.DataFrame
    moved: Moved

    @property
    def heads(self) -> int:
        """How many posts there are, machines apart."""
        return self.postings.filter(pl.col("kind") == "own", pl.col("seat") >= 0)["seat"].n_unique()

    def posted(self, *sections: str) -> list[int]:
        """staff_no of those who work in `sections` all the time of the window, in order; else of all who ever do."""
        posts = self.postings.filter(pl.col("kind") != second.KIND)
        rows = posts.filter(pl.col("section").is_in(sections))
        moved = posts.filter(pl.len().over("staff_no") > 1)["staff_no"]
        settled = rows.filter(~pl.col("staff_no").is_in(moved.implode()))
        return sorted({int(no) for no in (settled if settled.height else rows)["staff_no"]})


@dataclass(frozen=True, slots=True)
class Later:
    """Days after the window of an office.

    Attributes:
        window: these days.
        number: which growth of the run they are, from 1.
    """

    window: Window
    number: int


def build_office(spec: OfficeSpec, population: Town, stream: Stream, later: Later | None = None) -> Office:
    """Make the office of `population` for its window; two thirds of the staff are residents of it.

    With `later` the same office on later days: posts stay as they are at the end of the window.
    """
    window = population.window
    rostered, on_duty = (window, stream) if later is None else (later.window, stream.at("grown", later.number))
    own = posts.seats(spec, stream.at("seats"))
    people = posts.postings(own, window, stream.at("postings"))
    people = people.vstack(second.posts(spec, own, people, window, stream.at("second")))
    count = int(people["staff_no"].max()) + 1  # type: ignore[arg-type]
    machines = posts.machines(count, _OPENED)
    staff = _staff(spec, population, own, people, stream.at("staff"))
    kinds = _kinds(own, people, count)
    terminals, desks = _terminals(own, people)
    shifts = duty.roster(spec, people, kinds, rostered, on_duty.at("roster"))
    machinery = duty.machine_duty(machines.with_columns(terminal=pl.Series(desks[NETWORK.code])), rostered)
    shifts = pl.concat([_at_desks(shifts, desks, on_duty.at("desks")), machinery])
    whole = pl.concat([people, machines])
    moved = Moved.of(changes(spec, window.end), _sections(), terminals, whole)
    shifts = moved.at_desks(shifts, pl.col("day"))
    accounts = moved.postings.filter(pl.col("role").is_in(ENTITLED_ROLES))
    return Office(
        moved.sections,
        STAFF.conform(pl.concat([staff, _machine_staff(machines)])),
        ACCOUNT.conform(accounts),
        moved.terminals,
        duty.shaped(shifts),
        whole,
        shifts,
        moved,
    )


def _sections() -> pl.DataFrame:
    rows = [(s.code, s.title, s.office, OFFICE_TITLES[s.office], s.role in ENTITLED_ROLES) for s in EVERY]
    return SECTION.conform(pl.DataFrame(rows, schema=list(SECTION.names), orient="row"))


def _kinds(own: Seats, people: pl.DataFrame, count: int) -> Ints:
    """The employment of each person, by staff_no: that of the first post held."""
    first = people.filter(pl.col("kind") == "own").group_by("staff_no").agg(pl.col("seat").first()).sort("staff_no")
    kinds = np.zeros(count, dtype=np.int64)
    kinds[first["staff_no"].to_numpy()] = own.kind[first["seat"].to_numpy()]
    return kinds


def _staff(spec: OfficeSpec, town: Town, own: Seats, people: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Rows by staff_no: section and role of the first post, and whose names they bear."""
    first = (
        people.filter(pl.col("kind") == "own")
        .sort("staff_no", "valid_from")
        .group_by("staff_no", maintain_order=True)
        .first()
    )
    n = first.height
    seat = first["seat"].to_numpy()
    persons = _persons(town, n, len(own.section), stream)
    here = pl.Series(stream.chance("here", n, spec.resident_rate))
    born = persons["birth_date"].dt.year().to_numpy()
    since = first["valid_from"].dt.year().to_numpy()
    hired = np.maximum(born + 22, since - stream.below("years", n, 25))
    new = np.arange(n) >= len(own.section)
    years = np.where(new, since, np.minimum(hired, since))
    numbers = 100_000 + stream.order("codes", 900_000)[:n]
    return STAFF.conform(
        persons.with_columns(
            pl.Series("staff_no", np.arange(n)),
            pl.Series("staff_code", [f"S{code:07d}" for code in numbers]),
            first["section"],
            first["role"],
            pl.Series("employment", [KINDS[k] for k in own.kind[seat]]),
            pl.Series("supervisor", own.head[seat]),
            pl.when(here).then("resident_no").otherwise(None).alias("resident_no"),
            pl.Series("hired_on", [date(int(year), 4, 1) for year in years]),
        )
    )


def _persons(town: Town, n: int, first_new: int, stream: Stream) -> pl.DataFrame:
    """A resident for each member of staff: adults for those who are there, young ones for the new.

    Raises:
        UsageError: there are not so many.
    """
    age = town.window.start.year - pl.col("birth_date").dt.year()
    columns = ("resident_no", "birth_date", "family_name", "given_name")
    able = town.residents.filter(
        age.is_between(*_ADULT_AGES), pl.col("nationality") == "JP", pl.col("resident_since") < town.window.start
    )
    shuffled = able[stream.order("persons", able.height)].with_columns(age=age)
    old = shuffled.head(first_new)
    young = shuffled.slice(first_new).filter(pl.col("age").is_between(*_NEW_AGES)).head(n - first_new)
    found = pl.concat([old, young]).select(columns)
    if found.height < n:
        msg = (
            f"{town.residents.height:,} residents cannot staff a town hall of {first_new:,}: {found.height:,} of {n:,} "
            "people who work there are found among them; give more residents, or a scenario with fewer staff"
        )
        raise UsageError(msg)
    return found


def _terminals(own: Seats, people: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """A terminal for each entitled post; counters of branches have one less, helpers sit at spare ones."""
    desks: dict[str, list[str]] = {}
    rows: list[tuple[str, str, str, bool]] = []
    helpers = people.filter(pl.col("kind") == "help")["seat"].n_unique()
    seconds = people.filter(pl.col("kind") == second.KIND)["section"].to_list()
    for section in EVERY:
        posts_here = sum(s.code == section.code for s in own.section) + helpers * (section.code == "citizen")
        posts_here += seconds.count(section.code)
        count = len(_MACHINES) if section is NETWORK else posts_here - (section.office != "H00" and posts_here > 1)
        if section.role not in ENTITLED_ROLES:
            continue
        for _ in range(count):
            code = f"T{len(rows) + 1:04d}"
            desks.setdefault(section.code, []).append(code)
            rows.append((code, section.code, section.office, section.counter))
    return TERMINAL.conform(pl.DataFrame(rows, schema=list(TERMINAL.names), orient="row")), desks


def _at_desks(shifts: pl.DataFrame, desks: dict[str, list[str]], stream: Stream) -> pl.DataFrame:
    """Where each sits: at a desk of one's own by rank in the section; at counters they change places every day."""
    section = shifts["section"].to_list()
    frame = shifts.with_columns(
        rank=pl.int_range(pl.len()).over("section", "day"), seat_rank=pl.col("seat").rank("dense").over("section") - 1
    )
    many = np.array([len(desks.get(name, [])) for name in section])
    counter = np.array([BY_CODE[name].counter for name in section])
    turn = frame["day"].to_physical().to_numpy() * 7 + stream.below("turn", 1, 1_000)[0]
    place = np.where(counter, frame["rank"].to_numpy() + turn, frame["seat_rank"].to_numpy()) % np.maximum(many, 1)
    names = [desks[s][int(p)] if s in desks else None for s, p in zip(section, place, strict=True)]
    return frame.drop("rank", "seat_rank").with_columns(pl.Series("terminal", names, dtype=pl.String))


def _machine_staff(machines: pl.DataFrame) -> pl.DataFrame:
    return STAFF.conform(
        machines.select("staff_no", "section", "role").with_columns(
            pl.Series("staff_code", [f"S{90 + k:07d}" for k in range(machines.height)]),
            employment=pl.lit("contracted"), supervisor=pl.lit(value=False), resident_no=pl.lit(None),
            birth_date=pl.lit(_OPENED), family_name=pl.Series(_MACHINES[: machines.height]), given_name=pl.lit("機器"),
            hired_on=pl.lit(_OPENED),
        )
    )  # fmt: skip
