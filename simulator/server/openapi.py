"""The OpenAPI description of the routes, from the declarations of the questions."""

from typing import Any

from simulator.live.question import LONGEST_TEXT, Kind, Parameter, Question
from simulator.schema.vocabulary import GROUNDS, PURPOSES, SYSTEMS
from simulator.server.problems import MEDIA

Schema = dict[str, Any]
HANDLE = "^[0-9A-Za-z]{26}$"
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "code": {"type": "string"}, "detail": {"type": "string"}, "parameter": {"type": "string"},
        "event": {"type": "integer"}, "alert": {"type": "boolean"},
    },
}  # fmt: skip
ANSWER: Schema = {
    "type": "object",
    "required": ["code", "event", "alert", "rows"],
    "properties": {
        "code": {"const": "ok"},
        "event": {"type": "integer", "description": "Number of the event in the audit log."},
        "alert": {"type": "boolean", "description": "A protection measure holds (支援措置対象者)."},
        "hits": {"type": "integer", "description": "Residents that the search found."},
        "rows": {"type": "array", "items": {"type": "object"}},
        "numbers": {"type": "object", "additionalProperties": {"type": "string"}},
        "document": {"type": "string", "description": "The certificate, as an HTML page."},
    },
}  # fmt: skip
_PROBLEMS = {
    400: "The body is no JSON object, or a header is missing", 401: "No token of an open session",
    403: "Refused: the code says what an asker may know", 404: "No such resident, or none that may be seen",
    413: "The body is too long", 422: "A parameter is not right", 429: "Too many requests",
    503: "Register or log cannot be used; nothing was shown",
}  # fmt: skip


def header(name: str, words: str, schema: Schema, *, required: bool = False) -> Schema:
    """A header that a route takes."""
    return {"name": name, "in": "header", "required": required, "description": words, "schema": schema}


HEADERS = [
    header("X-Purpose", "Purpose (事務)", {"type": "string", "enum": [t.code for t in PURPOSES]}, required=True),
    header("X-Case-No", "Case number (受付番号)", {"type": "string", "minLength": 1, "maxLength": 64}),
    header(
        "X-System",
        "System (システム), the question's own if not stated",
        {"type": "string", "enum": [t.code for t in SYSTEMS]},
    ),
    header("X-Grounds", "Grounds (利用事由)", {"type": "string", "enum": [t.code for t in GROUNDS]}),
]


def problems(*statuses: int) -> dict[int | str, Schema]:
    """The problem documents that a route can give."""
    return {status: {"description": _PROBLEMS[status], "content": {MEDIA: {"schema": PROBLEM}}} for status in statuses}


def json_response(words: str, schema: Schema) -> Schema:
    """A response in JSON."""
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def body(schema: Schema, example: Schema) -> Schema:
    """The request body of a route."""
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def schema_of(parameter: Parameter) -> Schema:
    """What a parameter takes, as JSON Schema."""
    kinds: dict[Kind, Schema] = {
        Kind.TEXT: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        Kind.DAY: {"type": "string", "format": "date"},
        Kind.CHOICE: {"type": "string", "enum": list(parameter.choices)},
        Kind.COUNT: {"type": "integer", "minimum": parameter.low, "maximum": parameter.high},
        Kind.FLAG: {"type": "boolean"},
        Kind.RESIDENT: {"type": "string", "pattern": HANDLE},
    }
    found = dict(kinds[parameter.kind])
    if parameter.digits:
        found = {"type": "string", "pattern": f"^[0-9]{{{parameter.digits}}}$"}
    return {**found, "title": parameter.ja, "description": parameter.meaning}


def question_body(question: Question) -> Schema:
    """The body that a question takes: one object; where only some parameters go together, one of several."""
    known = {parameter.name: parameter for parameter in question.parameters}
    required = [parameter.name for parameter in question.parameters if parameter.required]
    exclusive = {name for form in question.forms for name in form}
    free = [name for name in known if name not in exclusive]

    def of(names: list[str], needed: list[str]) -> Schema:
        properties = {name: schema_of(known[name]) for name in names}
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}

    forms = [of([*form, *free], [*form, *required]) for form in question.forms]
    schema = {"anyOf": forms} if forms else of(list(known), required)
    chosen = question.forms[0] if question.forms else tuple(known)
    example = {name: known[name].sample for name in chosen}
    return body(schema, example)
