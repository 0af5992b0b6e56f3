"""Errors as RFC 9457 problem details: one shape, stable types."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

MEDIA_TYPE = "application/problem+json"

# The kinds of problem: code -> (HTTP status, title). The `type` is a URN, since no host of ours would answer for it.
KINDS: Mapping[str, tuple[int, str]] = {
    "request-malformed": (400, "The request is no HTTP"),
    "query-invalid": (400, "The query cannot be used"),
    "cursor-invalid": (400, "The cursor cannot be used"),
    "path-invalid": (400, "The path cannot be used"),
    "unauthenticated": (401, "No valid credential"),
    "forbidden": (403, "The role does not suffice"),
    "not-found": (404, "There is no such thing"),
    "not-on-record": (404, "That time is not on record"),
    "not-configured": (404, "This is not configured here"),
    "read-only": (405, "This API changes nothing"),
    "not-acceptable": (406, "No such representation"),
    "ambiguous": (409, "Several lines have this id"),
    "request-slow": (408, "The request did not come whole in time"),
    "body-too-large": (413, "The request is too large"),
    "too-many-requests": (429, "Too many requests"),
    "too-many-failures": (429, "Too many failed authentications"),
    "internal": (500, "An error of this service"),
    "carrier-failed": (502, "The carrier did not answer usefully"),
    "not-ready": (503, "Nothing to serve yet"),
    "keys-unavailable": (503, "Credentials cannot be checked now"),
    "backend-slow": (504, "The backend did not answer in time"),
    "carrier-slow": (504, "The carrier did not answer in time"),
}


def type_of(code: str) -> str:
    """Give the problem's `type`."""
    return f"urn:trunkline:problem:{code}"


def too_soon(code: str, detail: str, wait: float, *, reason: str = "") -> ApiProblem:
    """Give the problem of somebody who is to wait so many seconds: whole ones, and never 0."""
    seconds = max(1, math.ceil(wait))
    return ApiProblem(code, f"{detail}; wait {seconds} s", headers={"retry-after": str(seconds)}, reason=reason)


class ApiProblem(Exception):
    """A request that is answered by a problem; `more` are further members of its body, `headers` of its head.

    `reason` is for the record of accesses alone: what the asker must not learn, such as the rule that a token broke.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> None:
        self.code, self.detail, self.reason = code, detail, reason
        self.more, self.headers = more or {}, headers or {}
        super().__init__(f"{code}: {detail}")

    @property
    def status(self) -> int:
        return KINDS[self.code][0]

    def body(self, request_id: str) -> bytes:
        """Give the JSON; `instance` names the request as the log does."""
        status, title = KINDS[self.code]
        document = {
            "type": type_of(self.code),
            "title": title,
            "status": status,
            "detail": self.detail,
            "instance": f"urn:trunkline:request:{request_id}",
            **self.more,
        }
        return json.dumps(document, ensure_ascii=False).encode()
