"""What others have put on a carrier's trunk of ours: where else calls go, and who else may call out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.fleets import ONE, TWO, file, two
from tests.dynamic.inventories import BOUGHT, HEAD, having, inventory
from tests.dynamic.neighbourhood import WAY_OUT, our, recorded, said
from tests.support.model_engine import Killed, State
from tests.support.world import SECRETS, Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def carried(world: World) -> Stack:
    """One Twilio line on a trunk of ours, applied."""
    stack = Stack(world)
    stack.up(inventory({"sales": BOUGHT}))
    return stack


TO_SALES = '+16505551234 (line "sales")'
THERE = "they go to sip:their.example.com"


@pytest.mark.parametrize(
    ("url", "code", "does"),
    [
        ({"priority": 0}, "foreign-origination", f"takes all calls to {TO_SALES} before LiveKit is asked: {THERE}"),
        ({"weight": 10}, "foreign-origination", f"takes 10 of 11 calls to {TO_SALES}: {THERE}"),
        (
            {"priority": 2},
            "foreign-failover",
            f"is asked about calls to {TO_SALES} only where LiveKit is silent or fails (priority 2, ours 1): {THERE}",
        ),
        ({"priority": 0, "enabled": False}, "", ""),
    ],
)
def test_a_place_to_which_our_carrier_s_trunk_sends_calls_too_is_named_with_its_share(
    carried: Stack, url: dict[str, Any], code: str, does: str
) -> None:
    trunk, text = our(carried, "SipTrunk", "twilio-us"), inventory({"sales": BOUGHT})
    made = carried.world.sandbox.twilio.add_origination_url(trunk, "sip:user:secret@their.example.com", **url)

    message = f'OriginationUrl {made["sid"]} ("by hand") on our trunk {trunk} {does}.'
    assert said(carried, text) == ([f"{message} {WAY_OUT % made['sid']}"] if does else [])
    carried.up(text)
    expected = [{"code": code, "id": made["sid"], "lines": ["sales"], "message": message}] if does else []
    assert recorded(carried) == expected


def test_of_two_foreign_places_before_ours_the_second_takes_what_the_first_does_not(carried: Stack) -> None:
    trunk, text = our(carried, "SipTrunk", "twilio-us"), inventory({"sales": BOUGHT})
    own = carried.engine.state.resources["OriginationUrl", "twilio-us"].id
    carried.world.sandbox.twilio.edit_record("origination_url", own, priority=7)
    for priority in (0, 1, 5):
        carried.world.sandbox.twilio.add_origination_url(trunk, f"sip:{priority}.example.com", priority=priority)

    first, second, third = sorted(said(carried, text), key=lambda notice: notice.partition("go to sip:")[2])

    # Ours is moved back to its own priority, 1, by the very update.
    assert f"takes all calls to {TO_SALES} before LiveKit is asked" in first
    assert f"is asked about calls to {TO_SALES}, beside LiveKit, where those of a better priority are silent" in second
    assert "only where LiveKit is silent or fails (priority 5, ours 1)" in third


def test_a_second_route_to_the_very_place_of_ours_takes_nothing_away(carried: Stack) -> None:
    trunk = our(carried, "SipTrunk", "twilio-us")
    ours = carried.engine.state.resources["OriginationUrl", "twilio-us"].inputs["sipUrl"]
    carried.world.sandbox.twilio.add_origination_url(trunk, ours, priority=0)

    assert said(carried, inventory({"sales": BOUGHT})) == []


@pytest.mark.parametrize("kind", ["credential_list", "address_list"])
def test_whoever_else_may_call_out_over_our_trunk_is_named(carried: Stack, kind: str) -> None:
    trunk, text = our(carried, "SipTrunk", "twilio-us"), inventory({"sales": BOUGHT})
    create = {"trunk": trunk, "name": "partner"}
    sid = carried.world.sandbox.twilio.edit({"kind": kind, "create": create})["sid"]

    what, code = {
        "credential_list": (f'CredentialList {sid} ("partner")', "foreign-credentials"),
        "address_list": (f"IP access control list {sid}", "foreign-addresses"),
    }[kind]
    message = f"{what} is on our trunk {trunk}: whoever is in it may call out over the trunk as {TO_SALES}."
    assert said(carried, text) == [f"{message} {WAY_OUT % sid}"]
    carried.up(text)
    assert recorded(carried) == [{"code": code, "id": sid, "lines": ["sales"], "message": message}]


def added_user(stack: Stack, trunk: str = "twilio-us") -> tuple[str, str]:
    """Put a user into the credential list of a trunk of ours; give its id and the list's."""
    sid = our(stack, "CredentialList", trunk)
    user = (
        stack.world.process()
        .vendors.adapters["Credential"]
        .create({"credentialListSid": sid, "username": "partner", "password": "Canary-Partner-77"})
    )
    return user.id, sid


def test_a_user_whom_somebody_has_put_into_our_own_list_is_named(carried: Stack) -> None:
    (user, sid), text = added_user(carried), inventory({"sales": BOUGHT})
    trunk = our(carried, "SipTrunk", "twilio-us")
    message = (
        f'Credential {user} ("partner") is in our CredentialList {sid}, and no LiveKit trunk of ours calls out as that'
        f" user: who has its password may call out over our trunk {trunk} as {TO_SALES}."
    )
    assert said(carried, text) == [f"{message} {WAY_OUT % user}"]
    carried.up(text)
    assert recorded(carried) == [{"code": "foreign-user", "id": user, "lines": ["sales"], "message": message}]
    accepting = f"accepted: [{{id: {user}, reason: a partner}}]\n{text}"
    assert said(carried, accepting) == []
    # A lost state costs nothing: the other one is ours, since LiveKit calls out as it.
    carried.engine.state = State()
    assert said(carried, text) == [f"{message} {WAY_OUT % user}"]


