"""`/sip/search-numbers`: the one endpoint that talks to a vendor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.serving import Fixed, client, serve
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.endpoints import searching
from trunkline.api.problem import too_soon
from trunkline.errors import Unavailable
from trunkline.offers import Offer, Search, Wanted

PATH = "/sip/search-numbers?country_code=US&area_code=650&provider=twilio"
OFFER = Offer(number="+16505550100", country="US", type="local", monthly=None, requires=("address_sid",))


class Carrier:
    """Notes what it is asked, and does as told."""

    def __init__(self, act: Callable[[], Sequence[Offer]] = lambda: [OFFER]) -> None:
        self.asked: list[Wanted] = []
        self._act = act

    def __call__(self, wanted: Wanted) -> Sequence[Offer]:
        self.asked.append(wanted)
        return self._act()


def ask(
    search: Search | None, tmp_path: Path, *paths: str, monotonic: Callable[[], float] = time.monotonic
) -> list[httpx.Response]:
    app = create_app(Fixed(NOW), credentials.auth(tmp_path), search, monotonic=monotonic)
    with serve(app) as url, client(url, Role.DEVELOPER) as api:
        return [api.get(path) for path in paths or (PATH,)]


def test_the_carrier_is_asked_what_was_asked_for_and_the_offer_given_with_its_price(tmp_path: Path) -> None:
    carrier = Carrier()
    answer = ask(carrier, tmp_path)[0]
    assert carrier.asked == [Wanted(provider="twilio", country="US", area_code="650", contains="", type="local")]
    assert answer.json() == {
        "provider": "twilio",
        "numbers": [
            {
                "phoneNumber": "+16505550100",
                "country": "US",
                "type": "local",
                "monthlyCost": None,
                "requires": ["address_sid"],
            }
        ],
    }


def test_the_same_search_is_asked_once_in_a_while(tmp_path: Path) -> None:
    carrier, now = Carrier(), [0.0]

    def clock() -> float:
        return now[0]

    ask(carrier, tmp_path, PATH, PATH, PATH + "&limit=5", monotonic=clock)
    assert len(carrier.asked) == 2


def test_an_answer_is_not_given_again_when_it_is_old(tmp_path: Path) -> None:
    now = [0.0]

    def act() -> Sequence[Offer]:
        now[0] += searching.TTL + 1
        return [OFFER]

    carrier = Carrier(act)
    ask(carrier, tmp_path, PATH, PATH, monotonic=lambda: now[0])
    assert len(carrier.asked) == 2


def test_a_slow_carrier_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching.Searching.__init__, "__defaults__", (0.1,))

    def act() -> Sequence[Offer]:
        time.sleep(3)
        return []

    answer = ask(Carrier(act), tmp_path)[0]
    assert (answer.status_code, answer.json()["type"]) == (504, "urn:trunkline:problem:carrier-slow")


def test_what_the_carrier_says_no_to_is_told(tmp_path: Path) -> None:
    def act() -> Sequence[Offer]:
        raise Unavailable("twilio", "GET /AvailablePhoneNumbers", "no answer")

    answer = ask(Carrier(act), tmp_path)[0]
    assert (answer.status_code, answer.json()["type"]) == (502, "urn:trunkline:problem:carrier-failed")
    assert "Nothing was changed" in answer.json()["detail"]


def test_a_carrier_that_is_not_configured_is_named(tmp_path: Path) -> None:
    def act() -> Sequence[Offer]:
        raise LookupError("nexmo")

    answer = ask(Carrier(act), tmp_path, PATH.replace("twilio", "nexmo"))[0]
    assert (answer.status_code, answer.json()["detail"]) == (404, "no carrier 'nexmo' is configured here")
    assert ask(None, tmp_path / "none")[0].json()["type"] == "urn:trunkline:problem:not-configured"


def test_searches_are_limited_for_each_caller(tmp_path: Path) -> None:
    answers = ask(Carrier(), tmp_path, *(f"{PATH}&limit={limit}" for limit in range(1, 13)))
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize("query", ["", "country_code=USA", "country_code=US&area_code=6a", "country_code=US&type=vip"])
def test_a_search_that_means_nothing_never_reaches_the_carrier(query: str, tmp_path: Path) -> None:
    carrier = Carrier()
    answer = ask(carrier, tmp_path, f"/sip/search-numbers?{query}")[0]
    assert (answer.status_code, carrier.asked) == (400, [])


@pytest.mark.parametrize(("wait", "said"), [(0.001, "1"), (0.49, "1"), (1.0, "1"), (1.2, "2"), (3.0, "3")])
def test_whoever_is_to_wait_is_told_the_same_whole_seconds_twice_and_never_none(wait: float, said: str) -> None:
    problem = too_soon("too-many-requests", "you ask often", wait)
    assert (problem.detail, problem.headers) == (f"you ask often; wait {said} s", {"retry-after": said})
