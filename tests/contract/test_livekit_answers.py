"""What LiveKit's answers mean to its adapters: a code, an empty success, a list in pages; none shows a secret."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from livekit.protocol.sip import (
    ListSIPDispatchRuleResponse,
    ListSIPOutboundTrunkRequest,
    ListSIPOutboundTrunkResponse,
    SIPDispatchRuleInfo,
)

from providers.livekit.limits import PAGE_SIZE
from providers.port import Adapter
from sandbox.request import Response
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, PASSWORD, Target, sandbox_settings
from tests.support.sandbox_livekit_session import SandboxReply, SandboxSession
from trunkline.errors import Reason, Rejected, Throttled, UnknownOutcome, VendorError


class Scripted:
    """A session that answers each request with the same thing, and counts them."""

    def __init__(self, answer: Response | Exception) -> None:
        self.timeout = aiohttp.ClientTimeout()
        self.urls: list[str] = []
        self._answer = answer

    @asynccontextmanager
    async def post(self, url: str, **request: Any) -> Any:
        self.urls.append(url)
        if isinstance(self._answer, Exception):
            raise self._answer
        yield SandboxReply(self._answer)


def on_cloud(answer: Response | Exception) -> tuple[Scripted, Adapter]:
    session = Scripted(answer)
    vendor = Target(sandbox_settings("wss://acme.livekit.cloud"), session).connect()
    return session, vendor.adapters["DispatchRule"]


def twirp(status: int, body: str) -> Response:
    return Response(status, {"content-type": "application/json"}, body.encode())


@pytest.mark.parametrize(
    "answer",
    [twirp(503, '{"code":"unavailable","msg":"no"}'), aiohttp.ServerDisconnectedError()],
    ids=["status", "connection"],
)
def test_the_sdk_repeats_no_write_on_livekit_cloud(answer: Response | Exception) -> None:
    session, rules = on_cloud(answer)
    with pytest.raises(UnknownOutcome):
        rules.create(DESIRED["DispatchRule"])
    assert session.urls == ["https://acme.livekit.cloud/twirp/livekit.SIP/CreateSIPDispatchRule"]


@pytest.mark.parametrize(
    "answer",
    [
        Response(404, {"content-type": "text/plain"}, b"404 page not found"),
        Response(301, {"location": "https://elsewhere.example"}, b""),
        twirp(404, '{"code":"bad_route","msg":"no handler for path"}'),
    ],
    ids=["plain", "redirect", "twirp"],
)
def test_an_answer_of_another_server_never_counts_as_deleted(answer: Response) -> None:
    session, rules = on_cloud(answer)
    with pytest.raises(Rejected) as caught:
        rules.delete("SDR_aaaaaaaaaaaa")
    assert caught.value.reason is Reason.INVALID
    assert "LIVEKIT_URL" in str(caught.value)
    assert len(session.urls) == 1


@pytest.mark.parametrize("kind", sorted(DESIRED))
def test_an_empty_success_proves_no_write(kind: str) -> None:
    session = Scripted(Response(200, {"content-type": "application/protobuf"}, b""))
    adapter = Target(sandbox_settings("http://sandbox"), session).connect().adapters[kind]
    with pytest.raises(UnknownOutcome, match="does not name the object"):
        adapter.create(DESIRED[kind])


@pytest.mark.parametrize(
    ("status", "code", "error", "reason"),
    [
        (401, "unauthenticated", Rejected, Reason.CREDENTIALS),
        (403, "permission_denied", Rejected, Reason.CREDENTIALS),
        (409, "already_exists", Rejected, Reason.CONFLICT),
        (409, "aborted", UnknownOutcome, None),
        (412, "failed_precondition", Rejected, Reason.INVALID),
        (429, "resource_exhausted", Throttled, None),
        (500, "internal", UnknownOutcome, None),
        (501, "unimplemented", Rejected, Reason.INVALID),
        (408, "deadline_exceeded", UnknownOutcome, None),
    ],
)
def test_a_code_says_what_became_of_a_write(
    status: int, code: str, error: type[VendorError], reason: Reason | None
) -> None:
    _, rules = on_cloud(twirp(status, f'{{"code":"{code}","msg":"words"}}'))
    with pytest.raises(error) as caught:
        rules.create(DESIRED["DispatchRule"])
    seen = (caught.value.code, caught.value.detail, getattr(caught.value, "reason", None))
    assert (type(caught.value), *seen) == (error, code, "words", reason)


def test_a_password_in_the_vendors_words_is_hidden() -> None:
    session = Scripted(twirp(400, f'{{"code":"invalid_argument","msg":"bad value {PASSWORD}"}}'))
    trunks = Target(sandbox_settings("http://sandbox"), session).connect().adapters["OutboundTrunk"]
    with pytest.raises(Rejected) as caught:
        trunks.create(DESIRED["OutboundTrunk"])
    assert caught.value.detail == "bad value ***"
    assert PASSWORD not in repr(caught.value) + str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (f'{{"code":"bad {PASSWORD}","msg":"no"}}', "", '{"code":"bad ***","msg":"no"}'),
        ('{"code":"malformed","msg":"a\\u001b[31mb\\u0007"}', "malformed", "a [31mb"),
    ],
    ids=["a code that is somebody's text", "what steers a terminal"],
)
def test_nothing_of_an_answer_is_shown_as_it_came(body: str, code: str, detail: str) -> None:
    session = Scripted(twirp(400, body))
    trunks = Target(sandbox_settings("http://sandbox"), session).connect().adapters["OutboundTrunk"]
    with pytest.raises(Rejected) as caught:
        trunks.create(DESIRED["OutboundTrunk"])
    assert (caught.value.code, caught.value.detail, str(caught.value).isprintable()) == (code, detail, True)


class Paged(SandboxSession):
    """A LiveKit that, as its Cloud may, gives at most two objects in an answer."""

    @asynccontextmanager
    async def post(self, url: str, **request: Any) -> Any:
        async with super().post(url, **request) as reply:
            if "/List" not in url:
                yield reply
                return
            after = ListSIPOutboundTrunkRequest.FromString(request["data"]).page.after_id
            items = ListSIPOutboundTrunkResponse.FromString(await reply.read()).items
            page = [item for item in items if item.sip_trunk_id > after][:2]
            body = ListSIPOutboundTrunkResponse(items=page).SerializeToString()
            yield SandboxReply(Response(200, {"content-type": "application/protobuf"}, body))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_list_has_every_page(count: int) -> None:
    sandbox = Sandbox()
    trunks = Target(sandbox_settings("http://sandbox"), Paged(sandbox)).connect().adapters["OutboundTrunk"]
    created = [trunks.create({**DESIRED["OutboundTrunk"], "numbers": [f"+{n}"]}) for n in range(count)]
    before = sandbox.journal.mark()
    assert list(trunks.list()) == sorted(created, key=lambda seen: seen.id)
    limits = {entry.params["page"]["limit"] for entry in sandbox.journal.entries(before)}
    assert limits == {PAGE_SIZE}


def test_a_hole_in_a_list_is_no_object() -> None:
    body = ListSIPDispatchRuleResponse(items=[SIPDispatchRuleInfo()]).SerializeToString()
    _, rules = on_cloud(Response(200, {"content-type": "application/protobuf"}, body))
    assert (rules.get("SDR_aaaaaaaaaaaa"), list(rules.list())) == (None, [])
