"""What regulators demand of a kind of number, and the bundles of papers that answer them: numbers.twilio.com.

Regulations are derived from the settings: every kind of number that needs a bundle has one for each kind of end user.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call, Desk
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import PAGING, Parameter, boolean, choice, country, sid, text
from sandbox.twilio.wire import NUMBERS, iso8601, public

END_USERS = ("individual", "business")
STATUSES = (
    "draft",
    "pending-review",
    "in-review",
    "twilio-rejected",
    "twilio-approved",
    "provisionally-approved",
)
_ROOT = "/v2/RegulatoryCompliance"
_NUMBER_TYPE = choice("local", "mobile", "national", "toll-free")

LIST = (
    Parameter("EndUserType", choice(*END_USERS)),
    Parameter("IsoCountry", country),
    Parameter("NumberType", _NUMBER_TYPE),
    Parameter("IncludeConstraints", boolean),
    *PAGING,
)
READ = (Parameter("IncludeConstraints", boolean),)
LIST_BUNDLES = (
    Parameter("Status", choice(*STATUSES)),
    Parameter("FriendlyName", text(128)),
    Parameter("RegulationSid", sid("RN")),
    *PAGING,
)


def regulation_sid(country_code: str, kind: str, end_user: str) -> str:
    """Give the SID of a regulation, the same in every world; `kind` in our words."""
    return "RN" + md5(f"{country_code}/{kind}/{end_user}".encode(), usedforsecurity=False).hexdigest()


def read_list(call: Call) -> Response:
    wanted = {name: call.params.get(each) for name, each in _FILTERS.items() if each in call.params}
    rows = [row for row in _regulations(call.desk) if all(row[name] == value for name, value in wanted.items())]
    return url_page(call, "results", rows, _render, NUMBERS)


def read(call: Call) -> Response:
    found = next((row for row in _regulations(call.desk) if row["sid"] == call.arguments["Sid"]), None)
    if found is None:
        raise not_found(call.request.path)
    return Response.of_json(200, _render(call, found))


def read_bundles(call: Call) -> Response:
    bundles = [
        each
        for each in call.mine("bundles")
        if call.params.get("Status") in (None, each["status"])
        and call.params.get("FriendlyName") in (None, each["friendly_name"])
        and call.params.get("RegulationSid") in (None, each["regulation_sid"])
    ]
    return url_page(call, "results", bundles, _render_bundle, NUMBERS)


def read_bundle(call: Call) -> Response:
    return Response.of_json(200, _render_bundle(call, call.find("bundles")))


_FILTERS = {"end_user_type": "EndUserType", "iso_country": "IsoCountry", "number_type": "NumberType"}


def _regulations(desk: Desk) -> list[Record]:
    return list(_rows(desk))


def _rows(desk: Desk) -> Iterator[Record]:
    kinds = sorted(desk.settings.bundles)
    for order, (country_code, kind) in enumerate(kinds):
        for end_user in END_USERS:
            number_type = kind.replace("_", "-")
            yield {
                "sid": regulation_sid(country_code, kind, end_user),
                "friendly_name": f"{country_code}: {number_type.capitalize()} - {end_user.capitalize()}",
                "iso_country": country_code,
                "number_type": number_type,
                "end_user_type": end_user,
                "requirements": {"end_user": [{"type": end_user}], "supporting_document": [[{"type": "document"}]]},
                "_order": 2 * (len(kinds) - order) + END_USERS.index(end_user),
            }


def _render(call: Call, record: Record) -> dict[str, Any]:
    return {**public(record), "url": _url(call, f"/Regulations/{record['sid']}")}


def _render_bundle(call: Call, record: Record) -> dict[str, Any]:
    url = _url(call, f"/Bundles/{record['sid']}")
    links = {"evaluations": "Evaluations", "item_assignments": "ItemAssignments", "bundle_copies": "Copies"}
    return {
        **public(record),
        "date_created": iso8601(record["_created"]),
        "date_updated": iso8601(record["_updated"]),
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in links.items()},
    }


def _url(call: Call, path: str) -> str:
    return f"{call.request.base_url(NUMBERS)}{_ROOT}{path}"
