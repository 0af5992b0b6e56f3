"""`trunkline search`: numbers on offer with price and needs, and the first one written into the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from trunkline.cli import search
from trunkline.errors import Refusal
from trunkline.offers import Offer, Wanted

FILE = """\
version: 1
defaults: {provider: twilio, outbound: false}
agents: {support: {agent_name: support-agent}}
numbers:
  found:
    search: {country: US, area_code: 650}   # picks once
    agent: support
  known: {phone_number: "+16505551234", agent: support}
  theirs: {provider: vonage, search: {country: GB}, agent: support}
"""
OFFERS = (
    Offer(number="+16505550101", country="US", type="local", monthly=("1.15", "USD")),
    Offer(number="+16505550102", country="US", type="local", monthly=None, requires=("address_sid", "bundle_sid")),
)
US = ["--provider", "twilio", "--country", "US", "--area-code", "650"]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    """Stand in for the carriers, and note what they are asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)
    Path("numbers.yaml").write_text(FILE, encoding="utf-8")
    noted: list[Wanted] = []

    def offered(wanted: Wanted) -> tuple[Offer, ...]:
        noted.append(wanted)
        return OFFERS if wanted.country == "US" else ()

    monkeypatch.setattr("providers.offers.search", lambda environ: offered)
    return noted


@pytest.fixture
def served() -> Iterator[Mapping[str, str]]:
    with SandboxServer(Sandbox()) as server:
        yield environment(server.url)
        assert server.sandbox.ledger.charges() == []


def test_numbers_are_listed_with_price_and_needs(asked: list[Wanted], capsys: pytest.CaptureFixture[str]) -> None:
    words = [*US, "--contains", "55*", "--locality", "Palo Alto", "--type", "mobile", "--limit", "3"]

    assert search.main(words, {}) == 0
    assert capsys.readouterr().out == (
        "number        country  type   a month   needs\n"
        "+16505550101  US       local  1.15 USD\n"
        "+16505550102  US       local  unknown   an address (`address_sid`), a regulatory bundle (`bundle_sid`)\n"
    )
    assert asked == [
        Wanted(
            provider="twilio",
            country="US",
            area_code="650",
            contains="55*",
            type="mobile",
            limit=3,
            locality="Palo Alto",
        )
    ]


def test_json_is_as_the_api_has_it(asked: list[Wanted], capsys: pytest.CaptureFixture[str]) -> None:
    assert search.main([*US, "--json"], {}) == 0
    common = {"country": "US", "type": "local"}
    assert json.loads(capsys.readouterr().out) == {
        "provider": "twilio",
        "numbers": [
            {
                "phoneNumber": "+16505550101",
                **common,
                "monthlyCost": {"amount": "1.15", "currency": "USD"},
                "requires": [],
            },
            {"phoneNumber": "+16505550102", **common, "monthlyCost": None, "requires": ["address_sid", "bundle_sid"]},
        ],
    }


def test_nothing_on_offer_is_a_finding(asked: list[Wanted], capsys: pytest.CaptureFixture[str]) -> None:
    assert search.main(["--provider", "vonage", "--country", "NZ"], {}) == 2
    assert capsys.readouterr().out == "vonage offers no such number now.\n"


def test_a_line_that_looks_for_a_number_gets_the_first_one_in_the_place_of_its_search(
    asked: list[Wanted], capsys: pytest.CaptureFixture[str]
) -> None:
    dry, untouched = search.main([*US, "--pin", "found", "--dry-run"], {}), Path("numbers.yaml").read_text("utf-8")
    capsys.readouterr()
    code = search.main([*US, "--pin", "found"], {})

    assert (dry, untouched, code) == (2, FILE, 0)
    searched = "search: {country: US, area_code: 650}   # picks once"
    assert Path("numbers.yaml").read_text("utf-8") == FILE.replace(
        searched, 'phone_number: "+16505550101"   # picks once'
    )
    assert (
        "\n+16505550101 costs 1.15 USD a month.\nWhere an update has given the line another" in capsys.readouterr().out
    )


def test_a_new_line_is_added_with_what_it_is_given(asked: list[Wanted]) -> None:
    assert (
        search.main([*US, "--pin", "desk", "--agent", "desk", "--agent-name", "desk-agent", "--label", "Desk"], {}) == 0
    )
    assert Path("numbers.yaml").read_text("utf-8") == FILE.replace(
        "support-agent}}", "support-agent}, desk: {agent_name: desk-agent}}"
    ) + ('  desk:\n    provider: twilio\n    phone_number: "+16505550101"\n    agent: desk\n    label: Desk\n')


def test_what_buying_it_needs_is_said_unless_it_is_given(
    asked: list[Wanted], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("providers.offers.search", lambda environ: lambda wanted: OFFERS[1:])
    address = f"AD{'0' * 32}"

    assert search.main([*US, "--pin", "desk", "--agent=support", f"--address-sid={address}", "--json"], {}) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["notes"] == [
        "+16505550102 costs unknown a month.",
        "Buying it needs a regulatory bundle (`bundle_sid`).",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("known", 'line "known" of numbers.yaml looks for no number: it has one. Nothing was written.'),
        ("theirs", 'line "theirs" of numbers.yaml is of vonage, not of twilio. Nothing was written.'),
    ],
)
def test_a_line_keeps_its_number_and_its_provider(line: str, message: str, asked: list[Wanted]) -> None:
    with pytest.raises(Refusal) as refused:
        search.main([*US, "--pin", line], {})

    assert (str(refused.value), Path("numbers.yaml").read_text("utf-8")) == (message, FILE)


def test_each_carrier_is_asked(served: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    codes = [
        search.main([*US, "--limit", "1", "--json"], served),
        search.main(["--provider", "vonage", "--country", "GB", "--type", "mobile", "--limit", "1"], served),
    ]

    shown = capsys.readouterr().out
    assert codes == [0, 0]
    assert '"phoneNumber": "+1650' in shown
    assert "\n+447" in shown


def test_a_town_is_looked_for_where_the_carrier_can(
    served: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = search.main(["--provider=twilio", "--country=US", "--locality=Nowhere"], served)
    with pytest.raises(Refusal) as refused:
        search.main(["--provider=vonage", "--country=GB", "--locality=London"], served)

    assert (found, capsys.readouterr().out) == (2, "twilio offers no such number now.\n")
    assert str(refused.value) == "vonage cannot search by locality. Nothing was asked. Search by area code."


@pytest.mark.parametrize("provider", ["twilio", "none"])
def test_a_carrier_that_is_not_configured_is_not_asked(provider: str) -> None:
    with pytest.raises(Refusal) as refused:
        search.main(["--provider", provider, "--country", "US"], {})

    assert str(refused.value) == (
        f"no carrier '{provider}' is configured here, so nothing was asked. Export its credentials; the README lists"
        " them under Credentials."
    )


@pytest.mark.parametrize(
    "words", [[], ["--limit=0"], ["--limit=51"], ["--country=us"], ["--area-code=x"], ["--contains=1"], ["--type=fax"]]
)
def test_wrong_arguments_are_an_error(words: list[str]) -> None:
    assert search.main(["--provider=twilio", "--country=US", *words] if words else [], {}) == 1
