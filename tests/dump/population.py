"""Accounts as people have them before Trunkline, made by hand from a seed: the shapes that field notes tell of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.world import Sandbox
from tests.dump.account import HOST, ROUTE, Account


def twilio_lines(a: Account) -> None:
    trunk = a.twilio()
    for _ in range(a.rng.randint(1, 4)):
        number = a.at_twilio(trunk)
        a.inbound([number], krisp_enabled=a.rng.random() < 0.5)
        if a.rng.random() < 0.3:
            a.outbound([number], "acme.pstn.twilio.com", auth_username="livekit", auth_password="Canary-Termination-1")


def twilio_shared(a: Account) -> None:
    trunk = a.twilio()
    a.inbound([a.at_twilio(trunk) for _ in range(a.rng.randint(2, 5))])


def twilio_mixed(a: Account) -> None:
    trunk = a.twilio()
    a.inbound([a.at_twilio(trunk), a.at_twilio(trunk)])
    a.inbound([a.at_twilio(trunk)])


def twilio_crowded(a: Account) -> None:
    """A trunk with other routes, credentials and an address list, and a number that is not answered."""
    trunk = a.twilio()
    a.world.sandbox.twilio.add_origination_url(trunk, "sip:old.example.com", weight=1, priority=50)
    a.world.sandbox.twilio.add_credential_list(trunk, "people")
    a.world.sandbox.twilio.add_address_list(trunk, "office")
    for _ in range(3):
        a.inbound([a.at_twilio(trunk)])
    a.at_twilio(trunk)


def twilio_secure(a: Account) -> None:
    trunk = a.twilio(route=f"sip:{HOST};transport=tls", secure=a.rng.random() < 0.5)
    encrypted: dict[str, Any] = {"media": {"encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"}}
    for _ in range(2):
        a.inbound([a.at_twilio(trunk)], **encrypted)


def twilio_odd_route(a: Account) -> None:
    trunk = a.twilio(route=f"sip:{HOST}")
    a.inbound([a.at_twilio(trunk)])


def forwarded(a: Account) -> None:
    """A number whose calls an application hands on to LiveKit."""
    a.inbound([a.at_twilio("", voice_url="https://example.com/twiml")])


def vonage_lines(a: Account) -> None:
    for _ in range(a.rng.randint(1, 3)):
        number = a.at_vonage()
        a.inbound([a.rng.choice([number, number[1:]])])
        if a.rng.random() < 0.5:
            a.outbound([number], "sip.nexmo.com", auth_username="key", auth_password="secret")


def vonage_shared(a: Account) -> None:
    a.inbound([a.at_vonage(f"sip:{{digits}}@{HOST};transport=tls")[1:] for _ in range(2)])


def vonage_odd(a: Account) -> None:
    a.inbound([a.at_vonage(a.rng.choice(["", f"sip:{{digits}}@{HOST}"]))])


def guarded(a: Account) -> None:
    number = a.pbx()
    more: dict[str, Any] = {
        "auth_username": a.rng.choice(["", "pbx"]),
        "allowed_addresses": a.rng.choice([["203.0.113.0/28"], ["sip.example.com"], ["192.0.2.7", "198.51.100.0/24"]]),
        "allowed_numbers": a.rng.choice([[], ["+16505550111"], ["1 650 555 0111"]]),
        "headers": a.rng.choice([{}, {"X-Account": "7"}]),
        "max_call_duration": a.rng.choice(["0s", "3600s"]),
        "ringing_timeout": a.rng.choice(["0s", "30s"]),
    }
    more["auth_password"] = "canary-inbound-1" if more["auth_username"] else ""
    a.inbound([number], rule={"attributes": a.rng.choice([{}, {"tenant": "7"}])}, **more)
    login = {"auth_username": "pbx", "auth_password": a.rng.choice(["canary-inbound-1", "canary-outbound-2"])}
    a.outbound([number], a.rng.choice(["sip.example.com", "PBX.example.com"]), **a.rng.choice([{}, login]))


def pbx_shared(a: Account) -> None:
    numbers = [a.pbx() for _ in range(a.rng.randint(2, 4))]
    a.inbound(numbers, allowed_addresses=["203.0.113.0/28"])
    port = {"address": "sip.example.com:5080", "transport": a.rng.choice(["SIP_TRANSPORT_TCP", "SIP_TRANSPORT_AUTO"])}
    a.outbound(numbers[: a.rng.randint(1, len(numbers))], **port)


def spelled_otherwise(a: Account) -> None:
    number = a.us()
    a.inbound([f"1 {number[2:5]} {number[5:8]}-{number[8:]}", *a.rng.choice([[], [number]])])


def at_several_carriers(a: Account) -> None:
    """One trunk for numbers of two carriers and of none."""
    a.inbound([a.at_twilio(a.twilio()), a.at_vonage(), a.pbx()])


def twilio_without_a_way(a: Account) -> None:
    """Trunks that have no domain, or whose route is off, and a number that was ported from one account to another."""
    trunk = a.twilio()
    a.world.sandbox.twilio.edit_record("trunk", trunk, domain_name=None)
    a.inbound([a.at_twilio(trunk)])
    other = a.twilio(route="")
    a.world.sandbox.twilio.add_origination_url(other, ROUTE, enabled=False)
    a.inbound([a.at_twilio(other)])


def ported(a: Account) -> None:
    """A number that two carriers' accounts show."""
    number = a.at_twilio(a.twilio())
    a.world.sandbox.vonage.add_number(number)
    a.inbound([number])


