"""The hand-made town of the registry's tests, with an office."""

import importlib.util
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from simulator.access import Gate, Policy
from simulator.access.ask import Ask, Typed
from simulator.clock import JST, to_ms
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm
from simulator.registry import Registry, query
from simulator.schema import ACCOUNT, REQUEST, SECTION, STAFF, TERMINAL
from simulator.schema.vocabulary import ACTIONS, GROUNDS, MATCHES, PURPOSES, SCREENS, SEARCHES
from simulator.streams import Stream

_PLACE = Path(__file__).parents[1] / "registry" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("registry_town", _PLACE)
registry_town = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(registry_town)

ROLES = ["R01", "R02", "R03", "R04", "R05", "R06", "R14", "R15", "R16", "R17", "R18"]


@dataclass(frozen=True)
class Office:
    sections: pl.DataFrame
    staff: pl.DataFrame
    accounts: pl.DataFrame
    terminals: pl.DataFrame


def make_office(each: int = 4) -> Office:
    """Four members of each role in a section of their own; the first supervises; the last's account ends in May."""
    roles = [role for role in ROLES for _ in range(each)]
    count = len(roles)
    sections = [f"SEC-{role}" for role in roles]
    staff = pl.DataFrame(
        {
            "staff_no": range(count), "staff_code": [f"S{no:07d}" for no in range(count)], "section": sections,
            "role": roles, "employment": ["regular"] * count, "supervisor": [no % each == 0 for no in range(count)],
            "resident_no": [no if no % 3 else None for no in range(count)], "birth_date": [date(1980, 1, 1)] * count,
            "family_name": ["佐藤"] * count, "given_name": ["太郎"] * count, "hired_on": [date(2010, 4, 1)] * count,
        }
    )  # fmt: skip
    ends = [date(2025, 5, 15) if no % each == each - 1 else None for no in range(count)]
    accounts = pl.DataFrame(
        {
            "staff_no": range(count), "role": roles, "section": sections,
            "valid_from": [date(2020, 4, 1)] * count, "valid_to": ends,
        }
    )  # fmt: skip
    unique = sorted(set(sections))
    return Office(
        SECTION.conform(
            pl.DataFrame(
                {
                    "section": unique, "title": unique, "office": ["HQ"] * len(unique),
                    "office_title": ["本庁"] * len(unique), "entitled": [s != "SEC-R16" for s in unique],
                }
            )
        ),
        STAFF.conform(staff),
        ACCOUNT.conform(accounts),
        TERMINAL.conform(
            pl.DataFrame(
                {
                    "terminal": [f"T{place:03d}" for place in range(len(unique))], "section": unique,
                    "office": ["HQ" if place % 2 else "BR1" for place in range(len(unique))],
                    "counter": [True] * len(unique),
                }
            )
        ),
    )  # fmt: skip


def make_requests(office: Office, residents: int, count: int, seed: int = 1, days: int = 60) -> pl.DataFrame:
    """Random requests, half of them of a kind that offices make."""
    draw = Stream(seed, "requests")

    def pick(name, choices, nulls=0):
        found = draw.below(name, count, len(choices) + nulls)
        return [choices[i] if i < len(choices) else None for i in found.tolist()]

    start = to_ms(datetime(2025, 4, 1, 7, tzinfo=JST))
    at = start + draw.below("day", count, days) * 86_400_000 + draw.below("ms", count, 14 * 3_600_000)
    actions = [t.code for t in ACTIONS] + ["search", "view", "view", "approve", "issue", "override", "override"]
    purposes = ["resident_certificate", "income_tax", "property_tax", "disaster", "audit", "none", "system_operation"]
    search = [t.code for t in SEARCHES]
    columns = {
        "request_no": range(count), "at": pl.Series(at).cast(pl.Datetime("ms", "UTC")), "tie": draw.bits("tie", count),
        "staff_no": draw.below("staff", count, office.staff.height),
        "session_key": draw.below("session", count, count // 4 + 1),
        "terminal": pick("terminal", office.terminals["terminal"].to_list()),
        "auth_method": ["vein"] * count, "system": ["MUNI"] * count,
        "screen": pick("screen", [t.code for t in SCREENS] + ["record"] * 12),
        "action": pick("action", actions),
        "purpose": pick("purpose", purposes * 4 + [t.code for t in PURPOSES]),
        "case_no": pick("case", [f"C{no:05d}" for no in range(50)], nulls=25),
        "target": draw.below("target", count, min(residents, 60)),
        "search": pick("search", search), "match": pick("match", [t.code for t in MATCHES], nulls=1),
        "typed": pick("typed", [1, 2, 3, 4, 5], nulls=2), "dwell_s": pick("dwell", [5, 10, 30], nulls=1),
        "grounds": pick("grounds", [t.code for t in GROUNDS], nulls=7), "sheets": pick("sheets", [1, 2, 5], nulls=3),
        "failed": pick("failed", [True], nulls=9),
    }  # fmt: skip
    frame = pl.DataFrame(columns, schema_overrides={"tie": pl.UInt64})
    searching = pl.col("action").is_in(["search", "list"])
    frame = frame.with_columns(
        pl.col("at").dt.convert_time_zone("Asia/Tokyo"),
        pl.when(searching).then("search"), pl.when(searching).then("match"), pl.when(searching).then("typed"),
        target=pl.when(pl.col("action").is_in(["login", "logout", "export"])).then(None).otherwise("target"),
    )  # fmt: skip
    return REQUEST.conform(frame)


def typed_text(row, registry):
    """What the clerk of a planned request types: the target's own details, as far as it says."""
    if row["search"] is None or row["target"] is None or row["action"] not in ("search", "list"):
        return None
    found = query(row["search"])
    own = registry.keys.row(row["target"], named=True)
    first, *others = (str(own[key.column]) for key in found.keys)
    exact = found.match(row["match"] or "exact") == "exact"
    return Typed(
        name=row["search"], match=row["match"] or "exact",
        texts=(first if exact or not row["typed"] else first[: row["typed"]], *others),
    )  # fmt: skip


_STATED = (
    "at", "staff_no", "terminal", "action", "screen", "purpose", "case_no", "sheets", "tie", "dwell_s",
)  # fmt: skip


def make_ask(row, registry):
    together = row["action"] in ("search", "list", "export", "login", "logout")
    return Ask(
        **{name: row[name] for name in _STATED},
        grounds=row["grounds"] or "duty", failed=bool(row["failed"]),
        target=None if together else row["target"], search=typed_text(row, registry),
    )  # fmt: skip


@pytest.fixture(scope="session")
def as_ask():
    return make_ask


@pytest.fixture(scope="session")
def town():
    return registry_town.make_town()


@pytest.fixture(scope="session")
def registry(town):
    return Registry.of(town)


@pytest.fixture(scope="session")
def office():
    return make_office()


@pytest.fixture(scope="session")
def gate(registry, office):
    return Gate(Policy.default(), registry, office)


@pytest.fixture(scope="session")
def requests(office, registry):
    return make_requests(office, registry.size, 6_000)


@pytest.fixture(scope="session")
def pseudonymizer(town):
    return Pseudonymizer(PseudonymKey.insecure(), Realm(f"jp.sim/{town.municipality.code}/audit"))
