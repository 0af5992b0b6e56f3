"""The emulated LiveKit as a part of the sandbox: faults, journal, edits by hand, snapshots. Its answers as a LiveKit
server are held in `tests/livekit`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.sip import SIPInboundTrunkInfo

from sandbox import Fault, Request, Response, Sandbox
from sandbox.credentials import LIVEKIT
from sandbox.ids import Ids
from sandbox.livekit import LiveKit
from sandbox.livekit.access import Gate, TokenError
from sandbox.livekit.claims import Claims
from sandbox.livekit.conflicts import scan_trunks, trunk_claims
from sandbox.livekit.rpcs import RPCS
from sandbox.livekit.twirp import TwirpError
from tests.livekit.client import ENCODINGS, Document, Encoding, Refusal, token
from tests.livekit.inprocess import client_of
from tests.livekit.script import invalid

ONE = {"trunk": {"numbers": ["+1"], "auth_password": "hunter2"}}
both_encodings = pytest.mark.parametrize("encoding", ENCODINGS)


def ids_of(answer: Document | Refusal) -> list[str]:
    assert not isinstance(answer, Refusal), answer
    return [item["sip_trunk_id"] for item in answer.get("items", [])]


def test_the_same_seed_and_requests_give_the_same_bytes() -> None:
    answers = [
        client_of(sandbox).send("CreateSIPInboundTrunk", json.dumps(ONE).encode())
        for sandbox in (Sandbox(seed=7), Sandbox(seed=7), Sandbox(seed=8))
    ]

    assert answers[0] == answers[1] != answers[2]


@both_encodings
def test_the_journal_has_the_decoded_request_without_its_password(encoding: Encoding) -> None:
    sandbox = Sandbox()
    client = client_of(sandbox, encoding)

    client.call("CreateSIPInboundTrunk", ONE)
    client.call("CreateSIPInboundTrunk", ONE)
    client.call("ListSIPInboundTrunk", {"numbers": ["+1"]})

    masked = {"trunk": {"numbers": ["+1"], "auth_password": "***"}}
    assert [
        (entry.path.rpartition("/")[2], entry.params, entry.write, entry.status, entry.committed)
        for entry in sandbox.journal
    ] == [
        ("CreateSIPInboundTrunk", masked, True, 200, True),
        ("CreateSIPInboundTrunk", masked, True, 400, False),
        ("ListSIPInboundTrunk", {"numbers": ["+1"]}, False, 200, False),
    ]


def test_a_connection_dropped_after_the_commit_leaves_the_trunk() -> None:
    sandbox = Sandbox()
    sandbox.faults.add(Fault("drop", vendor="livekit", when="after"))

    with pytest.raises(ConnectionError):
        client_of(sandbox).call("CreateSIPInboundTrunk", ONE)

    assert [trunk["numbers"] for trunk in sandbox.livekit.inbound_trunks()] == [["+1"]]


@both_encodings
def test_a_stale_list_shows_what_was_before_and_a_create_still_sees_what_is(encoding: Encoding) -> None:
    sandbox = Sandbox()
    client = client_of(sandbox, encoding)
    client.call("CreateSIPInboundTrunk", ONE)
    sandbox.faults.add(Fault("stale", vendor="livekit", path="List"))

    assert client.call("ListSIPInboundTrunk", {}) == {}

    assert isinstance(client.call("CreateSIPInboundTrunk", ONE), Refusal)
    assert len(ids_of(client.call("ListSIPInboundTrunk", {}))) == 1


@both_encodings
def test_a_stale_list_after_an_edit_shows_the_old_version(encoding: Encoding) -> None:
    sandbox = Sandbox()
    trunk = sandbox.livekit.add_inbound_trunk(numbers=["+1"], name="old")
    sandbox.livekit.edit_trunk(trunk["sip_trunk_id"], name="new")
    sandbox.faults.add(Fault("stale", vendor="livekit"))

    shown = [client_of(sandbox, encoding).call("ListSIPInboundTrunk", {}) for _ in range(2)]

    assert shown == [{"items": [trunk]}, {"items": [{**trunk, "name": "new"}]}]


@both_encodings
def test_a_short_page_lacks_the_last_trunk_in_either_encoding(encoding: Encoding) -> None:
    sandbox = Sandbox()
    for key in ("ST_a", "ST_b"):
        sandbox.livekit.add_outbound_trunk(sip_trunk_id=key)
    sandbox.faults.add(Fault("short_page", vendor="livekit"))

    assert ids_of(client_of(sandbox, encoding).call("ListSIPOutboundTrunk", {})) == ["ST_a"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "resource_exhausted"), (500, "internal"), (503, "unavailable"), (404, "not_found"), (418, "unknown")],
)
def test_a_failure_on_purpose_has_the_code_of_its_status(status: int, code: str) -> None:
    sandbox = Sandbox()
    sandbox.faults.add(Fault("status", vendor="livekit", status=status))

    answer = client_of(sandbox).refused("ListSIPTrunk", b"{}")

    assert answer == Refusal(status, code, f"the sandbox fails on purpose ({status})")


def test_an_unauthorized_failure_comes_as_plain_text() -> None:
    sandbox = Sandbox()
    sandbox.faults.add(Fault("status", vendor="livekit", status=401))

    assert client_of(sandbox).refused("ListSIPTrunk", b"{}") == Refusal(401, "", "invalid authorization token")


def test_edits_by_hand_pass_every_rule_and_show_in_the_api_alone() -> None:
    sandbox = Sandbox()
    livekit = sandbox.livekit
    first = livekit.add_inbound_trunk(numbers=["+1"], auth_password="p")
    second = livekit.add_inbound_trunk(numbers=["+1"])
    edited = livekit.edit_trunk(first["sip_trunk_id"], auth_password=None, krisp_enabled=True)
    rule = livekit.add_dispatch_rule(name="n", trunk_ids=["ST_x"])
    livekit.edit_rule(rule["sip_dispatch_rule_id"], trunk_ids=[])
    outbound = livekit.add_outbound_trunk(sip_trunk_id="ST_mine", address="a")
    livekit.edit_trunk("ST_mine", address="b")
    livekit.delete(second["sip_trunk_id"])

    assert edited == {"sip_trunk_id": first["sip_trunk_id"], "numbers": ["+1"], "krisp_enabled": True}
    assert livekit.inbound_trunks() == (edited,)
    assert livekit.dispatch_rules() == ({"sip_dispatch_rule_id": rule["sip_dispatch_rule_id"], "name": "n"},)
    assert livekit.outbound_trunks() == ({**outbound, "address": "b"},)
    assert list(sandbox.journal) == []
    assert client_of(sandbox).call("ListSIPInboundTrunk", {}) == {"items": [edited]}


def test_an_edit_by_hand_says_what_is_wrong_with_it_and_changes_nothing() -> None:
    livekit = Sandbox().livekit
    trunk = livekit.add_inbound_trunk(numbers=["+1"])

    for wrong, message in (
        (lambda: livekit.edit_trunk("ST_x", name="n"), "no outbound trunk has the id 'ST_x'"),
        (lambda: livekit.edit_rule("SDR_x"), "no dispatch rule has the id 'SDR_x'"),
        (lambda: livekit.edit_trunk(trunk["sip_trunk_id"], nmae="n"), 'no field named "nmae"'),
        (lambda: livekit.delete("ST_x"), "no trunk and no dispatch rule has the id 'ST_x'"),
        (lambda: livekit.edit({"kind": "trunk"}), "kind must be one of inbound_trunk, outbound_trunk, dispatch_rule"),
        (lambda: livekit.edit({"kind": "inbound_trunk"}), "an edit has one of create, set and delete"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()

    assert livekit.inbound_trunks() == (trunk,)


def test_edits_by_hand_come_over_http_as_well() -> None:
    sandbox = Sandbox()

    def edit(**change: object) -> Document:
        body = json.dumps({"vendor": "livekit", "kind": "inbound_trunk", **change}).encode()
        answer = sandbox.handle(Request("POST", "/_sandbox/edit", body=body))
        assert isinstance(answer, Response)
        document: Document = answer.json()
        return document

    made = edit(create={"numbers": ["+1"]})
    changed = edit(id=made["sip_trunk_id"], set={"name": "n"})

    assert changed == {**made, "name": "n"}
    assert edit(id=made["sip_trunk_id"], delete=True) == {}
    assert sandbox.livekit.inbound_trunks() == ()


def test_a_restored_snapshot_has_the_trunks_and_their_claims_and_nothing_newer() -> None:
    first, second = Sandbox(), Sandbox(seed=1)
    client_of(first).call("CreateSIPInboundTrunk", ONE)
    shown = client_of(first).call("ListSIPInboundTrunk", {})
    client = client_of(second)
    client.call("CreateSIPInboundTrunk", {"trunk": {"numbers": ["+2"]}})

    second.restore(json.loads(json.dumps(first.snapshot())))

    assert client.call("ListSIPInboundTrunk", {}) == shown
    assert isinstance(client.call("CreateSIPInboundTrunk", ONE), Refusal)
    assert not isinstance(client.call("CreateSIPInboundTrunk", {"trunk": {"numbers": ["+2"]}}), Refusal)


def test_a_conflict_names_the_new_trunk_second_or_first_by_the_order_of_ids() -> None:
    sandbox = Sandbox()
    sandbox.livekit.add_inbound_trunk(sip_trunk_id="ST_a", numbers=["+1"], allowed_numbers=["+8"])
    sandbox.livekit.add_inbound_trunk(sip_trunk_id="ST_b", numbers=["+1", "+2"], allowed_numbers=["+9"])

    def refusal_of(caller: str) -> Document | Refusal:
        return client_of(sandbox).call(
            "CreateSIPInboundTrunk", {"trunk": {"numbers": ["1"], "allowed_numbers": [caller]}}
        )

    message = 'Conflicting inbound SIP Trunks: "{}" and "{}", using the same number(s) {} and AllowedNumber "{}"'
    assert refusal_of("8") == invalid(message.format("<new>", "ST_a", '["1"]', "8"))
    assert refusal_of("9") == invalid(message.format("ST_b", "<new>", '["+1" "+2"]', "+9"))


def test_a_filtered_list_ends_at_the_first_batch_without_a_match() -> None:
    sandbox = Sandbox()
    for key, number in (("ST_a", "+1"), ("ST_b", "+2"), ("ST_c", "+1")):
        sandbox.livekit.add_outbound_trunk(sip_trunk_id=key, numbers=[number])

    def listed(**page: object) -> list[str]:
        return ids_of(client_of(sandbox).call("ListSIPOutboundTrunk", {"numbers": ["+1"], "page": page}))

    assert listed(limit=1) == ["ST_a"]
    assert listed(limit=2) == ["ST_a", "ST_c"]
    assert listed(limit=1, after_id="ST_b") == ["ST_c"]


@pytest.mark.parametrize("rpc", ["CreateSIPParticipant", "TransferSIPParticipant"])
def test_calls_are_not_placed(rpc: str) -> None:
    refusal = client_of(Sandbox()).refused(rpc, b"{}")

    message = "the sandbox keeps trunks and dispatch rules; it places and transfers no calls"
    assert refusal == Refusal(501, "unimplemented", message)


def test_tokens_expire_by_the_clock_of_tokens_and_not_by_that_of_the_state() -> None:
    raw = token("key", "s" * 32, nbf=1000, exp=2000)
    now = 1500.0
    gate = Gate({"key": "s" * 32}, lambda: now)
    request = Request("POST", "/", headers={"authorization": f"Bearer {raw}"})

    assert gate.sip_admin(request)
    now = 2060.0
    with pytest.raises(TokenError, match="token is expired"):
        gate.sip_admin(request)
    livekit = LiveKit(lambda: 0.0, Ids(), keys={"key": "s" * 32}, token_clock=lambda: 1500.0)
    assert livekit.handle(Request("GET", "/twirp/livekit.SIP/ListSIPTrunk", headers=request.headers)).status == 404


numbers = st.lists(st.sampled_from(["+1", "1", "+2", "+3"]), max_size=3)


@given(st.lists(st.tuples(numbers, numbers), max_size=5))
def test_what_is_surely_free_passes_the_scan_of_all_trunks(drawn: list[tuple[list[str], list[str]]]) -> None:
    trunks = [
        SIPInboundTrunkInfo(sip_trunk_id=f"ST_{index}", numbers=called, allowed_numbers=callers)
        for index, (called, callers) in enumerate(drawn)
    ]
    claims = Claims()
    free = []
    for trunk in trunks:
        free.append(claims.free(trunk_claims(trunk), but_for=""))
        claims.hold(trunk.sip_trunk_id, trunk_claims(trunk))

    assert all(free) == _passes(trunks)


def _passes(trunks: list[SIPInboundTrunkInfo]) -> bool:
    try:
        scan_trunks(trunks)
    except TwirpError:
        return False
    return True


def test_the_coverage_names_every_rpc_and_the_sandbox_does_not_load_the_sdk() -> None:
    coverage = (Path(__file__).parents[2] / "sandbox/livekit/COVERAGE.md").read_text()
    program = "import sandbox, sys; print('livekit.api' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert [rpc for rpc in RPCS if f"`{rpc}`" not in coverage] == []
    assert loaded == "False\n"
    assert LIVEKIT.api_secret not in coverage
