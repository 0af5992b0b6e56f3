"""The OpenAPI 3.1 document, made from the table of endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from trunkline.api import problem
from trunkline.api.endpoint import Endpoint
from trunkline.api.endpoints import views
from trunkline.api.reply import JSON

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
