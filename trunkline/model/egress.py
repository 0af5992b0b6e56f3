"""What a rule's rooms record, as two properties: one for readers, and the secrets in it by their place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trunkline.model.entries import SecretRef

# The properties of a rule.
SHOWN, SECRETS = "egress", "egressSecrets"
HIDDEN = "(secret)"
"""What stands in a secret's place in what a reader may see."""


def split(given: Any, path: tuple[str, ...] = ()) -> tuple[Any, dict[str, SecretRef]]:
    """Give what the file says with `HIDDEN` in each secret's place, and each by that place, as "tracks.s3.secret"."""
    if isinstance(given, SecretRef):
        return HIDDEN, {".".join(path): given}
    if not isinstance(given, Mapping | tuple):
        return given, {}
    items = given.items() if isinstance(given, Mapping) else enumerate(given)
    parts = {key: split(item, (*path, str(key))) for key, item in items}
    shown = {key: part for key, (part, _) in parts.items()}
    found = {place: secret for _, secrets in parts.values() for place, secret in secrets.items()}
    return shown if isinstance(given, Mapping) else list(shown.values()), found


def filled(shown: Any, secrets: Mapping[str, Any], path: tuple[str, ...] = ()) -> Any:
    """Give it with these in the secrets' places."""
    if (place := ".".join(path)) in secrets:
        return secrets[place]
    if isinstance(shown, Mapping):
        return {key: filled(item, secrets, (*path, str(key))) for key, item in shown.items()}
    if isinstance(shown, list):
        return [filled(item, secrets, (*path, str(index))) for index, item in enumerate(shown)]
    return shown
