"""A run in use for tests: a run under another name, a clock that is set, and many mixed requests."""

import atexit
import dataclasses
import random
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.access import Policy
from simulator.access.policy import table
from simulator.access.policy.rules import FIELDS, RoleFile, Rule, read_role
from simulator.clock import JST, SimClock
from simulator.live.desk import Live, Request
from simulator.pseudonym.text import to_text
from simulator.schema.vocabulary import ACTIONS, PURPOSES

OPENING = datetime(2025, 3, 24, 9, 0, tzinfo=JST)  # a Monday after the run
CASE = "2025-100001"
FOLDER = Path(table.__file__).parent
MEMORY = Path("/dev/shm")  # noqa: S108 - the system's own
NEWCOMER = {
    "family_name": "高橋", "given_name": "花子", "family_kana": "タカハシ", "given_kana": "ハナコ", "sex": "female",
}  # fmt: skip
ARRIVED = {"came_from": "蒼海県朝霧市", "address": "中央一丁目2番3号"}
FAST = 40  # of every hundred requests, so many come in a burst of one member of staff


def link(folders: Any, folder: Path) -> Path:
    """A run in `folder` that is the run of `folders`, with a live log of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{folders.run.name}.live").symlink_to(_quick(folder), target_is_directory=True)
    run = folder / folders.run.name
    run.symlink_to(folders.run)
    run.with_name(f"{run.name}.keys").symlink_to(folders.keys)
    return run


def _quick(folder: Path) -> Path:
    """A folder in memory where there is one, so that thousands of forced writes do not wait for the test's disk."""
    if not MEMORY.is_dir():
        made = folder / "live"
        made.mkdir()
        return made
    made = Path(tempfile.mkdtemp(prefix="jukisim-test-", dir=MEMORY))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def nobody() -> str:
    """A well-formed pseudonym that nobody has."""
    return to_text(b"\x01" + b"\xff" * 15)


def staff(live: Live, role: str, *, supervisor: bool | None = None) -> str:
    """Staff number of somebody with `role`."""
    heads = dict(live.office.staff.select("staff_no", "supervisor").iter_rows())
    return next(
        member.code
        for member in live.office.members.values()
        if member.role == role and (supervisor is None or heads[member.staff_no] is supervisor)
    )


def handle(live: Live, number: int) -> str:
    """The handle of a resident."""
    return live.people.handle(live.register.persons([number])[0]["resident_code"])


def guarded(live: Live) -> int:
    """A resident who is protected on the day of `OPENING` and present."""
    for number in live.register.base.connection.select("SELECT resident_no AS no FROM protection ORDER BY no", {}):
        stands = live.register.standing(number["no"], OPENING.date())
        if stands.protected and stands.live:
            return int(number["no"])
    raise AssertionError("the run has nobody who is protected")


def hiding(role: str) -> Policy:
    """The shipped policy, but that `role` is granted all groups of fields and no protected resident exists for it."""
    files = [read_role(path) for path in sorted(FOLDER.glob("*.toml"))]
    fields = ("name", "address", "household", "history", "resident_code", "my_number")
    return Policy.of(
        dataclasses.replace(
            found,
            rule=tuple(
                dataclasses.replace(rule, protected="hide", fields=fields if rule.fields else ()) for rule in found.rule
            ),
        )
        if found.role == role
        else found
        for found in files
    )


@dataclass(frozen=True)
class Timed:
    """A request and when it is made."""

    at: datetime
    request: Request


def requests(live: Live, count: int, seed: int = 1) -> list[Timed]:
    """`count` requests of all kinds: lawful, refused, about nobody, about the protected, badly written, too fast."""
    drawn, at = random.Random(seed), OPENING  # noqa: S311 - a choice of test cases
    size = live.register.base.connection.select("SELECT count(*) AS n FROM resident", {})[0]["n"]
    people = live.register.persons(drawn.sample(range(size), 60) + [guarded(live)] * 6)
    handles = [live.people.handle(row["resident_code"]) for row in people] + [nobody()] * 6 + ["1BAD", "x" * 26]
    members, policy = list(live.office.members.values()), Policy.default()
    made, member = [], members[0]
    for number in range(count):
        fast = number % 100 <= FAST
        member = member if fast and number % 100 else drawn.choice(members)
        if member.terminal is None and drawn.random() < 0.8:
            member = drawn.choice([each for each in members if each.terminal])
        rules = [rule for rule in policy.rules_of(member.role) if rule.purposes != ("none",)]
        lawful = drawn.choice(rules).purposes if rules and drawn.random() < 0.9 else [term.code for term in PURPOSES]
        purpose = drawn.choice(lawful)
        made.append(Timed(at, _request(drawn, member.code, purpose, handles, people)))
        at += timedelta(milliseconds=20 if fast else drawn.choice((3_000, 9_000, 5_000)))
    return made


