"""Whether calls out over our trunks are let through at Twilio, moment by moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.world import Sandbox
from tests.faults.holdings import records, tagged
from tests.faults.shared_name import scoped


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A LiveKit trunk of ours that calls out over a trunk at Twilio.

    `prefix` and `owner` are its tag's, `host` the prefix of the tag of the trunk at Twilio ("": no stack of the walk).
    """

    prefix: str
    owner: str
    host: str
    is_refused: bool


def callers(sandbox: Sandbox, prefixes: Iterable[str]) -> dict[str, Caller]:
    """Give every such trunk by its id."""
    prefixes = tuple(prefixes)
    hosts = {
        trunk["domain_name"]: next((each for each in prefixes if scoped(trunk["friendly_name"]).startswith(each)), "")
        for trunk in records(sandbox, "twilio", "trunks").values()
    }
    table = records(sandbox, "livekit", "outbound_trunk")
    found: dict[str, Caller] = {}
    for prefix in prefixes:
        for (kind, key), owner in tagged(sandbox, prefix).items():
            record = table[key] if kind == "OutboundTrunk" else {}
            domain = record.get("address", "")
            if domain in hosts:
                user, password = record.get("auth_username", ""), record.get("auth_password", "")
                is_refused = not sandbox.twilio.takes_calls_of(domain, user, password)
                found[key] = Caller(prefix=prefix, owner=owner, host=hosts[domain], is_refused=is_refused)
    return found


def credentials_of(sandbox: Sandbox, keys: Iterable[str]) -> set[str]:
    """Give the credentials at Twilio with whose user and password LiveKit trunks of these ids call out."""
    table = records(sandbox, "livekit", "outbound_trunk")
    logins = [(each.get("auth_username"), each.get("auth_password")) for key in keys if (each := table.get(key))]
    return {
        sid
        for sid, one in records(sandbox, "twilio", "credentials").items()
        for user, password in logins
        if password and one["username"] == user and sandbox.twilio.password_is(sid, password)
    }
