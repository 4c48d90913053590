"""What is known of people, office and log for the second look at an answer key; plain lookups, no archetypes."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from simulator import scenario, storage
from simulator.dataset import Dataset
from simulator.errors import MissingError
from simulator.labels import AnswerKey
from simulator.population import Population
from simulator.population.growth import grown
from simulator.pseudonym import Realm
from simulator.pseudonym.keyring import Keyring
from simulator.scenario import Scenario, people_stream
from simulator.world.municipality import municipality

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One episode with its events.

    Attributes:
        episode_id, archetype, kind: as in the answer key.
        motive, relation: as in the answer key.
        actors: staff_no of those in the log.
        culprit, instigator: staff_no, if named.
        victims: resident_no.
        events: its events in order of time: those of the log, with staff_no, resident_no and the label's columns.
    """

    episode_id: str
    archetype: str
    kind: str
    motive: str
    relation: str
    actors: frozenset[int]
    culprit: int | None
    instigator: int | None
    victims: frozenset[int]
    events: tuple[Row, ...]

    @property
    def who(self) -> frozenset[int]:
        """Who really did it."""
        return self.actors if self.culprit is None else frozenset([self.culprit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One municipality.

    Attributes:
        people: resident_no → its row of the register at the start, with ``age`` and where it lives.
        homes: household_no → its members.
        places: (kind, value) → residents: of an address, a block, a surname.
        related: resident_no → [(other, what the other is to them)].
        figures: resident_no → why known.
        protected: resident_no of those protected in the window.
        staff: staff_no → row of the staff list.
        posts: staff_no → rows of the account register.
        entitled: sections that may use the register.
        cases: case_no → rows of the case list with resident_no.
        purposes: section → purposes of its cases.
        exports: every extraction of the log.
        start: first day.
        episodes: the answer key, look-alikes left out.
    """

    people: Mapping[int, Row]
    homes: Mapping[int, list[int]]
    places: Mapping[tuple[str, Any], list[int]]
    related: Mapping[int, list[tuple[int, str]]]
    figures: Mapping[int, str]
    protected: frozenset[int]
    staff: Mapping[int, Row]
    posts: Mapping[int, list[Row]]
    entitled: frozenset[str]
    cases: Mapping[str, list[Row]]
    purposes: Mapping[str, set[str]]
    exports: tuple[Row, ...]
    start: date
    episodes: tuple[Episode, ...]

    def own(self, staff: int) -> int | None:
        """The own record of a member of staff."""
        found: int | None = self.staff[staff]["resident_no"]
        return found

    def kin(self, resident: int) -> set[int]:
        """Household, parents, children, brothers and sisters."""
        near = {other for other, what in self.related.get(resident, []) if what in ("parent", "child", "sibling")}
        return (near | set(self.homes[self.people[resident]["household_no"]])) - {resident}


def facts(dataset: Dataset, key: AnswerKey) -> Iterator[Facts]:
    """The facts of each municipality of the run.

    Raises:
        MissingError: truth or keys are not beside the run.
    """
    truth, keys = (dataset.path.with_name(f"{dataset.path.name}.{part}") for part in ("truth", "keys"))
    for needed in (truth / "misuse.toml", truth / "seed.json", keys / "keyring"):
        if not needed.is_file():
            msg = f"{needed} is missing: the answer key is held against the truth's seed and the run's keys"
            raise MissingError(msg)
    told = scenario.load(str(truth / "misuse.toml"))
    seed = int(json.loads((truth / "seed.json").read_text(encoding="utf-8"))["seed"])
    ring = Keyring.load(keys / "keyring")
    for head in dataset.manifest.logs:
        code = head.municipality
        _, people = grown(told.sized(code)[0], municipality(code), told.windows, people_stream(seed))
        staff = storage.read_parquet(keys / "staff" / f"{code}.parquet")
        yield _facts(dataset, key, _Town(code, people, _named(told, code, ring, people, staff), staff))


@dataclass(frozen=True, slots=True)
class _Names:
    """token → row number, of residents and of staff, under every key version."""

    residents: Mapping[bytes, int]
    staff: Mapping[bytes, int]


@dataclass(frozen=True, slots=True)
class _Town:
    code: str
    people: Population
    names: _Names
    staff: pl.DataFrame


def _named(told: Scenario, code: str, ring: Keyring, people: Population, staff: pl.DataFrame) -> _Names:
    first = ring[1].key
    if first is None:
        raise MissingError("key version 1 of the run was destroyed, so its pseudonyms cannot be made again")
    epochs = told.rotation.epochs(first, Realm.audit(code))
    residents = epochs.every("resident", people.residents["resident_code"]).to_list()
    actors = epochs.every("staff", staff["staff_code"]).to_list()
    numbers, rows = people.residents["resident_no"].to_list(), staff["staff_no"].to_list()
    return _Names(
        dict(zip(residents, numbers * len(epochs), strict=True)), dict(zip(actors, rows * len(epochs), strict=True))
    )


def _facts(dataset: Dataset, key: AnswerKey, town: _Town) -> Facts:
    people, names = town.people, town.names
    rows = _people(people)
    cases = defaultdict(list)
    for row in dataset.table("case").iter_rows(named=True):
        if row["resident"] in names.residents:
            cases[row["case_no"]].append({**row, "resident_no": names.residents[row["resident"]]})
    posts = defaultdict(list)
    for row in dataset.table("account").iter_rows(named=True):
        if row["actor"] in names.staff:
            posts[names.staff[row["actor"]]].append(row)
    purposes = defaultdict(set)
    for section, purpose in dataset.table("case").select("section", "purpose").unique().iter_rows():
        purposes[section].add(purpose)
    sections = dataset.table("section").filter("entitled")["section"].to_list()
    return Facts(
        people=rows, homes=_grouped(rows, "household_no"),
        places={(kind, value): found for kind in ("address_no", "block", "family_name")
                for value, found in _grouped(rows, kind).items()},
        related=_related(people.relations), figures=dict(people.figures.select(
            "resident_no", pl.col("figure").cast(pl.String)).iter_rows()),
        protected=frozenset(people.protections["resident_no"].to_list()),
        staff={row["staff_no"]: row for row in town.staff.iter_rows(named=True)}, posts=posts,
        entitled=frozenset(sections), cases=cases, purposes=purposes,
        exports=_exports(dataset, names), start=people.window.start,
        episodes=tuple(_episodes(dataset, key, names)),
    )  # fmt: skip


def _people(people: Population) -> dict[int, Row]:
    blocks = people.addresses.select("address_no", block=pl.struct("town", "block").rank("dense"))
    joined = people.residents.join(blocks, on="address_no", how="left", maintain_order="left")
    names = ("resident_no", "household_no", "address_no", "block", "family_name", "sex", "birth_date", "resident_since")
    start = people.window.start.year
    return {row["resident_no"]: {**row, "age": start - row["birth_date"].year}
            for row in joined.select(names).iter_rows(named=True)}  # fmt: skip


def _grouped(rows: Mapping[int, Row], name: str) -> dict[Any, list[int]]:
    groups = defaultdict(list)
    for number, row in rows.items():
        groups[row[name]].append(number)
    return groups


def _related(relations: pl.DataFrame) -> dict[int, list[tuple[int, str]]]:
    """Both ends of each relation; the other end of a parent is a child."""
    found = defaultdict(list)
    for one, other, what in relations.select("resident_no", "other_no", pl.col("relation").cast(pl.String)).iter_rows():
        found[other].append((one, what))
        found[one].append((other, "child" if what == "parent" else what))
    return found


def _exports(dataset: Dataset, names: _Names) -> tuple[Row, ...]:
    rows = dataset.scan("event").filter(pl.col("action") == "export", pl.col("decision") == "allow")
    found = rows.select("event_id", "at", "actor", "section", "purpose").collect().iter_rows(named=True)
    return tuple({**row, "staff_no": names.staff.get(row["actor"])} for row in found)


_TOLD = ("event_id", "misuse", "archetype", "episode_id", "stage", "reason_status")
_SEEN = ("event_id", "at", "actor", "resident", "section", "action", "screen", "purpose", "case_no", "decision")


def _episodes(dataset: Dataset, key: AnswerKey, names: _Names) -> Iterator[Episode]:
    played = key.episodes.filter(pl.col("episode_kind") != "look-alike")
    labels = key.labels.join(played.select("episode_id", "archetype"), on=["episode_id", "archetype"], how="semi")
    seen = dataset.scan("event").select(_SEEN).join(labels.select(_TOLD).lazy(), on="event_id").collect()
    events = seen.sort("event_id").partition_by("episode_id", as_dict=True)
    for row in played.iter_rows(named=True):
        mine = tuple(_numbered(each, names) for each in events[(row["episode_id"],)].iter_rows(named=True))
        actors = [names.staff[token] for token in row["actors"] if token in names.staff]
        if not actors:
            continue
        yield Episode(
            episode_id=row["episode_id"], archetype=row["archetype"], kind=row["episode_kind"], motive=row["motive"],
            relation=row["relation"], actors=frozenset(actors), culprit=names.staff.get(row["culprit"]),
            instigator=names.staff.get(row["instigator"]),
            victims=frozenset(names.residents[token] for token in row["victims"]), events=mine,
        )  # fmt: skip


def _numbered(row: Row, names: _Names) -> Row:
    return {**row, "staff_no": names.staff[row["actor"]], "resident_no": names.residents.get(row["resident"])}
