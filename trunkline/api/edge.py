"""What every answer gets, whoever made it: an id, safe headers, a line in the log, and one shape for errors."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trunkline.api.access import Access, redacted
from trunkline.api.endpoint import ALLOWED, NOBODY, Endpoint
from trunkline.api.problem import MEDIA_TYPE, ApiProblem
from trunkline.api.proxies import address_of
from trunkline.api.query import Query
from trunkline.api.reply import Header, Reply
from trunkline.api.service import Service

_log = logging.getLogger("trunkline.api")
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

# Spellings by which a path could mean one thing to a proxy and another to us; none of our paths needs them.
_TRICKS = re.compile(rb"//|/\.{1,2}(?:/|$)|%2[ef]|%5c|%25|%0|%1|\\|;", re.IGNORECASE)

_HOST = re.compile(rb"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?=/|$)", re.IGNORECASE)

_SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_POLICY = b"content-security-policy"
# Answers for programs load nothing. A page sets a policy of its own.
_NOTHING: Header = (_POLICY, b"default-src 'none'; frame-ancestors 'none'")
_HSTS: Header = (b"strict-transport-security", b"max-age=31536000")


class Edge:
    """The outermost application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._service.monotonic()
        _leave_host_out(scope)
        headers = dict(scope["headers"])
        request = _request_id(headers) or self._service.new_id()
        scope["state"] = {**scope.get("state", {}), "headers": headers}
        common = self._common(request, scope["scheme"])
        status, reason = 0, ""

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with(message["headers"], common)
            await send(message)

        try:
            _check_path(scope)
            await self._app(scope, receive, send_safely)
        except ApiProblem as problem:
            reason = f"{problem.code}: {problem.reason}" if problem.reason else problem.code
            await _answer(problem, request, scope, send_safely)
        except Exception:
            if status:
                raise  # half an answer is out; only the connection's end can tell
            _log.exception("request %s failed", request)
            reason = "internal"
            internal = ApiProblem("internal", "this is an error of the service; its log says more under this request")
            await _answer(internal, request, scope, send_safely)
        finally:
            self._record(scope, request, status, reason, self._service.monotonic() - started)

    def _common(self, request: str, scheme: str) -> Sequence[Header]:
        feed = self._service.feed
        common: list[Header] = [(b"x-request-id", request.encode()), *_SAFE]
        if scheme == "https":
            common.append(_HSTS)
        age, status = feed.age(), feed.status
        if age is not None:
            common.append((b"trunkline-age", b"%d" % age))
        if status.updating:
            common.append((b"trunkline-update", b"in-progress"))
        elif status.killed:
            common.append((b"trunkline-update", b"killed"))
        elif feed.failed:
            common.append((b"trunkline-update", b"failed"))
        return common

    def _record(self, scope: Scope, request: str, status: int, reason: str, seconds: float) -> None:
        state, service = scope["state"], self._service
        who = state.get("principal", NOBODY)
        service.metrics.observe(state.get("route", ""), scope["method"], status, seconds)
        service.access.write(
            Access(
                time=datetime.fromtimestamp(service.now(), UTC).isoformat(timespec="milliseconds"),
                request=request,
                who=who.name,
                role=who.role if who.via else "",
                via=who.via,
                address=address_of(scope.get("client")),
                method=scope["method"][:20],
                path=redacted(scope["path"]),
                status=status,
                milliseconds=round(seconds * 1000, 3),
                reason=reason,
                query=redacted(_understood(state.get("query"))),
            ),
            keep=_is_for_auditors(state.get("endpoint"), scope["method"], status),
        )


def _is_for_auditors(endpoint: Endpoint | None, method: str, status: int) -> bool:
    """Say whether an access is one that somebody may be asked about: a read of what is guarded, or a refusal.

    Not: probes, the page's files, and what was looked for where nothing is.
    """
    if endpoint is None:
        return status >= 400 and status != 404
    guarded = endpoint.role is not None
    return guarded if status >= 400 else guarded and not endpoint.probe and method != "OPTIONS"


def _understood(query: Query | None) -> str:
    if query is None:
        return ""
    return urlencode(query.model_dump(mode="json", exclude_defaults=True, exclude={"cursor"}), doseq=True)


async def _answer(problem: ApiProblem, request: str, scope: Scope, send: Send) -> None:
    headers: dict[str, Any] = {"cache-control": "no-store", **problem.headers}
    if problem.status == 405:
        headers["allow"] = ALLOWED
    reply = Reply(
        status=problem.status,
        media=MEDIA_TYPE,
        body=problem.body(request),
        headers=tuple((name.encode(), value.encode()) for name, value in headers.items()),
    )
    await reply.send(send, (), body=scope["method"] != "HEAD")


def _with(headers: Iterable[Header], common: Iterable[Header]) -> list[Header]:
    together = [*headers, *common]
    if _POLICY not in dict(together):
        together.append(_NOTHING)
    return together


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    if not _ID.fullmatch(given):
        return ""
    text = given.decode()
    return text if redacted(text) == text else ""  # a credential that was pasted in the wrong place


def _leave_host_out(scope: Scope) -> None:
    """Take a target with a scheme and a host by its path, as RFC 9112, 3.2.2, demands; some proxies send it."""
    raw = scope.get("raw_path") or b""
    if raw[:1] != b"/" and (found := _HOST.match(raw)) is not None:
        scope["raw_path"] = raw[found.end() :] or b"/"
        scope["path"] = scope["path"][found.end() :] or "/"  # a host has no letter that is written otherwise


def _check_path(scope: Scope) -> None:
    path = scope["path"]
    # A server decodes what is no UTF-8 to replacement characters or lone surrogates.
    readable = path.isprintable() and "\ufffd" not in path
    if not readable or _TRICKS.search(scope.get("raw_path") or path.encode()):
        raise ApiProblem("path-invalid", "the path has a spelling that is not accepted")
