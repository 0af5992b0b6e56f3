"""Taking over a carrier's trunk and numbers: what stays, what is shown, what is put back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.dynamic.adopted import refusal
from tests.dynamic.at_twilio import NUMBER, OURS, SECURE, file_of, held, seed
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed, State, Step
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def test_a_trunk_keeps_its_walls_and_its_urls_their_weights(stack: Stack) -> None:
    trunk = seed(stack, {"sipUrl": SECURE, "weight": 7, "priority": 3}, secure=True)
    text = file_of(trunk=", auth_username: livekit, auth_password: {secret: twilioTermination}")
    text = text.replace(", outbound: false", "")

    stack.up(text)
    mark = stack.world.sandbox.journal.mark()

    tag = "trunkline:acme/test/trunk.us"
    walls = {"domainName": "acme-us.pstn.twilio.com", "secure": True, "transferMode": "disable-all"}
    assert held(stack, "SipTrunk") == [{"tag": tag, **walls}]
    assert held(stack, "OriginationUrl", trunk) == [
        {
            "tag": tag,
            "sipUrl": OURS.replace("tcp", "tls"),
            "weight": 7,
            "priority": 3,
            "enabled": True,
            "trunkSid": trunk,
        }
    ]
    assert stack.preview(text) == []
    stack.engine.state = State()
    stack.up(text)
    assert stack.world.sandbox.journal.writes(mark) == []


def test_the_preview_shows_what_becomes_of_trunk_and_number_and_what_goes_on_taking_calls(stack: Stack) -> None:
    seed(
        stack,
        {"sipUrl": OURS, "weight": 1, "priority": 1},
        {"sipUrl": "sip:old.example.com", "weight": 10, "priority": 1},
    )

    stack.preview(file_of())

    told = "\n".join(stack.world.notices)
    assert "    tag: Main => trunkline:acme/test/trunk.us" in told
    assert "sip:old.example.com (priority 1, weight 10) takes 10 of 11 calls" in told
    assert "    tag: Front desk => trunkline:acme/test/a" in told
    assert "transferMode disable-all" in told


def test_a_route_behind_the_one_that_adoption_makes_takes_no_calls_from_it(stack: Stack) -> None:
    seed(stack, {"sipUrl": "sip:old.example.com", "weight": 10, "priority": 10})

    stack.preview(file_of())

    told = "\n".join(stack.world.notices)
    assert "takes all" not in told
    assert "10 of 10 calls" not in told.partition("PhoneNumber")[0]
    assert "(priority 10, weight 10) takes calls only where those of a better priority are silent or fail" in told
    assert "only where LiveKit is silent or fails (priority 10, ours 1)" in told


def test_a_route_beside_an_adopted_one_that_is_disabled_takes_all(stack: Stack) -> None:
    seed(
        stack,
        {"sipUrl": OURS, "weight": 1, "priority": 1, "enabled": False},
        {"sipUrl": "sip:old.example.com", "weight": 1, "priority": 9},
    )

    stack.preview(file_of())

    assert any("and LiveKit none, for our own URL is disabled" in notice for notice in stack.world.notices)


def test_a_trunk_that_is_not_there_is_not_made_and_the_one_that_is_there_is_named(stack: Stack) -> None:
    seed(stack, domain="acme-uk.pstn.twilio.com")

    told = refusal(stack, file_of())

    assert told == (
        'numbers.yaml:4: trunk "us": `adopt: true`, but the account has no trunk with the domain'
        " acme-us.pstn.twilio.com (there is acme-uk.pstn.twilio.com). Adoption never creates, and nothing was changed."
        " Correct `domain_name`, or delete `adopt` to make one"
    )


def test_two_trunks_of_the_file_cannot_be_one_at_the_carrier(stack: Stack) -> None:
    seed(stack)
    second = "  eu: {provider: twilio, domain_name: acme-us.pstn.twilio.com, adopt: true}\nnumbers:"

    told = refusal(stack, file_of(line=", trunk: us").replace("numbers:", second))

    assert "would be adopted for trunk.eu, trunk.us" in told


def test_a_trunk_with_a_number_that_nobody_names_gets_no_route_to_livekit(stack: Stack) -> None:
    trunk = seed(stack, {"sipUrl": "sip:pbx.example.com", "weight": 1, "priority": 1})
    stack.world.sandbox.twilio.add_number("+16505551235", friendly_name="Neighbour", trunk_sid=trunk)

    told = refusal(stack, file_of())
    second = '  b: {provider: twilio, phone_number: "+16505551235", agent: desk, adopt: true, outbound: false}\n'
    stack.up(file_of() + second)

    assert f'numbers.yaml:4: trunk "us": SipTrunk {trunk} carries +16505551235 too' in told
    assert [one["trunkSid"] for one in held(stack, "OriginationUrl", trunk)] == [trunk, trunk]


def test_encryption_is_not_demanded_of_a_number_that_nobody_names(stack: Stack) -> None:
    secure = OURS.replace("tcp", "tls")
    trunk = seed(stack, {"sipUrl": OURS, "weight": 1, "priority": 1}, {"sipUrl": secure, "weight": 1, "priority": 1})
    stack.world.sandbox.twilio.add_number("+16505551235", friendly_name="Neighbour", trunk_sid=trunk)

    told = refusal(stack, file_of(trunk=", transport: tls, media_encryption: require"))
    stack.up(file_of())

    assert f"SipTrunk {trunk} carries +16505551235 too, and would become secure" in told


def test_taking_adopt_off_a_trunk_opens_no_wall(stack: Stack) -> None:
    seed(stack, secure=True)
    stack.up(file_of())

    told = refusal(stack, file_of().replace("pstn.twilio.com, adopt: true", "pstn.twilio.com"))

    assert "it demands encrypted calls (secure); without `adopt: true` the file would open it" in told
    assert "it limits where calls are handed over to (transferMode)" in told
    assert "Write `transfer_mode` on the trunk, or leave `adopt: true`" in told


@pytest.mark.parametrize("mode", ["disable-all", "sip-only", "enable-all"])
def test_adopt_is_taken_off_a_trunk_that_limits_transfers_where_the_file_names_the_limit(
    stack: Stack, mode: str
) -> None:
    trunk = seed(stack)
    stack.up(file_of())

    stack.up(file_of(trunk=f", transfer_mode: {mode}").replace("pstn.twilio.com, adopt: true", "pstn.twilio.com"))

    assert [one["transferMode"] for one in held(stack, "SipTrunk")] == [mode]
    assert stack.ids()["SipTrunk us"] == trunk


def test_keep_puts_back_what_trunk_url_and_number_were_called(stack: Stack) -> None:
    trunk = seed(stack, {"sipUrl": OURS, "weight": 1, "priority": 1})
    before = held(stack, "SipTrunk"), held(stack, "OriginationUrl", trunk)
    stack.up(file_of())
    stack.up(file_of(line=", removal: keep"))

    stack.up("version: 1\nnumbers: {}\n")

    number = stack.world.sandbox.twilio.number(NUMBER)
    assert number is not None
    assert number["friendly_name"] == "Front desk"
    assert (held(stack, "SipTrunk"), held(stack, "OriginationUrl", trunk)) == before
    assert stack.world.sandbox.ledger.releases() == []


def test_a_trunk_that_the_last_version_adopted_goes_on_without_a_write(stack: Stack) -> None:
    seed(stack, {"sipUrl": OURS, "weight": 1, "priority": 1}, transferMode="enable-all")
    stack.up(file_of())
    for recorded in stack.engine.state.resources.values():
        for props in (recorded.inputs, recorded.outputs):
            for name in ("unmanaged", "named", "formerLabels", "adopting", "adoptingTrunks", "secureTrunks"):
                props.pop(name, None)
    mark = stack.world.sandbox.journal.mark()

    assert stack.up(file_of()) == [Step("update", ("Fleet", "fleet"), ("adoptingTrunks", "secureTrunks"))]
    assert stack.world.sandbox.journal.writes(mark) == []


def test_a_vonage_number_shows_where_its_calls_went_once(stack: Stack) -> None:
    vonage = stack.world.sandbox.vonage
    number = vonage.add_number("+447400551233", voiceCallbackType="sip", voiceCallbackValue="sip:old@example.com")
    text = (
        "version: 1\nagents: {desk: {agent_name: desk-agent}}\nnumbers:\n"
        f'  a: {{provider: vonage, phone_number: "+{number["msisdn"]}", agent: desk, adopt: true}}\n'
    )

    stack.up(text)
    told, stack.world.notices[:] = "\n".join(stack.world.notices), []
    vonage.edit_number("+447400551233", voiceCallbackType="sip", voiceCallbackValue="sip:by-hand@example.com")
    stack.up(text)

    assert "sipUri: sip:old@example.com => sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp" in told
    assert not any("adopts" in notice for notice in stack.world.notices)


def test_an_adoption_that_failed_half_way_and_is_taken_back_leaves_the_carriers_trunk_as_it_was(stack: Stack) -> None:
    trunk = seed(stack, {"sipUrl": OURS, "weight": 1, "priority": 1})
    before = held(stack, "SipTrunk"), held(stack, "OriginationUrl", trunk)

    def fails(sandbox: Any, request: Any) -> Any:
        broken = (
            replace(request, path="/nowhere")
            if "CredentialLists" in request.path and request.method == "POST"
            else request
        )
        return sandbox.handle(broken)

    with pytest.raises(Failed):
        stack.up(file_of().partition("numbers:")[0] + "numbers: {}\n", handle=fails)
    assert held(stack, "SipTrunk") != before[0]

    stack.up("version: 1\nnumbers: {}\n")

    assert (held(stack, "SipTrunk"), held(stack, "OriginationUrl", trunk)) == before


@pytest.mark.parametrize("route", ["sip:old.example.com", OURS], ids=["a route elsewhere", "the route to LiveKit"])
@pytest.mark.parametrize("write", range(5))
def test_what_a_killed_run_put_on_a_carriers_trunk_is_taken_off_where_the_edit_is_reverted(
    stack: Stack, write: int, route: str
) -> None:
    trunk = seed(stack, {"sipUrl": route, "weight": 3, "priority": 2}, secure=False)
    stack.world.sandbox.twilio.add_credential_list(trunk, "theirs")
    kinds = (("SipTrunk", ""), ("OriginationUrl", trunk), ("TrunkCredentialList", trunk))
    before = [[{**one, "tag": ""} for one in held(stack, *kind)] for kind in kinds]
    text = file_of(trunk=", auth_username: livekit, auth_password: {secret: twilioTermination}")

    def dies() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(text.replace(", outbound: false", ""), handle=AtWrite(write, after=dies))
    for _ in range(3):
        stack.up("version: 1\nnumbers: {}\n")

    assert [[{**one, "tag": ""} for one in held(stack, *kind)] for kind in kinds] == before
    assert [one["tag"] for one in held(stack, "CredentialList")] == ["theirs"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"voice_url": "https://user:canary@ivr.example.com/answer?key=canary"}, "https://ivr.example.com/answer"),
        ({"voice_application_sid": f"AP{'1' * 32}"}, f"application AP{'1' * 32}"),
    ],
)
def test_a_number_on_no_trunk_shows_what_answered_it(stack: Stack, fields: dict[str, str], told: str) -> None:
    seed(stack)
    stack.world.sandbox.twilio.edit_number(NUMBER, trunk_sid="", **fields)

    stack.preview(file_of())

    said = "\n".join(stack.world.notices)
    assert f"    its calls went to {told}\n" in f"{said}\n"
    assert "canary" not in said


def test_a_vonage_number_that_went_to_a_telephone_shows_it(stack: Stack) -> None:
    vonage = stack.world.sandbox.vonage
    vonage.add_number("+447400551233", voiceCallbackType="tel", voiceCallbackValue="447700900000")
    line = '  a: {provider: vonage, phone_number: "+447400551233", agent: desk, adopt: true}\n'

    stack.preview(f"version: 1\nagents: {{desk: {{agent_name: desk-agent}}}}\nnumbers:\n{line}")

    assert "its calls went to tel 447700900000" in "\n".join(stack.world.notices)
