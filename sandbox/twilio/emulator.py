"""The emulated Twilio as a vendor of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from sandbox.accounts import TWILIO
from sandbox.request import FORM, Request, Response
from sandbox.routing import Router
from sandbox.twilio.access import Caller, caller, open_accounts
from sandbox.twilio.byhand import ByHand
from sandbox.twilio.desk import API, Call, Desk, Route
from sandbox.twilio.errors import Refusal, not_found, of_status
from sandbox.twilio.parameters import read_all
from sandbox.twilio.routes import ROUTES


class Twilio(ByHand):
    """Numbers, Elastic SIP Trunking, SIP credentials, addresses and pricing of one carrier with several accounts."""

    name: ClassVar[str] = "twilio"
    desks: ClassVar[type[Desk]] = Desk
    prefixes: ClassVar[tuple[str, ...]] = (
        f"{API}/",
        "/v1/Trunks",
        "/v1/PhoneNumbers",
        "/v2/Trunking",
        "/v2/RegulatoryCompliance",
    )

    @staticmethod
    def environment(url: str) -> Mapping[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": TWILIO.sid,
            "TWILIO_AUTH_TOKEN": TWILIO.auth_token,
            "TWILIO_BASE_URL": url,
        }

    def open_accounts(self) -> None:
        open_accounts(self.store, self.settings, self.desk.clock())

    def failure(self, status: int) -> Response:
        return of_status(status).response()

    def answer(self, request: Request) -> Response:
        asking = caller(self.store, request)
        match = _router().find(request.path)
        route = match.routes.get(request.method)
        if route is None:
            raise of_status(405) if match.routes else not_found(request.path)
        _check_reach(asking, route, match.arguments.get("AccountSid"))
        params = read_all(route.parameters, _given(request))
        return route.handler(Call(self.desk, asking.account, match.arguments, params, request))


@cache
def _router() -> Router[Route]:
    return Router(ROUTES)


def _check_reach(asking: Caller, route: Route, account: str | None) -> None:
    """An account sees itself alone, and a standard API key not even that (Twilio docs on API keys, 2026-11)."""
    if account not in (None, asking.account) or (asking.by_key and not route.keys):
        raise of_status(401)


def _given(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the parameters: of the query for reads, of the form for writes."""
    if request.method != "POST":
        return request.query
    if request.body and request.content_type != FORM:
        raise Refusal(415, 20415, f"Content-Type {request.content_type!r} is not supported; send {FORM}")
    return (*request.query, *request.form)
