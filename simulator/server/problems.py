"""Refusals and failures as problem documents (RFC 9457), with stable codes."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from simulator.errors import DamagedError, SimulatorError, StorageError, UnknownNameError, UsageError
from simulator.live.answer import Answer
from simulator.live.desk import SessionOverError
from simulator.live.question import BadValueError

MEDIA = "application/problem+json"
REFUSED: dict[str, int] = {
    "not_found": 404, "approval_needed": 403, "grounds_needed": 403, "case_needed": 403, "too_many": 403,
    "rate_limited": 429, "too_fast": 429, "review_needed": 403, "log_on_failed": 403, "forbidden": 403,
}  # fmt: skip
"""HTTP status of every code that an answer can have besides ok."""


class ProblemError(Exception):
    """A failure that has no answer."""

    def __init__(
        self, status: int, code: str, title: str, detail: str = "", extra: Mapping[str, Any] | None = None
    ) -> None:
        """Take the HTTP status, a stable code, what is wrong, what would be right, and further members."""
        super().__init__(code)
        self.status, self.code, self.title, self.detail, self.extra = status, code, title, detail, extra or {}

    def response(self) -> Response:
        """The document."""
        body: dict[str, Any] = {
            "type": f"urn:jukisim:problem:{self.code}", "title": self.title, "status": self.status, "code": self.code,
        }  # fmt: skip
        if self.detail:
            body["detail"] = self.detail
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}  # noqa: PLR2004 - Unauthorized
        return Response(orjson.dumps({**body, **self.extra}), self.status, media_type=MEDIA, headers=headers)


UNAUTHORIZED = ProblemError(
    401, "unauthorized", "A bearer token of an open session is needed", "POST /v1/session gives one"
)


def refusal(answer: Answer) -> Response:
    """An answer that shows nothing. One that finds nobody is the same in every byte, whoever was asked about."""
    status = REFUSED[answer.code]
    told = answer.code != "not_found"
    extra = {"event": answer.event, "alert": answer.alert} if told else {}
    response = ProblemError(status, answer.code, answer.en, answer.ja, extra).response()
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        response.headers["Retry-After"] = "1" if answer.code == "too_fast" else "86400"
    return response


def of_error(error: SimulatorError) -> ProblemError:
    """What a client is told of an error of ours; never a path, a statement or a value of the register."""
    if isinstance(error, SessionOverError):
        return UNAUTHORIZED
    extra = {"parameter": error.parameter} if isinstance(error, BadValueError) else {}
    for kind, status, title in _TOLD:
        if isinstance(error, kind):
            return ProblemError(status, error.code, title, str(error), extra)
    for failed, code, title in _FAILED:
        if isinstance(error, failed):
            return ProblemError(503, code, title)
    raise error


_TOLD = (
    (BadValueError, 422, "A parameter is not right"), (UnknownNameError, 422, "A name is not known"),
    (UsageError, 422, "What was asked for cannot be"),
)  # fmt: skip
_FAILED = (
    (DamagedError, "damaged", "The register or the log is damaged; nothing was shown"),
    (StorageError, "unavailable", "The register or the log could not be used; nothing was shown"),
    (SimulatorError, "failed", "The run could not be used; nothing was shown"),
)
