"""Issue a certificate."""

from collections.abc import Mapping
from typing import Any

from simulator.live.question import BadValueError, Kind, Parameter, Question, Row, Shape
from simulator.live.questions._resident import RESIDENT

KINDS = {
    "resident": "住民票の写し（個人）",
    "household": "住民票の写し（世帯全員）",
    "items": "住民票記載事項証明書",
    "tax": "課税（非課税）証明書",
}
_TAX_PURPOSES = ("tax_certificate", "income_tax")


def _check(values: Mapping[str, Any], purpose: str) -> None:
    taxed = purpose in _TAX_PURPOSES
    if (values["kind"] == "tax") != taxed:
        right = "tax" if taxed else "resident, household or items"
        raise BadValueError("kind", f"for the purpose {purpose} it must be {right}")


def _record(view: Any) -> Row:
    return {"certificate": view.values["kind"], "copies": view.values.get("copies", 1)}


QUESTION = Question(
    name="issue",
    ja="証明書発行",
    meaning="Issue a certificate with a number, ready to be printed. It bears SAMPLE (見本): nobody is real.",
    action="issue",
    screen="certificate",
    shape=Shape.RESIDENT,
    parameters=(
        RESIDENT,
        Parameter(
            name="kind", ja="証明書の種類", meaning="resident, household, items or tax.", kind=Kind.CHOICE,
            required=True, choices=tuple(KINDS), sample="resident",
        ),
        Parameter(name="copies", ja="通数", meaning="Copies, 1 to 20.", kind=Kind.COUNT, low=1, high=20, sample=1),
    ),
    rows=lambda view: view.certificate(),
    record=_record,
    check=_check,
    prints=True,
    document=True,
)  # fmt: skip
