"""`/openapi.json`, and `/docs`: the same document as a page that loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from trunkline.api.endpoint import Call, Endpoint
from trunkline.api.reply import Reply

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; } code { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; }
"""


def endpoints(document: Mapping[str, Any]) -> tuple[Endpoint, ...]:
    """Give the two endpoints that show a document; they are not part of it."""
    data, page = json.dumps(document, indent=1).encode(), _page(document).encode()
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest())
    policy = b"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; frame-ancestors 'none'" % digest

    def described(call: Call) -> Reply:
        return Reply(body=data)

    def shown(call: Call) -> Reply:
        headers = ((b"content-security-policy", policy),)
        return Reply(body=page, media="text/html; charset=utf-8", headers=headers)

    return (
        Endpoint(path="/openapi.json", summary="This document", answer=described, role=None, fresh=True),
        Endpoint(path="/docs", summary="This document, for people", answer=shown, role=None, fresh=True),
    )


def _page(document: Mapping[str, Any]) -> str:
    sections = "\n".join(_section(path, item["get"]) for path, item in document["paths"].items())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Trunkline API</title><style>{_STYLE}</style></head><body>
<h1>Trunkline API</h1>
<p>{escape(document["info"]["description"])} Send an API key as <code>X-API-Key</code> or
<code>Authorization: Bearer</code>, or a token as the latter or as cookie <code>access_token</code>.
Errors are problem details (RFC 9457).
For programs: <a href="/openapi.json">openapi.json</a>.</p>
{sections}
</body></html>
"""


def _section(path: str, operation: Mapping[str, Any]) -> str:
    role = operation.get("x-least-role", "nobody in particular")
    rows = "".join(_rows(operation["parameters"]))
    table = f"<table><tr><th>Parameter<th>In<th>Takes</tr>{rows}</table>" if rows else ""
    answers = ", ".join(
        f"{status} {escape(answer['description'])}" for status, answer in operation["responses"].items()
    )
    return f"""<section><h2><code>GET {escape(path)}</code></h2>
<p>{escape(operation["summary"])}. For {escape(role)}{" and up" if "x-least-role" in operation else ""}.</p>
{table}<p>Answers: {answers}.</p></section>"""


def _rows(parameters: list[Mapping[str, Any]]) -> Iterator[str]:
    for item in parameters:
        text = item.get("description") or _takes(item["schema"])
        need = " (required)" if item["required"] else ""
        yield f"<tr><td><code>{escape(item['name'])}</code>{need}<td>{item['in']}<td>{escape(text)}</tr>"


def _takes(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(choice) for choice in schema["enum"] if choice != "")
    return str(schema.get("pattern") or schema.get("type") or "text")
