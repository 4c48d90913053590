"""What a face shows of residents, read for many at once by their numbers; the same SQL for every engine."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from simulator.storage import Connection

Row = dict[str, Any]
MANY = 500
"""Residents in one statement."""
_PERSON = (
    "SELECT r.*, a.address, a.address_key, a.postal_code, a.district, l.family_kana_key, l.family_name_key, "
    "l.entered_on, l.left_on, h.head, p.valid_from AS protected_from, p.valid_to AS protected_to, p.other_party "
    "FROM resident r JOIN lookup l ON l.resident_no = r.resident_no JOIN address a ON a.address_no = r.address_no "
    "JOIN household h ON h.household_no = r.household_no LEFT JOIN protection p ON p.resident_no = r.resident_no "
)


def persons(connection: Connection, numbers: Sequence[int]) -> list[Row]:
    """One row for each of `numbers` (resident_no) that the register has, in their order; days as ISO 8601 text."""
    found: dict[int, Row] = {}
    for start in range(0, len(numbers), MANY):
        some = numbers[start : start + MANY]
        names = {f"n{place}": number for place, number in enumerate(some)}
        marks = ", ".join(f":{name}" for name in names)
        for row in connection.select(f"{_PERSON} WHERE r.resident_no IN ({marks})", names):
            found[row["resident_no"]] = row
    return [found[number] for number in numbers if number in found]


def identity(connection: Connection, number: int) -> tuple[str, int] | None:
    """Resident code and household of the resident `number`, or None; one statement whoever it is."""
    sql = "SELECT resident_code, household_no FROM resident WHERE resident_no = :number"
    rows = connection.select(sql, {"number": number})
    return (rows[0]["resident_code"], rows[0]["household_no"]) if rows else None


def number(connection: Connection, resident_code: str) -> int | None:
    """resident_no of whoever has `resident_code`, or None."""
    rows = connection.select("SELECT resident_no FROM resident WHERE resident_code = :code", {"code": resident_code})
    return int(rows[0]["resident_no"]) if rows else None


def borne(connection: Connection, resident_code: str, my_number: str) -> bool:
    """Whether somebody has one of both numbers."""
    sql = "SELECT 1 AS held FROM resident WHERE resident_code = :code OR my_number = :number LIMIT 1"
    return bool(connection.select(sql, {"code": resident_code, "number": my_number}))


def changes(connection: Connection, number: int) -> list[Row]:
    """The changes of record of the resident `number`, oldest first."""
    sql = (
        "SELECT c.happened_on, c.notified_on, c.reason, f.address AS address_from, t.address AS address_to "
        "FROM change c LEFT JOIN address f ON f.address_no = c.address_from "
        "LEFT JOIN address t ON t.address_no = c.address_to WHERE c.resident_no = :number ORDER BY c.change_no"
    )
    return connection.select(sql, {"number": number})


def measures(connection: Connection, day: date, limit: int) -> list[int]:
    """resident_no of those under a protection measure on `day`, by its first day, `limit` at most."""
    sql = (
        "SELECT resident_no FROM protection WHERE valid_from <= :day AND :day < valid_to "
        "ORDER BY valid_from, resident_no LIMIT :limit"
    )
    return [row["resident_no"] for row in connection.select(sql, {"day": day, "limit": limit})]


def codes(connection: Connection) -> list[str]:
    """The resident code of every resident, by resident_no."""
    return connection.column("SELECT resident_code FROM resident ORDER BY resident_no")
