"""Whose fault a fault is: an answer that is not as documented is the vendor's, all else that we raise is ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import product
from types import FunctionType
from typing import Any, cast

import pytest

import trunkline
from providers import twilio
from providers.port import NumberSearch
from providers.sdk_session import is_defect
from sandbox.request import Request, Response
from sandbox.world import Sandbox
from tests.contract.carriers import NAMES, NUMBERS, World
from tests.contract.test_livekit_numbers import AREA, NUMBER
from tests.contract.test_livekit_numbers import World as NumbersWorld
from tests.support.sandbox_transport import SandboxTransport
from trunkline.errors import UnknownOutcome, VendorError


class Thing:
    """A value of our own."""


def missing_attribute(api: object) -> Any:
    return Thing().nmae  # type: ignore[attr-defined]


def missing_name(api: Any) -> Any:
    api.incoming_phone_numbers.list(page_size=1)
    return nmae  # type: ignore[name-defined]  # noqa: F821


def attribute_of(value: object) -> Callable[[], Any]:
    """Give what misses an attribute of a value, as our code does it."""
    return FunctionType(compile("value.no_such_attribute", str(twilio.__file__), "exec"), {"value": value})


def raised(act: Callable[[], Any]) -> Exception:
    with pytest.raises(Exception) as caught:
        act()
    return caught.value


def test_what_fails_before_a_request_was_sent_is_no_word_of_a_vendor() -> None:
    session: Any = World().twilio.carrier
    session._session.ask(lambda api: api.incoming_phone_numbers.list(page_size=1))
    assert type(raised(lambda: session._session.ask(missing_attribute))) is AttributeError


def test_a_defect_in_reading_an_answer_is_told_as_one() -> None:
    session: Any = World().twilio.carrier
    assert type(raised(lambda: session._session.ask(missing_name))) is NameError


def test_a_defect_after_a_write_leaves_its_outcome_open_and_says_whose_it_is() -> None:
    world = World()
    session: Any = world.twilio.carrier

    def buys(api: Any) -> Any:
        api.incoming_phone_numbers.create(phone_number=str(NUMBERS["twilio"]))
        return nmae  # type: ignore[name-defined]  # noqa: F821

    error = raised(lambda: session._session.ask(buys))
    assert isinstance(error, UnknownOutcome)
    assert error.detail == "Trunkline could not read the answer (NameError), which is a defect of Trunkline"
    assert error.request == "POST /IncomingPhoneNumbers.json"


@pytest.mark.parametrize("kind", ["AttributeError", "KeyError", "TypeError", "IndexError", "RuntimeError"])
def test_what_our_code_raises_is_a_defect_of_ours_and_what_an_sdk_raises_is_not(kind: str) -> None:
    raising = f"raise {kind}('planted')"
    codes = (compile(raising, str(module.__file__), "exec") for module in (twilio, trunkline, pytest))
    assert [is_defect(raised(FunctionType(code, {}))) for code in codes] == [True, True, False]


def test_what_our_reading_says_of_an_answer_is_none() -> None:
    code = compile("raise ValueError('the answer lacks its status')", str(twilio.__file__), "exec")
    assert not is_defect(raised(FunctionType(code, {})))


def test_a_value_of_an_answer_that_lacks_an_attribute_is_the_answers_fault() -> None:
    values: list[object] = [None, 5, [], Thing()]
    assert [is_defect(raised(attribute_of(value))) for value in values] == [False, False, False, True]


@pytest.mark.parametrize("kind", [AttributeError, KeyError, TypeError])
def test_so_it_is_at_the_service_of_livekits_numbers(kind: type[Exception]) -> None:
    world = NumbersWorld()
    service: Any = world.carrier._service
    documents = {
        "ListPhoneNumbers": {"limit": 50},
        "PurchasePhoneNumber": {"phone_numbers": [str(NUMBER)], "sip_dispatch_rule_id": world.rule},
    }

    def planted(*sent: str) -> Callable[[], Any]:
        def question() -> Any:
            for rpc in sent:
                service.send(rpc, documents[rpc])
            raise kind("planted")

        code = question.__code__.replace(co_filename=str(twilio.__file__))
        return FunctionType(code, {}, closure=question.__closure__)

    assert type(raised(lambda: service.ask(planted()))) is kind
    assert type(raised(lambda: service.ask(planted("ListPhoneNumbers")))) is kind
    error = raised(lambda: service.ask(planted("PurchasePhoneNumber")))
    assert isinstance(error, UnknownOutcome)
    assert (error.request, error.detail) == (
        "PurchasePhoneNumber",
        f"Trunkline could not read the answer ({kind.__name__}), which is a defect of Trunkline",
    )


# ---- an answer of any shape

SEARCHES = {"twilio": NumberSearch(country="US", type="local"), "vonage": NumberSearch(country="GB", type="mobile")}
ODD: tuple[Any, ...] = (None, 7, "odd", [None], {"odd": 1})


class Distorting:
    """A sandbox that puts something odd into the place `place` of every answer; `places` is how many there were."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.place, self.value, self.places = -1, cast(Any, None), 0

    def handle(self, request: Request) -> Any:
        answer = self._sandbox.handle(request)
        if not isinstance(answer, Response) or answer.status >= 300 or not answer.body:
            return answer
        body = json.loads(answer.body)
        ways = list(paths(body))
        self.places = max(self.places, len(ways))
        if not 0 <= self.place < len(ways):
            return answer
        return Response(answer.status, answer.headers, json.dumps(put(body, ways[self.place], self.value)).encode())


