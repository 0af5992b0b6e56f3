"""What a dump writes: the file of a known account, and the reason of each thing that is no line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dump import population
from tests.dump.account import INDIVIDUAL, ROUTE, Account
from tests.dump.proof import Dumped, but_for_tags
from trunkline.dump import Reason

DESK = {"name": "desk", "room_config": {"agents": [{"agent_name": "desk-agent"}]}, "rule": INDIVIDUAL}
PASSWORD = "canary-pbx-password"
PINNED = {**DESK, "rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}}}


@pytest.fixture
def account() -> Account:
    return Account(0)


def test_the_file_says_what_is_there_and_what_stays(account: Account) -> None:
    trunk = account.twilio(route=ROUTE)
    account.world.sandbox.twilio.edit_record("trunk", trunk, transfer_mode="sip-only")
    account.world.sandbox.twilio.add_number("+16505551234", trunk_sid=trunk)
    account.inbound(["1 650 555 1234"], rule=DESK, name="Front desk", krisp_enabled=True)
    account.inbound(["+33199001234", "+33199001235"], rule=DESK, name="pbx", allowed_addresses=["203.0.113.0/28"])
    out = account.outbound(["+33199001234"], "sip.example.com", auth_username="pbx", auth_password=PASSWORD)
    account.world.sandbox.vonage.add_number("+447400123456")

    assert (
        Dumped.of(account.world).text
        == f"""\
# Dumped.
# The passwords, PINs and credentials of recordings that are there, to be set before the first preview:
#   pulumi config set --secret trunkline:pbxTrunkPassword    # of user pbx at {out}

version: 1

agents:
  desk-agent:
    agent_name: desk-agent
    room_prefix: call-

trunks:
  acme-1:
    provider: twilio
    domain_name: acme-1.pstn.twilio.com
    transfer_mode: sip-only
    adopt: true
  pbx:
    provider: custom
    sip_address: sip.example.com
    auth_username: pbx
    auth_password: {{secret: pbxTrunkPassword}}
    shared: true

numbers:
  front-desk:
    phone_number: "+16505551234"
    trunk: acme-1
    agent: desk-agent
    label: "Front desk"
    krisp_enabled: true
    outbound: false
    adopt: true
  fr-33199001234:
    phone_number: "+33199001234"
    trunk: pbx
    agent: desk-agent
    allowed_addresses: ["203.0.113.0/28"]
    adopt: true
  fr-33199001235:
    phone_number: "+33199001235"
    trunk: pbx
    agent: desk-agent
    allowed_addresses: ["203.0.113.0/28"]
    outbound: false
    adopt: true

