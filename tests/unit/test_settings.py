"""LiveKit's addresses: what no carrier could ever reach is refused with the right form."""

from __future__ import annotations

import pytest

from providers.dynamic.workers import WORKERS
from trunkline.errors import SettingsError
from trunkline.settings import APPROVED, AT_ONCE, Settings, approved_plan, secret_values

LIVEKIT = {"LIVEKIT_URL": "wss://acme.livekit.cloud", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": "secret"}


def host_of(sip_uri: str) -> str:
    settings = Settings.load({**LIVEKIT, "LIVEKIT_SIP_URI": sip_uri}, lambda name: None)
    assert settings.livekit is not None
    return settings.livekit.sip_host


def refused(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ, lambda name: None)
    [problem] = raised.value.problems
    assert problem.rule == "malformed-setting"
    return f"{problem.message}; {problem.fix}"


@pytest.mark.parametrize(
    ("sip_uri", "host"),
    [
        ("sip:vjnxecm0tjk.sip.livekit.cloud", "vjnxecm0tjk.sip.livekit.cloud"),
        ("sip:vjnxecm0tjk.us.sip.livekit.cloud", "vjnxecm0tjk.us.sip.livekit.cloud"),
        ("vjnxecm0tjk.sip.livekit.cloud", "vjnxecm0tjk.sip.livekit.cloud"),
        ("SIP:sip.example.com:5080", "sip.example.com:5080"),
        ("sip.example.com:5080", "sip.example.com:5080"),
        ("sip:[2001:db8::1]:5060", "[2001:db8::1]:5060"),
        ("sip:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_sip_address_is_a_host_and_perhaps_a_port(sip_uri: str, host: str) -> None:
    assert host_of(sip_uri) == host


@pytest.mark.parametrize("prefix", ["sip:", "", "SIP:"])
def test_the_websocket_host_is_no_sip_host(prefix: str) -> None:
    text = refused({**LIVEKIT, "LIVEKIT_SIP_URI": f"{prefix}acme.livekit.cloud"})
    assert text.startswith(
        "LIVEKIT_SIP_URI names acme.livekit.cloud, the host of the project's API: no call reaches it"
    )
    assert "sip:<project id without p_>.sip.livekit.cloud" in text


@pytest.mark.parametrize("sip_uri", ["wss://acme.livekit.cloud", "https://acme.livekit.cloud"])
def test_nor_is_the_api_s_url(sip_uri: str) -> None:
    text = refused({**LIVEKIT, "LIVEKIT_SIP_URI": sip_uri})
    assert text.startswith("LIVEKIT_SIP_URI is the URL of LiveKit's API")


@pytest.mark.parametrize("login", ["me@", "me:secret@", ":secret@"])
def test_an_address_with_a_login_in_it_is_refused_without_repeating_it(login: str) -> None:
    text = refused({"LIVEKIT_URL": f"wss://{login}acme.livekit.cloud"})
    assert text == ("LIVEKIT_URL names a user, and perhaps a password; set it to the URL alone, without what ends in @")


def test_sips_is_never_silently_another_transport() -> None:
    text = refused({**LIVEKIT, "LIVEKIT_SIP_URI": "sips:sip.example.com:5061"})
    assert text == (
        "LIVEKIT_SIP_URI begins with sips:, which says nothing here: each trunk has its own transport;"
        " set it to sip:sip.example.com:5061, and write `transport: tls` on the trunks in numbers.yaml"
    )


@pytest.mark.parametrize(
    "sip_uri",
    [
        "sip:user@sip.example.com",
        "sip:sip.example.com;transport=tls",
        "sip:",
        "sip:host:99999",
        "sip:a b",
        "sip:host:x",
    ],
)
def test_what_is_no_address_is_refused(sip_uri: str) -> None:
    assert refused({**LIVEKIT, "LIVEKIT_SIP_URI": sip_uri}).startswith(
        "LIVEKIT_SIP_URI is not sip:host or sip:host:port"
    )


def test_a_sip_address_is_judged_where_nothing_else_of_livekit_is_set() -> None:
    assert "the host of the project's API" in refused({"LIVEKIT_SIP_URI": "sip:acme.livekit.cloud"})


def test_the_sip_host_is_no_api() -> None:
    text = refused(
        {**LIVEKIT, "LIVEKIT_URL": "wss://vjnx.sip.livekit.cloud", "LIVEKIT_SIP_URI": "sip:vjnx.sip.livekit.cloud"}
    )
    assert text.startswith("LIVEKIT_URL names vjnx.sip.livekit.cloud, which is LiveKit's SIP service and not its API")


def test_a_password_is_that_of_the_setting_by_whose_name_it_goes() -> None:
    token = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token"}
    key = {**token, "TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "key"}
    found = [Settings.load(environ, lambda name: None).carriers["twilio"] for environ in (token, key)]
    told = [(account.user, account.password.reveal(), account.secret) for account in found]
    assert told == [("AC1", "token", "twilioAuthToken"), ("SK1", "key", "twilioApiSecret")]


@pytest.mark.parametrize("empty", ["", " "])
def test_a_variable_that_did_not_expand_is_no_leave_to_run_unbound(empty: str) -> None:
    with pytest.raises(SettingsError) as raised:
        approved_plan({APPROVED: empty})
    [problem] = raised.value.problems
    assert (problem.rule, problem.message) == (
        "malformed-setting",
        "TRUNKLINE_APPROVED is set and empty, as by a variable that did not expand; nothing was changed",
    )
    assert (approved_plan({}), approved_plan({APPROVED: "plan.json"})) == (None, "plan.json")


ALL = {
    **LIVEKIT, "LIVEKIT_SIP_URI": "sip:sip.example.com", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token",
}  # fmt: skip


def bounds(environ: dict[str, str], config: dict[str, str]) -> tuple[int | None, int | None]:
    settings = Settings.load({**ALL, **environ}, config.get)
    assert settings.livekit is not None
    return settings.carriers["twilio"].at_once, settings.livekit.at_once


def test_how_many_requests_may_be_under_way_is_said_for_each_vendor_and_the_environment_wins() -> None:
    config = {"twilioRequestsAtOnce": "4", "livekitRequestsAtOnce": "1"}
    assert bounds({}, {}) == (None, None)
    assert bounds({}, config) == (4, 1)
    assert bounds({"TWILIO_REQUESTS_AT_ONCE": " 64 "}, config) == (64, 1)
    assert bounds({"LIVEKIT_REQUESTS_AT_ONCE": ""}, config) == (4, None)


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "four", "1e1", "٣", "1" * 9999, "SK-secret"])
@pytest.mark.parametrize("vendor", ["TWILIO", "LIVEKIT"])
def test_a_bound_that_is_none_is_refused_with_its_place_and_the_way_and_never_repeated(vendor: str, value: str) -> None:
    name = f"{vendor}_REQUESTS_AT_ONCE"
    way = "set it to how many requests may be under way there at a time, or unset it for 64"
    assert refused({**ALL, name: value}) == f"{name} is no whole number from 1 to 64; {way}"

    configured = f"{vendor.lower()}RequestsAtOnce"
    with pytest.raises(SettingsError) as raised:
        Settings.load(ALL, {configured: value}.get)
    (problem,) = raised.value.problems
    assert problem.message == f"trunkline:{configured} in the stack's configuration is no whole number from 1 to 64"


def test_a_bound_of_a_vendor_that_is_not_configured_is_looked_at_too() -> None:
    assert refused({"TWILIO_REQUESTS_AT_ONCE": "many"}).startswith("TWILIO_REQUESTS_AT_ONCE is no whole number")


def test_a_bound_is_no_secret() -> None:
    assert secret_values({}, {"trunkline:twilioRequestsAtOnce": "4"}) == frozenset()


def test_a_process_that_nothing_bounds_has_as_many_calls_under_way_as_the_bound_may_say() -> None:
    assert AT_ONCE == WORKERS


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({}, ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, ("TWILIO_AUTH_TOKEN",)),
        ({"TWILIO_AUTH_TOKEN": "t"}, ("TWILIO_ACCOUNT_SID",)),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_API_KEY": "SK1"}, ("TWILIO_API_SECRET",)),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_API_SECRET": "s", "TWILIO_API_KEY": " "}, ("TWILIO_API_KEY",)),
        ({"TWILIO_API_KEY": "SK1"}, ("TWILIO_ACCOUNT_SID", "TWILIO_API_SECRET")),
        ({"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s"}, ("TWILIO_ACCOUNT_SID",)),
        ({"TWILIO_API_KEY": "SK1", "TWILIO_AUTH_TOKEN": "t"}, ("TWILIO_ACCOUNT_SID",)),
    ],
)
def test_what_lacks_is_the_other_half_of_the_login_that_is_begun(given: dict[str, str], lacks: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.load(given, lambda name: None, {"twilio"})
    [problem] = raised.value.problems
    assert (
        problem.message
        == f"the inventory needs twilio, but {', '.join(lacks)} {'is' if len(lacks) == 1 else 'are'} not set"
    )
    assert Settings.load(given, lambda name: None).missing["twilio"] == lacks
