"""For each write of the API that this one replaces: the `trunkline edit` that does it.

The old calls are recognised by what they say and not by one exact spelling of their paths:
    POST   /sip…                      purchase a number, or register a custom trunk (the body has `sip_address`)
    PUT, PATCH, POST /sip/{id}…       change a line; map an agent (`agent_id`)
    DELETE /sip/{id}                  release a number
    POST, PUT /agents/{id}/numbers…   map an agent to the line that the body names
"""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope

from trunkline.api.endpoint import route_path
from trunkline.api.problem import ApiProblem
from trunkline.api.served.feed import Snapshot
from trunkline.api.served.together import Whole

MAX_BODY = 64 * 1024
PATIENCE = 10.0
"""Seconds that a body may take."""
_WORD = re.compile(r"[^a-z0-9]+")
_NOT_A_NAME = re.compile(r"^[^a-z]+")
_AGENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")  # what can be taken for no option
_PLACEHOLDER = "+16505551234"

# The old body's fields -> the options of `trunkline edit`. What is not here is not repeated; passwords above all.
_LINE_FIELDS = {
    "phone_number": "phone-number", "number": "phone-number", "agent_id": "agent", "agent": "agent", "label": "label",
    "krisp_enabled": "krisp-enabled", "allowed_addresses": "allowed-address", "allowed_numbers": "allowed-caller",
}  # fmt: skip
_TRUNK_FIELDS = {"sip_address": "sip-address", "transport": "transport", "auth_username": "auth-username"}
_PURCHASE_FIELDS = {"provider": "provider"}
_SECRETS = ("auth_password", "password", "secret", "auth_token", "api_secret")
Seen = Snapshot | Whole | None
# The server sees the state, where no line says which file declares it; the command sees the files.
_WHERE = "the file that has the line, numbers.yaml or a part of it, which the command finds and names"
_ADDING = ("trunkline edit add ", "trunkline edit register ")
_APPLY = "Open a pull request with what the command changes; once it is merged, `pulumi up` makes it so."


async def refusal(scope: Scope, receive: Receive, snapshot: Seen, patience: float = PATIENCE) -> ApiProblem:
    """Give the problem that answers a write: 405 with the edit.

    Raises ApiProblem for a body that no such call has: 413, or 408 where it is not whole after `patience` seconds.
    """
    try:
        async with asyncio.timeout(patience):
            body = await _body(receive)
    except TimeoutError:
        raise ApiProblem("request-slow", f"the body was not whole after {patience:g} s") from None
    path = [part for part in route_path(scope).split("/") if part]
    what, command = _edit(scope["method"], path, body, snapshot)
    more: dict[str, Any] = {"edit": command} if command else {}
    if command.startswith(_ADDING):
        more["file"] = "numbers.yaml"
    if _passwords(body):
        more["secret"] = "pulumi config set --secret sipPassword   # asks for the value; it stands nowhere in the file"
    return ApiProblem("read-only", f"{what} {_APPLY}", more=more)


def _edit(method: str, path: list[str], body: Mapping[str, Any], snapshot: Seen) -> tuple[str, str]:
    """Give what is to be known of the edit, and its command; "" where there is none."""
    root, id = (path[0] if path else ""), str(_safe(path[1], body)) if len(path) > 1 else ""
    if root == "agents" and id:
        name = _line_name(str(body.get("phone_number") or body.get("sip_id") or body.get("id") or ""), snapshot)
        return f"An agent is mapped to a line in {_WHERE}.", _command("map-agent", name or "LINE", agent=id)
    if root != "sip":
        return "This API only reads.", ""
    known = _line_name(id, snapshot)
    if method == "DELETE":
        step = "The command makes the first, and tells the second, for when the first is applied."
        what = f"A number is released in two steps, in {_WHERE}. {step}"
        return what, _command("release", known or _slug(id) or "LINE")
    if known or method in ("PUT", "PATCH") or body.get("sip_id"):
        name = known or _line_name(str(body.get("sip_id", "")), snapshot) or _slug(id) or "LINE"
        options = _fields(body, _LINE_FIELDS) or {"agent": "AGENT"}
        options.pop("phone-number", None)  # a line's number never changes
        what = f"A line is changed in {_WHERE}, in place and without an interruption."
        if [*options] == ["agent"]:
            return what, _command("map-agent", name, agent=str(options["agent"]))
        return what, _command("set", name, options)
    return _registration(body) if body.get("sip_address") else _purchase(body)


