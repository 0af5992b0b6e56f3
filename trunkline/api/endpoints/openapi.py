"""The OpenAPI 3.1 document, made from the table of endpoints: `/openapi.json`, and `/docs`, which loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from trunkline.api import problem
from trunkline.api.endpoint import Call, Endpoint
from trunkline.api.endpoints import views
from trunkline.api.reply import JSON, Reply

_TEMPLATE = "#/components/schemas/{model}"
_EVERY = ("query-invalid", "path-invalid")
_GUARDED = ("unauthenticated", "forbidden", "too-many-failures", "keys-unavailable")
_SECURITY: list[dict[str, list[str]]] = [{"apiKey": []}, {"bearer": []}, {"cookie": []}]
_SCHEMES = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "A JWT, or an API key."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "access_token"},
}
_METHODS = ("get", "head")
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; } code { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; }
"""


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    """Give the document; the same table gives the same document."""
    table = tuple(endpoints)
    models: set[type[BaseModel]] = {views.ProblemView}
    models.update(endpoint.response for endpoint in table if endpoint.response is not None)
    _, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)], ref_template=_TEMPLATE
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trunkline",
            "version": version,
            "description": "The phone numbers of a Pulumi stack, read-only. Changes are made in numbers.yaml.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {endpoint.path: {method: _operation(endpoint, method) for method in _METHODS} for endpoint in table},
        "components": {"schemas": definitions["$defs"], "securitySchemes": _SCHEMES},
    }


def _operation(endpoint: Endpoint, method: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{method}{''.join(_word(part) for part in endpoint.path.split('/'))}",
        "summary": endpoint.summary,
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": _responses(endpoint, bodies=method == "get"),
    }
    if endpoint.role is not None:
        operation["security"] = _SECURITY
        operation["x-least-role"] = endpoint.role.value
    return operation


def _word(part: str) -> str:
    return "".join(word.capitalize() for word in part.strip("{}").replace(".", "-").split("-"))


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in endpoint.parameters.items()
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = endpoint.query.model_json_schema()
    required = schema.get("required", ())
    return [
        _described({"name": name, "in": "query", "required": name in required, "schema": _schema(field)})
        for name, field in schema.get("properties", {}).items()
    ]


def _schema(field: Mapping[str, Any]) -> dict[str, Any]:
    """Give a parameter's schema: a parameter that may be left out is never null, so null is left out of it."""
    schema = {key: value for key, value in field.items() if key not in ("title", "default")}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        del schema["anyOf"]
        schema |= choices[0]
    return schema


def _described(parameter: dict[str, Any]) -> dict[str, Any]:
    description = parameter["schema"].pop("description", "")
    return parameter | {"description": description} if description else parameter


def _responses(endpoint: Endpoint, *, bodies: bool) -> dict[str, Any]:
    content = {media: _content(endpoint, media) for media in endpoint.media} if bodies else {}
    responses: dict[str, Any] = {"200": {"description": "OK"} | ({"content": content} if content else {})}
    if not endpoint.fresh:
        responses["304"] = {"description": "What the client has is current"}
    codes = (*_EVERY, *(_GUARDED if endpoint.role is not None else ()), *endpoint.problems, "not-ready")
    for code in sorted(set(codes)):
        status, title = problem.KINDS[code]
        described = responses.setdefault(str(status), {"description": title})
        if described["description"] != title:
            described["description"] += f"; or: {title}"
        if bodies:
            schema = _ref("Ready" if endpoint.path == "/readyz" and status == 503 else "ProblemView")
            media = JSON if endpoint.path == "/readyz" and status == 503 else problem.MEDIA_TYPE
            described["content"] = {media: {"schema": schema}}
    return dict(sorted(responses.items()))


def _content(endpoint: Endpoint, media: str) -> dict[str, Any]:
    if media == JSON and endpoint.response is not None:
        return {"schema": _ref(endpoint.response.__name__)}
    return {"schema": {"type": "string"}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _TEMPLATE.format(model=name)}


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
