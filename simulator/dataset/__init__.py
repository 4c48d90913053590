"""The public half of a run on disk: what it holds, whether it is whole, and how to read it."""

from simulator.dataset.manifest import FORMAT, FileDigest, LogHead, Manifest, run_files, seed_commitment
from simulator.dataset.parts import part_name, read_part
from simulator.dataset.people import populations, verify_people
from simulator.dataset.reading import Dataset
from simulator.dataset.verification import Finding, verify

__all__ = ["FORMAT", "Dataset", "FileDigest", "Finding", "LogHead", "Manifest", "part_name", "populations", "read_part",
           "run_files", "seed_commitment", "verify", "verify_people"]  # fmt: skip
