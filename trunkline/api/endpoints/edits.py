"""For each write of the API that this one replaces: the edit of numbers.yaml that does it.

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
from collections.abc import Mapping
from typing import Any

import yaml
from starlette.types import Receive, Scope

from trunkline.api.feed import Snapshot
from trunkline.api.problem import ApiProblem

MAX_BODY = 64 * 1024
PATIENCE = 10.0
"""Seconds that a body may take."""
_WORD = re.compile(r"[^a-z0-9]+")
_PLACEHOLDER = "+16505551234"

# The old body's fields -> ours. What is not here is not repeated; passwords above all.
_LINE_FIELDS = {
    "phone_number": "phone_number", "number": "phone_number", "label": "label", "agent_id": "agent", "agent": "agent",
    "krisp_enabled": "krisp_enabled", "allowed_addresses": "allowed_addresses", "allowed_numbers": "allowed_callers",
}  # fmt: skip
_TRUNK_FIELDS = {"sip_address": "sip_address", "transport": "transport", "auth_username": "auth_username"}
_PURCHASE_FIELDS = {"provider": "provider", "country_code": "country", "country": "country"}
_SECRETS = ("auth_password", "password", "secret", "auth_token", "api_secret")
_APPLY = "Open a pull request with this change; once it is merged, `pulumi up` makes it so."


async def refusal(scope: Scope, receive: Receive, snapshot: Snapshot | None, patience: float = PATIENCE) -> ApiProblem:
    """Give the problem that answers a write: 405 with the edit.

    Raises ApiProblem for a body that no such call has: 413, or 408 where it is not whole after `patience` seconds.
    """
    try:
        async with asyncio.timeout(patience):
            body = await _body(receive)
    except TimeoutError:
        raise ApiProblem("request-slow", f"the body was not whole after {patience:g} s") from None
    path = [part for part in scope["path"].split("/") if part]
    what, document = _edit(scope["method"], path, body, snapshot)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, default_flow_style=False) if document else ""
    more: dict[str, Any] = {"file": "numbers.yaml", "edit": text} if text else {}
    if _passwords(body):
        more["secret"] = "pulumi config set --secret sipPassword   # asks for the value; it stands nowhere in the file"
    return ApiProblem("read-only", f"{what} {_APPLY}", more=more)


def _edit(
    method: str, path: list[str], body: Mapping[str, Any], snapshot: Snapshot | None
) -> tuple[str, dict[str, Any] | None]:
    root, id = (path[0] if path else ""), str(_safe(path[1], body)) if len(path) > 1 else ""
    if root == "agents" and id:
        name = _line_name(str(body.get("phone_number") or body.get("sip_id") or body.get("id") or ""), snapshot)
        return "Agents are mapped in numbers.yaml.", _numbers(name or "LINE", {"agent": id})
    if root != "sip":
        return "This API only reads.", None
    known = _line_name(id, snapshot)
    if method == "DELETE":
        name = known or _slug(id) or "LINE"
        step = "First mark the line so and apply that; then remove the line from the file and apply again."
        return f"A number is released in two steps. {step}", _numbers(name, {"removal": "release"})
    if known or method in ("PUT", "PATCH") or body.get("sip_id"):
        name = known or _line_name(str(body.get("sip_id", "")), snapshot) or _slug(id) or "LINE"
        fields = _fields(body, _LINE_FIELDS) or {"agent": "AGENT"}
        fields.pop("phone_number", None)  # a line's number never changes
        return "A line is changed in numbers.yaml, in place and without an interruption.", _numbers(name, fields)
    return _registration(body) if body.get("sip_address") else _purchase(body)


def _registration(body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    fields = _fields(body, _LINE_FIELDS)
    name = _slug(str(fields.get("label", ""))) or "my-line"
    trunk = {"provider": "custom", **_fields(body, _TRUNK_FIELDS)}
    if _passwords(body):
        trunk["auth_password"] = {"secret": "sipPassword"}
    line = {"phone_number": fields.pop("phone_number", _PLACEHOLDER), "trunk": name, **fields}
    return "A trunk is registered in numbers.yaml.", {"trunks": {name: trunk}} | _numbers(name, line)


def _purchase(body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    fields = _fields(body, _LINE_FIELDS)
    name = _slug(str(fields.get("label", ""))) or "my-line"
    bought = _fields(body, _PURCHASE_FIELDS)
    area = str(body.get("area_code") or "")
    if area.isascii() and area.isdigit() and "phone_number" not in fields:
        country = bought.pop("country", "US")
        line: dict[str, Any] = {"search": {"country": country, "area_code": area, "type": "local"}}
    else:
        line = {"phone_number": fields.pop("phone_number", _PLACEHOLDER)}
    what = "A number is bought by a line in numbers.yaml, once, however often it is applied."
    return what, _numbers(name, line | bought | fields)


def _numbers(name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {"numbers": {name: line}}


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


def _line_name(id: str, snapshot: Snapshot | None) -> str:
    found = snapshot.index.find(id) if snapshot is not None and id else ()
    return found[0].id if len(found) == 1 else ""


def _slug(text: str) -> str:
    return _WORD.sub("-", text.lower()).strip("-")[:40]


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
