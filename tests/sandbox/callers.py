"""Clients of an in-process sandbox: the requests that an account of each carrier makes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sandbox import Dropped, Request, Response, Sandbox
from sandbox.credentials import TWILIO, VONAGE, TwilioAccount, VonageAccount
from sandbox.request import FORM

NOON = 1_780_000_000.0


class Clock:
    """Time that moves only when told; `sleep` moves it."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class Caller:
    """Requests with one user's credentials. Fields go into the query of a GET and into the form of anything else."""

    def __init__(self, sandbox: Sandbox, user: str, password: str) -> None:
        self.sandbox = sandbox
        self.headers = {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}

    def ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Response | Dropped:
        encoded = urlencode(fields or {}, doseq=True)
        if method == "GET":
            url = f"{quote(path)}?{encoded}" if encoded else path
            return self.sandbox.handle(Request.of(method, url, self.headers))
        headers = {**self.headers, "content-type": FORM}
        return self.sandbox.handle(Request.of(method, path, headers, encoded.encode()))

    def answer(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """Give status and decoded body; the body is None where there is none."""
        response = self.ask(method, path, fields)
        assert isinstance(response, Response), "the connection was dropped"
        return response.status, response.json() if response.body else None

    def get(self, path: str, **fields: Any) -> tuple[int, Any]:
        return self.answer("GET", path, fields)

    def post(self, path: str, **fields: Any) -> tuple[int, Any]:
        return self.answer("POST", path, fields)

    def delete(self, path: str) -> tuple[int, Any]:
        return self.answer("DELETE", path)


class TwilioCaller(Caller):
    """An account at Twilio; `home` is the path of its 2010 API."""

    def __init__(self, sandbox: Sandbox, account: TwilioAccount = TWILIO) -> None:
        super().__init__(sandbox, account.sid, account.auth_token)
        self.home = f"/2010-04-01/Accounts/{account.sid}"

    def buy(self, number: str, **fields: Any) -> tuple[int, Any]:
        return self.post(f"{self.home}/IncomingPhoneNumbers.json", PhoneNumber=number, **fields)

    def numbers(self) -> list[str]:
        _, body = self.get(f"{self.home}/IncomingPhoneNumbers.json", PageSize=1000)
        return [each["phone_number"] for each in body["incoming_phone_numbers"]]

    def trunk(self, **fields: Any) -> str:
        """Create a trunk and give its SID."""
        return str(self.post("/v1/Trunks", **fields)[1]["sid"])


class VonageCaller(Caller):
    """An account at Vonage."""

    def __init__(self, sandbox: Sandbox, account: VonageAccount = VONAGE) -> None:
        super().__init__(sandbox, account.api_key, account.api_secret)

    def buy(self, msisdn: str, country: str = "GB") -> tuple[int, Any]:
        return self.post("/number/buy", country=country, msisdn=msisdn)

    def owned(self, **fields: Any) -> Any:
        return self.get("/account/numbers", **fields)[1]


def refusal(code: int, message: str, status: int = 400) -> tuple[int, Any]:
    """Give the answer that Twilio refuses with."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}


def label(code: int, text: str) -> tuple[int, Any]:
    """Give the answer that Vonage refuses with."""
    return code, {"error-code": str(code), "error-code-label": text}
