"""Finding the parts of a run in use: the run itself, its keys, its register, its live log."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from simulator import spec, storage
from simulator.access.policy import Policy, PolicyChange, in_force
from simulator.clock import Clock, SystemClock, Window
from simulator.dataset import Dataset
from simulator.errors import MissingError, UnknownNameError, UsageError
from simulator.live.checkpoint import beside
from simulator.live.entering import Issuer
from simulator.live.journal import Journal, ServedLog
from simulator.live.nation import Nation
from simulator.live.neighbour import Neighbour
from simulator.live.office import LiveOffice
from simulator.live.overlay import Overlay
from simulator.live.people import People
from simulator.pseudonym import Pseudonymizer, Realm
from simulator.pseudonym.keyring import Keyring
from simulator.registry import Database
from simulator.world.calendar import business_days
from simulator.world.municipality import Municipality, municipality

LOG_BITS = 40
_LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class RunClock:
    """The time of day that it is, on days that run on from the end of the run."""

    offset_days: int

    def now(self) -> datetime:
        """The present instant of the run."""
        return SystemClock().now() + timedelta(days=self.offset_days)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Pseudonyms of the live log, as the gate's events need them."""

    office: LiveOffice
    people: People
    actors: dict[int, bytes]

    def staff(self, staff_no: int) -> bytes:
        """Of a member of staff."""
        return self.actors[staff_no]

    def resident(self, resident_no: int) -> bytes | None:
        """Of a resident."""
        return self.people.resident(resident_no)

    def household(self, resident_no: int) -> bytes | None:
        """Of the household of a resident."""
        return self.people.home(resident_no)

    def search(self, text: str) -> bytes:
        """Of a text searched."""
        return self.people.search(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The open parts of one municipality of a run."""

    run: Dataset
    keys: Path
    municipality: Municipality
    journal: Journal
    office: LiveOffice
    people: People
    tokens: Tokens
    database: Database
    nation: Nation | None
    clock: Clock


def live_log(run: Path, code: str) -> Path:
    """The live log of the municipality `code`."""
    return beside(run, "live") / f"{code}.db"


def place(
    run: Path, code: str | None, keys: Path | None, database: str | None, *, wait_s: float, log: Path | None = None
) -> Place:
    """Open the parts.

    Raises:
        MissingError, BusyError, DamagedError, UsageError: as of `Live.open`.
    """
    found = Dataset.open(run)
    town = municipality(chosen(found, code))
    folder = keys or beside(run, "keys")
    makers = _makers(folder, town.code)
    office = LiveOffice.of(found, folder, town.code, makers)
    register = Database.open(database, municipality=town.code) if database else _register(found, town.code)
    people = People(register.connection, town.code, _desk(folder, town.code), makers)
    try:
        where = ServedLog(database, town.code) if database else log or live_log(run, town.code)
        journal = Journal.open(where, _meta(found, town.code), wait_s)
    except BaseException:
        register.connection.close()
        raise
    nation = _nation(found, town, folder, database, register)
    if nation is not None:
        people.elsewhere = nation.identity
    clock = RunClock(int(journal.meta["day_offset"]))
    tokens = Tokens(office, people, {member.staff_no: member.actor for member in office.members.values()})
    return Place(
        run=found, keys=folder, municipality=town, journal=journal, office=office, people=people, tokens=tokens,
        database=register, nation=nation, clock=clock,
    )  # fmt: skip


def _nation(run: Dataset, town: Municipality, keys: Path, database: str | None, home: Database) -> Nation | None:
    """The others of the run; None where there is none."""
    others = [head.municipality for head in run.manifest.logs if head.municipality != town.code]

    def opened(code: str) -> Neighbour:
        register = Database.open(database, municipality=code) if database else _register(run, code)
        log = ServedLog(database, code) if database else live_log(run.path, code)
        theirs, ours = (
            People(register.connection, code, _desk(keys, of), _makers(keys, of)) for of in (code, town.code)
        )
        overlay = Overlay(register, beyond=nation, issuer=Issuer.of(run, code))
        return Neighbour(municipality(code), theirs, ours, overlay, log)

    nation = Nation(run, town, others, opened, home)
    return nation if others else None


def office_of(run: Path, code: str | None = None, keys: Path | None = None) -> LiveOffice:
    """The office of a municipality of the run, without opening its live log.

    Raises:
        MissingError, UsageError: as of `Live.open`.
    """
    found, folder = Dataset.open(run), keys or beside(run, "keys")
    town = chosen(found, code)
    return LiveOffice.of(found, folder, town, _makers(folder, town))


def residents_of(run: Path, code: str | None = None, keys: Path | None = None) -> tuple[People, Database]:
    """The residents of a municipality of the run by their pseudonyms, and its register; no live log is opened.

    Raises:
        MissingError, UsageError: as of `Live.open`.
    """
    found, folder = Dataset.open(run), keys or beside(run, "keys")
    town = chosen(found, code)
    register = _register(found, town)
    return People(register.connection, town, _desk(folder, town), _makers(folder, town)), register


@cache
def _shipped() -> Policy:
    return Policy.default()


def rights(run: Dataset) -> Policy:
    """The shipped table of rights, with what the scenario of `run` changed of it."""
    told = spec.read_toml(run.path / "scenario.toml").get("policy", [])
    changes = [spec.build(PolicyChange, values, "policy") for values in told]
    return in_force(_shipped(), changes, date.max) if changes else _shipped()


def chosen(run: Dataset, code: str | None) -> str:
    """The municipality that is meant: the one stated, or the run's only one.

    Raises:
        UsageError: the run has several and none is stated.
        UnknownNameError: the run has no such one.
    """
    codes = [head.municipality for head in run.manifest.logs]
    if code is None and len(codes) > 1:
        msg = f"{run.path} has {len(codes)} municipalities; state one of {', '.join(codes)}"
        raise UsageError(msg)
    if code is not None and code not in codes:
        raise UnknownNameError("municipality", code[:20], codes, str(run.path))
    return code or codes[0]


def pseudonymizer(keys: Path, realm: Realm) -> Pseudonymizer:
    """The pseudonymizer of `realm` under the active version of the keys in the folder `keys`.

    Raises:
        MissingError: the keys are not there.
    """
    return keyring(keys).pseudonymizer(realm)


def _desk(keys: Path, code: str) -> Pseudonymizer:
    """Of the handles that the desks of municipality `code` show."""
    return pseudonymizer(keys, Realm(f"jp.sim/{code}/desk"))


def _makers(keys: Path, code: str) -> list[Pseudonymizer]:
    """Of the log of municipality `code` under every version that can be read, the active one first."""
    ring = keyring(keys)
    return [ring.pseudonymizer(Realm.audit(code), version.number) for version in reversed(ring.readable)]


def keyring(keys: Path) -> Keyring:
    """The keyring in the folder `keys`.

    Raises:
        MissingError: it is not there.
    """
    path = keys / "keyring"
    if not path.is_file():
        msg = f"{path} is missing: a run in use needs its keys; give their folder, or put it beside the run"
        raise MissingError(msg)
    return Keyring.load(path)


def _register(run: Dataset, code: str) -> Database:
    own = run.path / f"registry-{code}.db"
    return Database(storage.connect_still(own if own.is_file() else run.path / "registry.db"))


def _meta(run: Dataset, code: str) -> dict[str, str]:
    """What a new live log belongs to: it goes on where the run's own log ends."""
    head = next(h for h in run.manifest.logs if h.municipality == code)
    told = spec.read_toml(run.path / "scenario.toml")
    end = told["start"] + timedelta(days=told["days"])
    opening = business_days(Window(end, end + _LOOK_AHEAD))[0]
    return {
        "root": run.root,
        "municipality": code,
        "first_event": str((told["municipalities"].index(code) << LOG_BITS) + head.size + 1),
        "first_session": str(head.size + 1),
        "day_offset": str((opening - _today()).days),
    }


def _today() -> date:
    return SystemClock().now().date()
