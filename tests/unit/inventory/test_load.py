"""What a sound inventory means, and how files that are none are refused."""

from __future__ import annotations

import json
import os
import stat
from decimal import Decimal
from pathlib import Path

import pytest

from trunkline.e164 import E164
from trunkline.errors import InventoryError, Problem
from trunkline.inventory import Agent, Guard, Line, Place, Search, SecretRef, Trunk, load, parse

DEMO = Path(__file__).parents[3] / "numbers.yaml"


def number(text: str) -> E164:
    return E164.parse(text)


def refused(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InventoryError) as caught:
        load(path)
    return caught.value.problems


def test_the_repositorys_inventory_means_four_lines() -> None:
    inventory = load(DEMO)
    assert inventory.guard == Guard(
        max_purchases=5, max_releases=1, max_monthly_increase={"EUR": Decimal(10), "USD": Decimal(25)}
    )
    assert inventory.agents == {
        "ag_550e8400": Agent(id="ag_550e8400", agent_name="sales-agent"),
        "support": Agent(id="support", agent_name="support-agent", metadata={"tier": "gold"}, room_prefix="support-"),
    }
    assert inventory.trunks == {
        "twilio-us": Trunk(
            name="twilio-us",
            provider="twilio",
            domain_name="acme-us.pstn.twilio.com",
            auth_username="livekit",
            auth_password=SecretRef("twilioTermination"),
        ),
        "uk-office": Trunk(
            name="uk-office",
            provider="custom",
            sip_address="custom-sip.provider.com",
            transport="tls",
            auth_username="my_sip_user",
            auth_password=SecretRef("ukOfficePassword"),
            allowed_addresses=("203.0.113.0/28",),
        ),
    }
    assert inventory.lines == {
        "sales-us": Line(
            name="sales-us",
            provider="twilio",
            country="US",
            phone_number=number("+16505551234"),
            agent="ag_550e8400",
            label="Sales, US",
            tags={"team": "growth"},
            krisp_enabled=True,
        ),
        "support-gb": Line(
            name="support-gb",
            provider="vonage",
            country="GB",
            search=Search(country="GB", type="mobile"),
            agent="support",
            label="Support, UK mobile",
            krisp_enabled=True,
        ),
        "support-us": Line(
            name="support-us",
            provider="twilio",
            country="US",
            search=Search(country="US", area_code="650"),
            agent="support",
            label="Support, US",
            krisp_enabled=True,
        ),
        "uk-office": Line(
            name="uk-office",
            provider="custom",
            country="GB",
            phone_number=number("+442071234567"),
            trunk="uk-office",
            agent="support",
            label="UK Office Line",
            krisp_enabled=True,
        ),
    }
    assert inventory.all_line_names == ("sales-us", "support-gb", "support-us", "uk-office")


def test_a_custom_line_can_bring_all_that_the_old_api_took() -> None:
    inventory = parse(
        """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers:
  office:
    phone_number: "+442071234567"
    sip_address: "[2001:db8::1]:5061"
    sip_provider: Provider Ltd
    transport: tls
    auth_username: user
    auth_password: {secret: officePassword}
    inbound_auth: true
    krisp_enabled: true
    label: Büro & "UK"
    agent: support
""",
        "numbers.yaml",
    )
    assert inventory.lines == {
        "office": Line(
            name="office",
            provider="custom",
            country="GB",
            phone_number=number("+442071234567"),
            agent="support",
            label='Büro & "UK"',
            krisp_enabled=True,
            sip_address="[2001:db8::1]:5061",
            sip_provider="Provider Ltd",
            transport="tls",
            auth_username="user",
            auth_password=SecretRef("officePassword"),
            inbound_auth=True,
        )
    }


