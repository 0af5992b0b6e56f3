"""The ways to begin, as they are printed: from the wheel, on the real engine, on a machine without this repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from tests.docs.newcomer import PASSWORD, Machine, clicked_together, command_lines
from tests.docs.pages import Page, shows
from tests.engine.conftest import demand_engine
from tests.support import processes, wheel

pytestmark = [pytest.mark.engine, pytest.mark.timeout(2400)]

EXISTING, NEW = Page("docs/existing-account.md"), Page("docs/new-account.md")
MOST_COMMANDS = 15
MADE_UP = "Canary-new-account-1"
SET_TAGS = [
    "livekit POST UpdateSIPDispatchRule",
    "livekit POST UpdateSIPDispatchRule",
    "livekit POST UpdateSIPInboundTrunk",
    "livekit POST UpdateSIPInboundTrunk",
    "livekit POST UpdateSIPOutboundTrunk",
    "twilio POST IncomingPhoneNumbers",
    "twilio POST OriginationUrls",
    "twilio POST Trunks",
]
BUY = [
    "livekit POST CreateSIPDispatchRule",
    "livekit POST CreateSIPInboundTrunk",
    "livekit POST CreateSIPOutboundTrunk",
    "twilio POST CredentialLists",
    "twilio POST CredentialLists",
    "twilio POST Credentials",
    "twilio POST IncomingPhoneNumbers",
    "twilio POST OriginationUrls",
    "twilio POST Trunks",
]


@dataclass
class Walk:
    """A page whose commands were run: each with its code, what it printed, and its writes at the vendors, sorted."""

    machine: Machine
    sandbox: Sandbox
    codes: dict[str, int] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    writes: dict[str, list[str]] = field(default_factory=dict)

    def run(self, line: str, typed: str) -> None:
        mark = self.sandbox.journal.mark()
        self.codes[line], self.printed[line] = self.machine.run(line, typed)
        writes = self.sandbox.journal.writes(mark)
        self.writes[line] = sorted(_brief(each.vendor, each.method, each.path) for each in writes)

    def told(self) -> dict[str, tuple[int, list[str]]]:
        """Give the code and the writes of each command that ended with another code than 0, or wrote."""
        both = {line: (code, self.writes[line]) for line, code in self.codes.items()}
        return {line: ended for line, ended in both.items() if ended != (0, [])}


def _brief(vendor: str, method: str, path: str) -> str:
    """Name a write by the last part of its path that is no id."""
    *_, kind = (part for part in path.removesuffix(".json").split("/") if part.isalpha())
    return f"{vendor} {method} {kind}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    demand_engine()
    return wheel.build(tmp_path_factory.mktemp("wheel"))


def _walked(page: Page, folder: Path, built: Path, server: SandboxServer, typed: str) -> Iterator[Walk]:
    walk = Walk(Machine.create(folder, built, server), server.sandbox)
    try:
        for line, _ in command_lines(page):
            if line == "trunkline plan":
                _change_by_hand(server.sandbox)
            walk.run(line, typed if "--secret" in line else "")
        yield walk
    finally:
        walk.machine.close()
        processes.end_all()


def _change_by_hand(sandbox: Sandbox) -> None:
    """Let another agent answer the office, at LiveKit."""
    (rule,) = (one for one in sandbox.livekit.dispatch_rules() if "/office#" in one["name"])
    sandbox.livekit.edit_rule(rule["sip_dispatch_rule_id"], room_config={"agents": [{"agent_name": "desk-agent"}]})


@pytest.fixture(scope="module")
def existing(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with SandboxServer(Sandbox()) as server:
        clicked_together(server.sandbox)
        yield from _walked(EXISTING, tmp_path_factory.mktemp("existing"), built, server, PASSWORD)


@pytest.fixture(scope="module")
def new(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with SandboxServer(Sandbox()) as server:
        yield from _walked(NEW, tmp_path_factory.mktemp("new"), built, server, MADE_UP)


@pytest.mark.parametrize("page", [EXISTING, NEW], ids=lambda page: str(page.name))
def test_a_page_has_few_commands(page: Page) -> None:
    assert len(command_lines(page)) <= MOST_COMMANDS


def test_an_existing_account_is_taken_over_changed_by_a_pull_request_and_watched(existing: Walk) -> None:
    assert existing.told() == {
        "pulumi up --yes": (0, SET_TAGS),
        "trunkline plan --save plan.json": (2, []),
        "git switch --quiet main && git merge --quiet night && trunkline apply plan.json": (
            0,
            ["livekit POST UpdateSIPDispatchRule"],
        ),
        "trunkline plan": (2, []),
    }, existing.printed


def test_a_new_account_has_its_first_number(new: Walk) -> None:
    assert new.told() == {"pulumi up --yes": (0, BUY)}, new.printed


def test_the_page_shows_what_its_commands_print(existing: Walk) -> None:
    blocks = [(line, block) for line, block in command_lines(EXISTING) if block is not None]

    assert [existing.printed[line] for line, block in blocks if not shows(existing.printed[line], block)] == []
    assert len(blocks) == 2


def test_all_of_it_ran_from_the_wheel(existing: Walk) -> None:
    packages = ("trunkline", "providers", "stacks", "sandbox")
    places = ", ".join(f"{name}.__file__" for name in packages)
    code, printed = existing.machine.run(f"python -c 'import {', '.join(packages)}; print({places})'")
    installed = existing.machine.home / "numbers/.venv"

    assert (code, [Path(place).is_relative_to(installed) for place in printed.split()]) == (0, [True] * 4), printed


def test_no_secret_is_in_the_repository_or_was_printed(existing: Walk) -> None:
    folder = existing.machine.home / "numbers"
    files = [path for path in folder.rglob("*") if path.is_file() and ".venv" not in path.parts]
    kept = b"".join(path.read_bytes() for path in files) + "".join(existing.printed.values()).encode()

    secrets = (PASSWORD, TWILIO.auth_token, VONAGE.api_secret, LIVEKIT.api_secret)
    assert [secret for secret in secrets if secret.encode() in kept] == []
