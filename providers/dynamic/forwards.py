"""Further ways behind that to LiveKit in a number's forward, which an adopting line leaves as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.codec import is_unknown

# A list of SIP URIs, which the carrier tries in their order.
_FORWARD, _THEN = "sipUri", ","


def keeping(desired: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is desired of a number with the ways that stand behind ours, where the file adopts it and names none.

    `live` is the number's routing as the carrier has it, {} where it is not in the account.
    """
    ours, there = desired.get(_FORWARD, ""), str(live.get(_FORWARD, ""))
    if not desired.get("adopt") or is_unknown(ours) or not ours or _THEN in ours:
        return dict(desired)
    return {**desired, _FORWARD: there} if there.startswith(f"{ours}{_THEN}") else dict(desired)
