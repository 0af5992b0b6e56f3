"""An object that is to be adopted, in words: what each property was and becomes, and where its calls went. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from providers.dynamic import unmanaged
from providers.kinds import KINDS
from providers.port import Observed, OwnedNumber
from trunkline.carriers.declaration import ROUTE
from trunkline.model import egress
from trunkline.model.options import CALLEE_PREFIX, ROOM_NAME

_SECRET = frozenset({"authPassword", "password", "pin", egress.SECRETS})
# Told with the room.
_OF_ROOM = (ROOM_NAME, CALLEE_PREFIX, "pin")
_NONE, _STAYS = "(none)", " (stays)"


def becoming(
    kind: str, values: Mapping[str, Any], left_alone: Iterable[str], named: Mapping[str, Any], live: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the object's properties as adoption leaves them: `values` and `named` are what the file gives."""
    wanted = {**values, **named, "unmanaged": sorted(left_alone), "named": unmanaged.named({**values, **named})}
    settled = unmanaged.settled(wanted, live, {})
    return {name: settled[name] for name in (*KINDS[kind].fields, *KINDS[kind].optional) if name in settled}


def properties(kind: str, observed: Observed, becomes: Mapping[str, Any]) -> dict[str, str]:
    """Give "was => becomes" by property, "was (stays)" where nothing changes; what is kept beside them stays too."""
    live = observed.every
    shown = {name: _change(name, live.get(name), becomes[name]) for name in becomes}
    unset = {name: value for name, value in KINDS[kind].optional.items() if name not in (*_OF_ROOM, *becomes)}
    shown |= {
        name: f"{_text(name, live[name])}{_STAYS}" for name in unset if live.get(name, unset[name]) != unset[name]
    }
    if "roomPrefix" in shown and observed.also.get("form", "individual") != "individual":
        stays = shown.pop("roomPrefix").endswith(_STAYS)
        new = _STAYS if stays else f' => a room of its own, "{becomes["roomPrefix"]}…"'
        shown["room"] = room(observed) + new
    if pin := observed.also.get("pin"):
        shown["pin"] = _change("pin", pin, becomes.get("pin", pin))
    return dict(sorted(shown.items()))


def number(owned: OwnedNumber, becomes: Mapping[str, Any]) -> dict[str, str]:
    """Give "was => becomes" of a number's label and routing."""
    return {name: _change(name, owned.props[name], becomes[name]) for name in sorted(owned.props) if name in becomes}


def changes(shown: Mapping[str, str]) -> list[str]:
    """Give the lines of the properties that change."""
    return [f"{name}: {text}" for name, text in shown.items() if not text.endswith(_STAYS)]


def staying(shown: Mapping[str, str]) -> list[str]:
    """Give one line with what stays, without what there is none of."""
    kept = [f"{name} {text.removesuffix(_STAYS)}" for name, text in shown.items() if text.endswith(_STAYS)]
    told = [text for text in kept if not text.endswith((_NONE, " false", " 0"))]
    return [f"stays: {'; '.join(told)}"] if told else []


def room(rule: Observed) -> str:
    """Say which room a rule puts its callers into."""
    form, name = rule.also.get("form", ""), rule.also.get("room", "")
    pin = ", with a PIN" if rule.also.get("pin") else ""
    if form == "direct":
        return f'the one room "{name}"{pin}'
    if form == "callee":
        return f'a room by the number called, "{name}…"{pin}'
    return f'a room of its own, "{name}…"{pin}'


def answers(rule: Observed) -> str:
    """Say who answers the calls of a rule."""
    agents = ", ".join(str(agent["agentName"]) for agent in rule.props["agents"]) or "no agent by name"
    return f'rule {rule.id} "{rule.tag}" answered them: {agents}, in {room(rule)}'


def ways(urls: Sequence[Observed], ours: str = "") -> list[str]:
    """Say which share of a carrier trunk's calls each other origination URL than `ours` takes.

    `ours` counts as it is made where it is not there yet; "" for none. A call goes to the enabled URLs of the smallest
    priority, by weight ("Origination URL resource", read 2026-11).
    """
    made = [ROUTE] if ours and not any(url.props["sipUrl"] == ours for url in urls) else []
    enabled = [props for props in (*(url.props for url in urls), *made) if props["enabled"]]
    best = min((props["priority"] for props in enabled), default=0)
    total = sum(props["weight"] for props in enabled if props["priority"] == best) or 1
    return [
        f"{url.id} {url.props['sipUrl']} (priority {url.props['priority']}, weight {url.props['weight']}) "
        + (
            f"takes {url.props['weight']} of {total} calls"
            if url.props["priority"] == best
            else "takes calls only where those of a better priority are silent or fail"
        )
        for url in urls
        if url.props["enabled"] and url.props["sipUrl"] != ours
    ]


def _change(name: str, was: Any, becomes: Any) -> str:
    if was == becomes:
        return f"{_text(name, was)}{_STAYS}"
    if name in _SECRET and was and isinstance(becomes, str) and becomes:
        return f"{_text(name, was)} => (another)"
    return f"{_text(name, was)} => {_text(name, becomes)}"


def _text(name: str, value: Any) -> str:
    """No secret is shown, but that there is one."""
    if value == {"secret": True}:
        return "(the config secret)"
    if isinstance(value, Mapping) and "later" in value:
        return str(value["later"])
    if name in _SECRET:
        return "(set)" if value else _NONE
    if value in ("", [], {}, None):
        return _NONE
    if name == "agents":
        return ", ".join(
            f"{agent['agentName']}{' (metadata ' + agent['metadata'] + ')' if agent['metadata'] else ''}"
            for agent in value
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
