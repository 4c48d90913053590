"""Access: who may ask what for which purpose; the one gate; the audit log that every request leaves."""

from simulator.access.gate import Answers, Gate
from simulator.access.opened import OpenGate
from simulator.access.phases import PhasedGate
from simulator.access.policy import Policy, PolicyChange, Rule, in_force
from simulator.access.request import AccessRequest, Outcome, request_frame

__all__ = [
    "AccessRequest", "Answers", "Gate", "OpenGate", "Outcome", "PhasedGate", "Policy", "PolicyChange", "Rule",
    "in_force", "request_frame",
]  # fmt: skip
