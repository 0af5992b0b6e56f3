"""A number that an update chose and never claimed, and that is in the account by the next: nobody says whose it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox import Fault
from tests.dynamic.test_livekit_numbers_killed import at
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

SEARCHES: dict[str, dict[str, Any]] = {
    "twilio": {"country": "US", "area_code": "415"},
    "vonage": {"country": "GB", "type": "mobile"},
    "livekit": {"country": "US", "area_code": "415"},
}
EACH = pytest.mark.parametrize("provider", SEARCHES)
THEIR_RULE = {"name": "theirs", "rule": {"dispatch_rule_individual": {"room_prefix": "theirs-"}}, "trunk_ids": ["ST_x"]}
NOTHING = json.dumps({"version": 1, "agents": {"support": {"agent_name": "support"}}, "numbers": {}})


@dataclass
class Desk:
    """A stack with one line of a provider."""

    stack: Stack
    provider: str

    def file(self, **line: Any) -> str:
        """Give its file, with a search unless `line` has a number."""
        how = {} if "phone_number" in line else {"search": SEARCHES[self.provider]}
        wanted = {"provider": self.provider, "agent": "support", **how, **line}
        return json.dumps({**json.loads(NOTHING), "numbers": {"desk": wanted}})

    def choose(self, text: str) -> str:
        """Let an update fail before it claims anything; give the number that it had chosen."""
        sandbox = self.stack.world.sandbox
        sandbox.faults.add(Fault("status", path="CreateSIP", when="before", status=400, times=None))
        with pytest.raises(Failed):
            self.stack.up(text)
        sandbox.faults.clear()
        assert (self.charges(), sandbox.livekit.inbound_trunks(), sandbox.livekit.dispatch_rules()) == ([], (), ())
        return str(self.stack.engine.state.resources["Fleet", "fleet"].inputs["lines"]["desk"]["phoneNumber"])

    def others_get(self, number: str) -> None:
        """Somebody buys the number by hand."""
        sandbox = self.stack.world.sandbox
        seller: Any = {"twilio": sandbox.twilio.add_number, "vonage": sandbox.vonage.add_number}
        seller.get(self.provider, sandbox.livekit.numbers.add)(number)

    def lose(self, text: str) -> str:
        """Let an update choose a number that somebody else buys then; give it."""
        number = self.choose(text)
        self.others_get(number)
        return number

    def charges(self) -> list[str]:
        return [each.number for each in self.stack.world.sandbox.ledger.charges()]

    def theirs(self, number: str) -> Any:
        """Give a number as its carrier has it."""
        sandbox = self.stack.world.sandbox
        if self.provider == "livekit":
            return sandbox.livekit.numbers.get(number)
        return sandbox.carriers[self.provider].number(number)


@pytest.fixture
def make() -> Callable[[str], Desk]:
    return lambda provider: Desk(Stack(World(), checkpoints=True), provider)


def said(number: str, provider: str, ways: str) -> str:
    return (
        f"{number} was chosen for it and is in the {provider} account by now, but neither a tag nor anything at LiveKit"
        " says that it was bought for it. Nothing was changed or bought. Where LiveKit's lists lag, a later `pulumi up`"
        f" finds whose it is. If the number is the line's, write {ways}"
    )


@EACH
def test_a_search_neither_takes_it_nor_buys_another_until_it_is_given_up(make: Any, provider: str) -> None:
    desk = make(provider)
    number = desk.lose(desk.file())
    before = desk.theirs(number)

    told = desk.stack.refused(desk.file())

    ways = (
        f'`phone_number: "{number}"` in place of `search`, and `adopt: true`, which takes it over in place; if it is'
        f' somebody else\'s, write `give_up: "{number}"` here'
    )
    assert told.endswith(said(number, provider, ways))
    desk.stack.up(desk.file(give_up=number))
    (bought,) = desk.charges()
    assert (bought != number, desk.theirs(number)) == (True, before)
    assert desk.stack.preview(desk.file()) == []


@EACH
def test_a_line_that_names_it_is_told_to_adopt_or_to_have_another(make: Any, provider: str) -> None:
    desk = make(provider)
    number = desk.choose(desk.file())
    desk = make(provider)
    text = desk.file(phone_number=number)
    assert desk.lose(text) == number

    told = desk.stack.refused(text)

    ways = (
        "`adopt: true`, which takes it over in place; if it is somebody else's, give the line another number, and write"
        f' `give_up: "{number}"` beside it'
    )
    assert told.endswith(said(number, provider, ways))
    desk.stack.up(desk.file(phone_number=number, adopt=True))
    assert desk.charges() == []
    assert desk.stack.preview(desk.file(phone_number=number, adopt=True)) == []


@EACH
def test_its_line_may_leave_and_what_others_have_is_told_and_stays(make: Any, provider: str) -> None:
    desk = make(provider)
    number = desk.lose(desk.file())
    before = desk.theirs(number)

    desk.stack.up(NOTHING)

    assert (desk.theirs(number), desk.charges()) == (before, [])
    assert desk.stack.world.notices[-1] == (
        f'{number}, which was chosen for line "desk", is in the {provider} account, and neither a tag nor anything at'
        " LiveKit says that it was bought for the line, which numbers.yaml no longer has. It is left as it is. Where"
        f' nobody else bought it, release it at the carrier, or take it by a line with `phone_number: "{number}"` and'
        " `adopt: true`."
    )


@EACH
@pytest.mark.parametrize("is_back", [True, False])
def test_a_purchase_of_ours_whose_claim_somebody_deleted_is_never_followed_by_a_second(
    make: Any, provider: str, is_back: bool
) -> None:
    """It looks as one that others bought: so no other is picked by itself."""
    write = next(
        write for write in range(1, 20) if _charged_by(make(provider), write)
    )  # the first after which there is a charge
    desk = make(provider)
    with pytest.raises(Killed):
        desk.stack.up(desk.file(), handle=at(write, "after"))
    (number,), livekit = desk.charges(), desk.stack.world.sandbox.livekit
    for one in (*livekit.inbound_trunks(), *livekit.outbound_trunks()):
        livekit.delete(one["sip_trunk_id"])
    for one in livekit.dispatch_rules():
        livekit.delete(one["sip_dispatch_rule_id"])

    if provider == "twilio":
        desk.stack.up(desk.file())  # its tag tells
    else:
        assert number in desk.stack.refused(desk.file())
        if is_back:
            desk.stack.up(desk.file(phone_number=number, adopt=True))
        else:
            desk.stack.up(NOTHING)
            assert number in desk.stack.world.notices[-1]
    assert desk.charges() == [number]


def _charged_by(desk: Desk, write: int) -> bool:
    with pytest.raises(Killed):
        desk.stack.up(desk.file(), handle=at(write, "after"))
    return bool(desk.charges())


def test_a_number_that_another_stack_bought_and_detached_meanwhile_stays_as_it_is(make: Any) -> None:
    desk = make("livekit")
    number = desk.choose(desk.file())
    other = Stack(desk.stack.world, name="b", fleet="acme/b")
    other.up(desk.file(phone_number=number, removal="keep"))
    other.up(NOTHING)
    left = desk.theirs(number)

    desk.stack.refused(desk.file())

    assert desk.theirs(number) == left


def test_so_does_one_that_somebody_tied_to_a_rule_of_theirs(make: Any) -> None:
    desk = make("livekit")
    number, livekit = desk.choose(desk.file()), desk.stack.world.sandbox.livekit
    livekit.numbers.add(number, livekit.add_dispatch_rule(**THEIR_RULE)["sip_dispatch_rule_id"])
    left = desk.theirs(number)

    desk.stack.refused(desk.file())
    desk.stack.up(desk.file(give_up=number))

    assert desk.theirs(number) == left


@pytest.mark.parametrize("provider", ["vonage", "livekit"])
def test_a_purchase_of_ours_is_taken_when_lists_that_lagged_show_its_claim(make: Any, provider: str) -> None:
    write = next(write for write in range(1, 20) if _charged_by(make(provider), write))
    desk = make(provider)
    with pytest.raises(Killed):
        desk.stack.up(desk.file(), handle=at(write, "after"))
    faults = desk.stack.world.sandbox.faults
    faults.add(Fault("stale", path="ListSIP", lag_seconds=1e6, times=None))

    assert desk.charges()[0] in desk.stack.refused(desk.file())
    faults.clear()
    desk.stack.up(desk.file())

    assert len(desk.charges()) == 1
    assert desk.stack.preview(desk.file()) == []
