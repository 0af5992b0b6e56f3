"""Every provider class over real gRPC: what goes in as the engine sends it, and what comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pulumi.runtime.rpc import UNKNOWN

from providers.dynamic.objects import CHANGED_SECRET
from sandbox import Fault, Sandbox
from tests.support.waiting import SOON
from tests.support.world import World
from tests.wire.properties import LINE, NUMBER, PASSWORD, desired, resolved
from tests.wire.provider_process import ProviderProcess

AT_ONCE = 16
SALES = f"""\
version: 1
agents: {{sales: {{agent_name: sales-agent}}}}
numbers:
  sales: {{provider: twilio, phone_number: "{NUMBER}", agent: sales, outbound: false}}
"""


def test_configure_keeps_nothing_secret_on_the_wire(provider: ProviderProcess) -> None:
    assert provider.configure() is False


def test_every_kind_is_made_read_changed_and_deleted(
    provider: ProviderProcess, another: ProviderProcess, sandbox: Sandbox
) -> None:
    provider.check("Fleet", dict(World().plan(SALES).fleet))
    ids: dict[str, str] = {}
    made: list[tuple[str, str, dict[str, Any]]] = []
    for kind, props, edit in LINE:
        inputs = provider.check(kind, resolved(props, ids))
        id_, outputs = provider.create(kind, inputs)
        # Inputs would show as a difference what the vendor alone knows, such as the id.
        assert provider.read(kind, id_, outputs) == (id_, outputs, {})
        again = provider.check(kind, resolved(props, ids), inputs)
        assert (kind, provider.diff(kind, id_, outputs, again)) == (kind, ("NONE", []))
        ids[kind] = outputs["vendorId"]
        if edit:
            changed = provider.check(kind, resolved({**props, **edit}, ids), again)
            assert (kind, provider.diff(kind, id_, outputs, changed)) == (kind, ("UNKNOWN", []))
            outputs = provider.update(kind, id_, outputs, changed)
            assert {name: outputs[name] for name in edit} == dict(edit)
        made.append((kind, id_, outputs))
    for kind, id_, outputs in reversed(made):
        provider.delete(kind, id_, outputs)
    # What a process made or declares, it does not delete.
    assert sandbox.twilio.numbers() == (NUMBER,)
    for kind, id_, outputs in reversed(made):
        another.delete(kind, id_, outputs)
    assert sandbox.twilio.numbers() == ()
    assert (sandbox.livekit.inbound_trunks(), sandbox.livekit.dispatch_rules()) == ((), ())
    assert [entry.path for entry in sandbox.journal.writes() if entry.status not in (200, 201, 204)] == []


def test_whole_numbers_reach_the_vendor_as_such(provider: ProviderProcess, sandbox: Sandbox) -> None:
    """The wire knows floats alone."""
    provider.create("InboundTrunk", desired("InboundTrunk"))
    [trunk] = sandbox.livekit.inbound_trunks()
    assert (trunk["max_call_duration"], trunk["ringing_timeout"]) == ("3600s", "30s")


def test_what_is_unknown_stays_unknown_in_check_and_is_left_to_the_engine_in_diff(provider: ProviderProcess) -> None:
    made = {**desired("DispatchRule"), "trunkIds": ["ST_aaaaaaaaaaaa"], "vendorId": "SDR_aaaaaaaaaaaa"}
    news = {**desired("DispatchRule"), "trunkIds": [UNKNOWN]}
    inputs = provider.check("DispatchRule", news, made)
    assert inputs == {**news, "vendorId": "SDR_aaaaaaaaaaaa"}
    assert provider.diff("DispatchRule", "SDR_aaaaaaaaaaaa", made, inputs) == ("UNKNOWN", [])


def test_an_unknown_number_is_no_changed_number(provider: ProviderProcess, sandbox: Sandbox) -> None:
    sandbox.twilio.add_number(NUMBER)
    news = {**desired("PhoneNumber"), "phoneNumber": UNKNOWN, "trunkSid": UNKNOWN, "claimId": UNKNOWN}
    inputs = provider.check("PhoneNumber", news, {**desired("PhoneNumber"), "status": "owned"})
    assert inputs == {**news, "status": "owned"}


def test_an_edit_keeps_the_vendor_s_id_known(provider: ProviderProcess) -> None:
    _, outputs = provider.create("InboundTrunk", desired("InboundTrunk"))
    edited = provider.check("InboundTrunk", {**desired("InboundTrunk"), "name": "New"}, outputs)
    assert edited["vendorId"] == outputs["vendorId"]


def test_a_secret_stays_under_its_own_key(provider: ProviderProcess, sandbox: Sandbox) -> None:
    """The engine marks outputs secret by the key of the input; under any other key a value would be in clear."""
    inputs = provider.check("OutboundTrunk", desired("OutboundTrunk"))
    id_, outputs = provider.create("OutboundTrunk", inputs)
    sandbox.livekit.edit_trunk(id_, name="By hand")
    _, read, read_inputs = provider.read("OutboundTrunk", id_, outputs)
    for props in (inputs, outputs, read, read_inputs):
        assert [name for name, value in props.items() if PASSWORD in str(value)] == ["authPassword"]


def test_a_secret_changed_by_hand_is_told_without_its_value(provider: ProviderProcess, sandbox: Sandbox) -> None:
    id_, outputs = provider.create("OutboundTrunk", desired("OutboundTrunk"))
    sandbox.livekit.edit_trunk(id_, auth_password="canary-by-hand")
    _, read, read_inputs = provider.read("OutboundTrunk", id_, outputs)
    assert (read["authPassword"], read_inputs["authPassword"]) == (CHANGED_SECRET, CHANGED_SECRET)
    assert "canary-by-hand" not in str((read, read_inputs))


def test_drift_is_read_back_as_inputs(provider: ProviderProcess, sandbox: Sandbox) -> None:
    id_, outputs = provider.create("InboundTrunk", desired("InboundTrunk"))
    sandbox.livekit.edit_trunk(id_, krisp_enabled=True)
    _, read, inputs = provider.read("InboundTrunk", id_, outputs)
    assert read == {**outputs, "krispEnabled": True}
    assert inputs == {name: value for name, value in read.items() if name not in ("account", "named")}


def test_what_is_gone_is_read_as_gone(provider: ProviderProcess, sandbox: Sandbox) -> None:
    id_, outputs = provider.create("InboundTrunk", desired("InboundTrunk"))
    sandbox.livekit.delete(id_)
    assert provider.read("InboundTrunk", id_, outputs) == ("", {}, {})


def test_a_vanished_number_is_never_read_as_gone(provider: ProviderProcess, sandbox: Sandbox) -> None:
    """The engine would create it again, that is, buy it."""
    sandbox.twilio.add_number(NUMBER)
    claim, _ = provider.create("InboundTrunk", desired("InboundTrunk"))
    trunk, _ = provider.create("SipTrunk", desired("SipTrunk"))
    made = {"InboundTrunk": claim, "SipTrunk": trunk}
    provider.create("DispatchRule", provider.check("DispatchRule", resolved(desired("DispatchRule"), made)))
    props = resolved(desired("PhoneNumber"), made)
    id_, outputs = provider.create("PhoneNumber", {**props, "status": "owned", "adopt": True})
    sandbox.twilio.release_by_hand(NUMBER)
    for removal in ("protect", "keep", "release"):
        read_id, read, _ = provider.read("PhoneNumber", id_, {**outputs, "removal": removal})
        assert (read_id, read["status"]) == (NUMBER, "vanished")


def test_a_replacement_is_asked_for_only_where_the_vendor_cannot_change_the_property(provider: ProviderProcess) -> None:
    olds = {**desired("Credential"), "credentialListSid": "CL1"}
    assert provider.diff("Credential", "CR1", olds, {**olds, "trunkSid": "TK1"}) == ("NONE", [])
    assert provider.diff("Credential", "CR1", olds, {**olds, "password": "Canary-Wire-43"}) == ("UNKNOWN", ["password"])
    assert provider.diff("Credential", "CR1", olds, {**olds, "username": "other"}) == ("UNKNOWN", ["username"])


@pytest.mark.parametrize("provider", ["ours"], indirect=True)
def test_sixteen_creates_are_under_way_at_once(provider: ProviderProcess, sandbox: Sandbox) -> None:
    last = sandbox.faults.add(Fault(action="hold", path="CreateSIPInboundTrunk", skip=AT_ONCE - 1, times=None))
    others = sandbox.faults.add(Fault(action="hold", path="CreateSIPInboundTrunk", times=AT_ONCE))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        creates = [pool.submit(provider.create, "InboundTrunk", _line(place)) for place in range(AT_ONCE)]
        all_there = last.reached.wait(SOON)
        others.release()
        last.release()
        made = {create.result()[0] for create in creates}
    assert all_there
    assert made == {trunk["sip_trunk_id"] for trunk in sandbox.livekit.inbound_trunks()}
    assert len(made) == AT_ONCE


def test_a_create_that_is_repeated_makes_one_object(provider: ProviderProcess, sandbox: Sandbox) -> None:
    """As after a run whose result nobody recorded: the engine asks for the same object again."""
    first, _ = provider.create("InboundTrunk", desired("InboundTrunk"))
    second, _ = provider.create("InboundTrunk", desired("InboundTrunk"))
    assert [trunk["sip_trunk_id"] for trunk in sandbox.livekit.inbound_trunks()] == [first]
    assert second == first


def test_a_protected_number_is_not_deleted_even_where_the_engine_asks(provider: ProviderProcess) -> None:
    with pytest.raises(grpc.RpcError, match="was not released"):
        provider.delete("PhoneNumber", NUMBER, {**desired("PhoneNumber"), "account": ""})


def _line(place: int) -> dict[str, Any]:
    tag, number = f"trunkline:acme/test/line-{place}", f"+165055512{place:02}"
    return {**desired("InboundTrunk"), "tag": tag, "numbers": [number]}
