"""What one request at a screen leaves in the log: its event, and everyone that it showed."""

from typing import Any, Protocol

from simulator.access.ask import Ask, Ruling
from simulator.registry import key_texts, query


class Tokens(Protocol):
    """Pseudonyms of the live log's realm."""

    def staff(self, staff_no: int) -> bytes:
        """Of a member of staff."""
        ...

    def resident(self, resident_no: int) -> bytes | None:
        """Of a resident; None for a number that nobody has, found out by the same statement."""
        ...

    def household(self, resident_no: int) -> bytes | None:
        """Of the household of a resident; likewise."""
        ...

    def search(self, text: str) -> bytes:
        """Of a text searched."""
        ...


def event_row(ask: Ask, ruling: Ruling, event_id: int, municipality: str, tokens: Tokens) -> dict[str, Any]:
    """The event (table ``event``) that `ask` and its `ruling` leave in the log of `municipality`."""
    single = ask.target is not None and ask.action not in ("search", "list", "export", "login", "logout")
    resident = tokens.resident(ask.target) if single and ask.target is not None else None
    household = tokens.household(ask.target) if single and ask.target is not None else None
    keys, text = _searched(ask)
    return {
        "event_id": event_id, "at": ask.at, "system": ask.system, "screen": ask.screen, "session_id": ask.session,
        "actor": tokens.staff(ask.staff_no), "role": ruling.role, "section": ruling.section, "office": ruling.office,
        "terminal": ask.terminal, "auth_method": ask.auth_method, "action": ask.action, "purpose": ask.purpose,
        "case_no": ask.case_no, "search_keys": keys, "search_token": None if text is None else tokens.search(text),
        "match": ask.search.match if ask.search else None, "hits": ruling.hits, "resident": resident,
        "household": household, "resident_municipality": None if resident is None else municipality,
        "protected_alert": ruling.protected_alert, "fields": "+".join(ruling.fields) or None,
        "rows_returned": len(ruling.residents), "decision": ruling.decision, "reason": ruling.reason,
        "approval_id": ruling.approval_id, "override_id": ruling.override_id, "extraction_id": ruling.extraction_id,
        "dwell_s": ask.dwell_s, "grounds": ask.grounds, "my_number": ruling.my_number,
        "document_no": ruling.document_no, "sheets": ruling.sheets, "printer": ruling.printer,
    }  # fmt: skip


def shown_rows(ask: Ask, ruling: Ruling, event_id: int, tokens: Tokens) -> list[dict[str, Any]]:
    """The rows of table ``shown``: everyone that a list, a household or an extraction showed."""
    if ask.action not in ("search", "list", "export") and ask.screen != "household":
        return []
    return [
        {"event_id": event_id, "rank": rank, "resident": tokens.resident(no), "household": tokens.household(no)}
        for rank, no in enumerate(ruling.residents)
    ]


def _searched(ask: Ask) -> tuple[str | None, str | None]:
    """Which details were used with how many characters, and what was typed, folded; None without search."""
    if ask.search is None:
        return None, None
    asked = query(ask.search.name)
    typed = key_texts(asked, ask.search.match, ask.search.texts)
    labels = [f"{asked.keys[0].label}:{max(1, len(typed[0]))}", *(key.label for key in asked.keys[1:])]
    return "+".join(labels), "|".join([ask.search.name, *typed])
