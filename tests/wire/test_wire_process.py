"""The process itself: how it reports failures, and that it ends with its engine, under both launchers."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
import pytest

from sandbox import Fault, Sandbox, SandboxServer
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.environment import environment
from sandbox.faults import Action
from tests.support.waiting import SOON
from tests.wire.properties import PASSWORD, desired
from tests.wire.provider_process import ProviderProcess

both_launchers = pytest.mark.parametrize("provider", ["ours", "official"], indirect=True)


@both_launchers
def test_a_vendor_s_refusal_is_told_in_our_words_alone(provider: ProviderProcess, sandbox: Sandbox) -> None:
    list_id, _ = provider.create("CredentialList", desired("CredentialList"))
    props = {**desired("Credential"), "credentialListSid": list_id, "password": "short"}
    assert _told(provider, "Credential", props) == (
        f"twilio: POST /SIP/CredentialLists/{list_id}/Credentials.json: Invalid Password: must have 12 characters or"
        " more, with a digit and letters in mixed case (HTTP 400, code 20001). Nothing was changed by this request."
    )


@both_launchers
def test_our_own_refusal_is_told_in_our_words_alone(provider: ProviderProcess, sandbox: Sandbox) -> None:
    provider.create("InboundTrunk", {**desired("InboundTrunk"), "tag": "trunkline:acme/test/other"})
    told = _told(provider, "InboundTrunk", desired("InboundTrunk"))
    assert told.startswith("InboundTrunk: +16505551234 is in use by ST_")
    assert told.endswith("where no stack has it any more, take that tag off at the vendor.")


@pytest.mark.parametrize("launcher", ["ours", "official"])
def test_a_malformed_setting_is_told_in_our_words_alone(launcher: str, server: SandboxServer, tmp_path: Path) -> None:
    variables = {**environment(server.url), "LIVEKIT_URL": "nowhere"}
    with ProviderProcess(launcher, tmp_path, variables) as process:
        process.configure()
        with pytest.raises(grpc.RpcError) as caught:
            process.check("InboundTrunk", desired("InboundTrunk"))
    assert caught.value.details() == (
        "LIVEKIT_URL is no URL with wss or https or ws or http [malformed-setting]; set it to something like wss://host"
    )


@both_launchers
def test_a_defect_keeps_its_traceback(provider: ProviderProcess) -> None:
    props = desired("InboundTrunk")
    del props["tag"]
    told = _told(provider, "InboundTrunk", props)
    assert told.startswith("Traceback")
    assert told.endswith("KeyError: 'tag'\n")


@pytest.mark.parametrize("launcher", ["ours", "official"])
def test_the_log_that_is_asked_for_gets_each_request_and_each_traceback(
    launcher: str, server: SandboxServer, tmp_path: Path
) -> None:
    """Also the traceback of an error of ours, of which the engine is told the message alone."""
    server.sandbox.faults.add(Fault("status", path="CreateSIPInboundTrunk", status=403))
    path, odd = tmp_path / "debug.log", desired("InboundTrunk")
    del odd["tag"]
    with ProviderProcess(launcher, tmp_path, {**environment(server.url), "TRUNKLINE_DEBUG": str(path)}) as process:
        process.configure()
        refused, defect = _told(process, "InboundTrunk", desired("InboundTrunk")), _told(process, "InboundTrunk", odd)
    log = [line.split(" ", 2)[2] for line in path.read_text().splitlines()]
    assert [line.split(" ")[:4] for line in log if line.startswith("livekit POST")] == [
        ["livekit", "POST", "/twirp/livekit.SIP/ListSIPInboundTrunk", "200"],
        ["livekit", "POST", "/twirp/livekit.SIP/CreateSIPInboundTrunk", "403"],
    ]
    assert "Traceback" not in refused
    # The sandbox's own secret is made of words that a variable's name has too.
    of_ours = {line.removeprefix("trunkline.errors.Rejected: ") for line in log if line.startswith("trunkline.errors")}
    assert of_ours == {refused.replace("LIVEKIT_API_SECRET", "***")}
    assert log[-len(defect.splitlines()) :] == defect.splitlines()


@both_launchers
def test_no_failure_tells_a_secret(provider: ProviderProcess, sandbox: Sandbox) -> None:
    told = []
    actions: tuple[Action, ...] = ("status", "html", "drop")
    for action in actions:
        sandbox.faults.clear()
        sandbox.faults.add(Fault(action=action, path="CreateSIPOutboundTrunk", times=None))
        told.append(_told(provider, "OutboundTrunk", desired("OutboundTrunk")))
    props = desired("OutboundTrunk")
    del props["tag"]
    told.append(_told(provider, "OutboundTrunk", props))
    for secret in (PASSWORD, TWILIO.auth_token, VONAGE.api_secret, LIVEKIT.api_secret):
        assert [text for text in told if secret in text] == []


@both_launchers
def test_the_process_ends_when_the_engine_does(provider: ProviderProcess) -> None:
    provider.check("InboundTrunk", desired("InboundTrunk"))
    assert provider.process.poll() is None
    provider.end_engine()
    assert _ended(provider)


def test_our_launcher_ends_with_the_engine_also_before_the_first_call(provider: ProviderProcess) -> None:
    provider.end_engine()
    assert _ended(provider)


def _ended(provider: ProviderProcess) -> bool:
    try:
        provider.process.wait(timeout=SOON)
    except subprocess.TimeoutExpired:
        return False
    return True


def _told(provider: ProviderProcess, kind: str, props: Mapping[str, Any]) -> str:
    """What the engine is told of a create that fails."""
    with pytest.raises(grpc.RpcError) as caught:
        provider.create(kind, props)
    return str(caught.value.details())
