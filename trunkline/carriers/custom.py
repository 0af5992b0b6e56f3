"""A SIP host or PBX that no carrier's API manages: nothing is bought, and LiveKit's side alone is ours."""

from __future__ import annotations

from trunkline.carriers.declaration import Carrier, Termination
from trunkline.model.entries import SIP_KEYS, Trunk
from trunkline.model.spec import FromSecret, Site


def _termination(trunk: Trunk, site: Site) -> Termination:
    password = FromSecret(trunk.auth_password.name) if trunk.auth_password else ""
    return Termination(address=trunk.sip_address, username=trunk.auth_username, password=password)


CUSTOM = Carrier(
    name="custom",
    label="Custom SIP",
    owns_trunks=False,
    caller_prefix=None,
    own_line_keys={
        **dict.fromkeys(SIP_KEYS, "a carrier's line takes its trunk's"),
        "called_number": "a carrier's number is E.164; write its phone_number",
    },
    own_trunk_keys={
        "sip_provider": "a carrier is its own provider",
        "inbound_auth": "a carrier does not answer a challenge, so no call would come in",
    },
    lacking_line_keys={
        "search": "nobody sells numbers for it; write its phone_number",
        "repurchase": "its number is never bought",
        "give_up": "its number is never bought",
        "ported_from": "a number is ported between carriers",
    },
    lacking_trunk_keys={
        "fallback": "its SIP host decides where calls go that LiveKit refuses: set it there, and here `ringing_timeout`"
        " with `ringing_timeout_status: 503`, which tells it",
    },
    termination=_termination,
)