def test_our_own_list_and_route_that_were_renamed_by_hand_are_no_neighbours(carried: Stack) -> None:
    twilio, text = carried.world.sandbox.twilio, inventory({"sales": BOUGHT})
    trunk = our(carried, "SipTrunk", "twilio-us")
    twilio.edit_record("credential_list", our(carried, "CredentialList", "twilio-us"), friendly_name="by hand")
    twilio.edit_record("origination_url", our(carried, "OriginationUrl", "twilio-us"), friendly_name="by hand")
    assert said(carried, text) == []
    # What is a stranger's is told all the same, also who is in our list.
    partner = twilio.edit({"kind": "credential_list", "create": {"trunk": trunk, "name": "partner"}})["sid"]
    user, _ = added_user(carried)
    assert {notice.split()[1] for notice in said(carried, text)} == {partner, user}
    carried.up(text)

    assert {each["id"] for each in recorded(carried)} == {partner, user}


def test_a_list_of_somebody_else_that_holds_our_user_too_is_named(carried: Stack) -> None:
    twilio, trunk = carried.world.sandbox.twilio, our(carried, "SipTrunk", "twilio-us")
    partner = twilio.edit({"kind": "credential_list", "create": {"trunk": trunk, "name": "partner"}})["sid"]
    user = {"credentialListSid": partner, "username": "livekit", "password": "Canary-Partner-77"}
    carried.world.process().vendors.adapters["Credential"].create(user)

    assert [notice.split()[1] for notice in said(carried, inventory({"sales": BOUGHT}))] == [partner]


def test_a_list_that_holds_a_rotated_password_and_was_renamed_by_hand_is_no_neighbour(carried: Stack) -> None:
    text = inventory({"sales": BOUGHT})
    carried.engine.secrets = {**SECRETS, "twilioTermination": "Second-Password-2"}
    for _ in range(2):
        carried.up(text)
    (further,) = (one.id for one in carried.world.process().adapter("CredentialList").list() if one.tag.endswith("+"))
    carried.world.sandbox.twilio.edit_record("credential_list", further, friendly_name="by hand")

    assert said(carried, text) == []


def test_the_user_of_our_own_that_is_about_to_change_is_nobody_else_s(carried: Stack) -> None:
    head = HEAD.replace("auth_username: livekit", "auth_username: other")
    changed = inventory({"sales": BOUGHT}, head)
    assert said(carried, changed) == []

    def dying(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("UpdateSIPOutboundTrunk"):
            raise Killed
        return sandbox.handle(request)

    with pytest.raises(Killed):
        carried.up(changed, handle=dying)
    # The old one and the new one are there.
    assert said(carried, changed) == []
    carried.up(changed)
    assert said(carried, changed) == []


def test_the_user_of_a_trunk_that_no_line_calls_out_over_is_known_by_the_file(world: World) -> None:
    text = inventory({"sales": having(BOUGHT, "outbound: false")})
    stack = Stack(world)
    stack.up(text)
    user, _ = added_user(stack)

    assert [user in notice for notice in said(stack, text)] == [True]


def test_a_trunk_of_somebody_else_at_our_carrier_is_not_looked_into(carried: Stack) -> None:
    twilio, theirs = carried.world.sandbox.twilio, "TK" + 32 * "a"
    ours = our(carried, "SipTrunk", "twilio-us")
    with twilio.store.transaction():
        record = {**twilio.store.table("trunks")[ours], "sid": theirs, "friendly_name": "theirs"}
        twilio.store.put("trunks", theirs, record)
    twilio.add_credential_list(theirs, "partner")
    mark = carried.world.sandbox.journal.mark()

    assert said(carried, inventory({"sales": BOUGHT})) == []
    assert not [entry for entry in carried.world.sandbox.journal.entries(mark) if theirs in entry.path]


def test_what_stands_on_a_trunk_is_listed_once_a_process(carried: Stack) -> None:
    mark = carried.world.sandbox.journal.mark()
    carried.preview(inventory({"sales": BOUGHT}))

    paths = [entry.path for entry in carried.world.sandbox.journal.entries(mark) if "/v1/Trunks/" in entry.path]
    assert sorted(path.rpartition("/")[2] for path in paths) == [
        "CredentialLists",
        "IpAccessControlLists",
        "OriginationUrls",
    ]


def test_a_recovery_url_on_our_trunk_is_named_by_its_host_alone(carried: Stack) -> None:
    trunk, text = our(carried, "SipTrunk", "twilio-us"), inventory({"sales": BOUGHT})
    url = "https://user:secret@hooks.example.com/token-4711?key=4711"
    carried.world.sandbox.twilio.edit_record("trunk", trunk, disaster_recovery_url=url)

    message = (
        f"SipTrunk {trunk} has a disaster recovery URL, which takes the calls to {TO_SALES} that no origination URL"
        " answers: hooks.example.com says where they go."
    )
    assert said(carried, text) == [f"{message} {WAY_OUT % trunk}"]
    carried.up(text)
    assert recorded(carried) == [
        {"code": "foreign-failover", "id": trunk, "lines": ["sales"], "message": message},
    ]
    assert carried.world.sandbox.twilio.store.table("trunks")[trunk]["disaster_recovery_url"] == url


def test_what_stands_on_a_shared_trunk_is_named_by_the_stack_that_owns_it_alone(world: World) -> None:
    a, b = two(world, "acme/fleet")
    both = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(both)
    b.up(both)
    a.preview(both)
    sid = world.sandbox.twilio.add_credential_list(our(a, "SipTrunk", "tw"), "partner")["sid"]

    assert [sid in notice for notice in said(a, both)] == [True]
    assert said(b, both) == []
