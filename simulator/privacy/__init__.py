"""What pseudonyms protect and what they do not, measured: on a run, on an export, on any table.

Each tool answers one question. None of them proves that data are anonymous, and none may be quoted as if it did.
"""

from simulator.privacy.crowds import Anonymity, anonymity
from simulator.privacy.dictionary import attack
from simulator.privacy.namesakes import coincidences
from simulator.privacy.reading import read_table
from simulator.privacy.searching import Leak, Secrets, scan
from simulator.privacy.uniqueness import unicity

__all__ = ["Anonymity", "Leak", "Secrets", "anonymity", "attack", "coincidences", "read_table", "scan", "unicity"]
