"""Which config secrets a file needs: those of every key that takes one, whichever keys there come to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pulumi
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from stacks import program
from trunkline.inventory import parse
from trunkline.inventory.inventory import secret_keys
from trunkline.inventory.shapes.fields import SecretShape
from trunkline.inventory.shapes.livekit import AgentShape
from trunkline.inventory.shapes.schema import LineShape, TrunkShape

# What stands beside a secret, by the section of its entry.
BESIDE: dict[str, dict[str, Any]] = {
    "agents": {"agent_name": "y"},
    "trunks": {"provider": "custom", "sip_address": "pbx.example.com", "auth_username": "u"},
    "numbers": {
        "phone_number": "+442071234569",
        "provider": "custom",
        "sip_address": "pbx.example.com",
        "auth_username": "u",
        "agent": "one",
    },
}
LINE = {key: value for key, value in BESIDE["numbers"].items() if key != "auth_username"}
PIN = """\
version: 1
agents: {e: {agent_name: y, pin: {secret: somePin}}}
numbers:
  solo: {phone_number: "+442071234569", provider: custom, sip_address: pbx.example.com, agent: e, outbound: false}
"""
LIVEKIT = {
    "LIVEKIT_URL": "wss://sandbox.livekit.cloud",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "s" * 32,
    "LIVEKIT_SIP_URI": "sip:sandbox.sip.livekit.cloud",
}


def secrets_of(shape: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Give the keys of an entry, and of what it holds, that take `{secret: name}`."""
    for key, field in shape.model_fields.items():
        takes: Any = TypeAdapter(Annotated[(field.annotation, field, *field.metadata)])  # type: ignore[arg-type]
        try:
            if isinstance(takes.validate_python({"secret": "name"}), SecretShape):
                yield (key,)
        except ValidationError:
            inner: Any = field.annotation
            of_list = get_origin(inner) is list
            inner = get_args(inner)[0] if of_list else inner
            if get_origin(inner) is Annotated and get_args(inner)[0] is SecretShape:
                yield (key, "0")
            elif isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from ((key, *("0",) * of_list, *more) for more in secrets_of(inner))


def nested(keys: tuple[str, ...], value: Any) -> Any:
    """Give what an entry has below it so that `value` stands there."""
    if not keys:
        return value
    inner = nested(keys[1:], value)
    return [inner] if keys[0] == "0" else {keys[0]: inner}


def document(section: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Give a file that names one secret, there."""
    text: dict[str, Any] = {"version": 1, "agents": {"one": BESIDE["agents"]}, "numbers": {"one": LINE}}
    entry = {**BESIDE[section], **nested(keys, {"secret": "name"})}
    return {**text, section: {"one-trunk" if section == "trunks" else "one": entry}}


def test_every_key_that_takes_a_secret_is_among_those_that_a_file_needs() -> None:
    made: dict[str, type[BaseModel]] = {"agents": AgentShape, "trunks": TrunkShape, "numbers": LineShape}
    taking = [(section, keys) for section, shape in made.items() for keys in secrets_of(shape)]
    for section, keys in taking:
        text = TypeAdapter(Any).dump_json(document(section, keys)).decode()
        found = [(path[0], path[2:], secret.name) for path, secret in secret_keys(parse(text, "numbers.yaml"))]
        assert found == [(section, keys, "name")]
    assert {
        ("agents", ("pin",)),
        ("agents", ("room_config", "egress", "room", "stream_outputs", "0", "urls", "0")),
        ("agents", ("room_config", "egress", "tracks", "s3", "secret")),
        ("trunks", ("auth_password",)),
        ("numbers", ("auth_password",)),
    } <= set(taking)


def test_an_agent_that_no_line_calls_in_a_stack_needs_no_secret_there() -> None:
    text = PIN.replace("agents: {", "agents: {f: {agent_name: z}, ").replace("agent: e,", "agent: f,")
    assert list(secret_keys(parse(text, "numbers.yaml"))) == []


def test_the_program_reads_every_secret_that_the_file_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "numbers.yaml").write_text(PIN)
    for name, value in LIVEKIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)
    for name, given in (("get_stack", "dev"), ("get_project", "p"), ("get_root_directory", str(tmp_path))):
        monkeypatch.setattr(pulumi, name, lambda given=given: given)
    _, _, plan = program.read({"somePin": "4711"}.get)
    pins = [spec.props["pin"].name for spec in plan.resources if spec.kind == "DispatchRule"]
    assert pins == ["somePin"]