def test_every_key_of_a_line_arrives() -> None:
    sid = "0123456789abcdef" * 2
    inventory = parse(
        f"""\
version: 1
agents: {{support: {{agent_name: a, metadata: {{b: [1, 1.5, true, null], a: {{}}}}}}}}
trunks:
  t:
    {{provider: twilio, owner: eu, adopt: true, shared: true, headers: {{X-A: a}}, transport: tls,
    media_encryption: require}}
defaults: {{tags: {{a: b}}, max_call_duration: 60, stacks: [eu]}}
numbers:
  one:
    trunk: t
    phone_number: "+16505551234"
    country: US
    agent: support
    tags: {{z: "1", c: d}}
    inbound: true
    outbound: false
    allowed_callers: ["+442071234567", "+16505551235"]
    allowed_addresses: [203.0.113.7, "2001:db8::/32"]
    media_encryption: allow
    headers: {{X-B: ""}}
    attributes: {{team: growth}}
    ringing_timeout: 30
    address_sid: AD{sid}
    bundle_sid: BU{sid}
    adopt: true
    removal: keep
    renamed_from: zero
    verify: ./verify one
""",
        "numbers.yaml",
    )
    # Dumped, since an exact decimal would be equal too, and is no JSON.
    assert json.dumps(inventory.agents["support"].metadata) == '{"a": {}, "b": [1, 1.5, true, null]}'
    assert inventory.trunks["t"] == Trunk(
        name="t",
        provider="twilio",
        owner="eu",
        adopt=True,
        shared=True,
        headers={"X-A": "a"},
        transport="tls",
        media_encryption="require",
    )
    assert inventory.lines["one"] == Line(
        name="one",
        provider="twilio",
        country="US",
        phone_number=number("+16505551234"),
        trunk="t",
        agent="support",
        tags={"c": "d", "z": "1"},
        outbound=False,
        allowed_callers=(number("+442071234567"), number("+16505551235")),
        allowed_addresses=("203.0.113.7", "2001:db8::/32"),
        media_encryption="allow",
        headers={"X-B": ""},
        attributes={"team": "growth"},
        max_call_duration=60,
        ringing_timeout=30,
        address_sid=f"AD{sid}",
        bundle_sid=f"BU{sid}",
        adopt=True,
        removal="keep",
        renamed_from="zero",
        stacks=("eu",),
        verify="./verify one",
    )


@pytest.mark.parametrize(
    ("keys", "provider", "country"),
    [
        ('phone_number: "+442071234567"', "vonage", "GB"),
        ("search: {}", "vonage", "CA"),
        ("search: {country: DE}", "vonage", "DE"),
        ("search: {}, country: FR", "vonage", "FR"),
        ('phone_number: "+442071234567", provider: twilio', "twilio", "GB"),
        ('phone_number: "+442071234567", trunk: t', "custom", "GB"),
        ('phone_number: "+442071234567", sip_address: sip.example.com', "custom", "GB"),
        ('phone_number: "+18005551234"', "vonage", "US"),
        ('phone_number: "+18005551234", country: CA', "vonage", "CA"),
        ('phone_number: "+80012345678"', "vonage", ""),
        ('phone_number: "+80012345678", country: GB', "vonage", "GB"),
    ],
)
def test_provider_and_country_come_from_the_nearest_that_says_them(keys: str, provider: str, country: str) -> None:
    inventory = parse(
        "version: 1\nagents: {a: {agent_name: a}}\ndefaults: {provider: vonage, country: CA, agent: a}\n"
        f"trunks: {{t: {{provider: custom, sip_address: sip.example.com}}}}\nnumbers: {{one: {{{keys}}}}}\n",
        "numbers.yaml",
    )
    line = inventory.lines["one"]
    assert (line.provider, line.country) == (provider, country)


def test_an_inventory_without_lines_is_sound_when_it_says_so() -> None:
    assert parse("version: 1\nnumbers: {}\n", "numbers.yaml").lines == {}


def test_windows_line_ends_mean_the_same() -> None:
    text = DEMO.read_text(encoding="utf-8")
    assert parse(text.replace("\n", "\r\n"), "numbers.yaml") == parse(text, "numbers.yaml")


def test_a_place_is_that_of_the_key_or_of_its_nearest_parent() -> None:
    inventory = parse(
        'version: 1\nnumbers:\n  one:\n    sip_address: a\n    phone_number: "+16505551234"\n    inbound: false\n',
        "n.yaml",
    )
    assert [
        inventory.place(*path)
        for path in (("numbers", "one", "phone_number"), ("numbers", "one", "label"), ("numbers", "two"), ("agents",))
    ] == [Place("n.yaml", 5, 5), Place("n.yaml", 3, 3), Place("n.yaml", 2, 1), Place("n.yaml", 1, 1)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"version: 1\n# caf\xe9\n", ("encoding", 2, 6)),
        ("version: 1\n".encode("utf-16"), ("encoding", 1, 1)),
        (b"#" * (8 * 1024 * 1024 + 1), ("too-large", 1, 1)),
        (b"\xef\xbb\xbfversion: 1\n", ("character", 1, 1)),
    ],
    ids=["latin-1", "utf-16", "too large", "byte order mark"],
)
def test_a_file_that_is_no_plain_utf_8_text_is_refused(
    tmp_path: Path, content: bytes, expected: tuple[str, int, int]
) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_bytes(content)
    assert [(problem.rule, problem.line, problem.column) for problem in refused(path)] == [expected]


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    fix = "name an existing file, or begin one as docs/numbers-yaml.md shows"
    assert [refused(path) for path in (tmp_path / "none.yaml", tmp_path, pipe)] == [
        (Problem(rule="no-file", message=f"the inventory {what}", fix=fix, file=str(path)),)
        for path, what in ((tmp_path / "none.yaml", "is not there"), (tmp_path, "is no file"), (pipe, "is no file"))
    ]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
