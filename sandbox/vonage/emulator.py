"""The emulated Vonage as a vendor of the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar

from sandbox.accounts import VONAGE
from sandbox.request import Request, Response
from sandbox.routing import Router
from sandbox.vonage import account, numbers_for_sale, orders
from sandbox.vonage.access import IN_QUERY, caller, open_accounts
from sandbox.vonage.byhand import ByHand
from sandbox.vonage.desk import Call, Desk, Route
from sandbox.vonage.errors import failed
from sandbox.vonage.fields import Field, read_all


def _route(method: str, template: str, handler: Callable[[Call], Response], *fields: Field) -> Route:
    return Route(method, template, handler, {each.name: each for each in fields})


# Numbers API 1.0.20 and Account API 1.0.3 (Nexmo/api-specification, 2021-07-14).
ROUTES = (
    _route("GET", "/number/search", numbers_for_sale.search, *numbers_for_sale.SEARCH),
    _route("POST", "/number/buy", orders.buy, *orders.ORDER),
    _route("POST", "/number/cancel", orders.cancel, *orders.ORDER),
    _route("POST", "/number/update", orders.update, *orders.UPDATE),
    _route("GET", "/account/numbers", account.numbers, *account.LIST),
    _route("GET", "/account/get-balance", account.balance),
)


class Vonage(ByHand):
    """The Numbers API and the balance of one carrier with several accounts."""

    name: ClassVar[str] = "vonage"
    desks: ClassVar[type[Desk]] = Desk
    prefixes: ClassVar[tuple[str, ...]] = ("/number/", "/account/")

    @staticmethod
    def environment(url: str) -> Mapping[str, str]:
        return {
            "VONAGE_API_KEY": VONAGE.api_key,
            "VONAGE_API_SECRET": VONAGE.api_secret,
            "VONAGE_BASE_URL": url,
        }

    def open_accounts(self) -> None:
        open_accounts(self.store, self.settings)

    def failure(self, status: int) -> Response:
        return failed(status).response()

    def answer(self, request: Request) -> Response:
        account = caller(self.store, request)
        self._check_rate(account)
        match = _router().find(request.path)
        route = match.routes.get(request.method)
        if route is None:
            raise failed(405 if match.routes else 404)
        return route.handler(Call(self.desk, account, read_all(route.parameters, _given(request))))

    def _check_rate(self, account: str) -> None:
        """Refuse what comes sooner than the settings allow; a refused request costs no turn."""
        rate, now = self.settings.requests_per_second, self.desk.clock()
        if not rate:
            return
        if now < self.desk.next_allowed.get(account, now):
            raise failed(429)
        self.desk.next_allowed[account] = now + 1 / rate


@cache
def _router() -> Router[Route]:
    return Router(ROUTES)


def _given(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the parameters. A body of another type than a form is not read, so its fields are missing."""
    return tuple(pair for pair in (*request.query, *request.form) if pair[0] not in IN_QUERY)
