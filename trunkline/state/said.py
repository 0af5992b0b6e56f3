"""What is decoded of a resource of a state: a tenth of what it says, and the rest is passed over."""

from __future__ import annotations

from typing import Any

import msgspec


class Said(msgspec.Struct, omit_defaults=True, rename="camel", gc=False):
    """What the API looks at in a resource's outputs."""

    vendor_id: Any = None
    numbers: Any = None
    trunk_ids: Any = None
    agents: Any = None
    phone_number: Any = None
    status: Any = None
    waiting_for: Any = None
    krisp_enabled: Any = None
    allowed_numbers: Any = None
    allowed_addresses: Any = None
    address: Any = None
    only_callers: Any = None
    only_numbers: Any = None
    trunk_sid: Any = None
    sip_uri: Any = None
    dispatch_rule_id: Any = None
    pin: Any = None
    unmanaged: Any = None
    named: Any = None


class SaidOfUnlisted(Said):
    """What is looked at besides where no output says it, of few lines: see `unlisted`."""

    name: Any = None
    claims: Any = None
    sip_url: Any = None
    enabled: Any = None
    sip_host: Any = None
    borrowed: Any = None
    provider: Any = None
    country: Any = None
    monthly_cost: Any = None
    acquisition: Any = None
    adopt: Any = None
    removal: Any = None


class _Resource(msgspec.Struct, gc=False):
    urn: str = ""
    type: str = ""
    parent: str = ""
    delete: bool = False


class Silent(_Resource):
    """One whose outputs are not looked at yet."""

    outputs: msgspec.Raw = msgspec.Raw(b"")


class Saying(_Resource):
    outputs: Said | None = None


class SayingOfUnlisted(_Resource):
    outputs: SaidOfUnlisted | None = None
