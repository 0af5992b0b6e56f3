"""A SIP user's password, or its name, changes without a moment in which a call out would be refused."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, HEAD, SEARCHED, having, inventory
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Killed
from tests.support.world import SECRETS, Stack, World

FILE = inventory({"bought": BOUGHT, "searched": SEARCHED})
NAMED = FILE.replace("auth_username: livekit", "auth_username: agents")
SECRET = "twilioTermination"
WRITES = 6  # of a rotation: list, link, credential, two trunks at LiveKit, and the old credential


class Watched:
    """The sandbox, asked after every write whether every trunk can call out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.failed: list[str] = []

    def __call__(self, sandbox: Any, request: Any) -> Any:
        answer = sandbox.handle(request)
        vendor = next(each for each in sandbox.vendors if each.owns(request.path))
        if vendor.is_write(request) and not can_call_out(self.world):
            self.failed.append(f"{request.method} {request.path}")
        return answer


def can_call_out(world: World) -> bool:
    sandbox = world.sandbox
    return all(sandbox.can_call_out(trunk["sip_trunk_id"]) for trunk in sandbox.livekit.outbound_trunks())


def credentials(world: World) -> list[tuple[str, str]]:
    """Give the lists' names and the users in them."""
    adapters = world.process().vendors.adapters
    return [
        (each.tag, one.props["username"])
        for each in adapters["CredentialList"].list()
        for one in adapters["Credential"].list(each.id)
    ]


def rotated(stack: Stack, password: str) -> None:
    stack.engine.secrets = {**SECRETS, SECRET: password}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    made = Stack(world, checkpoints=request.param)
    made.up(FILE)
    return made


def test_a_password_is_rotated_and_every_call_out_authenticates_after_every_write(world: World, stack: Stack) -> None:
    for password in ("Second-Password-2", "Third-Password-33", "Fourth-Password-4"):
        watched = Watched(world)
        rotated(stack, password)
        stack.up(FILE, handle=watched)

        assert watched.failed == []
        assert {trunk["auth_password"] for trunk in world.sandbox.livekit.outbound_trunks()} == {password}
        assert len([user for _, user in credentials(world) if user == "livekit"]) == 1
        assert stack.up(FILE) == []


def test_a_user_is_renamed_and_every_call_out_authenticates_after_every_write(world: World, stack: Stack) -> None:
    watched = Watched(world)
    rotated(stack, "Second-Password-2")
    stack.up(NAMED, handle=watched)

    assert (watched.failed, can_call_out(world)) == ([], True)
    assert credentials(world) == [("trunkline:acme/test/trunk.twilio-us", "agents")]
    assert stack.up(NAMED) == []


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("write", range(WRITES))
def test_a_rotation_that_is_killed_at_a_write_is_healed_and_leaves_one_credential(
    world: World, stack: Stack, write: int, after: bool
) -> None:
    rotated(stack, "Second-Password-2")
    with pytest.raises(Killed):
        stack.up(FILE, handle=AtWrite(write, **{"after" if after else "before": _kill}))
    assert can_call_out(world)

    for _ in range(2):
        watched = Watched(world)
        stack.up(FILE, handle=watched)
        assert watched.failed == []

    assert len([user for _, user in credentials(world) if user == "livekit"]) == 1
    assert stack.up(FILE) == []


@pytest.mark.parametrize("write", range(WRITES))
def test_a_rotation_that_is_killed_and_taken_back_leaves_the_former_password(
    world: World, stack: Stack, write: int
) -> None:
    rotated(stack, "Second-Password-2")
    with pytest.raises(Killed):
        stack.up(FILE, handle=AtWrite(write, before=_kill))
    rotated(stack, SECRETS[SECRET])

    for _ in range(2):
        watched = Watched(world)
        stack.up(FILE, handle=watched)
        assert watched.failed == []

    assert {trunk["auth_password"] for trunk in world.sandbox.livekit.outbound_trunks()} == {SECRETS[SECRET]}
    assert len([user for _, user in credentials(world) if user == "livekit"]) == 1
    assert stack.up(FILE) == []


