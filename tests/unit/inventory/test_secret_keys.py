"""Which config secrets a file needs: those of every key that takes one, whichever keys there come to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pulumi
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from stacks import program
from trunkline.inventory import parse
from trunkline.inventory.livekit_shape import AgentShape, SecretShape
from trunkline.inventory.secret_keys import secret_keys
from trunkline.inventory.shape import LineShape, TrunkShape

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
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                yield from ((key, *inner) for inner in secrets_of(field.annotation))


def filled(section: str, shape: type[BaseModel]) -> tuple[dict[str, Any], dict[tuple[str, ...], str]]:
    """Give an entry that names a secret in each key which takes one, and path -> secret."""
    entry, named = dict(BESIDE[section]), {}
    for keys in secrets_of(shape):
        *outer, key = keys
        at = entry
        for each in outer:
            at = at.setdefault(each, {})
        name = f"{section}.{'.'.join(keys)}"
        at[key] = {"secret": name}
        named[(section, "one", *keys)] = name
    return entry, named


def test_every_key_that_takes_a_secret_is_among_those_that_a_file_needs() -> None:
    made: dict[str, type[BaseModel]] = {"agents": AgentShape, "trunks": TrunkShape, "numbers": LineShape}
    entries = {section: filled(section, shape) for section, shape in made.items()}
    # A trunk that a line names is one more; the line that brings its own login names none.
    text = TypeAdapter(Any).dump_json(
        {
            "version": 1,
            **{section: {"one": entry} for section, (entry, _) in entries.items() if section != "trunks"},
            "trunks": {"one-trunk": entries["trunks"][0]},
        }
    )
    wanted = {path: name for _, named in entries.values() for path, name in named.items()}
    found = {path: secret.name for path, secret in secret_keys(parse(text.decode(), "numbers.yaml"))}
    assert {(path[0], "one", *path[2:]): name for path, name in found.items()} == wanted
    assert {("agents", "one", "pin"), ("trunks", "one", "auth_password"), ("numbers", "one", "auth_password")} <= set(
        wanted
    )


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
