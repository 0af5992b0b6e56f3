"""Many lines ask their carriers at a time, within a bound, and what comes of it is the same as one after the other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from providers.dynamic.runtime import Runtime
from sandbox.faults import Fault
from sandbox.request import Request
from sandbox.world import Sandbox
from tests.support.model_engine import Failed
from tests.support.model_state import Options
from tests.support.world import Stack, World
from trunkline.e164 import E164

HEAD = "version: 1\nguard: {max_purchases: 500}\nagents: {a: {agent_name: x}}\nnumbers:\n"
PATIENCE = 60.0  # seconds for which a request waits for the others that are to be under way with it


def file(*wishes: str) -> str:
    return HEAD + "".join(f"  line-{at:03}: {{{wish}, agent: a}}\n" for at, wish in enumerate(wishes))


def exact(at: int, also: str = "") -> str:
    return f'provider: twilio, phone_number: "+1650555{2000 + at}"{also}'


def searched(at: int) -> str:
    return f'provider: twilio, search: {{country: US, contains: "{20 + at}"}}'


class Crowd:
    """A sandbox whose requests that are `about` something wait until so many of them are under way at once."""

    def __init__(self, about: str, size: int) -> None:
        self.about, self.most, self.under_way = about, 0, 0
        self._together, self._guard = threading.Barrier(size), threading.Lock()

    def __call__(self, sandbox: Sandbox, request: Request) -> Any:
        if self.about not in request.path:
            return sandbox.handle(request)
        with self._guard:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            self._together.wait(PATIENCE)
            return sandbox.handle(request)
        finally:
            with self._guard:
                self.under_way -= 1


def check(world: World, text: str, process: Runtime) -> tuple[list[str], list[str]]:
    """Preview, and give each line's number and what the check refuses."""
    refused: list[str] = []
    try:
        Stack(world).engine.preview(world.plan(text), process, Options())
    except Failed as failed:
        refused = failed.messages
    return list((process.wanted or {}).values()), refused


def asked(world: World, part: str) -> int:
    return sum(part in each.path for each in world.sandbox.journal.entries())


@pytest.mark.parametrize("wish", [exact, searched])
def test_what_is_on_offer_is_asked_for_by_as_many_lines_at_a_time_as_the_bound_says(wish: Callable[[int], str]) -> None:
    world = World()
    crowd = Crowd("/AvailablePhoneNumbers/US/Local", 4)
    numbers, refused = check(world, file(*map(wish, range(8))), world.process(handle=crowd, at_once=4))
    assert (len(set(numbers)), refused, crowd.most) == (8, [], 4)


def test_a_vendors_lists_are_asked_for_side_by_side_once_it_has_answered() -> None:
    world, come, crowd = World(), list[str](), Crowd("/twirp/livekit.SIP/List", 2)

    def handle(sandbox: Sandbox, request: Request) -> Any:
        is_first = crowd.about in request.path and not come
        come.append(request.path)
        return sandbox.handle(request) if is_first else crowd(sandbox, request)

    _, refused = check(world, file(exact(0)), world.process(handle=handle, at_once=4))
    lists = Counter(path.rpartition("/")[2] for path in come if crowd.about in path)
    assert lists == {"ListSIPInboundTrunk": 1, "ListSIPOutboundTrunk": 1, "ListSIPDispatchRule": 1}
    assert (refused, crowd.most) == ([], 2)


def test_what_a_new_credential_waits_for_is_asked_for_side_by_side() -> None:
    world, crowd, reads = World(), Crowd("", 4), list[str]()
    about = {"GET": "/SIP/CredentialLists", "POST": "ListSIPOutboundTrunk"}

    def handle(sandbox: Sandbox, request: Request) -> Any:
        made = any(each.path.endswith("/SIP/CredentialLists.json") for each in sandbox.journal.writes())
        if not made or len(reads) == 4 or about[request.method] not in request.path:
            return sandbox.handle(request)
        reads.append(request.path)
        return crowd(sandbox, request)

    Stack(world).engine.up(world.plan(file(exact(0))), world.process(handle=handle, at_once=4), Options())
    assert (len(reads), crowd.most) == (4, 4)


def test_vonage_is_asked_one_question_at_a_time() -> None:
    world = World()
    crowd = Crowd("/number/search", 1)
    wishes = (f'provider: vonage, search: {{country: GB, type: mobile, contains: "1{at}"}}' for at in range(6))
    numbers, refused = check(world, file(*wishes), world.process(handle=crowd, at_once=16))
    assert (len(set(numbers)), refused, crowd.most) == (6, [], 1)


def test_how_many_ask_at_a_time_changes_nothing_of_what_is_chosen_and_refused() -> None:
    bought = [f'provider: vonage, search: {{country: GB, type: mobile, contains: "1{at % 3}"}}' for at in range(12)]
    held = [f'provider: vonage, phone_number: "+44740055100{at}"' for at in range(9)]

    def come_of(at_once: int, lines: list[str]) -> tuple[list[str], list[str]]:
        world = World()
        for at in range(9):
            world.sandbox.vonage.add_number(E164.parse(f"+44740055100{at}"))
        return check(world, file(*lines), world.process(at_once=at_once))

    for lines in (bought, held, [*bought, *held]):
        alone, together = come_of(1, lines), come_of(16, lines)
        assert alone == together
    numbers, refused = alone
    assert (len(set(numbers)), len(refused)) == (12, 9)


def test_an_outage_ends_the_asking_and_is_told_once() -> None:
    world = World()
    world.sandbox.faults.add(Fault("status", path="/AvailablePhoneNumbers/", status=403, times=None))
    _, refused = check(world, file(*map(searched, range(40))), world.process(at_once=4))
    assert len(refused) == 1 and refused[0].startswith("twilio: GET /AvailablePhoneNumbers/")
    assert asked(world, "/AvailablePhoneNumbers/") <= 4


def test_lines_of_one_wish_share_what_one_question_showed() -> None:
    world = World()
    text = file(*["provider: twilio, search: {country: US}"] * 70, *["provider: vonage, search: {country: GB}"] * 70)
    numbers, _ = check(world, text, world.process(at_once=16))
    assert len(set(numbers)) == 140
    assert (asked(world, "/AvailablePhoneNumbers/"), asked(world, "/number/search")) == (1, 1)


def test_lines_that_use_up_a_sample_ask_for_another_and_share_it_too() -> None:
    world = World()
    text = file(*["provider: twilio, search: {country: US}"] * 250)
    numbers, _ = check(world, text, world.process(at_once=16))
    assert len(set(numbers)) == 250
    assert asked(world, "/AvailablePhoneNumbers/") < 20


def test_what_the_account_has_is_asked_again_before_the_second_choice_and_what_is_on_offer_is_not() -> None:
    world = World()
    # A killed run may have ordered it.
    world.sandbox.livekit.add_inbound_trunk(numbers=["+16505552000"], metadata="trunkline:acme/test/line-000")
    mark = world.sandbox.journal.mark()
    numbers, refused = check(world, file(exact(0), searched(0)), world.process(at_once=4))
    assert (len(numbers), refused) == (2, [])
    about = [each for each in world.sandbox.journal.entries(mark) if "+16505552000" in each.params.values()]
    assert Counter(each.path.rpartition("/")[2] for each in about) == {"IncomingPhoneNumbers.json": 2, "Local.json": 1}
