"""Work: the office, lawful cases in columns, misuse and look-alikes as episodes."""

from simulator.workload.archetype import Kind
from simulator.workload.archetypes import record
from simulator.workload.changes import check_office
from simulator.workload.episodes import Played, play
from simulator.workload.lawful import check_work, plan_lawful
from simulator.workload.office import Later, Office, build_office
from simulator.workload.plan import Plan
from simulator.workload.promise import Promise
from simulator.workload.settings import OfficeSpec, WorkloadSpec

__all__ = [
    "Kind", "Later", "Office", "OfficeSpec", "Plan", "Played", "Promise", "WorkloadSpec", "build_office",
    "check_office", "check_work",
    "plan_lawful", "play", "record",
]  # fmt: skip
