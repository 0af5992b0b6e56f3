"""The emulated Twilio as a vendor of the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar

from sandbox.credentials import TWILIO
from sandbox.ids import Ids
from sandbox.ledger import Ledger
from sandbox.request import FORM, Request, Response
from sandbox.routing import Router
from sandbox.store import Store
from sandbox.twilio.access import Caller, caller, open_accounts
from sandbox.twilio.byhand import ByHand
from sandbox.twilio.desk import API, Call, Desk, Route
from sandbox.twilio.errors import Refusal, not_found, of_status
from sandbox.twilio.parameters import read_all
from sandbox.twilio.routes import ROUTES
from sandbox.twilio.settings import TwilioSettings


class Twilio(ByHand):
    """Numbers, Elastic SIP Trunking, SIP credentials, addresses and pricing of one carrier with several accounts."""

    name: ClassVar[str] = "twilio"
    prefixes: ClassVar[tuple[str, ...]] = (
        f"{API}/",
        "/v1/Trunks",
        "/v1/PhoneNumbers",
        "/v2/Trunking",
        "/v2/RegulatoryCompliance",
    )

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Ids,
        store: Store,
        ledger: Ledger,
        held_elsewhere: Callable[[str, str], bool],
        settings: TwilioSettings | None = None,
    ) -> None:
        settings = settings or TwilioSettings()
        self.store = store
        self.desk = Desk(clock, ids, store, ledger, held_elsewhere, settings)
        self.routes = ROUTES
        self._router = _router()
        open_accounts(store, settings, clock())

    @staticmethod
    def environment(url: str) -> Mapping[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": TWILIO.sid,
            "TWILIO_AUTH_TOKEN": TWILIO.auth_token,
            "TWILIO_BASE_URL": url,
        }

    @property
    def settings(self) -> TwilioSettings:
        return self.desk.settings

    @settings.setter
    def settings(self, settings: TwilioSettings) -> None:
        """Change the rules from now on; accounts stay as they were opened."""
        self.desk.settings = settings

    def failure(self, status: int) -> Response:
        return of_status(status).response()

    def answer(self, request: Request) -> Response:
        asking = caller(self.store, request)
        match = self._router.find(request.path)
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
