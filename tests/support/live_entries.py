"""Entries of a live log, made up, for tests of where it is kept."""

from simulator.live.journal import Entry
from simulator.schema import EVENT

ROOT = "5a" * 32
FIRST = (3 << 40) + 1001
META = {"root": ROOT, "first_event": str(FIRST)}


def event(number: int = 0) -> dict:
    whole = dict.fromkeys(EVENT.names)
    del whole["event_id"]
    return {
        **whole, "at": 1_750_000_000_000 + 977 * number, "system": "MUNI", "screen": "record", "session_id": 5 + number,
        "actor": bytes([number]) * 16, "role": "R05", "section": "income_tax", "office": "HQ", "terminal": "T0001",
        "auth_method": "vein", "action": "view", "purpose": "income_tax", "my_number": False,
        "protected_alert": number % 2 == 1, "rows_returned": 1, "decision": "allow", "reason": "OK:R05-look",
        "resident": b"r" * 16, "household": b"h" * 16, "search_keys": "kana:4", "hits": 3,
        "case_no": f"2025-{100_001 + number}",
    }  # fmt: skip


def entry(number: int = 0) -> Entry:
    people = tuple((bytes([rank]) * 16, bytes([9]) * 16) for rank in range(number % 3))
    return Entry(event(number), people, {"事由": "窓口", "number": number} if number % 4 == 0 else None)
