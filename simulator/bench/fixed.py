"""The fixed benchmark: scenario, seeds, track and the roots of its runs, in one file a version; and its errata."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from simulator import spec
from simulator.bench.running import Plan
from simulator.errors import UnknownNameError, UsageError

_FOLDER = Path(__file__).parent
_ERRATA = "errata.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One version of the benchmark.

    Attributes:
        name: under which results name it.
        scenario: of its runs.
        training: scenario that learners learn from.
        track: what a detector may open.
        seeds: open seeds.
        metric: the figure that a leaderboard is ordered by.
        thresholds: where they may be chosen.
        roots: seed → root of its run; empty while nobody has sealed it.
    """

    name: str
    scenario: str
    training: str
    track: str
    seeds: tuple[int, ...]
    metric: str
    thresholds: str
    roots: Mapping[str, str] = field(default_factory=dict)

    def plan(self, detectors: tuple[str, ...]) -> Plan:
        """What is compared when `detectors` take part."""
        roots = {int(seed): root for seed, root in self.roots.items()}
        return Plan(detectors=detectors, scenarios=[self.scenario], seeds=self.seeds, track=self.track,
                    training=self.training, roots=roots)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """Something that is known to be wrong with a version.

    Attributes:
        benchmark: the version.
        found: the day, ISO 8601.
        what: what is wrong.
        meaning: what it means for results.
    """

    benchmark: str
    found: str
    what: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Errata:
    erratum: tuple[Erratum, ...] = ()


def versions() -> list[str]:
    """The versions that ship with the package."""
    return sorted(path.stem for path in _FOLDER.glob("v*.toml"))


def benchmark(version: str) -> Benchmark:
    """The benchmark of that version, such as ``v1``.

    Raises:
        UnknownNameError: there is none.
    """
    if version not in versions():
        raise UnknownNameError("benchmark", version, versions())
    return spec.build(Benchmark, spec.read_toml(_FOLDER / f"{version}.toml"), version)


def named(scenario: str, seed: int | None, root: str) -> str | None:
    """The name of the benchmark that the run of `root` belongs to, if any."""
    held = map(benchmark, versions())
    return next((b.name for b in held if b.scenario == scenario and b.roots.get(str(seed)) == root), None)


def errata() -> tuple[Erratum, ...]:
    """Everything that is known to be wrong, the oldest first."""
    return spec.build(_Errata, spec.read_toml(_FOLDER / _ERRATA), _ERRATA).erratum


def sealed(held: Benchmark, rows: pl.DataFrame) -> Benchmark:
    """`held` with the roots of the runs of `rows` (``seed``, ``run``), as `run` gives them.

    Raises:
        UsageError: a seed of the benchmark is not among them, or has two roots.
    """
    roots = {str(seed): root for seed, root in rows.select("seed", "run").unique().sort("seed").iter_rows()}
    if set(roots) != {str(seed) for seed in held.seeds} or len(roots) != rows.select("seed", "run").n_unique():
        msg = f"the rows must hold each of the seeds {held.seeds[0]}–{held.seeds[-1]} with one run each"
        raise UsageError(msg)
    return replace(held, roots=roots)
