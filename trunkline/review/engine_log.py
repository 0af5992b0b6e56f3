"""The event log of `pulumi preview`, read: what the engine would do, what its refresh found, what was said.

The format is that of `--event-log` (3.274.1): one JSON object a line, `apitype.EngineEvent` of the engine's SDK.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FLEET = "Fleet"
# What the engine does for its own sake: it changes nothing at a vendor.
_QUIET = frozenset({"same", "refresh", "read"})
_STACK = "pulumi:pulumi:Stack"
_COMPONENTS = frozenset({_STACK, "trunkline:PhoneLine"})
# The words that the engine puts before what a provider's check refuses.
_CHECK = re.compile(r"^\S+ resource '\S+' has a problem: ")
# What the engine says of the machine that it runs on, with the official host for each plugin that it finds on PATH.
_OF_THE_MACHINE = re.compile(r"using pulumi-\S+ from \$PATH at ")
_PROVIDERS = "pulumi:providers:"
_COLOUR = re.compile(r"<\{%[^%]*%\}>")
# How the engine writes a secret, and a value that is known only after the update (sdk/go/common/resource).
_SECRET, _SIGNATURE = "[secret]", "4dabf18193072939515e22adb298388d"
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    }
)
_PATH_END = re.compile(r"[.\[]")  # of a property within another
SECRET, LATER = "[secret]", "(known after the update)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One resource: what the engine does with it, and its properties before and after; None where it is not there.

    `line` is the line whose component holds it, "" for what lines share. Of a refresh, `before` is what was recorded
    and `after` what was found. `live`: what the refresh has left of its outputs, `id` its id in the state. `differs`:
    the properties that the engine found to differ, also where secrets hide it.
    """

    op: str
    kind: str
    name: str
    line: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    live: Mapping[str, Any] | None = None
    id: str = ""
    differs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineLog:
    """A preview. `fleet_before` is the Fleet's record, `fleet_after` what its check found: {} where there is none.

    `steps` are all but those of the Fleet, also where nothing is done. `drift`: the refreshes that found a difference.
    `digest` is the inventory's, as the stack's outputs have it.
    """

    stack: str
    project: str = ""
    digest: str = ""
    fleet_before: Mapping[str, Any] = field(default_factory=dict)
    fleet_after: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    drift: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that are more than looking."""
        return tuple(step for step in self.steps if step.op not in _QUIET)


def read(lines: Iterable[str]) -> EngineLog:
    """Read an event log. Raises ValueError where a line is no JSON object."""
    stack, project, digest, notices, errors = "", "", "", [], []
    fleet: Step | None = None
    steps: dict[tuple[str, str, str, str], Step] = {}
    drift: list[Step] = []
    for event in (json.loads(line) for line in lines if line.strip()):
        if "diagnosticEvent" in event:
            said = event["diagnosticEvent"]
            text = _plain_text(said["message"])
            if text and said["severity"] == "error":
                errors.append(text)
            elif text and said["severity"] in ("info", "info#err", "warning") and not _OF_THE_MACHINE.match(text):
                notices.append(text)
        for name in ("resourcePreEvent", "resOutputsEvent"):
            metadata = event.get(name, {}).get("metadata")
            if metadata is None:
                continue
            stack, project = metadata["urn"].removeprefix("urn:pulumi:").split("::")[:2]
            digest = _digest(metadata) or digest
            if metadata["type"] in _COMPONENTS or metadata["type"].startswith(_PROVIDERS):
                continue
            if name == "resOutputsEvent":
                if metadata["op"] == "refresh" and (metadata.get("detailedDiff") or not metadata.get("new")):
                    drift.append(_step(metadata, "outputs"))
                continue
            step = _step(metadata, "inputs")
            if step.op == "refresh":
                continue
            if step.kind == FLEET:
                fleet = step
            else:
                steps[step.kind, step.line, step.name, step.op] = step
    return EngineLog(
        stack=stack,
        project=project,
        digest=digest,
        fleet_before=(fleet.before if fleet else None) or {},
        fleet_after=(fleet.after if fleet else None) or {},
        steps=tuple(steps[key] for key in sorted(steps)),
        drift=tuple(sorted((one for one in drift if one.kind != FLEET), key=lambda one: (one.kind, one.name))),
        notices=tuple(dict.fromkeys(notices)),
        errors=_without_echoes(errors),
    )


def _digest(metadata: Mapping[str, Any]) -> str:
    """Give the inventory's digest, where the event has the stack's outputs."""
    outputs = (metadata.get("new") or {}).get("outputs") or {}
    return str(_shown(outputs.get("inventoryDigest", ""))) if metadata["type"] == _STACK else ""


def _step(metadata: Mapping[str, Any], properties: str) -> Step:
    kinds, _, name = metadata["urn"].rpartition("::")
    chain = kinds.rpartition("::")[2]
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    return Step(
        op=metadata["op"],
        kind=metadata["type"].rpartition(":")[2],
        name=name,
        # What a line has for one of its entries is named behind a plus.
        line=name.partition("+")[0] if chain.startswith("trunkline:PhoneLine$") else "",
        before=_shown(old[properties]) if old.get(properties) else None,
        after=_shown(new[properties]) if new.get(properties) else None,
        live=_shown(old["outputs"]) if old.get("outputs") else None,
        id=old.get("id", ""),
        differs=frozenset(_PATH_END.split(path)[0] for path in metadata.get("detailedDiff") or {}),
    )


def _shown(value: Any) -> Any:
    """Give a value as a reader may see it: no secret, no private key, no placeholder."""
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return SECRET
        return {key: _shown(item) for key, item in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return LATER if isinstance(value, str) and value in _UNKNOWN else value


def _plain_text(message: str) -> str:
    return _COLOUR.sub("", message).strip()


def _without_echoes(errors: Iterable[str]) -> tuple[str, ...]:
    """Give each error once: the engine ends with the first one again, or with the word that there were some."""
    told = dict.fromkeys(_CHECK.sub("", error.removeprefix("Preview failed: ")) for error in errors)
    return tuple(error for error in told if error not in ("update failed", "preview failed"))
