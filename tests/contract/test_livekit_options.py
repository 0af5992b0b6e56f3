"""LiveKit's further fields against every LiveKit that this machine has: written, read back, taken back, left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from providers.kinds import KINDS
from providers.livekit.client import LiveKitVendor
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, Target, empty, in_process, sandbox_settings
from trunkline.model.egress import HIDDEN

TRUNK: Mapping[str, Any] = {
    "headersToAttributes": {"X-Account": "account"},
    "attributesToHeaders": {"tenant": "X-Tenant"},
    "includeHeaders": "x",
    "onlyListedCodecs": True,
    "codecs": [{"name": "PCMU", "rate": 8000}, {"name": "G722", "rate": 0}],
    "mediaTimeout": 30,
}
AGENT = DESIRED["DispatchRule"]["agents"][0]["agentName"]
GIVEN: Mapping[str, Mapping[str, Any]] = {
    "InboundTrunk": {**TRUNK, "ringingTimeoutStatus": 503, "authRealm": "pbx.example.com"},
    "OutboundTrunk": {**TRUNK, "destinationCountry": "FR", "fromHost": "calls.example.com"},
    "DispatchRule": {
        "pin": "12345",
        "noRandomness": True,
        "hidePhoneNumber": True,
        "participantMetadata": "vip",
        "krispEnabled": True,
        "mediaEncryption": "require",
        "onlyListedCodecs": True,
        "codecs": [{"name": "PCMU", "rate": 8000}],
        "mediaTimeout": 30,
        "roomPreset": "voice",
        "roomConfigName": "voice",
        "emptyTimeout": 300,
        "departureTimeout": 20,
        "maxParticipants": 4,
        "roomMetadata": "of the room",
        "minPlayoutDelay": 1,
        "maxPlayoutDelay": 200,
        "syncStreams": True,
        "roomTags": {"team": "growth"},
        "egress": {
            "participant": {"preset": "h264_720p_30", "segment_outputs": [{"protocol": "hls", "azure": {}}]},
            "room": {
                "stream_outputs": [{"urls": [HIDDEN, HIDDEN]}],
                "webhooks": [{"filter_params": {"include_events": ["egress_ended"]}, "url": "https://example.com"}],
            },
            "tracks": {"s3": {"bucket": "calls", "metadata": {"team": "growth"}, "secret": HIDDEN}},
        },
        "egressSecrets": {
            "room.stream_outputs.0.urls.0": "rtmp://one.example.com/key",
            "room.stream_outputs.0.urls.1": "rtmp://two.example.com/key",
            "tracks.s3.secret": "canary",
        },
        "agentAttributes": {AGENT: {"voice": "alto"}},
        "agentDeployments": {AGENT: "staging"},
        "agentRestartPolicies": {AGENT: "never"},
    },
}


@pytest.fixture(params=["in process", "over a socket", "livekit-server"])
def vendor(request: pytest.FixtureRequest) -> Iterator[LiveKitVendor]:
    if request.param == "over a socket":
        with SandboxServer(Sandbox()) as server:
            yield from _connected(Target(sandbox_settings(server.url)))
        return
    if request.param == "in process":
        yield from _connected(in_process(Sandbox()))
        return
    real = Target(sandbox_settings(request.getfixturevalue("server_url")))
    empty(real)
    yield from _connected(real)


def _connected(target: Target) -> Iterator[LiveKitVendor]:
    vendor = target.connect()
    yield vendor
    vendor.close()


def unset(kind: str) -> dict[str, Any]:
    return {name: KINDS[kind].optional[name] for name in GIVEN[kind]}


@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_what_is_named_is_written_and_taken_back_in_place(vendor: LiveKitVendor, kind: str) -> None:
    adapter = vendor.adapters[kind]
    bare = adapter.create(DESIRED[kind])
    given = adapter.update(bare, {**DESIRED[kind], **GIVEN[kind]})
    assert {name: given.optional[name] for name in GIVEN[kind]} == GIVEN[kind]
    listed = adapter.get(given.id)
    assert listed is not None
    assert (listed.props, listed.optional) == (DESIRED[kind], given.optional)
    gone = adapter.update(listed, {**DESIRED[kind], **unset(kind)})
    assert (gone.id, gone.props, gone.optional) == (bare.id, DESIRED[kind], bare.optional)


@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_what_is_not_named_is_kept_by_an_update(vendor: LiveKitVendor, kind: str) -> None:
    adapter = vendor.adapters[kind]
    given = adapter.create({**DESIRED[kind], **GIVEN[kind]})
    changed = adapter.update(given, {**DESIRED[kind], "tag": "trunkline:demo/renamed"})
    assert changed.optional == given.optional


@pytest.mark.parametrize("form", [{"roomName": "open-room"}, {"calleePrefix": "queue-", "randomize": True}])
def test_a_rule_of_another_form_keeps_its_id_and_its_pin(vendor: LiveKitVendor, form: dict[str, Any]) -> None:
    adapter = vendor.adapters["DispatchRule"]
    others = {name: value for name, value in DESIRED["DispatchRule"].items() if name != "roomPrefix"}
    made = adapter.create({**DESIRED["DispatchRule"], "pin": "12345"})
    moved = adapter.update(made, {**others, **form})
    assert (moved.id, moved.optional["pin"]) == (made.id, "12345")
    assert {name: moved.optional[name] for name in form} == form
    back = adapter.update(moved, DESIRED["DispatchRule"])
    assert (back.props, back.optional["pin"]) == (DESIRED["DispatchRule"], "12345")