def _request(drawn: random.Random, code: str, purpose: str, handles: list[str], people: list[dict]) -> Request:
    name, values = _question(drawn, purpose, handles, people)
    return Request(
        question=name, staff=code, purpose=purpose, values=values,
        case_no=CASE if drawn.random() < 0.7 else None,
        grounds="application" if drawn.random() < 0.6 else None,
        terminal=None if drawn.random() < 0.97 else drawn.choice(("T0001", "T0002", "T9999")),
    )  # fmt: skip


def _question(drawn: random.Random, purpose: str, handles: list[str], people: list[dict]) -> tuple[str, dict]:
    person, resident = drawn.choice(people), drawn.choice(handles)
    match = {"match": drawn.choice(("exact", "prefix", "partial"))}
    typed = drawn.choice(
        (
            {"kana": person["family_kana"], **match}, {"kana": person["kana_key"]},
            {"name": person["family_name"] + person["given_name"]}, {"name": person["family_name"][:1], **match},
            {"birth": person["birth_date"]}, {"family_kana": person["family_kana"]},
            {"kana": person["kana_key"], "birth": person["birth_date"]},
            {"address": person["address"][:4], **match}, {"resident_code": person["resident_code"]},
            {"my_number": person["my_number"]}, {"name": "'; DROP TABLE event; --"}, {"name": "%"}, {"kana": ""},
            {"birth": "2025-02-30"}, {"name": "佐", "kana": "サ"}, {},
        )
    )  # fmt: skip
    kind = "tax" if purpose in ("tax_certificate", "income_tax") else drawn.choice(("resident", "household", "items"))
    return drawn.choice(
        (
            ("search", typed), ("search", typed), ("list", typed), ("national", typed),
            ("view", {"resident": resident}), ("view", {"resident": resident}), ("view", {"resident": resident}),
            ("household", {"resident": resident}), ("history", {"resident": resident}),
            ("removed", {"resident": resident}), ("unmask", {"resident": resident}),
            ("protection", {"resident": resident}), ("print", {"resident": resident, "sheets": 2}),
            ("issue", {"resident": resident, "kind": kind}), ("issue", {"resident": resident, "kind": "nonsense"}),
            ("update", {"resident": resident, "reason": "転居", "address": "中央一丁目2番3号"}),
            ("update", {"resident": resident, "reason": "氏名変更", "family_name": "髙橋", "family_kana": "タカハシ"}),
            ("update", {"resident": resident, "reason": "転出", "destination": "白汐市"}),
            ("update", {"resident": resident, "reason": "転居"}),
            ("protect", {"resident": resident, "since": "2025-03-24", "until": "2026-03-24", "other_party": "某"}),
            ("register", {"reason": "出生", "resident": resident, "relationship": "子", **NEWCOMER}),
            ("register", {"reason": "転入", "birth_date": "1990-04-01", **ARRIVED, **NEWCOMER}),
            ("extract", {}), ("override", {"resident": resident, "why": "生命の危険"}), ("waiting", {}),
            ("approve", {"event": drawn.randrange(1, 3_000)}), ("log", {"most": 5}), ("stats", {}),
        )
    )  # fmt: skip


def clock() -> SimClock:
    """A clock that stands at the opening."""
    return SimClock(OPENING)


def plain(request: Request) -> dict[str, Any]:
    """The fields of a request."""
    return {field.name: getattr(request, field.name) for field in dataclasses.fields(request)}


def live_file(live: Live) -> Path:
    """The file of the live log."""
    return Path(live.journal.place)


def everything() -> Policy:
    """A policy in which R01 may do everything for every purpose, and the others what is shipped."""
    files = [read_role(path) for path in sorted(FOLDER.glob("*.toml"))]
    session = next(found for found in files if found.role == "R01").rule[0]
    purposes = tuple(term.code for term in PURPOSES if term.code != "none")
    actions = tuple(term.code for term in ACTIONS if term.code not in ("login", "logout"))
    rule = Rule(
        id="R01-all", purposes=purposes, actions=actions, scope="nation", basis="test", source="test", fields=FIELDS,
        protected="alert", daily=10**9,
    )  # fmt: skip
    return Policy.of([RoleFile("R01", (session, rule)), *(found for found in files if found.role != "R01")])


class Ticking:
    """A clock that goes on by a little whenever it is asked, so that nothing comes too fast."""

    def __init__(self, step_ms: int = 60) -> None:
        """Begin at the opening."""
        self.at, self._step = OPENING, timedelta(milliseconds=step_ms)

    def now(self) -> datetime:
        """The next moment."""
        self.at += self._step
        return self.at
