"""IP access control lists on a Twilio trunk: who may call out over it by address, beside a user or in its place."""

from __future__ import annotations

import pytest

from sandbox.credentials import TWILIO
from tests.support.world import Stack, World
from trunkline.errors import InventoryError
from trunkline.inventory import parse

FILE = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{more}}}
numbers:
  a: {{trunk: us, phone_number: "+16505551234", agent: desk}}
"""
USER = ", auth_username: livekit, auth_password: {secret: twilioTermination}"


def office(stack: Stack, name: str = "office") -> str:
    """Make a list by hand; give its id."""
    twilio = stack.world.sandbox.twilio
    with twilio.store.transaction():
        made = twilio.desk.new("ip_access_control_lists", "AL", TWILIO.sid, friendly_name=name)
    return str(made["sid"])


def file(*lists: str, user: str = USER) -> str:
    return FILE.format(more=user + (f", ip_access_control_lists: [{', '.join(lists)}]" if lists else ""))


def on_trunk(stack: Stack) -> list[str]:
    return sorted(str(link["_list"]) for link in stack.world.sandbox.twilio.store.table("trunk_address_lists").values())


def told(stack: Stack, text: str) -> list[str]:
    stack.world.notices.clear()
    stack.preview(text)
    return [one for one in stack.world.notices if "IP access control list" in one]


def test_they_come_and_go_with_the_file_and_a_second_update_is_silent() -> None:
    stack = Stack(World())
    one, two = sorted((office(stack), office(stack, "plant")))
    stack.up(file())
    ids, found = stack.ids(), [on_trunk(stack)]
    for lists in ((one, two), (two,), ()):
        stack.up(file(*lists))
        found.append(on_trunk(stack))
        assert (stack.preview(file(*lists)), told(stack, file(*lists))) == ([], [])
    assert (found, stack.ids()) == ([[], [one, two], [two], []], ids)


def test_in_the_place_of_a_user_the_trunk_takes_calls_out_of_addresses_alone() -> None:
    stack = Stack(World())
    one = office(stack)
    with pytest.raises(InventoryError):
        stack.up(file(user=""))
    stack.up(file(one, user=""))
    (out,) = stack.world.process().adapter("OutboundTrunk").list()
    (trunk,) = stack.world.sandbox.twilio.store.table("trunks").values()
    assert (on_trunk(stack), out.props["authUsername"], out.props["address"]) == ([one], "", trunk["domain_name"])
    assert stack.preview(file(one, user="")) == []


def test_a_list_that_was_put_there_by_hand_is_a_neighbour_until_the_file_has_it() -> None:
    stack = Stack(World())
    stack.up(file())
    made = stack.world.sandbox.twilio.add_address_list(stack.ids()["SipTrunk us"], "partner")
    sid = str(made["sid"])
    before, after = told(stack, file()), told(stack, file(sid))
    stack.world.sandbox.journal.clear()
    stack.up(file(sid))
    assert (len(before), after, [one for one in stack.world.writes() if "AccessControl" in one]) == (1, [], [])
    assert on_trunk(stack) == [sid]


def test_a_renamed_trunk_keeps_them() -> None:
    stack = Stack(World())
    one = office(stack)
    stack.up(file(one))
    renamed = file(one).replace("  us: {", "  usa: {renamed_from: us, ").replace("trunk: us", "trunk: usa")
    stack.world.sandbox.journal.clear()
    stack.up(renamed)
    stack.up(renamed)
    assert (on_trunk(stack), [each for each in stack.world.writes() if "AccessControl" in each]) == ([one], [])


def test_what_is_no_list_and_what_is_no_twilio_trunk_is_refused_offline() -> None:
    said = []
    for text in (
        FILE.format(more=", ip_access_control_lists: [office]"),
        FILE.format(more=f", ip_access_control_lists: [AL{'0' * 32}]").replace("provider: twilio", "provider: vonage"),
    ):
        with pytest.raises(InventoryError) as raised:
            parse(text, "numbers.yaml")
        said += [(one.rule, one.message.partition(": ")[2]) for one in raised.value.problems if "list" in one.message]
    assert said == [
        ("sid", '"office" is not an IP access control list\'s SID'),
        (
            "wrong-provider",
            "ip_access_control_lists is not for a vonage trunk: only Twilio's trunks have such lists; LiveKit's are"
            " `allowed_addresses`",
        ),
    ]