def paths(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to each value within one, of a list to its first."""
    if way:
        yield way
    items = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*way, key))


def put(value: Any, way: tuple[Any, ...], odd: Any) -> Any:
    """Give a value with something else at the end of a way."""
    if not way:
        return odd
    key, rest = way[0], way[1:]
    if isinstance(value, list):
        return [put(item, rest, odd) if at == key else item for at, item in enumerate(value)]
    return {**value, key: put(value[key], rest, odd)}


Reads = Iterator[tuple[str, Distorting, Callable[[], Any]]]


def reads(name: str) -> Reads:
    """Give all that a carrier is read by, each time by an account that knows nothing yet."""
    world = World()
    odd = Distorting(world.sandbox)
    world.transport = SandboxTransport(cast(Sandbox, odd), world.clock.time)
    world.policy = replace(world.policy, attempts=1)
    world.emulator(name).add_number(NUMBERS[name])

    def vendor() -> Any:
        return world.connect(name)

    (owned,) = vendor().carrier.owned()
    offer = vendor().carrier.search(SEARCHES[name], 1)[0]
    trunk = world.trunk()
    yield "owned", odd, lambda: vendor().carrier.owned()
    yield "find", odd, lambda: vendor().carrier.find(NUMBERS[name])
    yield "price", odd, lambda: vendor().carrier.price(owned)
    yield "search", odd, lambda: vendor().carrier.search(SEARCHES[name], 1)
    yield "offered", odd, lambda: vendor().carrier.offered(offer.number)
    yield "lacks", odd, lambda: vendor().carrier.lacks(offer, {"addressSid": "", "bundleSid": ""})
    for kind in vendor().adapters:
        yield kind, odd, lambda kind=kind: vendor().adapters[kind].list(trunk)  # type: ignore[misc]


def reads_of_livekits_numbers() -> Reads:
    """Give all that LiveKit's numbers are read by."""
    world = OddNumbers()
    world.carrier.buy(NUMBER, world.desired)
    offer = world.carrier.search(AREA, 1)[0]
    yield "owned", world.odd, world.carrier.owned
    yield "find", world.odd, lambda: world.carrier.find(NUMBER)
    yield "search", world.odd, lambda: world.carrier.search(AREA, 1)
    yield "offered", world.odd, lambda: world.carrier.offered(offer.number)


class OddNumbers(NumbersWorld):
    """The project's numbers, over a sandbox that distorts."""

    @cached_property
    def odd(self) -> Distorting:
        return Distorting(self.sandbox)

    def handle(self, request: Request) -> Any:
        return self.odd.handle(request)


def defects(odd: Distorting, read: Callable[[], Any]) -> dict[str, str]:
    """Give what was raised that is no word of a vendor's, by what stood where."""
    odd.place, odd.places = -1, 0
    read()
    found = {}
    for place, value in product(range(odd.places), ODD):
        odd.place, odd.value = place, value
        try:
            read()
        except VendorError:
            continue
        except Exception as error:
            found[f"{place} {value!r}"] = repr(error)
    odd.place = -1
    return found


@pytest.mark.parametrize("name", [*NAMES, "livekit"])
def test_an_answer_of_any_shape_is_read_or_called_the_vendors(name: str) -> None:
    asked = reads_of_livekits_numbers() if name == "livekit" else reads(name)
    assert {what: found for what, odd, read in asked if (found := defects(odd, read))} == {}
