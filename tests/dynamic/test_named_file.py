"""Messages name the file that a stack really has, which need not be called numbers.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.dynamic import diagnostics, runtime
from providers.dynamic.fleet import FleetProvider
from tests.support.world import Stack, World
from trunkline.errors import Reason, Rejected, SettingsError
from trunkline.settings import Settings, inventory_file

EU = "fleets/eu.yaml"
TEXT = """\
version: 1
agents: {a: {agent_name: x}}
numbers:
  sales: {provider: twilio, phone_number: "+16505551200", agent: a}
  office: {provider: twilio, phone_number: "+16505551201", agent: a}
"""
WITHOUT_OFFICE = TEXT.replace(TEXT.splitlines(keepends=True)[-1], "")


@pytest.fixture
def stack() -> Iterator[Stack]:
    made = Stack(World())
    made.up(TEXT)
    process = made.world.process()
    process.inventory, process.notice = EU, runtime.print_notice
    runtime.install(process)
    yield made
    runtime.install(None)


@pytest.mark.parametrize(
    ("environment", "configured", "file"),
    [({}, None, "numbers.yaml"), ({}, EU, EU), ({"TRUNKLINE_INVENTORY": "a.yaml"}, EU, "a.yaml")],
)
def test_which_file_it_is_says_the_environment_and_then_the_configuration(
    environment: dict[str, str], configured: str | None, file: str
) -> None:
    assert inventory_file(environment, lambda name: {"inventory": configured}.get(name)) == file


def test_a_refusal_of_the_fleet_names_it(stack: Stack) -> None:
    news = dict(stack.world.plan(WITHOUT_OFFICE).fleet)
    olds = stack.engine.state.resources["Fleet", "fleet"].inputs
    failures = FleetProvider().check(dict(olds), news).failures
    assert [failure.reason.partition(", but")[0] for failure in failures] == [
        'line "office" (+16505551201, 1.15 USD a month) is no longer in fleets/eu.yaml'
    ]


def test_so_does_an_error_of_a_resource(stack: Stack) -> None:
    said = Rejected("v", "POST /x", "no", reason=Reason.INVALID, fix="Check the line's `b` in numbers.yaml.")

    def told(error: Exception) -> str:
        try:
            raise error
        except Rejected:
            return diagnostics.told()

    assert told(said) == "v: POST /x: no. Nothing was changed by this request. Check the line's `b` in fleets/eu.yaml."


def test_and_a_notice_where_a_place_stays_as_it_is(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    runtime.current().notice("old/numbers.yaml:3: accept it in numbers.yaml: `accepted`; not my-numbers.yaml")
    assert capsys.readouterr().err == (
        "old/numbers.yaml:3: accept it in fleets/eu.yaml: `accepted`; not my-numbers.yaml\n"
    )


def test_a_provider_process_learns_it_from_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)
    runtime.install(None)
    runtime.configure({"trunkline:inventory": EU}.get, {})
    try:
        assert runtime.current().inventory == EU
    finally:
        runtime.install(None)


def test_a_problem_of_the_settings_names_it_too() -> None:
    def lookup(name: str) -> Any:
        return {"inventory": EU, "livekitSipUri": "sips:x.sip.livekit.cloud"}.get(name)

    with pytest.raises(SettingsError, match=r"on the trunks in fleets/eu\.yaml"):
        Settings.load({}, lookup)
