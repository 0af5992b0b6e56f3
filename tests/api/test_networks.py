"""Who counts as one client: an IPv4 address, or the /64 of an IPv6 address, in which a client can take any address."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import KEYS
from tests.api.serving import Fixed, serve
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.auth.throttle import Throttle
from trunkline.api.connections import Connections, Limits
from trunkline.api.problem import ApiProblem
from trunkline.api.proxies import Proxies

ONE_CLIENT = [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
    ("::ffff:192.0.2.7", "192.0.2.7"),
    ("fe80::1%eth0", "fe80::2%eth0"),
]
SEVERAL = [
    ("2001:db8:1:2::1", "2001:db8:1:3::1"),
    ("192.0.2.7", "192.0.2.8"),
    ("::ffff:192.0.2.7", "::ffff:192.0.2.8"),
    ("/run/socket", "/run/other"),
]


@dataclass(eq=False)
class Held:
    """A connection that only waits for its client."""

    address: str
    ended: bool = False
    waits_for_client: bool = True

    def end(self) -> None:
        self.ended = True


def open_both(first: str, second: str, proxies: Proxies | None = None) -> tuple[bool, bool]:
    """Open a connection from each address where one client has one; say which was closed for the other."""
    connections = Connections(Limits(address=1, proxies=proxies or Proxies()))
    held: list[Any] = [Held(first), Held(second)]
    for one in held:
        connections.enter(one)
    return held[0].ended, held[1].ended


def second_failure(folder: Path, first: str, second: str) -> str:
    """Fail from each address where one client may fail once; say how the second was refused."""
    auth = replace(credentials.auth(folder), failures=Throttle(burst=1, every=3.0, clock=lambda: 7.0))
    for address in (first, second):
        with pytest.raises(ApiProblem) as told:
            asyncio.run(auth.authenticate([(b"x-api-key", b"tl_wrong")], address))
    return told.value.code


@pytest.mark.parametrize(("first", "second"), ONE_CLIENT)
def test_addresses_of_one_network_are_one_client(first: str, second: str, tmp_path: Path) -> None:
    assert open_both(first, second) == (True, False)
    assert second_failure(tmp_path, first, second) == "too-many-failures"


@pytest.mark.parametrize(("first", "second"), SEVERAL)
def test_others_are_clients_of_their_own(first: str, second: str, tmp_path: Path) -> None:
    assert open_both(first, second) == (False, False)
    assert second_failure(tmp_path, first, second) == "unauthenticated"


def test_a_proxy_is_known_by_its_own_address() -> None:
    proxies = Proxies.parse("2001:db8::7")
    assert open_both("2001:db8::7", "2001:db8::7", proxies) == (False, False)
    assert open_both("2001:db8::8", "2001:db8::8", proxies) == (True, False)


@pytest.mark.parametrize(
    "told",
    ["unknown", "9" * 3000, KEYS[Role.VIEWER], "198.51.100.7 x"],
    ids=["a word", "very much", "a key", "an address and more"],
)
def test_what_a_proxy_tells_that_is_no_address_is_not_kept_and_no_client_of_its_own(told: str, tmp_path: Path) -> None:
    auth = replace(credentials.auth(tmp_path), failures=Throttle(burst=1, every=3.0, clock=lambda: 7.0))
    admin = {"X-API-Key": KEYS[Role.ADMIN]}
    with serve(create_app(Fixed(NOW), auth), proxy_headers=True, forwarded_allow_ips="127.0.0.1") as url:
        for each in ("none", told):
            wrong = {"X-API-Key": "tl_wrong", "X-Forwarded-For": each}
            refused = httpx.get(f"{url}/sip", headers=wrong, trust_env=False)
        accesses = httpx.get(f"{url}/access", headers=admin, trust_env=False).json()["accesses"]
    assert (refused.status_code, [access["address"] for access in accesses]) == (429, ["", ""])
