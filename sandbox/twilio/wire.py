"""Dates and records in Twilio's spelling. Fields of a record that begin with an underscore stay inside."""

from __future__ import annotations

from functools import lru_cache
from time import gmtime, strftime
from typing import Any

from sandbox.store import Record
from sandbox.twilio.desk import API, Call

TRUNKING = "https://trunking.twilio.com"
PRICING = "https://pricing.twilio.com"
NUMBERS = "https://numbers.twilio.com"


@lru_cache(maxsize=4096)
def rfc2822(at: float) -> str:
    return strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(at))


@lru_cache(maxsize=4096)
def iso8601(at: float) -> str:
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(at))


def public(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name[0] != "_"}


def in_2010(record: Record, path: str) -> dict[str, Any]:
    """Give a record as the 2010 API shows it. `path` comes after the account, without `.json`."""
    return {
        **public(record),
        "date_created": rfc2822(record["_created"]),
        "date_updated": rfc2822(record["_updated"]),
        "uri": account_uri(record["account_sid"], f"{path}.json"),
    }


def in_v1(call: Call, record: Record, path: str) -> dict[str, Any]:
    """Give a record as the trunking API shows it. `path` comes after `/v1`."""
    return {
        **public(record),
        "date_created": iso8601(record["_created"]),
        "date_updated": iso8601(record["_updated"]),
        "url": v1_url(call, path),
    }


def account_uri(account: str, path: str) -> str:
    return f"{API}/Accounts/{account}{path}"


def v1_url(call: Call, path: str) -> str:
    return f"{call.request.base_url(TRUNKING)}/v1{path}"
