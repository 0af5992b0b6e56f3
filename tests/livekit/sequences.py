"""Random sequences of RPCs that are likely to collide: few numbers, callers, trunks and PINs, in several notations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.livekit.client import Document

NUMBERS = ("+15550001", "15550001", "+1 (555) 0001", "+15550002", "5550002", "+15550003", "sales", "")
CALLERS = ("+4420", "44-20", "+4430", "anonymous")
HOSTS = ("a.example", "sip:a.example", "a.example;transport=tcp", "")
TEXTS = ("", "a", 'q"uote', "é")
ENCRYPTION = ("SIP_MEDIA_ENCRYPT_DISABLE", "SIP_MEDIA_ENCRYPT_ALLOW", "SIP_MEDIA_ENCRYPT_REQUIRE")
UNKNOWN = "ST_22222222zzzz"

Call = tuple[str, Document]


@dataclass(frozen=True)
class Ids:
    """The ids of what exists or existed, oldest first."""

    inbound: list[str] = field(default_factory=list)
    outbound: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    def created(self, rpc: str, key: str) -> None:
        """Take the id that a create gave."""
        lists = {"CreateSIPInboundTrunk": self.inbound, "CreateSIPOutboundTrunk": self.outbound}
        lists.get(rpc, self.rules).append(key)


def calls(random: Random, ids: Ids) -> Iterator[Call]:
    """RPCs without end; `ids` may grow between them."""
    makers: list[tuple[int, Callable[[Random, Ids], Call]]] = [
        (5, _create_inbound),
        (2, _create_outbound),
        (6, _create_rule),
        (6, _update_inbound),
        (2, _update_outbound),
        (6, _update_rule),
        (2, _delete_trunk),
        (1, _delete_rule),
        (2, _list_trunks),
        (2, _list_rules),
        (1, _get),
    ]
    weights, functions = zip(*makers, strict=True)
    while True:
        yield random.choices(functions, weights)[0](random, ids)


def _create_inbound(random: Random, ids: Ids) -> Call:
    return "CreateSIPInboundTrunk", {"trunk": _inbound(random)}


def _create_outbound(random: Random, ids: Ids) -> Call:
    return "CreateSIPOutboundTrunk", {"trunk": _outbound(random)}


def _create_rule(random: Random, ids: Ids) -> Call:
    rule = _rule(random, ids)
    if random.random() < 0.2:  # the deprecated way
        return "CreateSIPDispatchRule", {name: rule[name] for name in ("rule", "trunk_ids", "name") if name in rule}
    return "CreateSIPDispatchRule", {"dispatch_rule": rule}


def _update_inbound(random: Random, ids: Ids) -> Call:
    update = {
        "numbers": _list_update(random, NUMBERS),
        "allowed_numbers": _list_update(random, CALLERS),
        "auth_username": random.choice(TEXTS),
        "name": random.choice(TEXTS),
        **_media(random),
    }
    return "UpdateSIPInboundTrunk", {
        "sip_trunk_id": _id(random, ids.inbound),
        **_action(random, _inbound(random), update),
    }


def _update_outbound(random: Random, ids: Ids) -> Call:
    update = {
        "numbers": _list_update(random, NUMBERS),
        "address": random.choice(HOSTS),
        "from_host": random.choice(HOSTS),
        "transport": random.choice(("SIP_TRANSPORT_AUTO", "SIP_TRANSPORT_TLS")),
        **_media(random),
    }
    return "UpdateSIPOutboundTrunk", {
        "sip_trunk_id": _id(random, ids.outbound),
        **_action(random, _outbound(random), update),
    }


def _update_rule(random: Random, ids: Ids) -> Call:
    update = {
        "trunk_ids": _list_update(random, (*ids.inbound[:3], "ST_x")),
        "rule": _kind(random),
        "name": random.choice(TEXTS),
        "attributes": {random.choice("ab"): random.choice(TEXTS)},
        **_media(random),
    }
    return (
        "UpdateSIPDispatchRule",
        {"sip_dispatch_rule_id": _id(random, ids.rules), **_action(random, _rule(random, ids), update)},
    )


def _delete_trunk(random: Random, ids: Ids) -> Call:
    return "DeleteSIPTrunk", {"sip_trunk_id": _id(random, ids.inbound + ids.outbound)}


def _delete_rule(random: Random, ids: Ids) -> Call:
    return "DeleteSIPDispatchRule", {"sip_dispatch_rule_id": _id(random, ids.rules)}


def _list_trunks(random: Random, ids: Ids) -> Call:
    trunks = ids.inbound + ids.outbound
    rpc = random.choice(("ListSIPTrunk", "ListSIPInboundTrunk", "ListSIPOutboundTrunk"))
    filters = _some(random, numbers=_several(random, NUMBERS), trunk_ids=[_id(random, trunks)])
    return rpc, {**(filters if rpc != "ListSIPTrunk" else {}), **_page(random, trunks)}


def _list_rules(random: Random, ids: Ids) -> Call:
    filters = _some(
        random, trunk_ids=[_id(random, ids.inbound + ids.outbound)], dispatch_rule_ids=[_id(random, ids.rules)]
    )
    return "ListSIPDispatchRule", {**filters, **_page(random, ids.rules)}


def _get(random: Random, ids: Ids) -> Call:
    return random.choice(("GetSIPInboundTrunk", "GetSIPOutboundTrunk")), {
        "sip_trunk_id": _id(random, ids.inbound + ids.outbound)
    }


def _inbound(random: Random) -> dict[str, Any]:
    return _some(
        random,
        numbers=_several(random, NUMBERS),
        allowed_numbers=_several(random, CALLERS),
        auth_username=random.choice(TEXTS),
        krisp_enabled=True,
        headers={random.choice(("X-A", "Call-ID", "X A", "")): random.choice(TEXTS)},
        media_encryption=random.choice(ENCRYPTION),
    )


def _outbound(random: Random) -> dict[str, Any]:
    return {"numbers": _several(random, NUMBERS), "address": random.choice((*HOSTS[:1] * 3, *HOSTS))} | _some(
        random, from_host=random.choice(HOSTS), auth_password="p", headers_to_attributes={"X-A": "a"}
    )


def _rule(random: Random, ids: Ids) -> dict[str, Any]:
    return {"rule": _kind(random)} | _some(
        random,
        trunk_ids=_several(random, (*ids.inbound[:3], "ST_x", "ST_y")),
        numbers=_several(random, NUMBERS),
        inbound_numbers=_several(random, CALLERS),
        name=random.choice(TEXTS),
        room_config={"agents": [{"agent_name": "a"}]},
        media_encryption=random.choice(ENCRYPTION),
    )


def _kind(random: Random) -> dict[str, Any]:
    pin = {"pin": random.choice(("", "", "1"))}
    return random.choice(
        (
            {"dispatch_rule_individual": {"room_prefix": "p", **pin}},
            {"dispatch_rule_callee": {"randomize": True, **pin}},
            {"dispatch_rule_direct": {"room_name": "r", **pin}},
            {"dispatch_rule_direct": pin},
            {},
        )
    )


def _action(random: Random, replace: Document, update: dict[str, Any]) -> Document:
    return {"replace": replace} if random.random() < 0.5 else {"update": _some(random, **update)}


def _list_update(random: Random, values: tuple[str, ...]) -> Document:
    return _some(
        random,
        chance=0.35,
        set=_several(random, values),
        add=_several(random, values),
        remove=_several(random, values),
        clear=True,
    )


def _media(random: Random) -> dict[str, Any]:
    codecs = [{"name": random.choice(("PCMU", "a/b", "a b", ""))}]
    media = _some(random, chance=0.3, encryption=random.choice(ENCRYPTION), codecs=codecs, media_timeout="601s")
    return {"media_encryption": random.choice(ENCRYPTION), "media": media}


def _page(random: Random, ids: list[str]) -> Document:
    page = _some(random, limit=random.choice((1, 2, 3, -1, 100)), after_id=random.choice((*ids, "ST_a")))
    return {"page": page} if random.random() < 0.6 else {}


def _id(random: Random, ids: list[str]) -> str:
    """A recent id; one time in ten, an unknown one or none."""
    return random.choice(ids[-8:] or [UNKNOWN]) if random.random() < 0.9 else random.choice((UNKNOWN, ""))


def _several(random: Random, values: tuple[str, ...]) -> list[str]:
    return random.choices(values, k=random.choice((0, 1, 1, 1, 2, 3)))


def _some(random: Random, chance: float = 0.5, **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if random.random() < chance}