# What is no line, and why:
#   +447400123456: no-trunk: no inbound trunk at LiveKit has it (at vonage)
"""
    )


@pytest.mark.parametrize(
    ("shape", "reasons"),
    [
        (population.one_rule_for_many_trunks, {Reason.RULE_OF_SEVERAL_TRUNKS}),
        (population.livekit_number, {Reason.LIVEKIT_NUMBER}),
        (population.own_number, {Reason.OWN_NUMBER}),
        (population.catch_all_rule, {Reason.RULE_FOR_ALL_TRUNKS}),
        (population.catch_all_trunk, {Reason.TRUNK_FOR_ALL_NUMBERS}),
        (population.idle, {Reason.NO_LINE}),
        (population.outbound_over_a_port, {Reason.CALLS_OUT}),
        (population.outbound_srtp_in_clear, {Reason.CALLS_OUT}),
        (population.several_rules, {Reason.SEVERAL_RULES}),
        (population.several_trunks, {Reason.SEVERAL_TRUNKS}),
        (population.extension, {Reason.NO_PHONE_NUMBER}),
        (population.unanswered, {Reason.NO_RULE, Reason.NO_TRUNK}),
    ],
)
def test_what_adoption_cannot_take_is_no_line_and_has_its_reason(
    account: Account, shape: Callable[[Account], None], reasons: set[Reason]
) -> None:
    shape(account)

    description = Dumped.of(account.world).description

    assert description.lines == ()
    assert {one.note.reason for one in description.left_out} == reasons


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (population.forwarded, Reason.CARRIER_SIDE),
        (population.twilio_odd_route, Reason.CARRIER_SIDE),
        (population.shared_outbound, Reason.CALLS_OUT),
    ],
)
def test_what_stays_of_a_line_stands_above_it(
    account: Account, shape: Callable[[Account], None], reason: Reason
) -> None:
    shape(account)

    description = Dumped.of(account.world).description

    assert description.left_out == ()
    assert {note.reason for line in description.lines for note in line.notes} == {reason}


def test_what_a_carriers_trunk_has_by_its_optional_fields_is_in_the_file(account: Account) -> None:
    trunk = account.twilio()
    account.world.sandbox.twilio.edit_record(
        "trunk",
        trunk,
        disaster_recovery_url="https://example.com/twiml",
        cnam_lookup_enabled=True,
        transfer_caller_id="from-transferor",
        disaster_recovery_method="GET",
        recording={"mode": "record-from-answer", "trim": "do-not-trim"},
    )
    account.inbound([account.at_twilio(trunk)], rule=DESK)

    (entry,) = Dumped.of(account.world).description.trunks

    names = (
        "disaster_recovery_url",
        "disaster_recovery_method",
        "cnam_lookup_enabled",
        "transfer_caller_id",
        "recording",
    )
    assert {key: entry.keys.get(key) for key in names} == {
        "disaster_recovery_method": "GET",
        "recording": {"mode": "record-from-answer"},
        "disaster_recovery_url": "https://example.com/twiml",
        "cnam_lookup_enabled": True,
        "transfer_caller_id": "from-transferor",
    }


def test_the_emergency_address_of_a_number_is_in_the_file_and_adoption_leaves_it(account: Account) -> None:
    twilio = account.world.sandbox.twilio
    address = twilio.add_address("US", emergency=True)["sid"]
    given = {"emergency_address_sid": address, "emergency_status": "Active"}
    trunk = account.twilio()
    numbers = [account.at_twilio(trunk, **fields) for fields in (given, {})]
    for number in numbers:
        account.inbound([number], rule=DESK)

    dumped = Dumped.of(account.world)

    said = {line.keys["phone_number"]: line.keys.get("emergency_address_sid") for line in dumped.description.lines}
    assert said == {numbers[0]: address, numbers[1]: None}
    _, again = dumped.up()
    held = [twilio.number(number)["emergency_address_sid"] for number in numbers]  # type: ignore[index]
    assert (held, again) == ([address, None], [])


def test_a_pin_is_a_secret_of_the_file_and_its_command_is_named(account: Account) -> None:
    rule = account.rule([account.inbound([account.pbx()], ruled=False)], **PINNED)

    text = Dumped.of(account.world).text

    assert "4711" not in text
    assert f"#   pulumi config set --secret trunkline:deskAgentRulePin    # the PIN of {rule}\n" in text
    assert "    room: board\n    pin: {secret: deskAgentRulePin}\n" in text


def test_all_agents_of_a_rule_are_the_lines_in_its_order_of_names(account: Account) -> None:
    agents = [{"agent_name": "scribe", "metadata": "notes"}, {"agent_name": "desk", "attributes": {"tenant": "7"}}]
    account.inbound([account.pbx()], rule={"rule": INDIVIDUAL, "room_config": {"agents": agents}})

    description = Dumped.of(account.world).description

    assert [(one.name, one.keys) for one in description.agents] == [
        ("desk", {"agent_name": "desk", "attributes": {"tenant": "7"}, "room_prefix": "call-"}),
        ("scribe", {"agent_name": "scribe"}),
    ]
    assert [(one.keys["agent"], [note.reason for note in one.notes]) for one in description.lines] == [
        (["desk", "scribe"], [Reason.FIELDS])
    ]


def test_a_rule_that_calls_nobody_by_name_is_a_line_of_agents_that_come_by_themselves(account: Account) -> None:
    population.no_agent(account)

    description = Dumped.of(account.world).description

    assert [one.keys.get("automatic_dispatch") for one in description.agents] == [True]
    assert (len(description.lines), description.left_out) == (1, ())


def test_a_rule_that_calls_nobody_whom_a_file_can_name_makes_no_line(account: Account) -> None:
    account.inbound([account.pbx()], rule={"room_config": {"agents": [{"agent_name": "Night Watch"}]}})

    description = Dumped.of(account.world).description

    assert (description.lines, [one.note.reason for one in description.left_out]) == ((), [Reason.NO_AGENT])


def test_of_several_agents_not_all_of_whom_a_file_can_name_the_first_is_the_lines(account: Account) -> None:
    agents = [{"agent_name": "desk"}, {"agent_name": "Night Watch"}]
    account.inbound([account.pbx()], rule={"room_config": {"agents": agents}})

    (line,) = Dumped.of(account.world).description.lines

    assert (line.keys["agent"], [note.reason for note in line.notes]) == (
        "desk",
        [Reason.SEVERAL_AGENTS, Reason.FIELDS],
    )


def test_what_a_stack_has_already_is_no_line(account: Account) -> None:
    population.twilio_lines(account)
    Dumped.of(account.world).up()

    again = Dumped.of(account.world).description

    assert (again.lines, {one.note.reason for one in again.left_out}) == ((), {Reason.TAGGED})


def test_no_password_of_a_trunk_is_in_the_file() -> None:
    made = Account(1)
    for _ in range(6):
        population.guarded(made)
        population.outbound_only(made)

    assert "canary" not in Dumped.of(made.world).text


def test_what_people_call_an_object_cannot_end_a_comment(account: Account) -> None:
    account.inbound(["2000"], name="desk\nnumbers: {}\u2028\u202e")

    assert 'desk\\nnumbers: {}??"' in Dumped.of(account.world).text
    assert Dumped.of(account.world).text.count("\nnumbers: {}\n") == 1


def test_the_lists_of_who_may_call_out_over_a_carriers_trunk_are_in_the_file_and_stay(account: Account) -> None:
    trunk, twilio = account.twilio(), account.world.sandbox.twilio
    lists = sorted(str(twilio.add_address_list(trunk, name)["sid"]) for name in ("office", "plant"))
    account.inbound([account.at_twilio(trunk)], rule=DESK)
    before = but_for_tags(account.world)

    dumped = Dumped.of(account.world)
    (entry,) = dumped.description.trunks
    _, again = dumped.up()

    assert entry.keys["ip_access_control_lists"] == lists
    assert (again, but_for_tags(account.world)) == ([], before)
