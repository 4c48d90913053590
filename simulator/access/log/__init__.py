"""The audit log: canonical records, an RFC 9162 tree over batches of them, checkpoints, and their verification."""

from simulator.access.log.batches import BATCH
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.verification import verify_log
from simulator.access.log.writing import Written, write_log

__all__ = ["BATCH", "Checkpoint", "Written", "verify_log", "write_log"]
