"""What a run will cost before it is made: rows, bytes, CPU time, memory of a worker, and who must wait for whom.

The constants were measured, not guessed; ``python tests/benchmarks/bench_scale.py`` measures them again.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario import Scenario

YEAR_DAYS = 365
HOUR_S = 3_600
MEBIBYTE, GIGABYTE = 1 << 20, 10**9
# Source of all below: three cities of 152,790, 86,550 and 57,930 residents over 365 days (nation --only
# 782017,782025,782033) and `mini`, bench_scale.py on 2 vCPU of 2.1–2.8 GHz, other work going on beside; CPU time of one
# core. Good to a third. CPU time and memory by event: `city`, `town` and `demo` with seed 1 and two workers.
EVENTS_PER_RESIDENT_YEAR, EVENTS_PER_STAFF_YEAR = 11.4, 390.0
SHOWN_PER_EVENT, SHOWN_PER_EVENT_AND_RESIDENT = 2.41, 9.3e-6
"""Rows of people shown by lists and searches: a name is borne by more people where more people live."""
BYTES_PER_EVENT, BYTES_PER_EVENT_AND_RESIDENT = 63.5, 4.3e-4
"""Log and people shown, with the tree of the log."""
AUDITOR_BYTES_PER_EVENT = 11.0
REGISTER_BYTES_PER_RESIDENT = 107.0
DATABASE_BYTES_PER_RESIDENT = 735.0
CPU_S_PER_RESIDENT, CPU_S_PER_EVENT, CPU_S_PER_PART = 95e-6, 22e-6, 1.0
CPU_S_PER_WORKER = 7.0
"""Imports and tables of names, once in each process."""
MEMORY_BYTES, MEMORY_BYTES_PER_EVENT = 350e6, 540.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one municipality will cost.

    Attributes:
        code: of the municipality.
        residents, staff, events: how many.
    """

    code: str
    residents: int
    staff: int
    events: float

    @property
    def shown(self) -> float:
        """Rows of people shown."""
        return self.events * (SHOWN_PER_EVENT + SHOWN_PER_EVENT_AND_RESIDENT * self.residents)

    @property
    def log_bytes(self) -> float:
        """Length of the log's files."""
        return self.events * (BYTES_PER_EVENT + BYTES_PER_EVENT_AND_RESIDENT * self.residents)

    @property
    def cpu_s(self) -> float:
        """CPU time of one core."""
        return CPU_S_PER_PART + self.residents * CPU_S_PER_RESIDENT + self.events * CPU_S_PER_EVENT

    @property
    def memory_bytes(self) -> float:
        """Most memory that its worker holds."""
        return MEMORY_BYTES + self.events * MEMORY_BYTES_PER_EVENT


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will cost.

    Attributes:
        parts: of its municipalities.
        jobs: how many workers.
    """

    parts: tuple[Part, ...]
    jobs: int

    @property
    def events(self) -> float:
        """Events of all logs."""
        return sum(part.events for part in self.parts)

    @property
    def residents(self) -> int:
        """People in all registers when the window begins."""
        return sum(part.residents for part in self.parts)

    @property
    def cpu_s(self) -> float:
        """CPU time of all parts and workers."""
        return self.jobs * CPU_S_PER_WORKER + sum(part.cpu_s for part in self.parts)

    @property
    def bytes(self) -> dict[str, float]:
        """Length of the files, by what they are."""
        return {
            "log": sum(part.log_bytes for part in self.parts),
            "auditor": self.events * AUDITOR_BYTES_PER_EVENT,
            "register": self.residents * REGISTER_BYTES_PER_RESIDENT,
            "database": self.residents * DATABASE_BYTES_PER_RESIDENT,
        }

    @property
    def wall_s(self) -> float:
        """Time with `jobs` workers that have a core each, the largest municipalities first."""
        free = [CPU_S_PER_WORKER] * self.jobs
        for part in sorted(self.parts, key=lambda part: -part.cpu_s):
            heapq.heappush(free, heapq.heappop(free) + part.cpu_s)
        return max(free)

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per figure: what in both languages, value, unit, remark."""
        largest, sizes = max(self.parts, key=lambda part: part.events), self.bytes
        told = (
            ("municipalities", "市区町村", len(self.parts), "", ""),
            ("residents", "住民", self.residents, "", ""),
            ("staff", "職員", sum(part.staff for part in self.parts), "", ""),
            ("events", "アクセスログ", round(self.events), "rows", ""),
            ("people shown", "表示された住民", round(sum(part.shown for part in self.parts)), "rows", ""),
            *((name, _JA[name], _short(size / GIGABYTE), "GB", "on disk") for name, size in sizes.items()),
            ("all files", "合計容量", _short(sum(sizes.values()) / GIGABYTE), "GB", "no second copy in the making"),
            ("CPU", "CPU時間", _short(self.cpu_s / HOUR_S), "hours", "of one core"),
            ("time", "所要時間", _short(self.wall_s / HOUR_S), "hours", f"{self.jobs} workers with a core each"),
            ("memory", "作業者のメモリー", round(largest.memory_bytes / MEBIBYTE), "MiB",
             f"of the worker of {largest.code}, the largest"),
        )  # fmt: skip
        for what, ja, value, unit, remark in told:
            yield {"what": what, "項目": ja, "value": value, "unit": unit, "remark": remark}


def _short(value: float) -> float:
    return float(f"{value:.3g}")


_JA = {"log": "ログ容量", "auditor": "監査用表容量", "register": "台帳容量", "database": "データベース容量"}


def forecast(scenario: Scenario, codes: Sequence[str], jobs: int = 1) -> Forecast:
    """What the municipalities `codes` of `scenario` will cost with `jobs` workers."""
    return Forecast(tuple(_part(scenario, code) for code in codes), jobs)


def _part(scenario: Scenario, code: str) -> Part:
    people, office = scenario.sized(code)
    years = scenario.days / YEAR_DAYS * scenario.workload.volume
    events = (people.residents * EVENTS_PER_RESIDENT_YEAR + office.staff * EVENTS_PER_STAFF_YEAR) * years
    return Part(code, people.residents, office.staff, events)
