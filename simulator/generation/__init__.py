"""The finished run: every municipality made on its own, joined by a manifest, given its name last.

Everything is made in ``.NAME.part`` beside the run and renamed when it is complete, so a run that bears its name is
whole. What a killed or stopped run had finished stays there: the same order goes on from it, and gives the same bytes.
"""

from simulator.generation.folders import KEYRING, RunFolders
from simulator.generation.making import generate, generate_at, stages
from simulator.generation.order import Order, Overrides, order, scheduler_for

__all__ = ["KEYRING", "Order", "Overrides", "RunFolders", "generate", "generate_at", "order", "scheduler_for", "stages"]