def test_a_password_is_rotated_in_the_run_that_puts_back_the_lists_name(world: World, stack: Stack) -> None:
    """The further list is called as the own one is by then, which a listing may not show yet; by that it is found."""
    adapter = world.process().vendors.adapters["CredentialList"]
    (own,) = adapter.list()
    for name in ("by somebody", "by hand"):  # since a listing that lags does not show the last edit
        world.sandbox.twilio.edit_record("credential_list", own.id, friendly_name=name)
    world.sandbox.faults.add(Fault("stale", vendor="twilio", path=r"/SIP/CredentialLists\.json", lag=1, times=None))
    rotated(stack, "Second-Password-2")
    stack.up(FILE)
    world.sandbox.faults.clear()

    assert credentials(world) == [("trunkline:acme/test/trunk.twilio-us+", "livekit")]
    # Nor did the first run take the list, which is ours and has a stranger's name, for somebody else's.
    assert stack.up(FILE) == []


def test_a_password_that_no_trunk_calls_out_with_is_there_after_a_rotation_that_failed(world: World) -> None:
    """It is changed in place, so that the entry that the engine replaced, and deletes one run later, names it too."""
    called, stack = having(BOUGHT, "outbound: false"), Stack(world, checkpoints=True)
    file = inventory({"bought": called, "searched": SEARCHED})
    stack.up(inventory({"bought": called}))
    rotated(stack, "Second-Password-2")
    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(1, before=_kill))
    watched = Watched(world)

    stack.up(file, handle=watched)

    assert (watched.failed, can_call_out(world)) == ([], True)
    assert credentials(world) == [("trunkline:acme/test/trunk.twilio-us", "livekit")]
    assert stack.up(file) == []


def test_a_rotated_credential_is_taken_back_after_a_lost_state_without_a_write(world: World, stack: Stack) -> None:
    rotated(stack, "Second-Password-2")
    stack.up(FILE)
    lost = Stack(world)
    rotated(lost, "Second-Password-2")
    mark = world.sandbox.journal.mark()

    lost.up(FILE)

    assert world.sandbox.journal.writes(mark) == []
    assert lost.up(FILE) == []


def test_a_rotated_credential_goes_with_its_trunk(world: World, stack: Stack) -> None:
    rotated(stack, "Second-Password-2")
    marked = inventory(
        {name: having(line, "removal: release") for name, line in {"bought": BOUGHT, "searched": SEARCHED}.items()}
    )
    stack.up(marked)

    stack.up(inventory({}, HEAD[: HEAD.index("  twilio-us:")]))

    adapters = world.process().vendors.adapters
    assert (adapters["CredentialList"].list(), adapters["SipTrunk"].list()) == ((), ())


def test_what_a_sibling_still_calls_out_with_stays_until_it_changes_over(world: World, stack: Stack) -> None:
    """A trunk of another stack at the same carrier's trunk, tagged by it."""
    first = world.sandbox.livekit.outbound_trunks()[0]
    same = {name: first[name] for name in ("address", "auth_username", "auth_password")}
    other = world.sandbox.livekit.add_outbound_trunk(
        name="far", numbers=["+16505550000"], metadata="trunkline:acme/far/line", **same
    )
    rotated(stack, "Second-Password-2")

    stack.up(FILE)
    assert can_call_out(world)
    world.sandbox.livekit.edit_trunk(other["sip_trunk_id"], auth_password="Second-Password-2")
    stack.up(FILE)

    assert can_call_out(world)
    assert len([user for _, user in credentials(world) if user == "livekit"]) == 1
    assert stack.up(FILE) == []


def test_what_a_paid_number_s_trunk_calls_out_with_stays_and_is_named_until_its_line_is_put_back(world: World) -> None:
    """A rotation beside a new line, killed when the number was bought, and taken back with its line."""
    stack = Stack(world)
    stack.up(FILE)
    more = inventory({"bought": BOUGHT, "searched": SEARCHED, "extra": BOUGHT.replace("551234", "551299")})
    rotated(stack, "Second-Password-2")
    with pytest.raises(Killed):
        stack.up(more, handle=AtWrite(8, after=_kill))
    rotated(stack, SECRETS[SECRET])
    world.notices.clear()

    stack.up(FILE)
    stack.up(FILE)

    ours = 'of line "extra" of fleet "acme/test"'
    (trunk,) = (each for each in world.sandbox.livekit.outbound_trunks() if each["metadata"].endswith("/extra"))
    assert [note for note in world.notices if f"({trunk['sip_trunk_id']} {ours})" in note and "stays until" in note]
    assert can_call_out(world)
    stack.up(more)
    stack.up(more)
    assert (can_call_out(world), len([user for _, user in credentials(world) if user == "livekit"])) == (True, 1)
    assert stack.up(more) == []


def _kill(*_: Any) -> None:
    raise Killed
