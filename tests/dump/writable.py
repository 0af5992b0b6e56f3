"""Trunks and rules that have any of the fields which can be written, from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.dump.account import Account

_TEXT = ("", "plain text", '{"tier":"gold"}', '{"b": 1}', '"quoted"', "7", "über\nzwei Zeilen", "\u2028")


def _maybe(rng: Random, **fields: list[Any]) -> dict[str, Any]:
    """Give about half of the fields, each with one of its values."""
    return {name: rng.choice(values) for name, values in fields.items() if rng.random() < 0.5}


def _media(rng: Random) -> dict[str, Any]:
    return _maybe(
        rng,
        only_listed_codecs=[True, False],
        codecs=[[{"name": "PCMU", "rate": 8000}, {"name": "G722"}], [{"name": "PCMA"}]],
        media_timeout=["30s", "600s"],
        encryption=["SIP_MEDIA_ENCRYPT_ALLOW", "SIP_MEDIA_ENCRYPT_REQUIRE", "SIP_MEDIA_ENCRYPT_DISABLE"],
    )


def _trunk(rng: Random) -> dict[str, Any]:
    return _maybe(
        rng,
        name=["desk", "Büro 2", "x" * 128],
        headers=[{"X-Account": "7"}, {"X-Account": "über"}],
        headers_to_attributes=[{"X-Account": "account"}, {"X-Account": "sip.account"}],
        attributes_to_headers=[{"tenant": "X-Tenant"}],
        include_headers=["SIP_X_HEADERS", "SIP_ALL_HEADERS", "SIP_NO_HEADERS"],
        media=[_media(rng)],
    )


def inbound(rng: Random) -> dict[str, Any]:
    login = rng.choice([{}, {"auth_username": "pbx", "auth_password": "canary-1"}, {"auth_username": "half"}])
    return {**_trunk(rng), **login} | _maybe(
        rng,
        allowed_addresses=[["203.0.113.0/28"], ["sip.example.com"]],
        allowed_numbers=[["+16505550111"], ["anonymous"]],
        krisp_enabled=[True],
        max_call_duration=["3600s", "100000s"],
        ringing_timeout=["30s", "900s"],
        ringing_timeout_status=["SIP_STATUS_BUSY_HERE", "SIP_STATUS_SERVICE_UNAVAILABLE"],
        auth_realm=["pbx.example.com"],
    )


def outbound(rng: Random) -> dict[str, Any]:
    login = rng.choice([{}, {"auth_username": "pbx", "auth_password": rng.choice(["canary-1", "canary-2"])}])
    return {**_trunk(rng), **login} | _maybe(
        rng,
        transport=["SIP_TRANSPORT_TLS", "SIP_TRANSPORT_TCP"],
        destination_country=["FR", "us"],
        from_host=["calls.example.com"],
    )


def rule(rng: Random) -> dict[str, Any]:
    pin = rng.choice(["", "", "4711"])
    forms = {
        "dispatch_rule_direct": {"room_name": rng.choice(["board", "a room"]), "pin": pin},
        "dispatch_rule_individual": {"room_prefix": rng.choice(["call-", ""]), "pin": pin}
        | _maybe(rng, no_randomness=[True]),
        "dispatch_rule_callee": {"room_prefix": "to-", "pin": pin} | _maybe(rng, randomize=[True]),
    }
    form = rng.choice(sorted(forms))
    names = rng.choice([[], ["desk"], ["desk"], ["desk", "scribe"], ["Night Watch", "desk"], ["desk", "desk"]])
    agents = [{"agent_name": name} | _agent(rng) for name in names]
    room = _maybe(
        rng,
        name=["config", "a config"],
        empty_timeout=[300, 100_000],
        departure_timeout=[20],
        max_participants=[4],
        metadata=["room metadata"],
        min_playout_delay=[100],
        max_playout_delay=[200],
        sync_streams=[True],
        tags=[{"team": "growth"}],
        egress=[_recording(rng)],
    )
    return {"rule": {form: forms[form]}, "room_config": {**room, "agents": agents}} | _maybe(
        rng,
        hide_phone_number=[True],
        metadata=["of the caller", '{"a":1}'],
        attributes=[{"tenant": "7"}, {"sip.own": "x"}],
        room_preset=["preset"],
        media=[_media(rng)],
        krisp_enabled=[True],
    )


def _recording(rng: Random) -> dict[str, Any]:
    storage: dict[str, Any] = rng.choice(
        [
            {},
            {"s3": {"bucket": "calls", "access_key": "canary-1", "secret": rng.choice(["canary-2", "canary-1"])}},
            {"gcp": {"credentials": "canary-3", "proxy": {"url": "http://proxy.example.com", "password": "canary-4"}}},
            {"aliOSS": {"bucket": "x" * 2000, "secret": "canary-5"}},
        ]
    )
    room = {"file_outputs": [{"file_type": "OGG", **storage}]} | _maybe(
        rng,
        layout=["grid", "a\nb"],
        room_name=["of-a-call"],
        stream_outputs=[[{"urls": ["rtmp://a.example.com/canary-6", "rtmp://b.example.com/canary-7"]}]],
        advanced=[{"key_frame_interval": 2.5, "audio_codec": "AC_MP3"}],
        audio_mixing=["DUAL_CHANNEL_ALTERNATE"],
    )
    return _maybe(rng, room=[room], tracks=[{"filepath": "{track_id}", **storage}], participant=[{}])


def _agent(rng: Random) -> dict[str, Any]:
    return _maybe(
        rng,
        metadata=list(_TEXT),
        restart_policy=["JRP_NEVER", "JRP_ON_FAILURE"],
        deployment=["staging", "a deployment"],
        attributes=[{"tenant": "7"}],
    )


def account(seed: int) -> Account:
    """Make an account of four lines whose objects have any fields."""
    made = Account(seed)
    for _ in range(4):
        number = made.pbx()
        made.inbound([number], rule=rule(made.rng), **inbound(made.rng))
        if made.rng.random() < 0.6:
            made.outbound([number], "sip.example.com", **outbound(made.rng))
    return made
