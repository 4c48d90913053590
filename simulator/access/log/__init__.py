"""The audit log: canonical records, an RFC 9162 tree over batches of them, checkpoints, proofs, and verification."""

from simulator.access.log.batches import BATCH
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.events import TOGETHER, Names, in_time
from simulator.access.log.heads import Sealed, open_text, read_head, read_text, seal_head, seal_text, verify_logs
from simulator.access.log.proofs import check_proof, described, head, prove_event, prove_growth
from simulator.access.log.verification import verify_log
from simulator.access.log.writing import LogWriter, SealedLog, Written, write_log

__all__ = [
    "BATCH", "TOGETHER", "Checkpoint", "LogWriter", "Names", "Sealed", "SealedLog", "Written", "check_proof",
    "described", "head", "in_time", "open_text", "prove_event", "prove_growth", "read_head", "read_text", "seal_head",
    "seal_text", "verify_log", "verify_logs", "write_log",
]  # fmt: skip
