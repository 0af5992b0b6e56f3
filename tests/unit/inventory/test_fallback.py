"""What `fallback` may be, where it may stand, and what is said where a carrier cannot use it."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import parse
from trunkline.inventory.rules.advice import warnings

DESK = "sip:desk@pbx.example.com"
FILE = """\
version: 1
defaults: {{agent: desk{defaults}}}
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{trunk}}}
numbers:
  a: {{trunk: us, phone_number: "+16505551234", outbound: false{line}}}
{more}"""
IN_GB = '  gb: {provider: vonage, phone_number: "+442071234567", outbound: false}\n'
AT_PBX = '  pbx: {provider: custom, sip_address: pbx.example.com, phone_number: "+442071234568", outbound: false}\n'


def file(*, fallback: str = "", trunk: str = "", line: str = "", defaults: str = "", more: str = "") -> str:
    said = f', fallback: "{fallback}"' if fallback else ""
    return FILE.format(trunk=trunk + said, line=line, defaults=defaults, more=more)


def problems(text: str) -> list[tuple[str, str, str]]:
    """Give rule, message and fix of each problem."""
    try:
        parse(text, "numbers.yaml")
    except InventoryError as error:
        return [(one.rule, one.message, one.fix) for one in error.problems]
    return []


@pytest.mark.parametrize(
    "fallback",
    [
        DESK,
        "sip:pbx.example.com",
        "sip:+16505550100@203.0.113.7:5080;transport=tls",
        "sip:[2001:db8::1]:5060;transport=tcp;edge=ashburn",
        "https://desk.example.com/twiml?line=a",
        "none",
    ],
)
def test_it_is_a_sip_uri_an_https_url_or_none(fallback: str) -> None:
    inventory = parse(file(fallback=fallback), "numbers.yaml")
    assert inventory.trunks["us"].fallback == fallback.removesuffix("none")


WAY = (
    "write a SIP URI, sip:desk@pbx.example.com; a phone is reached through a SIP host that calls it, or, at a carrier"
    " that takes one, by an https URL whose TwiML dials it; `none` for no fallback"
)


@pytest.mark.parametrize(
    ("fallback", "why"),
    [
        ("+16505550100", "is a phone number, and no carrier fails over to one"),
        ("tel:+16505550100", "is a phone number, and no carrier fails over to one"),
        ("sips:desk@pbx.example.com", "begins with sips:, and carriers take sip: with ;transport=tls"),
        ("sip:desk:geheim@pbx.example.com", "holds a password in clear"),
        ("https://desk:geheim@pbx.example.com/a", "holds a password in clear"),
        ("sip:desk@pbx.example.com,sip:night@pbx.example.com", "is no SIP URI and no https URL"),
        ("sip:desk@pbx_1", "is no SIP URI and no https URL"),
        ("sip:desk@pbx.example.com:70000", "is no SIP URI and no https URL"),
        ("http://desk.example.com/twiml", "is no SIP URI and no https URL"),
    ],
)
def test_what_no_carrier_asks_is_refused_with_the_way(fallback: str, why: str) -> None:
    [(rule, message, fix)] = problems(file(fallback=fallback))
    assert (rule, message.endswith(why), fix) == ("fallback", True, WAY)


def test_no_password_of_a_fallback_is_printed() -> None:
    assert "geheim" not in str(problems(file(fallback="sip:desk:geheim@pbx.example.com")))


@pytest.mark.parametrize(
    ("given", "rule", "message", "fix"),
    [
        (
            {"fallback": DESK, "trunk": ", media_encryption: require, transport: tls"},
            "fallback",
            'trunk "us": its calls are secure, and Twilio accepts secure calls over TLS alone (error 32209): none would'
            f" reach {DESK}",
            "write it with `;transport=tls`, or delete `media_encryption`",
        ),
        (
            {"fallback": "https://a.example.com", "trunk": ", disaster_recovery_url: https://b.example.com"},
            "fallback",
            'trunk "us": its fallback is a URL, and it has a disaster_recovery_url too; Twilio\'s trunks have one URL',
            "keep one of the two; a SIP URI as fallback may stand beside the other",
        ),
        (
            {"fallback": DESK, "line": ", ringing_timeout_status: 486"},
            "fallback",
            'line "a": LiveKit would refuse its calls with 486, after which Twilio asks no fallback',
            "write 503, or delete `ringing_timeout_status`, which is 503 then",
        ),
        (
            {"fallback": DESK, "trunk": ", ringing_timeout_status: 603"},
            "fallback",
            'line "a": LiveKit would refuse its calls with 603, after which Twilio asks no fallback',
            "write 503, or delete `ringing_timeout_status`, which is 503 then",
        ),
        (
            {"defaults": f', fallback: "{DESK}", ringing_timeout_status: 480', "more": IN_GB},
            "fallback",
            'line "gb": LiveKit would refuse its calls with 480, after which Vonage asks no fallback',
            "write 503, or delete `ringing_timeout_status`, which is 503 then",
        ),
        (
            {"defaults": ", fallback: https://a.example.com", "more": IN_GB},
            "fallback",
            "the trunk of vonage lines: its fallback is a URL, and Vonage forwards to SIP URIs alone",
            "write a SIP URI: sip:desk@pbx.example.com; or `fallback: none`",
        ),
        (
            {"defaults": f', fallback: "{DESK};edge=ashburn"', "more": IN_GB},
            "fallback",
            "the trunk of vonage lines: its fallback has `;edge=ashburn`, and a forward of Vonage's takes transport,"
            " media, timeout alone",
            "delete `;edge=ashburn`",
        ),
        (
            {"defaults": ", fallback: sip:pbx.example.com", "more": IN_GB},
            "fallback",
            "the trunk of vonage lines: its fallback sip:pbx.example.com names no user, and Vonage forwards to"
            " sip:user@host",
            "write whom the host is to call: sip:desk@pbx.example.com",
        ),
        (
            {"line": f', fallback: "{DESK}"'},
            "unknown-key",
            "numbers.a.fallback: a line has no such key",
            "write it on the line's trunk, or in `defaults`",
        ),
    ],
)
def test_what_its_carrier_cannot_do_is_refused_offline(
    given: dict[str, str], rule: str, message: str, fix: str
) -> None:
    [(met_rule, met_message, met_fix)] = problems(file(**given))
    assert (met_rule, met_message, met_fix) == (rule, message, fix)


def test_a_status_after_which_the_carrier_fails_over_may_be_written() -> None:
    assert [problems(file(fallback=DESK, line=f", ringing_timeout_status: {each}")) for each in (480, 500, 503)] == [
        [],
        [],
        [],
    ]


BY_ITS_HOST = (
    "its SIP host decides where calls go that LiveKit refuses: set it there, and here `ringing_timeout` with"
    " `ringing_timeout_status: 503`, which tells it"
)


def test_a_custom_trunk_has_none_and_the_refusal_says_what_it_has() -> None:
    text = file(more='  b: {trunk: pbx, phone_number: "+442071234568", outbound: false}\n').replace(
        "trunks:\n", f'trunks:\n  pbx: {{provider: custom, sip_address: pbx.example.com, fallback: "{DESK}"}}\n'
    )
    assert problems(text) == [
        (
            "wrong-provider",
            f'trunk "pbx": fallback is not for a custom trunk: {BY_ITS_HOST}',
            "delete `fallback`",
        )
    ]


def test_that_of_defaults_is_not_for_a_custom_line_which_is_said_until_the_line_has_what_there_is() -> None:
    default = f', fallback: "{DESK}"'
    said = [
        [(one.rule, one.message, one.fix) for one in warnings(parse(text, "numbers.yaml"))]
        for text in (
            file(defaults=default, more=AT_PBX),
            file(defaults=default, more=AT_PBX.replace("}", ", ringing_timeout_status: 503}")),
        )
    ]
    message = f'line "pbx": the fallback of `defaults` is not for a custom line: {BY_ITS_HOST}'
    fix = "write both, or `ringing_timeout_status` alone, which ends this warning"
    assert said == [[("fallback", message, fix)], []]


def test_of_callers_who_are_asked_for_a_pin_it_is_said_that_livekit_has_answered_them() -> None:
    text = file(fallback=DESK).replace("desk-agent}", 'desk-agent, pin: "1234"}')
    assert [(one.rule, one.message) for one in warnings(parse(text, "numbers.yaml"))] == [
        (
            "fallback",
            'line "a": its callers are asked for a PIN, so LiveKit has answered them: they take no fallback once it'
            " has",
        )
    ]


def test_of_some_callers_who_are_asked_for_a_pin_the_same_is_said_of_their_entry() -> None:
    agents = 'desk-agent}, vip: {agent_name: vip-agent, pin: "1234"}, free: {agent_name: free-agent}'
    callers = 'free: {from: ["+13035550101"], agent: free}, vip: {from: ["+13035550100"], agent: vip}'
    text = file(fallback=DESK, line=f", callers: {{{callers}}}").replace("desk-agent}", agents)
    assert [(one.rule, one.message) for one in warnings(parse(text, "numbers.yaml"))] == [
        (
            "fallback",
            'line "a": the callers of "vip" are asked for a PIN, so LiveKit has answered them: they take no fallback'
            " once it has",
        )
    ]


def test_that_of_defaults_is_not_for_a_number_of_livekit_s_own_which_is_said_with_what_ends_it() -> None:
    sold = "  sold: {provider: livekit, search: {country: US}, agent: desk}\n"
    text = file(defaults=f', fallback: "{DESK}"', more=sold)
    assert [(one.rule, one.message, one.fix) for one in warnings(parse(text, "numbers.yaml"))] == [
        (
            "fallback",
            'line "sold": the fallback of `defaults` is not for a livekit line: no trunk carries its calls, and for a'
            " number of its own LiveKit takes a dispatch rule alone",
            "nothing; or write `fallback` on the trunks of the others, in place of `defaults`",
        )
    ]
