"""What a call is sent in, SRTP or RTP over TLS, TCP or UDP: LiveKit and a carrier cannot change it at once.

Each is a write of its own, in the order in which the engine comes to them, and a carrier may serve many lines by one of
its own. Between the two they disagree, and a call that is made then fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.dynamic.codec import is_unknown
from providers.dynamic.runtime import Runtime
from trunkline.model.tag import Tag

_SPEAKS: Mapping[str, tuple[str, ...]] = {
    "OutboundTrunk": ("mediaEncryption", "transport"),
    "InboundTrunk": ("mediaEncryption",),
    "SipTrunk": ("secure",),
    "OriginationUrl": ("sipUrl",),
    "PhoneNumber": ("sipUri",),
}
_URIS = frozenset({"sipUrl", "sipUri"})
_KEYS: Mapping[str, str] = {"mediaEncryption": "media_encryption", "sipUrl": "sip_url", "sipUri": "sip_uri"}
_EITHER = "allow"
"""LiveKit's word for taking both."""


def tell(run: Runtime, kind: str, live: Mapping[str, Any], inputs: Mapping[str, Any]) -> None:
    """Say once of a line or a trunk that what its calls are sent in changes. `live`: {} for what is not there yet."""
    changed = "; ".join(_changes(kind, live, inputs)) if live else ""
    owner = Tag.parse(str(inputs.get("tag", "")))
    if not changed or owner is None or owner.owner in run.respoken:
        return
    run.respoken.add(owner.owner)
    whose = f'the lines of trunk "{owner.trunk}"' if owner.trunk else f'line "{owner.owner}"'
    run.notice(
        f"What the calls of {whose} are sent in changes ({changed}). LiveKit and the carrier are written one after the"
        " other and disagree in between, so calls over it fail: from the first of these writes to the last, which is"
        " seconds for one line and most of the update for many; of a custom trunk until its other side changes too."
    )


def _changes(kind: str, live: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[str]:
    for name in _SPEAKS.get(kind, ()):
        if name not in live or name not in inputs or is_unknown(inputs[name]) or is_unknown(live[name]):
            continue
        was, becomes = live[name], inputs[name]
        if name in _URIS:
            # Whom it calls is another matter.
            was, becomes = _words(was), _words(becomes)
        if becomes not in (was, _EITHER):
            yield f"{_KEYS.get(name, name)}: {_said(was)} => {_said(becomes)}"


def _words(uri: str) -> str:
    """Give what a SIP URI, the first one of a list, says of how it is spoken with."""
    first = uri.partition(",")[0].lower()
    words = sorted(word for word in first.split(";")[1:] if word.startswith(("transport=", "media=")))
    return ";".join([*(["sips"] if first.startswith("sips:") else []), *words]) if first else ""


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or "(none)"
