"""The dictionary attack, to be seen rather than believed: with a realm's key every pseudonym falls, without it none.

Eleven digits are few. Whoever has the key makes the pseudonym of every code and looks it up; no secret function helps,
custody of the key is all. This is why keys live in a vault and each realm has its own.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from simulator.dataset import Dataset
from simulator.errors import UsageError
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm
from simulator.pseudonym.errors import VersionError
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.pseudonymizer import FAST_FROM
from simulator.streams import Stream

ALL_CODES = 10**10
"""Bodies of a resident code: what has to be tried when nothing is known."""
_WIDTH = 11
Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class _Attacker:
    title: str
    maker: Pseudonymizer


def attack(
    dataset: Dataset, ring: Keyring | None = None, *, candidates: int = 1_000_000, targets: int = 1_000, seed: int = 0
) -> list[Row]:
    """One row per attacker: how many of the log's pseudonyms fall, and how long all codes of the nation would take.

    Args:
        dataset: the run.
        ring: its keys; without them only those attackers are shown who have none.
        candidates: codes to try: all of the register, and others drawn at random.
        targets: pseudonyms to undo, drawn from the log's residents.
        seed: of what is drawn.

    Returns:
        attacker, tried, recovered, of, seconds, all_codes_h (hours for 10^10 codes on one core at this rate).

    Raises:
        UsageError: `candidates` or `targets` below 1.
    """
    if candidates < 1 or targets < 1:
        raise UsageError("an attack needs at least one candidate and one target")
    aims, codes = _targets(dataset, targets, seed), _dictionary(dataset, candidates, seed)
    Pseudonymizer(PseudonymKey.insecure(), Realm.export("warm-up")).column("resident", codes.head(FAST_FROM))
    return [_run(attacker, codes, aims) for attacker in _attackers(dataset, aims, ring)]


def _targets(dataset: Dataset, count: int, seed: int) -> pl.Series:
    """Pseudonyms of one municipality and of its newest key version."""
    first = dataset.files("attribute")[0]
    everyone = pl.read_parquet(first, columns=["resident"])["resident"]
    version = everyone.bin.slice(0, 1)
    newest = everyone.filter(version == pl.Series([version.max()], dtype=pl.Binary))
    return newest.gather(Stream(seed).at("attack").order("targets", len(newest))[:count])


def _dictionary(dataset: Dataset, count: int, seed: int) -> pl.Series:
    known = dataset.table("resident")["resident_code"].head(count)
    drawn = Stream(seed).at("attack").below("codes", count - len(known), 10**_WIDTH)
    return pl.concat([known, pl.Series(drawn).cast(pl.String).str.zfill(_WIDTH)]).alias("code")


def _attackers(dataset: Dataset, aims: pl.Series, ring: Keyring | None) -> Iterator[_Attacker]:
    place, version = dataset.manifest.logs[0].municipality, aims[0][0]
    realm = Realm.audit(place)
    yield _Attacker("the log alone, guessing a key", Pseudonymizer(PseudonymKey.generate(), realm, version))
    published = PseudonymKey.insecure()
    for _ in range(version - 1):
        published = published.successor()
    yield _Attacker("the log and the published insecure key", Pseudonymizer(published, realm, version))
    key = None if ring is None else ring[version].key
    if ring is not None and key is None:
        msg = f"key version {version} is destroyed: nobody can undo its pseudonyms, and nothing is left to show"
        raise VersionError(msg)
    if key is not None:
        other = Realm.section(place, "another")
        yield _Attacker("the log and the key of another realm", Pseudonymizer(key, other, version))
        yield _Attacker("the log and the key of its realm", Pseudonymizer(key, realm, version))


def _run(attacker: _Attacker, codes: pl.Series, aims: pl.Series) -> Row:
    start = time.process_time()
    found = attacker.maker.column("resident", codes).is_in(aims.implode()).sum()
    seconds = time.process_time() - start
    hours = ALL_CODES / (len(codes) / max(seconds, 1e-9)) / 3600
    return {
        "attacker": attacker.title, "tried": len(codes), "recovered": int(found), "of": len(aims),
        "seconds": round(seconds, 2), "all_codes_h": round(hours, 1),
    }  # fmt: skip
