"""The gate over real gRPC: what its check adds, and what it refuses before anything is written."""

from __future__ import annotations

from typing import Any

from sandbox import Fault, Sandbox
from sandbox.credentials import TWILIO
from tests.support.world import World
from tests.wire.provider_process import ProviderProcess

INVENTORY = """\
version: 1
defaults: {provider: twilio, country: US}
agents: {sales: {agent_name: sales-agent}}
trunks: {us: {provider: twilio, domain_name: a.pstn.twilio.com, auth_username: u, auth_password: {secret: twilioTermination}}}
numbers:
  sales: {phone_number: "+16505551234", agent: sales}
  support: {search: {country: US, area_code: 650}, agent: sales}
"""  # noqa: E501


def test_check_adds_number_acquisition_and_price_of_every_line(provider: ProviderProcess, sandbox: Sandbox) -> None:
    inputs = provider.check("Fleet", _declared())
    price = {"amount": "1.15", "currency": "USD"}
    candidate = inputs["lines"]["support"]["phoneNumber"]
    assert candidate.startswith("+1650")
    assert {name: _found_out(line) for name, line in inputs["lines"].items()} == {
        "sales": ("+16505551234", "purchase", price),
        "support": (candidate, "purchase", price),
    }
    assert sandbox.journal.writes() == []


def test_what_was_chosen_stays_chosen(provider: ProviderProcess) -> None:
    """Although another search would show other numbers."""
    chosen = provider.check("Fleet", _declared())
    assert provider.check("Fleet", _declared(), chosen) == chosen


def test_a_fleet_of_more_than_four_megabytes_is_read_as_any(provider: ProviderProcess) -> None:
    """The engine and the SDK let each other send up to 400 MB; gRPC by itself lets 4 MB through."""
    chosen = provider.check("Fleet", _declared())
    many = {**chosen, "lines": {f"line-{line:05}": chosen["lines"]["sales"] for line in range(20_000)}}
    assert len(str(many)) > 4 << 20
    read = provider.read("Fleet", "acme/test", many)
    assert (read[0], read[1]["lines"].keys(), read[2]["lines"].keys()) == (
        "acme/test",
        many["lines"].keys(),
        many["lines"].keys(),
    )


def test_a_refusal_names_the_line_and_what_to_do(provider: ProviderProcess, sandbox: Sandbox) -> None:
    sandbox.twilio.add_number("+16505551234")
    _, reasons = provider.checked("Fleet", _declared())
    assert reasons == [
        'line "sales": +16505551234 is in the twilio account already and was not made by Trunkline.'
        " Set `adopt: true` to take it over in place; nothing is bought then"
    ]


def test_every_refusal_is_told_at_once(provider: ProviderProcess, sandbox: Sandbox) -> None:
    sandbox.twilio.add_number("+16505551234")
    declared = _declared()
    declared["guard"] = {**declared["guard"], "maxPurchases": 0}
    _, reasons = provider.checked("Fleet", declared)
    assert [reason.split(" ")[0] for reason in reasons] == ["line", "1"]


def test_another_account_is_refused(provider: ProviderProcess) -> None:
    recorded = provider.check("Fleet", _declared())
    elsewhere = {**recorded, "accounts": {**recorded["accounts"], "twilio": "AC0"}}
    _, reasons = provider.checked("Fleet", _declared(), elsewhere)
    assert len(reasons) == 1
    assert f"twilio is recorded as AC0, but TWILIO_ACCOUNT_SID says {TWILIO.sid}" in reasons[0]


def test_a_vendor_that_does_not_answer_is_a_refusal_and_no_traceback(
    provider: ProviderProcess, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(action="status", vendor="twilio", status=401, times=None))
    _, reasons = provider.checked("Fleet", _declared())
    assert len(reasons) == 1
    assert reasons[0].startswith("twilio: GET ")
    assert "Traceback" not in reasons[0]


def _declared() -> dict[str, Any]:
    """What the program would give the Fleet for the accounts of the sandbox."""
    return dict(World().plan(INVENTORY).fleet)


def _found_out(line: dict[str, Any]) -> tuple[Any, ...]:
    return line["phoneNumber"], line["acquisition"], line["monthlyCost"]
