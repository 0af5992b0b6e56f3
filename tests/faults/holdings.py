"""What stands at the vendors of a sandbox, and whose it is by its tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.world import Sandbox
from tests.faults.shared_name import scoped
from trunkline.model.tag import entry_of

Place = tuple[str, str, str]
"""Vendor, table and key of a record."""

# Where objects stand in the sandbox, by our kind, and the field that holds the tag. Behind a slash is the carrier whose
# numbers are tagged too.
TABLES: Mapping[str, tuple[str, str, str]] = {
    "InboundTrunk": ("livekit", "inbound_trunk", "metadata"),
    "OutboundTrunk": ("livekit", "outbound_trunk", "metadata"),
    "DispatchRule": ("livekit", "dispatch_rule", "name"),
    "CallerRule": ("livekit", "dispatch_rule", "name"),
    "SipTrunk": ("twilio", "trunks", "friendly_name"),
    "OriginationUrl": ("twilio", "origination_urls", "friendly_name"),
    "CredentialList": ("twilio", "credential_lists", "friendly_name"),
    "PhoneNumber": ("twilio", "numbers", "friendly_name"),
    "PhoneNumber/livekit": ("livekit", "phone_number", "name"),
}
# What belongs to a parent: the table, the parent's table and the field that names the parent.
CHILDREN: Mapping[str, tuple[str, str, str]] = {
    "Credential": ("credentials", "credential_lists", "credential_list_sid"),
    "TrunkCredentialList": ("trunk_lists", "trunks", "trunk_sid"),
    "OriginationUrl": ("origination_urls", "trunks", "trunk_sid"),
}
OBJECTS = (
    *((vendor, table) for vendor, table, _ in TABLES.values()),
    ("twilio", "credentials"),
    ("twilio", "trunk_lists"),
    ("vonage", "numbers"),
)


def records(sandbox: Sandbox, vendor: str, table: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the live records of a table by key; those of LiveKit's numbers by their id, as it names them."""
    if table == "phone_number":
        owned = sandbox.livekit.store.table(table).values()
        return {record["id"]: record for record in owned if not record["released_at"]}
    return getattr(sandbox, vendor).store.table(table)  # type: ignore[no-any-return]


def everything(sandbox: Sandbox) -> dict[Place, Mapping[str, Any]]:
    """Give every object and number, of anybody."""
    return {
        (vendor, table, key): record
        for vendor, table in OBJECTS
        for key, record in records(sandbox, vendor, table).items()
    }


def tagged(sandbox: Sandbox, prefix: str) -> dict[tuple[str, str], str]:
    """Give (kind, id) -> owner of everything at the vendors whose tag begins with `prefix`."""
    return {
        (kind, key): owner_of(tag, prefix)
        for kind, (vendor, table, tag_field) in TABLES.items()
        for key, record in records(sandbox, vendor, table).items()
        if (tag := scoped(record.get(tag_field) or "")).startswith(prefix) and _is_of_sort(kind, tag)
    }


def _is_of_sort(kind: str, tag: str) -> bool:
    """Of LiveKit's rules those of an entry of `callers` name it behind their line."""
    return TABLES[kind][1] != "dispatch_rule" or bool(entry_of(tag)) == (kind == "CallerRule")


def further_lists(sandbox: Sandbox, prefix: str) -> set[str]:
    """Give the credential lists beside a trunk's own in which a rotated credential stands: part of that one."""
    lists = {key for (kind, key), owner in tagged(sandbox, prefix).items() if "+" in owner}
    return {record["credential_list_sid"] for record in records(sandbox, "twilio", "credentials").values()} & lists


def recordable(sandbox: Sandbox, prefix: str) -> dict[tuple[str, str], str]:
    """Give what is tagged and must stand in a state by its id."""
    further = further_lists(sandbox, prefix)
    return {place: owner for place, owner in tagged(sandbox, prefix).items() if place[1] not in further}


def has_notes(sandbox: Sandbox, prefix: str) -> bool:
    """Whether something is noted behind a tag of a LiveKit trunk."""
    kinds = (TABLES["InboundTrunk"], TABLES["OutboundTrunk"])
    tags = (each.get(field, "") for vendor, table, field in kinds for each in records(sandbox, vendor, table).values())
    return any(scoped(tag).startswith(prefix) and "#" in tag for tag in tags)


def owner_of(tag: str, prefix: str) -> str:
    """Give the owner that a tag names; what is noted behind it belongs to no name, nor does an entry of it."""
    named = tag.removeprefix(prefix).partition("#")[0]
    return named.partition("+")[0] if entry_of(tag) else named


def children(sandbox: Sandbox, kind: str, parents: set[str]) -> list[str]:
    """Give the keys of the children of a kind that belong to one of the parents."""
    table, _, link = CHILDREN[kind]
    return [key for key, record in records(sandbox, "twilio", table).items() if record[link] in parents]


def estate(sandbox: Sandbox, prefix: str, foreign: Mapping[Place, Any]) -> dict[Place, Mapping[str, Any]]:
    """Give all that belongs to the owner of a tag's prefix.

    That is what carries the tag, what hangs on that, and the numbers without tags that stand in a tagged trunk or rule.
    """
    owned = tagged(sandbox, prefix)
    places = [(*TABLES[kind][:2], key) for kind, key in owned]
    for kind, (table, parent, _) in CHILDREN.items():
        parents = {key for owner, key in owned if TABLES[owner][1] == parent}
        places += [("twilio", table, key) for key in children(sandbox, kind, parents)]
    trunks = (records(sandbox, *TABLES[kind][:2])[key] for kind, key in owned if kind.endswith("boundTrunk"))
    held = records(sandbox, "vonage", "numbers")
    places += [("vonage", "numbers", n[1:]) for trunk in trunks for n in trunk.get("numbers", ()) if n[1:] in held]
    rules = (records(sandbox, "livekit", "dispatch_rule")[key] for kind, key in owned if kind == "DispatchRule")
    sold = records(sandbox, "livekit", "phone_number")
    places += [("livekit", "phone_number", id_) for rule in rules for id_ in rule["trunk_ids"] if id_ in sold]
    return {place: records(sandbox, *place[:2])[place[2]] for place in places if place not in foreign}


def is_owned(sandbox: Sandbox, number: str) -> bool:
    """Whether a number is in one of the accounts."""
    carriers = (sandbox.twilio, sandbox.vonage, sandbox.livekit)
    return any(each.holds(number) for each in carriers)


def is_free(sandbox: Sandbox, number: str) -> bool:
    """Whether a number is in Twilio's account, and nothing tags it, neither itself nor a trunk that has it."""
    kinds = (TABLES["InboundTrunk"], TABLES["OutboundTrunk"])
    trunks = [(each, tag) for vendor, table, tag in kinds for each in records(sandbox, vendor, table).values()]
    tags = [each.get(tag, "") for each, tag in trunks if number in each.get("numbers", ())]
    record = sandbox.twilio.number(number)
    return record is not None and not any(tag.startswith("trunkline:") for tag in (*tags, record["friendly_name"]))


def is_shown(sandbox: Sandbox, number: str) -> bool:
    """Whether an owned number is in answers by now: a late order is not at first."""
    sold = records(sandbox, "livekit", "phone_number").values()
    own = next((each for each in sold if each["e164_format"] == number), {})
    record: Mapping[str, Any] = sandbox.twilio.number(number) or sandbox.vonage.number(number) or own
    return bool(record.get("_shown_from", 0.0) <= sandbox.twilio.desk.clock())
