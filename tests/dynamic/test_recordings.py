"""What the rooms of calls record: written as a whole, its secrets shown to nobody and put back where they changed."""

from __future__ import annotations

from typing import Any

from tests.dynamic.test_livekit_fields import config, file_of, held
from tests.support.world import SECRETS, Stack, World


def recording(**s3: str) -> dict[str, Any]:
    """Give what rooms record into a bucket, as LiveKit has it."""
    return {"participant": {"file_outputs": [{"s3": {"bucket": "calls", **s3}}]}}


RECORDED = file_of(
    agent=", room_config: {egress: {participant: {file_outputs: [{s3: {bucket: calls, access_key:"
    " {secret: ukOfficePassword}, secret: {secret: twilioTermination}}}]}}}"
)
KEYS = {"access_key": SECRETS["ukOfficePassword"], "secret": SECRETS["twilioTermination"]}


def test_a_recordings_secret_that_was_changed_by_hand_is_put_back_and_shown_to_nobody() -> None:
    stack = Stack(World())
    stack.up(RECORDED)
    theirs = config(egress=recording(access_key=KEYS["access_key"], secret="canary-by-hand"))
    stack.world.sandbox.livekit.edit_rule(held(stack)["rule"]["sip_dispatch_rule_id"], **theirs)
    previewed = stack.preview(RECORDED)
    assert [(step.key, step.changed) for step in previewed] == [(("DispatchRule", "a"), ("egressSecrets",))]
    assert "canary-by-hand" not in str(stack.engine.state) + str(stack.engine.shown)
    stack.up(RECORDED)
    assert held(stack)["rule"]["room_config"] == config(egress=recording(**KEYS))["room_config"]


def test_another_bucket_keeps_the_secrets_in_their_places_and_the_name_that_livekit_fills_in() -> None:
    stack = Stack(World())
    stack.up(RECORDED)
    other = RECORDED.replace("participant", "room").replace("bucket: calls", "bucket: other")
    stack.up(other)
    rule = held(stack)["rule"]
    room = {"room_name": "of-a-call", "file_outputs": [{"s3": {"bucket": "other", **KEYS}}]}
    assert rule["room_config"]["egress"] == {"room": {key: room[key] for key in ("file_outputs",)}}
    stack.world.sandbox.livekit.edit_rule(rule["sip_dispatch_rule_id"], **config(egress={"room": room}))
    assert stack.preview(other) == []
    stack.up(other.replace("bucket: other", "bucket: third"))
    room["file_outputs"] = [{"s3": {"bucket": "third", **KEYS}}]
    assert held(stack)["rule"]["room_config"]["egress"] == {"room": room}


def test_a_rule_that_is_adopted_keeps_its_recording_where_the_file_names_none_and_records_no_secret_of_it() -> None:
    theirs = recording(access_key="canary-key", secret="canary-secret")
    stack = adopting(theirs)
    stack.up(ADOPTED)
    assert rule(stack)["room_config"]["egress"] == theirs
    assert "canary" not in str(stack.engine.state) + str(stack.engine.shown)


def test_a_preview_shows_a_recording_that_adoption_changes_and_no_secret() -> None:
    stack = adopting(recording(access_key="canary-key", secret="canary-secret"))
    named = ADOPTED.replace(
        "agent_name: desk-agent",
        "agent_name: desk-agent, room_config: {egress: {tracks: {s3: {bucket: tracks, access_key:"
        " {secret: ukOfficePassword}, secret: {secret: twilioTermination}}}}}",
    )
    stack.preview(named)
    shown = str(stack.engine.shown)
    assert "tracks" in shown and "canary-" not in shown.replace(SECRETS["ukOfficePassword"], "")
    stack.up(named)
    assert rule(stack)["room_config"]["egress"] == {"tracks": {"s3": {"bucket": "tracks", **KEYS}}}


ADOPTED = file_of(", adopt: true, outbound: false")


def adopting(theirs: dict[str, Any]) -> Stack:
    """Give a stack for a line that somebody made by hand, with a recording."""
    stack = Stack(World())
    livekit = stack.world.sandbox.livekit
    trunk = livekit.add_inbound_trunk(name="desk", numbers=["+16505550100"])["sip_trunk_id"]
    form = {"dispatch_rule_individual": {"room_prefix": "call-"}}
    livekit.add_dispatch_rule(name="desk", trunk_ids=[trunk], rule=form, **config(egress=theirs))
    return stack


def rule(stack: Stack) -> dict[str, Any]:
    (found,) = stack.world.sandbox.livekit.dispatch_rules()
    return dict(found)
