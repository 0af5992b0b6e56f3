"""A walk over every route of both carriers, each answered with success."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import Response
from sandbox.credentials import TWILIO
from tests.sandbox.callers import Caller, TwilioCaller, VonageCaller

US, GB = "+16505551234", "442079460123"


@dataclass(frozen=True)
class Step:
    """One request by its route's template, and what came back."""

    method: str
    template: str
    response: Response

    @property
    def sid(self) -> str:
        return str(self.response.json()["sid"])


def step(caller: Caller, method: str, template: str, fields: Mapping[str, Any], **arguments: str) -> Step:
    response = caller.ask(method, template.format(**arguments), fields)
    assert isinstance(response, Response) and response.status < 300, (template, response)
    return Step(method, template, response)


def steps_at_twilio(caller: TwilioCaller) -> Iterator[Step]:
    yield from _reads_at_twilio(caller)
    yield from _trunks(caller)
    yield from _numbers(caller)
    yield from _lists(caller)
    yield from _regulations(caller)


def steps_at_vonage(caller: VonageCaller) -> Iterator[Step]:
    number = {"country": "GB", "msisdn": GB}
    app = {"app_id": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab", "moHttpUrl": "https://example.com/"}
    sip = {"voiceCallbackType": "sip", "voiceCallbackValue": f"sip:{GB}@abc.sip.livekit.cloud"}
    for method, template, fields in (
        ("GET", "/number/search", {"country": "GB", "pattern": "44207946", "search_pattern": 0, "size": 2}),
        ("GET", "/number/search", {"country": "ZZ"}),
        ("POST", "/number/buy", number),
        ("POST", "/number/update", {**number, **app, **sip}),
        ("GET", "/account/numbers", {}),
        ("POST", "/number/cancel", number),
        ("GET", "/account/get-balance", {}),
    ):
        yield step(caller, method, template, fields)


def _home(tail: str) -> str:
    return f"/2010-04-01/Accounts/{{AccountSid}}{tail}"


def _reads_at_twilio(caller: TwilioCaller) -> Iterator[Step]:
    yield step(caller, "GET", "/2010-04-01/Accounts/{Sid}.json", {}, Sid=TWILIO.sid)
    for tail in ("/Balance.json", "/AvailablePhoneNumbers.json", "/AvailablePhoneNumbers/{CountryCode}.json",
                 "/AvailablePhoneNumbers/{CountryCode}/Local.json", "/AvailablePhoneNumbers/{CountryCode}/Mobile.json",
                 "/AvailablePhoneNumbers/{CountryCode}/TollFree.json"):  # fmt: skip
        yield step(caller, "GET", _home(tail), {}, AccountSid=TWILIO.sid, CountryCode="GB")
    for product in ("/v1/PhoneNumbers", "/v2/Trunking"):
        yield step(caller, "GET", f"{product}/Countries", {"PageSize": 2})
        yield step(caller, "GET", f"{product}/Countries/{{IsoCountry}}", {}, IsoCountry="US")
    yield step(caller, "GET", "/v2/Trunking/Numbers/{DestinationNumber}", {}, DestinationNumber=US)


def _crud(
    caller: Caller, collection: str, name: str, create: Any, update: Any = None, **arguments: str
) -> Iterator[Step]:
    """Create, list, read and perhaps update one object of a collection; the first step is the creation."""
    suffix = ".json" if collection.startswith("/2010") else ""
    made = step(caller, "POST", collection + suffix, create, **arguments)
    yield made
    one = f"{collection}/{{{name}}}{suffix}"
    yield step(caller, "GET", collection + suffix, {}, **arguments)
    yield step(caller, "GET", one, {}, **arguments, **{name: made.sid})
    if update is not None:
        yield step(caller, "POST", one, update, **arguments, **{name: made.sid})


def _trunks(caller: TwilioCaller) -> Iterator[Step]:
    made, *rest = _crud(caller, "/v1/Trunks", "Sid", {"FriendlyName": "x", "DomainName": "x.pstn.twilio.com"}, {})
    trunk = {"TrunkSid": made.sid}
    url = {"Weight": 1, "Priority": 1, "Enabled": "true", "FriendlyName": "x", "SipUrl": "sip:x.example.com"}
    yield from (made, *rest)
    yield step(caller, "GET", "/v1/Trunks/{TrunkSid}/Recording", {}, **trunk)
    yield step(caller, "POST", "/v1/Trunks/{TrunkSid}/Recording", {"Mode": "record-from-answer"}, **trunk)
    number = caller.buy("+16505550000")[1]["sid"]
    chosen = caller.post(f"{caller.home}/SIP/CredentialLists.json", FriendlyName="in a trunk")[1]["sid"]
    admitted = caller.post(f"{caller.home}/SIP/IpAccessControlLists.json", FriendlyName="in a trunk")[1]["sid"]
    for tail, create, update in (
        ("OriginationUrls", url, url),
        ("CredentialLists", {"CredentialListSid": chosen}, None),
        ("IpAccessControlLists", {"IpAccessControlListSid": admitted}, None),
        ("PhoneNumbers", {"PhoneNumberSid": number}, None),
    ):
        collection = f"/v1/Trunks/{{TrunkSid}}/{tail}"
        created, *others = _crud(caller, collection, "Sid", create, update, **trunk)
        yield from (created, *others)
        yield step(caller, "GET", "/v1/Trunks", {}, **trunk)
        yield step(caller, "DELETE", f"{collection}/{{Sid}}", {}, **trunk, Sid=created.sid)
    yield step(caller, "DELETE", "/v1/Trunks/{Sid}", {}, Sid=made.sid)


def _numbers(caller: TwilioCaller) -> Iterator[Step]:
    home, where = {"AccountSid": TWILIO.sid}, _home("/Addresses")
    fields = {"CustomerName": "A", "Street": "B", "City": "C", "Region": "D", "PostalCode": "1", "IsoCountry": "US",
              "EmergencyEnabled": "true"}  # fmt: skip
    address, *rest = _crud(caller, where, "Sid", fields, **home)
    yield from (address, *rest)
    emergency = {"EmergencyAddressSid": address.sid, "EmergencyStatus": "Active"}
    number, *rest = _crud(caller, _home("/IncomingPhoneNumbers"), "Sid", {"PhoneNumber": US}, emergency, **home)
    yield from (number, *rest)
    caller.post(f"{caller.home}/IncomingPhoneNumbers/{number.sid}.json", EmergencyAddressSid="")
    yield step(caller, "DELETE", _home("/IncomingPhoneNumbers/{Sid}.json"), {}, **home, Sid=number.sid)
    yield step(caller, "DELETE", _home("/Addresses/{Sid}.json"), {}, **home, Sid=address.sid)


def _regulations(caller: TwilioCaller) -> Iterator[Step]:
    root = "/v2/RegulatoryCompliance"
    listed = step(caller, "GET", f"{root}/Regulations", {"IsoCountry": "GB", "NumberType": "mobile"})
    bundle = caller.sandbox.twilio.add_bundle(country="GB", type="mobile")
    yield listed
    yield step(caller, "GET", f"{root}/Regulations/{{Sid}}", {}, Sid=listed.response.json()["results"][0]["sid"])
    yield step(caller, "GET", f"{root}/Bundles", {"Status": "twilio-approved"})
    yield step(caller, "GET", f"{root}/Bundles/{{Sid}}", {}, Sid=bundle["sid"])


def _lists(caller: TwilioCaller) -> Iterator[Step]:
    home, lists = {"AccountSid": TWILIO.sid}, _home("/SIP/CredentialLists")
    made, *rest = _crud(caller, lists, "Sid", {"FriendlyName": "x"}, {"FriendlyName": "y"}, **home)
    yield from (made, *rest)
    inside, in_list = f"{lists}/{{CredentialListSid}}/Credentials", {**home, "CredentialListSid": made.sid}
    secret = {"Password": "Correct-horse-1"}
    credential, *rest = _crud(caller, inside, "Sid", {"Username": "livekit", **secret}, secret, **in_list)
    yield from (credential, *rest)
    yield step(caller, "DELETE", f"{inside}/{{Sid}}.json", {}, **in_list, Sid=credential.sid)
    yield step(caller, "DELETE", f"{lists}/{{Sid}}.json", {}, **home, Sid=made.sid)
    lists = _home("/SIP/IpAccessControlLists")
    made, *rest = _crud(caller, lists, "Sid", {"FriendlyName": "x"}, {"FriendlyName": "y"}, **home)
    yield from (made, *rest)
    inside, in_list = f"{lists}/{{IpAccessControlListSid}}/IpAddresses", {**home, "IpAccessControlListSid": made.sid}
    office = {"FriendlyName": "office", "IpAddress": "192.0.2.1", "CidrPrefixLength": 30}
    address, *rest = _crud(caller, inside, "Sid", office, {"CidrPrefixLength": 31}, **in_list)
    yield from (address, *rest)
    yield step(caller, "DELETE", f"{inside}/{{Sid}}.json", {}, **in_list, Sid=address.sid)
    yield step(caller, "DELETE", f"{lists}/{{Sid}}.json", {}, **home, Sid=made.sid)
