"""Keyed pseudonyms in place of identifiers, and the keys behind them.

A pseudonym hides a number from whoever lacks the realm's key, and keeps two realms' tables from being joined. It does
not make a log anonymous: what, when and where still single people out (`simulator.privacy` measures how soon).
"""

from simulator.pseudonym.key import PseudonymKey
from simulator.pseudonym.passphrase import Passphrase
from simulator.pseudonym.pseudonymizer import Pseudonymizer, expect
from simulator.pseudonym.realm import KINDS, Realm
from simulator.pseudonym.rotation import Epochs, Schedule
from simulator.pseudonym.text import from_text, from_texts, to_text, to_texts

__all__ = [
    "KINDS", "Epochs", "Passphrase", "PseudonymKey", "Pseudonymizer", "Realm", "Schedule", "expect", "from_text",
    "from_texts", "to_text", "to_texts",
]  # fmt: skip
