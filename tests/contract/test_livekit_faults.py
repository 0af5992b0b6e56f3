"""What the LiveKit adapters do when answers fail: writes go out once, reads again, and no error holds a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
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
from providers.port import Adapter, Observed
from sandbox.faults import Fault
from sandbox.request import Response
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, PASSWORD, Target, impatient, in_process, sandbox_settings
from tests.support.sandbox_livekit_session import SandboxReply, SandboxSession
from trunkline.errors import Reason, Rejected, Throttled, Unavailable, UnknownOutcome, VendorError

DESIRED_TRUNK = DESIRED["InboundTrunk"]
WRITES: dict[str, Callable[[Adapter, Observed], Any]] = {
    "create": lambda trunks, current: trunks.create({**DESIRED_TRUNK, "numbers": ["+16505550199"]}),
    "update": lambda trunks, current: trunks.update(current, {**DESIRED_TRUNK, "name": "renamed"}),
    "delete": lambda trunks, current: trunks.delete(current.id),
}
LOSSES = {
    "500 before": Fault("status", vendor="livekit", status=500),
    "500 after": Fault("status", vendor="livekit", status=500, when="after"),
    "503 after": Fault("status", vendor="livekit", status=503, when="after"),
    "408 after": Fault("status", vendor="livekit", status=408, when="after"),
    "502 page": Fault("html", vendor="livekit", status=502),
    "200 page": Fault("html", vendor="livekit", status=200, when="after"),
    "drop before": Fault("drop", vendor="livekit"),
    "drop after": Fault("drop", vendor="livekit", when="after"),
    "cut answer": Fault("reset", vendor="livekit", when="after"),
    "half a message": Fault("truncate", vendor="livekit", when="after"),
}
each_write = pytest.mark.parametrize("write", sorted(WRITES))
each_loss = pytest.mark.parametrize("loss", sorted(LOSSES))


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture(params=["in process", "over a socket"])
def trunks(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Adapter]:
    with SandboxServer(sandbox) as server:
        target = in_process(sandbox) if request.param == "in process" else Target(sandbox_settings(server.url))
        vendor = target.connect()
        yield vendor.adapters["InboundTrunk"]
        vendor.close()


@each_loss
@each_write
def test_a_write_without_a_usable_answer_is_sent_once(sandbox: Sandbox, trunks: Adapter, write: str, loss: str) -> None:
    current = trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(LOSSES[loss])
    with pytest.raises(UnknownOutcome) as caught:
        WRITES[write](trunks, current)
    committed = LOSSES[loss].when == "after"
    assert [entry.committed for entry in sandbox.journal.entries(before)] == [committed]
    assert PASSWORD not in str(caught.value)


@each_loss
def test_a_read_without_a_usable_answer_is_repeated(sandbox: Sandbox, trunks: Adapter, loss: str) -> None:
    created = trunks.create(DESIRED_TRUNK)
    sandbox.faults.add(replace(LOSSES[loss], times=2))
    assert trunks.get(created.id) == created


@each_loss
def test_a_read_that_stays_without_an_answer_is_unavailable(sandbox: Sandbox, trunks: Adapter, loss: str) -> None:
    trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(replace(LOSSES[loss], times=None))
    with pytest.raises(Unavailable) as caught:
        trunks.list()
    assert len(sandbox.journal.entries(before)) == 3
    assert PASSWORD not in str(caught.value)


@each_write
def test_a_throttled_write_waits_as_asked_and_is_sent_again(sandbox: Sandbox, write: str) -> None:
    clock = Clock()
    trunks = in_process(sandbox).connect(impatient(sleep=clock.sleep, monotonic=clock)).adapters["InboundTrunk"]
    current = trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(Fault("status", vendor="livekit", status=429, headers={"retry-after": "7"}))
    WRITES[write](trunks, current)
    answers = [(entry.status, entry.committed) for entry in sandbox.journal.entries(before)]
    assert (answers, clock.slept) == ([(429, False), (200, True)], [7.0])


def test_a_write_that_stays_throttled_says_when_to_come_back(sandbox: Sandbox, trunks: Adapter) -> None:
    sandbox.faults.add(Fault("status", vendor="livekit", status=429, headers={"retry-after": "3600"}))
    with pytest.raises(Throttled) as caught:
        trunks.create(DESIRED_TRUNK)
    assert caught.value.retry_after == 3600.0


def test_a_late_answer_is_a_time_out_of_our_own_setting(sandbox: Sandbox) -> None:
    """Over a socket, since the SDK hands aiohttp no limit at all with these requests."""
    sandbox.faults.add(Fault("hold", vendor="livekit", delay=5.0))
    with SandboxServer(sandbox) as server:
        vendor = Target(sandbox_settings(server.url)).connect(impatient(timeout=0.2))
        with pytest.raises(UnknownOutcome, match="no answer came in time"):
            vendor.adapters["InboundTrunk"].create(DESIRED_TRUNK)
        vendor.close()


def test_a_simulated_late_answer_is_a_time_out_too() -> None:
    clock = Clock()
    sandbox = Sandbox(now=clock, sleep=clock.sleep)
    target = Target(sandbox_settings("http://sandbox"), SandboxSession(sandbox, clock))
    trunks = target.connect(impatient(timeout=15.0, sleep=clock.sleep, monotonic=clock)).adapters["InboundTrunk"]
    sandbox.faults.add(Fault("delay", vendor="livekit", delay=16.0, when="after"))
    with pytest.raises(UnknownOutcome, match="no answer came in time"):
        trunks.create(DESIRED_TRUNK)
    assert [entry.committed for entry in sandbox.journal] == [True]


def test_a_write_without_a_connection_is_repeated_and_then_nothing_was_changed() -> None:
    with SandboxServer(Sandbox()) as server:
        gone = server.url
    clock = Clock()
    vendor = Target(sandbox_settings(gone)).connect(impatient(sleep=clock.sleep, monotonic=clock))
    with pytest.raises(Unavailable, match="no connection could be made"):
        vendor.adapters["InboundTrunk"].create(DESIRED_TRUNK)
    vendor.close()
    assert len(clock.slept) == 2


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
def test_a_list_has_every_page(sandbox: Sandbox, count: int) -> None:
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