def several_outbound(a: Account) -> None:
    number = a.pbx()
    a.inbound([number])
    a.outbound([number], "sip.example.com")
    a.outbound([number], a.rng.choice(["SIP.example.com", "other.example.com"]))


def rooms_and_pins(a: Account) -> None:
    a.inbound([a.pbx()], rule={"rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}}})
    a.inbound([a.pbx()], rule={"rule": {"dispatch_rule_callee": {"room_prefix": "to-", "randomize": True}}})
    a.inbound([a.pbx()], rule={"rule": {"dispatch_rule_individual": {"room_prefix": "pin-", "pin": "12345"}}})


def several_agents(a: Account) -> None:
    agents = [a.agent(), {"agent_name": "scribe", "metadata": "notes"}]
    a.inbound([a.pbx()], rule={"room_config": {"agents": agents}, "hide_phone_number": True})


def dangling(a: Account) -> None:
    number = a.pbx()
    trunk = a.inbound([number], ruled=False)
    # One of its own: LiveKit lets no two rules have the same id and the same callers.
    a.rule([f"ST_gone{number[1:]}", trunk])


def shared_outbound(a: Account) -> None:
    numbers = [a.pbx(), a.pbx()]
    for number in numbers:
        a.inbound([number])
    a.outbound(numbers, "sip.example.com")


def outbound_only(a: Account) -> None:
    a.outbound([a.pbx()], "dialer.example.com", auth_username="dialer", auth_password="canary-dialer-1")


def outbound_over_a_port(a: Account) -> None:
    """LiveKit drops the port where no transport is named, so that no file says so."""
    a.outbound([a.pbx()], "dialer.example.com:5080")


def outbound_srtp_in_clear(a: Account) -> None:
    """Twilio takes SRTP over TLS alone, so that no file says so."""
    media = {"encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"}
    a.outbound([a.pbx()], "acme.pstn.twilio.com", media=media)


def idle(a: Account) -> None:
    """What is for every number, or for nobody any more."""
    a.outbound(["*"], "dialer.example.com")
    a.rule([f"ST_gone{a.pbx()[1:]}"])


def callers_of_a_rule(a: Account) -> None:
    a.inbound([a.pbx()], rule={"inbound_numbers": ["+16505550111"]})


def called_number_of_a_rule(a: Account) -> None:
    number = a.pbx()
    a.inbound([number], rule={"numbers": [number]})


# From here on: what adoption cannot take, at most one of each an account.
def one_rule_for_many_trunks(a: Account) -> None:
    a.rule([a.inbound([a.pbx()], ruled=False), a.inbound([a.pbx()], ruled=False)])


def livekit_number(a: Account) -> None:
    trunk = a.inbound([a.pbx()], ruled=False)
    a.rule([trunk, "PN_PPN_abc"])


def own_number(a: Account) -> None:
    rule = a.rule(["ST_none"])
    a.livekit.numbers.add(a.us(), rule)


def catch_all_rule(a: Account) -> None:
    a.inbound([a.pbx()], ruled=False)
    a.rule([], name="catch all")


def catch_all_trunk(a: Account) -> None:
    a.inbound([], allowed_addresses=["203.0.113.0/28"])
    a.at_twilio(a.twilio())


def several_rules(a: Account) -> None:
    trunk = a.inbound([a.pbx()])
    a.rule([trunk], inbound_numbers=["+16505550111"], numbers=["+16505550112"])


def several_trunks(a: Account) -> None:
    number = a.pbx()
    a.inbound([number], allowed_numbers=["+16505550111"])
    a.inbound([number], allowed_numbers=["+16505550112"])


def no_agent(a: Account) -> None:
    a.inbound([a.pbx()], rule={"room_config": {}})


def extension(a: Account) -> None:
    a.inbound(["2000"])


def unanswered(a: Account) -> None:
    a.inbound([a.pbx()], ruled=False)
    a.at_vonage("")
    a.at_twilio("")


COMMON: tuple[Callable[[Account], None], ...] = (
    twilio_lines, twilio_lines, twilio_shared, twilio_mixed, twilio_crowded, twilio_secure, twilio_odd_route, forwarded,
    vonage_lines, vonage_lines, vonage_shared, vonage_odd, guarded, guarded, pbx_shared, spelled_otherwise,
    rooms_and_pins, several_agents, dangling, shared_outbound, outbound_only, callers_of_a_rule,
    called_number_of_a_rule, at_several_carriers, twilio_without_a_way, ported, several_outbound,
)  # fmt: skip
RARE: tuple[Callable[[Account], None], ...] = (
    one_rule_for_many_trunks, livekit_number, catch_all_rule, catch_all_trunk, several_rules, several_trunks, no_agent,
    extension, unanswered, outbound_over_a_port, idle,
)  # fmt: skip


def account(seed: int, sandbox: Sandbox | None = None) -> Account:
    """Make an account of six to twelve common shapes, and in four of ten up to three that adoption cannot take."""
    made = Account(seed, sandbox)
    shapes = [made.rng.choice(COMMON) for _ in range(made.rng.randint(6, 12))]
    shapes += made.rng.sample(RARE, made.rng.choice([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3]))
    made.rng.shuffle(shapes)
    for shape in shapes:
        shape(made)
    return made
