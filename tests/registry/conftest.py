"""A small hand-made town: frames of the schema, without the population floor."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pytest
from filled import filled

from simulator import storage
from simulator.clock import Window
from simulator.registry import Database, Registry, served_layout, write_database
from simulator.schema import ADDRESS, CHANGE, HOUSEHOLD, PROTECTION, RESIDENT
from simulator.streams import Stream
from simulator.world.folding import fold_address, fold_kana, fold_name
from simulator.world.municipality import DEMO

WINDOW = Window(date(2025, 4, 1), date(2025, 7, 1))
FAMILIES = [
    ("佐藤", "サトウ"),
    ("髙橋", "タカハシ"),
    ("高橋", "タカハシ"),
    ("渡邉", "ワタナベ"),
    ("五十嵐", "イガラシ"),
]
GIVEN = [
    ("太郎", "タロウ"),
    ("花子", "ハナコ"),
    ("健", "ケン"),
    ("さくら", "サクラ"),
    ("健太", "ケンタ"),
    ("郎", "ロウ"),
]


@dataclass(frozen=True)
class Town:
    municipality: object
    window: Window
    residents: pl.DataFrame
    households: pl.DataFrame
    addresses: pl.DataFrame
    changes: pl.DataFrame
    protections: pl.DataFrame


def make_town(size: int = 600, seed: int = 5) -> Town:
    draw = Stream(seed, "town")
    home = [no // 3 for no in range(size)]
    homes = home[-1] + 1
    pick = lambda name, bound: draw.below(name, size, bound).tolist()  # noqa: E731
    families, given = pick("family", len(FAMILIES)), pick("given", len(GIVEN))
    rows = {
        "resident_no": range(size), "household_no": home, "address_no": home,
        "family_name": [FAMILIES[i][0] for i in families], "given_name": [GIVEN[i][0] for i in given],
        "family_kana": [FAMILIES[i][1] for i in families], "given_kana": [GIVEN[i][1] for i in given],
        "sex": ["male" if i else "female" for i in pick("sex", 2)],
        "birth_date": [date(1950, 1, 1) + timedelta(days=7 * i) for i in pick("birth", 300)],
        "relationship": ["世帯主" if no % 3 == 0 else "子" for no in range(size)], "nationality": ["JP"] * size,
        "resident_since": [date(2025, 5, 1) if no % 20 == 0 else date(2000, 1, 1) for no in range(size)],
        "resident_code": [f"{10_000_000_000 + 37 * no}" for no in range(size)],
        "my_number": [f"{100_000_000_000 + 41 * no}" for no in range(size)],
    }  # fmt: skip
    residents = pl.DataFrame(rows).with_columns(
        name_key=pl.Series([fold_name(FAMILIES[a][0] + GIVEN[b][0]) for a, b in zip(families, given, strict=True)]),
        kana_key=pl.Series([fold_kana(FAMILIES[a][1] + GIVEN[b][1]) for a, b in zip(families, given, strict=True)]),
    )
    blocks = draw.below("block", homes, 9).tolist()
    text = [f"青葉{'一二三'[no % 3]}丁目{blocks[no] + 1}番{no % 13 + 1}号" for no in range(homes)]
    addresses = pl.DataFrame(
        {
            "address_no": range(homes), "district": [no % 3 for no in range(homes)], "town": ["青葉"] * homes,
            "block": [b + 1 for b in blocks], "lot": [no % 13 + 1 for no in range(homes)], "building": [None] * homes,
            "room": [None] * homes, "postal_code": ["9990000"] * homes, "address": text,
            "address_key": [fold_address(line) for line in text],
        }
    )  # fmt: skip
    households = pl.DataFrame(
        {
            "household_no": range(homes), "address_no": range(homes), "head": [3 * no for no in range(homes)],
            "kind": ["other"] * homes, "size": [3] * homes,
        }
    )  # fmt: skip
    movers = [no for no in range(size) if no % 20 == 0 or no % 17 == 0]
    changes = pl.DataFrame(
        [
            {
                "change_no": place,
                "happened_on": date(2025, 5, 1) if no % 20 == 0 else date(2025, 6, 2),
                "notified_on": date(2025, 5, 7) if no % 20 == 0 else date(2025, 6, 9),
                "reason": "転入" if no % 20 == 0 else "転出", "resident_no": no,
                "household_from": None if no % 20 == 0 else no // 3,
                "household_to": no // 3 if no % 20 == 0 else None,
                "address_from": None, "address_to": None,
            }
            for place, no in enumerate(movers)
        ],
        schema_overrides={name: CHANGE[name].dtype for name in CHANGE.names[:9]},
    )  # fmt: skip
    guarded = [no for no in range(size) if no % 11 == 3]
    protections = pl.DataFrame(
        {
            "resident_no": guarded, "valid_from": [date(2025, 4, 20)] * len(guarded),
            "valid_to": [date(2025, 6, 20) if no % 2 else date(2026, 4, 20) for no in guarded],
            "other_party": ["某"] * len(guarded),
        }
    )  # fmt: skip
    return Town(
        DEMO, WINDOW, filled(RESIDENT, residents), filled(HOUSEHOLD, households), filled(ADDRESS, addresses),
        filled(CHANGE, changes), filled(PROTECTION, protections),
    )  # fmt: skip


@pytest.fixture(scope="session")
def town():
    return make_town()


@pytest.fixture(scope="session")
def registry(town):
    return Registry.of(town)


@pytest.fixture(scope="session")
def sqlite(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("db") / "registry.db"
    write_database(town, path)
    return Database.open(path)


@pytest.fixture(scope="session")
def served(town, postgres):
    address = postgres.create()
    storage.fill_postgres(address, served_layout(town))
    database = Database.open(address)
    yield database
    database.connection.close()


@pytest.fixture(scope="session", params=["sqlite", "served"])
def database(request):
    """The register in SQLite, then in PostgreSQL."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def both(sqlite, served):
    return sqlite, served
