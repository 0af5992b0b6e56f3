"""The sandbox's own routes, under `/_sandbox/`: faults, journal, ledger, edits and state over HTTP.

Tests that kill processes use them from outside; `Sandbox` offers the same in Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sandbox.faults import Fault
from sandbox.request import Request, Response

if TYPE_CHECKING:
    from sandbox.world import Sandbox

PREFIX = "/_sandbox/"
Handler = Callable[["Sandbox", Request, list[str]], Response]


def handle(sandbox: Sandbox, request: Request) -> Response:
    """Answer an admin request; what is wrong with it is said in `{"message": ...}` with status 400 or 404."""
    noun, *rest = request.path.removeprefix(PREFIX).split("/")
    handler = ROUTES.get((request.method, noun))
    if handler is None:
        known = ", ".join(f"{method} {PREFIX}{name}" for method, name in ROUTES)
        return Response.of_json(404, {"message": f"no route {request.method} {request.path}; there are {known}"})
    try:
        return handler(sandbox, request, rest)
    except (ValueError, TypeError, KeyError) as error:
        return Response.of_json(400, {"message": f"{request.method} {request.path}: {error}"})


def _add_fault(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    if rest:
        return _release_fault(sandbox, rest)
    return Response.of_json(201, sandbox.faults.add(Fault.of_json(_body(request))).as_json())


def _release_fault(sandbox: Sandbox, rest: list[str]) -> Response:
    planted = sandbox.faults.get(int(rest[0]))
    if planted is None or rest[1:] != ["release"]:
        return Response.of_json(404, {"message": f"no fault to release at {'/'.join(rest)}"})
    planted.release()
    return Response.of_json(200, planted.as_json())


def _list_faults(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    return Response.of_json(200, {"faults": [planted.as_json() for planted in sandbox.faults]})


def _clear_faults(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    sandbox.faults.clear(int(rest[0]) if rest else None)
    return Response(204)


def _journal(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    since = int(dict(request.query).get("since", "0"))
    entries = [entry.as_json() for entry in sandbox.journal.entries(since)]
    return Response.of_json(200, {"entries": entries, "mark": sandbox.journal.mark()})


def _clear_journal(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    sandbox.journal.clear()
    return Response(204)


def _ledger(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    with sandbox.lock:
        ledger = sandbox.ledger
        spent = {currency: str(amount) for currency, amount in ledger.spent().items()}
        return Response.of_json(200, {"entries": ledger.as_json(), "owned": ledger.owned, "spent": spent})


def _edit(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    edit = dict(_body(request))
    vendor = sandbox.vendor(str(edit.pop("vendor", "")))
    if vendor is None:
        raise ValueError(f"vendor must be one of {', '.join(each.name for each in sandbox.vendors)}")
    return Response.of_json(200, dict(vendor.edit(edit)))


def _state(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    return Response.of_json(200, sandbox.snapshot())


def _restore(sandbox: Sandbox, request: Request, rest: list[str]) -> Response:
    sandbox.restore(_body(request))
    return Response(204)


def _body(request: Request) -> Mapping[str, Any]:
    value = json.loads(request.body or b"null")
    if isinstance(value, dict):
        return value
    raise ValueError("the body must be a JSON object")


ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "faults"): _list_faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "journal"): _journal,
    ("DELETE", "journal"): _clear_journal,
    ("GET", "ledger"): _ledger,
    ("POST", "edit"): _edit,
    ("GET", "state"): _state,
    ("PUT", "state"): _restore,
}
