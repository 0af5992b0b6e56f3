"""`/keys` and `/access`, for administrators."""

from __future__ import annotations

from dataclasses import asdict

from trunkline.api.endpoint import Call
from trunkline.api.reply import Reply


def keys(call: Call) -> Reply:
    """Give what is kept of each API key, without its hash."""
    known = sorted(call.service.auth.known_keys(), key=lambda key: key.name)
    return Reply.json(
        {"keys": [{"id": key.id, "name": key.name, "role": key.role, "created": key.created} for key in known]}
    )


def accesses(call: Call) -> Reply:
    """Give the latest accesses of this replica."""
    return Reply.json({"accesses": [asdict(access) for access in call.service.access.newest()]})


def reader(call: Call) -> Reply:
    """Say who reads, and of which stack."""
    who = call.principal
    return Reply.json({"stack": call.service.stack, "name": who.name, "role": who.role.value, "via": who.via})
