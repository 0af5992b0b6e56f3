"""Twirp's errors: the codes, their HTTP status, and the body that carries them.

Source: twirp v8.1.3 `errors.go` (2022-11-29), the version that livekit-server 1.13.5 is built with.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "bad_route": 404,
        "deadline_exceeded": 408,
        "failed_precondition": 412,
        "internal": 500,
        "invalid_argument": 400,
        "malformed": 400,
        "not_found": 404,
        "permission_denied": 403,
        "resource_exhausted": 429,
        "unauthenticated": 401,
        "unavailable": 503,
        "unimplemented": 501,
        "unknown": 500,
    }
)
# The code under which a failure with this status comes, where several codes share one.
CODE_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {
        **{status: code for code, status in STATUS.items()},
        400: "invalid_argument",
        404: "not_found",
        500: "internal",
    }
)


class TwirpError(Exception):
    """An answer that is an error.

    `code` is a key of `STATUS`; `message` is what the real server says, word for word.
    """

    def __init__(self, code: str, message: str, meta: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.meta = meta

    @property
    def status(self) -> int:
        """The HTTP status that carries this code."""
        return STATUS[self.code]

    def body(self) -> bytes:
        """The JSON body `{"code", "msg", "meta"?}`. Errors are JSON whatever the request's content type."""
        document: dict[str, object] = {"code": self.code, "msg": self.message}
        if self.meta:
            document["meta"] = dict(self.meta)
        return json.dumps(document, ensure_ascii=False).encode()


class InvalidError(Exception):
    """An object breaks one of the rules that the server holds it to.

    `coded` tells whether the server attaches the code `invalid_argument` to the error itself. It matters only after a
    partial update, where the handler passes the error on as it is: an uncoded one then arrives as `unknown`, HTTP 500
    (livekit-server 1.13.5 `pkg/service/sip.go`).
    """

    def __init__(self, message: str, *, coded: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.coded = coded

    def on_request(self) -> TwirpError:
        """The answer when the request itself is at fault."""
        return TwirpError("invalid_argument", self.message)

    def on_result(self) -> TwirpError:
        """The answer when only the object after a partial update is at fault."""
        if self.coded:
            # The server renders the error twice on this path, hence the prefix (protocol `utils/xtwirp/errors.go`,
            # 2026-07-28; newer versions drop it).
            return TwirpError("invalid_argument", f"twirp error unknown: {self.message}")
        return TwirpError("unknown", self.message)
