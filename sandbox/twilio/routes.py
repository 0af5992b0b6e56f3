"""Every route of Twilio's that the sandbox serves, with its handler and parameters (Twilio OpenAPI 2026-04-14)."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.request import Response
from sandbox.twilio import (
    account,
    address_lists,
    addresses,
    available,
    credentials,
    incoming,
    origination,
    pricing,
    regulations,
    trunk_links,
    trunks,
)
from sandbox.twilio.desk import API, Call, Route
from sandbox.twilio.parameters import Parameter
from sandbox.twilio.trunk_lists import ADDRESSES, CREDENTIALS
from sandbox.twilio.trunk_lists import LIST as TRUNK_LIST

Handler = Callable[[Call], Response]

_ACCOUNT = f"{API}/Accounts/{{AccountSid}}"
_AVAILABLE = f"{_ACCOUNT}/AvailablePhoneNumbers"
_NUMBERS = f"{_ACCOUNT}/IncomingPhoneNumbers"
_LISTS = f"{_ACCOUNT}/SIP/CredentialLists"
_IN_LIST = f"{_LISTS}/{{CredentialListSid}}/Credentials"
_ADDRESS_LISTS = f"{_ACCOUNT}/SIP/IpAccessControlLists"
_IN_ADDRESS_LIST = f"{_ADDRESS_LISTS}/{{IpAccessControlListSid}}/IpAddresses"
_ADDRESSES = f"{_ACCOUNT}/Addresses"
_TRUNKS = "/v1/Trunks"
_TRUNK = f"{_TRUNKS}/{{TrunkSid}}"


def _route(method: str, template: str, handler: Handler, *parameters: Parameter, keys: bool = True) -> Route:
    return Route(method, template, handler, {each.name: each for each in parameters}, keys)


_API_2010 = (
    _route("GET", f"{API}/Accounts/{{Sid}}.json", account.read, keys=False),
    _route("GET", f"{_ACCOUNT}/Balance.json", account.balance),
    _route("GET", f"{_AVAILABLE}.json", available.countries),
    _route("GET", f"{_AVAILABLE}/{{CountryCode}}.json", available.country),
    _route("GET", f"{_AVAILABLE}/{{CountryCode}}/Local.json", available.local, *available.SEARCH),
    _route("GET", f"{_AVAILABLE}/{{CountryCode}}/Mobile.json", available.mobile, *available.SEARCH),
    _route("GET", f"{_AVAILABLE}/{{CountryCode}}/TollFree.json", available.toll_free, *available.SEARCH),
    _route("POST", f"{_NUMBERS}.json", incoming.create, *incoming.CREATE),
    _route("GET", f"{_NUMBERS}.json", incoming.read_list, *incoming.LIST),
    _route("GET", f"{_NUMBERS}/{{Sid}}.json", incoming.read),
    _route("POST", f"{_NUMBERS}/{{Sid}}.json", incoming.update, *incoming.UPDATE),
    _route("DELETE", f"{_NUMBERS}/{{Sid}}.json", incoming.delete),
    _route("POST", f"{_LISTS}.json", credentials.create_list, *credentials.WRITE_LIST),
    _route("GET", f"{_LISTS}.json", credentials.read_lists, *credentials.LIST),
    _route("GET", f"{_LISTS}/{{Sid}}.json", credentials.read_list),
    _route("POST", f"{_LISTS}/{{Sid}}.json", credentials.update_list, *credentials.WRITE_LIST),
    _route("DELETE", f"{_LISTS}/{{Sid}}.json", credentials.delete_list),
    _route("POST", f"{_IN_LIST}.json", credentials.create, *credentials.CREATE),
    _route("GET", f"{_IN_LIST}.json", credentials.read_all, *credentials.LIST),
    _route("GET", f"{_IN_LIST}/{{Sid}}.json", credentials.read),
    _route("POST", f"{_IN_LIST}/{{Sid}}.json", credentials.update, *credentials.UPDATE),
    _route("DELETE", f"{_IN_LIST}/{{Sid}}.json", credentials.delete),
    _route("POST", f"{_ADDRESS_LISTS}.json", address_lists.create_list, *address_lists.WRITE_LIST),
    _route("GET", f"{_ADDRESS_LISTS}.json", address_lists.read_lists, *address_lists.LIST),
    _route("GET", f"{_ADDRESS_LISTS}/{{Sid}}.json", address_lists.read_list),
    _route("POST", f"{_ADDRESS_LISTS}/{{Sid}}.json", address_lists.update_list, *address_lists.WRITE_LIST),
    _route("DELETE", f"{_ADDRESS_LISTS}/{{Sid}}.json", address_lists.delete_list),
    _route("POST", f"{_IN_ADDRESS_LIST}.json", address_lists.create, *address_lists.CREATE),
    _route("GET", f"{_IN_ADDRESS_LIST}.json", address_lists.read_all, *address_lists.LIST),
    _route("GET", f"{_IN_ADDRESS_LIST}/{{Sid}}.json", address_lists.read),
    _route("POST", f"{_IN_ADDRESS_LIST}/{{Sid}}.json", address_lists.update, *address_lists.UPDATE),
    _route("DELETE", f"{_IN_ADDRESS_LIST}/{{Sid}}.json", address_lists.delete),
    _route("POST", f"{_ADDRESSES}.json", addresses.create, *addresses.CREATE),
    _route("GET", f"{_ADDRESSES}.json", addresses.read_list, *addresses.LIST),
    _route("GET", f"{_ADDRESSES}/{{Sid}}.json", addresses.read),
    _route("DELETE", f"{_ADDRESSES}/{{Sid}}.json", addresses.delete),
)

_TRUNKING_V1 = (
    _route("POST", _TRUNKS, trunks.create, *trunks.WRITE),
    _route("GET", _TRUNKS, trunks.read_list, *trunks.LIST),
    _route("GET", f"{_TRUNKS}/{{Sid}}", trunks.read),
    _route("POST", f"{_TRUNKS}/{{Sid}}", trunks.update, *trunks.WRITE),
    _route("DELETE", f"{_TRUNKS}/{{Sid}}", trunks.delete),
    _route("GET", f"{_TRUNK}/Recording", trunks.read_recording),
    _route("POST", f"{_TRUNK}/Recording", trunks.update_recording, *trunks.RECORDING),
    _route("POST", f"{_TRUNK}/OriginationUrls", origination.create, *origination.CREATE),
    _route("GET", f"{_TRUNK}/OriginationUrls", origination.read_list, *origination.LIST),
    _route("GET", f"{_TRUNK}/OriginationUrls/{{Sid}}", origination.read),
    _route("POST", f"{_TRUNK}/OriginationUrls/{{Sid}}", origination.update, *origination.UPDATE),
    _route("DELETE", f"{_TRUNK}/OriginationUrls/{{Sid}}", origination.delete),
    *(
        route
        for lists in (CREDENTIALS, ADDRESSES)
        for route in (
            _route("POST", f"{_TRUNK}/{lists.noun}s", lists.add, *lists.parameters),
            _route("GET", f"{_TRUNK}/{lists.noun}s", lists.read_all, *TRUNK_LIST),
            _route("GET", f"{_TRUNK}/{lists.noun}s/{{Sid}}", lists.read),
            _route("DELETE", f"{_TRUNK}/{lists.noun}s/{{Sid}}", lists.remove),
        )
    ),
    _route("POST", f"{_TRUNK}/PhoneNumbers", trunk_links.add_number, *trunk_links.ADD_NUMBER),
    _route("GET", f"{_TRUNK}/PhoneNumbers", trunk_links.read_numbers, *trunk_links.LIST),
    _route("GET", f"{_TRUNK}/PhoneNumbers/{{Sid}}", trunk_links.read_number),
    _route("DELETE", f"{_TRUNK}/PhoneNumbers/{{Sid}}", trunk_links.remove_number),
)

_REGULATORY = "/v2/RegulatoryCompliance"
_NUMBERS_V2 = (
    _route("GET", f"{_REGULATORY}/Regulations", regulations.read_list, *regulations.LIST),
    _route("GET", f"{_REGULATORY}/Regulations/{{Sid}}", regulations.read, *regulations.READ),
    _route("GET", f"{_REGULATORY}/Bundles", regulations.read_bundles, *regulations.LIST_BUNDLES),
    _route("GET", f"{_REGULATORY}/Bundles/{{Sid}}", regulations.read_bundle),
)

_PRICING = (
    _route("GET", "/v1/PhoneNumbers/Countries", pricing.number_countries, *pricing.LIST),
    _route("GET", "/v1/PhoneNumbers/Countries/{IsoCountry}", pricing.number_country),
    _route("GET", "/v2/Trunking/Countries", pricing.trunking_countries, *pricing.LIST),
    _route("GET", "/v2/Trunking/Countries/{IsoCountry}", pricing.trunking_country),
    _route("GET", "/v2/Trunking/Numbers/{DestinationNumber}", pricing.trunking_number),
)

ROUTES: tuple[Route, ...] = (*_API_2010, *_TRUNKING_V1, *_PRICING, *_NUMBERS_V2)
