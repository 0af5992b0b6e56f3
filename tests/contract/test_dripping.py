"""An answer that drips, a byte at a time and never late: it ends at the request's limit, and a read at its deadline."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from providers import twilio, vonage
from providers.calls import Policy
from providers.timed import TimedAdapter
from tests.contract.carriers import NUMBERS, twilio_settings, vonage_settings
from tests.support.livekit_target import DESIRED, Target, sandbox_settings
from trunkline.errors import Unavailable, UnknownOutcome, VendorError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
SLOW = 0.05  # seconds from byte to byte, less than any time-out here
BODY, DRIPPING_HEAD, FLOOD = (HEAD + b'{"numbers": [', SLOW), (b"HTTP/1.1 200 OK\r\nX-Drip: ", SLOW), (HEAD, 0.0)
POLICY = Policy(timeout=0.4, deadline=1.0, attempts=9, first_pause=0.1, jitter=Random(0))
ROUTE = {"tag": "t", "trunkSid": "", "addressSid": "", "bundleSid": "", "country": "US"}
PATIENCE = 60.0  # seconds in which it must be over, however busy the machine is; the drip lasts longer


@pytest.fixture(params=[BODY, DRIPPING_HEAD, FLOOD], ids=["body", "head", "flood"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that sends a beginning, and then byte after byte."""
    done = threading.Event()
    beginning, pause = request.param
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(beginning)
                    ends = time.monotonic() + 2 * PATIENCE
                    while not done.wait(pause) and time.monotonic() < ends:
                        connection.sendall(b"1")
                except OSError:
                    return

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=drip, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        done.set()
        listening.shutdown(socket.SHUT_RDWR)


def seconds_of(act: Callable[[], Any]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def test_a_carriers_write_ends_with_its_outcome_open(url: str) -> None:
    carrier = twilio.connect(twilio_settings(url), POLICY).carrier

    def buy() -> None:
        with pytest.raises(UnknownOutcome):
            carrier.buy(NUMBERS["twilio"], ROUTE)

    assert 0.3 < seconds_of(buy) < PATIENCE


def test_a_carriers_read_is_repeated_until_its_deadline_and_no_longer(url: str) -> None:
    carrier = vonage.connect(vonage_settings(url), POLICY).carrier

    def read() -> None:
        with pytest.raises(Unavailable):
            carrier.owned()

    assert 0.8 < seconds_of(read) < PATIENCE


def test_livekits_too(url: str) -> None:
    vendor = Target(sandbox_settings(url)).connect(POLICY)

    def read() -> None:
        with pytest.raises(Unavailable):
            vendor.adapters["InboundTrunk"].list()

    def write() -> None:
        with pytest.raises(UnknownOutcome):
            vendor.adapters["InboundTrunk"].create(DESIRED["InboundTrunk"])

    assert 0.8 < seconds_of(read) < PATIENCE
    assert 0.3 < seconds_of(write) < PATIENCE
    vendor.close()


def test_a_host_that_is_silent_while_it_is_connected_was_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        carrier = twilio.connect(twilio_settings(f"https://127.0.0.1:{silent.getsockname()[1]}"), POLICY).carrier
        with pytest.raises(VendorError, match="could be made: timed out") as caught:
            carrier.buy(NUMBERS["twilio"], ROUTE)
        assert not isinstance(caught.value, UnknownOutcome)


@pytest.mark.parametrize("url", [DRIPPING_HEAD], ids=["head"], indirect=True)
def test_a_proxy_that_drips_has_let_nothing_through(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", url)
    monkeypatch.setenv("no_proxy", "")
    carrier = vonage.connect(vonage_settings("https://vonage.invalid"), POLICY).carrier

    def route() -> None:
        with pytest.raises(VendorError, match=r"no connection to https://vonage\.invalid could be made: timed out"):
            carrier.owned()

    assert 0.8 < seconds_of(route) < PATIENCE


def test_a_connection_that_is_made_again_through_a_proxy_has_its_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy answers while it is connected, so that the limit of the request before would be over."""
    now = [0.0]
    monkeypatch.setattr("providers.timed.time", SimpleNamespace(monotonic=lambda: now[0]))
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        connection = (
            TimedAdapter()
            .poolmanager.pool_classes_by_scheme["https"]
            .ConnectionCls("127.0.0.1", proxy.getsockname()[1], timeout=PATIENCE)
        )
        connection.set_tunnel("vendor.invalid", 443)
        threading.Thread(target=_let_through, args=(proxy, 2), daemon=True).start()
        for ask in (lambda: connection.request("GET", "/"), connection.connect):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                ask()
            connection.close()
            now[0] += 2 * PATIENCE


def _let_through(proxy: socket.socket, times: int) -> None:
    """Answer as a proxy that is connected, to a host that hangs up."""
    for _ in range(times):
        connection, _ = proxy.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")


def test_the_requests_of_a_call_get_less_time_as_its_deadline_comes_near_and_a_write_its_whole() -> None:
    clock = [0.0]

    def late(seconds: float) -> None:
        given.append(seconds)
        clock[0] += seconds
        raise Unavailable("v", "GET /x", "no answer")

    policy = Policy(
        timeout=15, deadline=40, monotonic=lambda: clock[0], sleep=lambda s: clock.__setitem__(0, clock[0] + s)
    )
    given: list[float] = []
    with pytest.raises(Unavailable):
        policy.read(late)
    assert given[:2] == [15, 15] and given[2] < 10 and clock[0] <= 40


def test_two_processes_do_not_pause_alike() -> None:
    def pauses() -> list[float]:
        slept: list[float] = []

        def never(seconds: float) -> None:
            raise Unavailable("v", "GET /x", "no answer")

        with pytest.raises(Unavailable):
            Policy(sleep=slept.append).read(never)
        return slept

    assert len(pauses()) == 5
    assert pauses() != pauses()
