"""The carriers' adapters over real connections, which break, are refused, and serve several threads."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
import requests

from providers import twilio, vonage
from providers.calls import Policy
from providers.port import Carrier, NumberSearch
from sandbox.credentials import TWILIO
from sandbox.faults import Fault
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.contract.carriers import NUMBERS, TAG, Clock, connected, emulator, twilio_settings, vonage_settings
from tests.contract.cases import SELLERS
from tests.support.own_numbers import rule_of
from tests.support.sandbox_transport import SandboxTransport
from trunkline.e164 import E164
from trunkline.errors import Unavailable, UnknownOutcome, VendorError

ROUTE = {"tag": TAG, "trunkSid": "", "sipUri": "", "addressSid": "", "bundleSid": "", "country": ""}


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox()) as running:
        yield running


def carriers(url: str, policy: Policy) -> Mapping[str, Carrier]:
    return {name: connected(name, policy, url).carrier for name in SELLERS}


def desired(name: str, sandbox: Sandbox) -> Mapping[str, Any]:
    return {**ROUTE, "country": NUMBERS[name].country, "dispatchRuleId": rule_of(sandbox)}


@pytest.fixture
def policy() -> Policy:
    clock = Clock()
    return Policy(timeout=60.0, monotonic=clock.time, sleep=clock.sleep)


@pytest.mark.parametrize("name", SELLERS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_dropped_purchase_is_sent_once_over_a_fresh_and_over_a_kept_connection(
    server: SandboxServer, policy: Policy, name: str, when: Literal["before", "after"]
) -> None:
    carrier, wanted = carriers(server.url, policy)[name], desired(name, server.sandbox)
    for warm in (False, True):
        if warm:
            carrier.owned()
        mark = server.sandbox.journal.mark()
        server.sandbox.faults.add(Fault("drop", write=True, when=when, times=None))
        with pytest.raises(UnknownOutcome):
            carrier.buy(NUMBERS[name], wanted)
        server.sandbox.faults.clear()
        assert len(server.sandbox.journal.writes(mark)) == 1


@pytest.mark.parametrize("name", SELLERS)
@pytest.mark.parametrize("action", ["reset", "truncate"])
def test_an_answer_that_breaks_off_leaves_the_purchase_to_be_looked_for(
    server: SandboxServer, policy: Policy, name: str, action: Literal["reset", "truncate"]
) -> None:
    carrier, wanted = carriers(server.url, policy)[name], desired(name, server.sandbox)
    server.sandbox.faults.add(Fault(action, write=True, times=None))
    with pytest.raises(UnknownOutcome):
        carrier.buy(NUMBERS[name], wanted)
    assert [each.number for each in carrier.owned()] == [NUMBERS[name]]


def test_an_answer_that_does_not_come_in_time_is_waited_for_no_longer(server: SandboxServer) -> None:
    carrier = carriers(server.url, Policy(timeout=0.2))["twilio"]
    server.sandbox.faults.add(Fault("hold", write=True, when="after"))
    with pytest.raises(UnknownOutcome, match=r"no answer within 0\.2 s"):
        carrier.buy(NUMBERS["twilio"], ROUTE)
    server.sandbox.faults.clear()


@pytest.mark.parametrize("name", SELLERS)
def test_where_nobody_listens_nothing_was_sent(policy: Policy, name: str) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        carrier = carriers(url, policy)[name]
        with pytest.raises(VendorError, match="Nothing was sent") as raised:
            carrier.buy(NUMBERS[name], desired(name, Sandbox()))
        assert type(raised.value) is VendorError
        with pytest.raises(Unavailable, match=url):
            carrier.owned()


def test_a_proxy_of_the_environment_is_not_used_for_this_machines_sandbox(
    server: SandboxServer, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert carriers(server.url, policy)["twilio"].owned() == ()


class WatchedTransport(SandboxTransport):
    """Notes the hosts that are asked, and how many requests are under way at once at most."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.hosts: set[str] = set()
        self.most, self._under_way, self._lock = 0, 0, threading.Lock()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        with self._lock:
            self.hosts.add(urlsplit(str(request.url)).netloc)
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        time.sleep(0.002)
        try:
            return super().send(request, *args, **kwargs)
        finally:
            with self._lock:
                self._under_way -= 1


def test_without_a_base_url_the_vendors_own_hosts_are_asked_whatever_region_the_environment_names(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    transport = WatchedTransport(Sandbox())
    account = twilio.connect(twilio_settings(), policy, transport)
    account.adapters["SipTrunk"].list()
    account.carrier.search(NumberSearch(country="US", area_code="650"), 1)
    vonage.connect(vonage_settings(), policy, transport).carrier.owned()
    assert transport.hosts == {"trunking.twilio.com", "api.twilio.com", "pricing.twilio.com", "rest.nexmo.com"}


def test_vonage_is_asked_one_thing_at_a_time(policy: Policy) -> None:
    transport = WatchedTransport(Sandbox())
    carrier = vonage.connect(vonage_settings(), policy, transport).carrier
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: carrier.owned(), range(16))) == [()] * 16
    assert transport.most == 1


@pytest.mark.parametrize("name", SELLERS)
def test_sixteen_threads_each_get_their_own_answers(server: SandboxServer, policy: Policy, name: str) -> None:
    first = int(NUMBERS[name].digits)
    numbers = [E164.parse(f"+{first + index}") for index in range(16)]
    for number in numbers:
        emulator(server.sandbox, name).add_number(number)
    carrier = carriers(server.url, policy)[name]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(carrier.find, numbers * 4))
    assert [each and each.number for each in found] == numbers * 4


def test_lists_follow_absolute_urls_over_http(server: SandboxServer, policy: Policy) -> None:
    account = twilio.connect(twilio_settings(server.url), policy)
    trunk = {"domainName": "", "secure": False, "transferMode": "disable-all"}
    urls = account.adapters["OriginationUrl"]
    made = account.adapters["SipTrunk"].create({"tag": "a", **trunk}).id
    url = {"tag": "a", "trunkSid": made, "sipUrl": "sip:a.example", "weight": 1, "priority": 1, "enabled": True}
    created = sorted(urls.create({**url, "priority": priority}).id for priority in range(3))
    assert [each.id for each in urls.list(made)] == created


def test_importing_the_carriers_loads_no_sdk() -> None:
    probe = "import sys, providers.twilio, providers.vonage; print([n for n in ('requests', 'twilio.rest', 'pydantic')"
    probe += " if n in sys.modules])"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_account_is_that_of_the_settings(policy: Policy) -> None:
    assert carriers("http://127.0.0.1:9", policy)["twilio"].account == TWILIO.sid