def _registration(body: Mapping[str, Any]) -> tuple[str, str]:
    line = _fields(body, _LINE_FIELDS)
    number, trunk = line.pop("phone-number", _PLACEHOLDER), _fields(body, _TRUNK_FIELDS)
    if _passwords(body):
        trunk["secret"] = "sipPassword"
    name = _slug(str(line.get("label", ""))) or "my-line"
    command = _command("register", name, {"phone-number": number, **trunk, **line})
    return "A trunk is registered in numbers.yaml, or with `--file` in a part of it.", command


def _purchase(body: Mapping[str, Any]) -> tuple[str, str]:
    line = _fields(body, _LINE_FIELDS)
    name = _slug(str(line.get("label", ""))) or "my-line"
    area, country = str(body.get("area_code") or ""), body.get("country_code") or body.get("country")
    if area.isascii() and area.isdigit() and "phone-number" not in line:
        searched = str(_safe(country, body)) if _plain(country) else "US"
        wanted: dict[str, Any] = {"country": searched, "area-code": area, "type": "local"}
    else:
        wanted = {"phone-number": line.pop("phone-number", _PLACEHOLDER)}
    what = "A number is bought by a line in numbers.yaml, or with `--file` in a part, once, however often applied."
    return what, _command("add", name, _fields(body, _PURCHASE_FIELDS) | wanted | line)


def _command(edit: str, line: str, options: Mapping[str, Any] | None = None, agent: str = "") -> str:
    """Give the command as a shell takes it."""
    words = ["trunkline", "edit", edit, line]
    if agent:
        words.append(agent if _AGENT.fullmatch(agent) else "AGENT")
    for name, value in (options or {}).items():
        if isinstance(value, bool):
            words.append(f"--{name}" if value else f"--no-{name}")
        else:
            values = value if isinstance(value, list) else [value]
            words += [f"--{name}={shlex.quote(str(each))}" for each in values]
    return " ".join(words)


def _fields(body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: _safe(body[old], body) for old, ours in names.items() if _plain(body.get(old))}


def _safe(value: Any, body: Mapping[str, Any]) -> Any:
    """Give a value to be repeated, unless a password of the same request stands in it."""
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return "…" if any(secret in text for secret in _passwords(body)) else value


def _passwords(body: Mapping[str, Any]) -> list[str]:
    return [str(body[name]) for name in _SECRETS if body.get(name)]


def _plain(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= 50 and all(isinstance(item, str) and _plain(item) for item in value)
    return isinstance(value, bool) or (isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable())


def _line_name(id: str, snapshot: Seen) -> str:
    # An entry of the file may be a line of several stacks.
    names = {row.id for row in snapshot.find(id)} if snapshot is not None and id else set()
    return names.pop() if len(names) == 1 else ""


def _slug(text: str) -> str:
    """Make a line's name of a text, "" where it has no letter."""
    return _NOT_A_NAME.sub("", _WORD.sub("-", text.lower()))[:40].strip("-")


async def _body(receive: Receive) -> Mapping[str, Any]:
    data = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ApiProblem("request-slow", "the connection ended before the body did")
        data += message.get("body", b"")
        if len(data) > MAX_BODY:
            raise ApiProblem("body-too-large", f"no call to this API has a body of over {MAX_BODY} bytes")
        if not message.get("more_body"):
            break
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
