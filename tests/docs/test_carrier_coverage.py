"""docs/coverage.md has every field of the carriers' objects, and what it calls writable is written."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from twilio.rest.api.v2010.account import incoming_phone_number, sip  # type: ignore[import-untyped]
from twilio.rest.trunking.v1 import trunk  # type: ignore[import-untyped]
from twilio.rest.trunking.v1.trunk import (  # type: ignore[import-untyped]
    credential_list,
    ip_access_control_list,
    origination_url,
    recording,
)
from vonage_numbers import NumberParams, UpdateNumberParams  # type: ignore[import-untyped]

from providers.port import NumberSearch
from providers.twilio import convert as twilio
from providers.vonage import convert as vonage
from sandbox.livekit.number_rpcs import NUMBER_RPCS
from tests.contract.carriers import World
from tests.docs.carrier_coverage import FATES, KEPT, WRITTEN
from tests.docs.coverage import unknown_keys
from trunkline.e164 import E164

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
_ACCOUNT, _TRUNKS = "/2010-04-01/Accounts/{AccountSid}", "/v1/Trunks"
_LISTS, _ADDRESSES = f"{_ACCOUNT}/SIP/CredentialLists", f"{_ACCOUNT}/SIP/IpAccessControlLists"
_IN_LIST, _IN_ADDRESSES = f"{_LISTS}/{{CredentialListSid}}", f"{_ADDRESSES}/{{IpAccessControlListSid}}"
# Object -> specification, schema of the answer, paths whose requests write it, and the SDK's calls that do.
_Object = tuple[str, str, tuple[str, ...], tuple[Callable[..., Any], ...]]
TWILIO: Mapping[str, _Object] = {
    "Trunk": (
        "twilio_trunking_v1", "trunking.v1.trunk", (_TRUNKS, f"{_TRUNKS}/{{Sid}}"),
        (trunk.TrunkList.create, trunk.TrunkContext.update),
    ),
    "Recording": (
        "twilio_trunking_v1", "trunking.v1.trunk.recording", (f"{_TRUNKS}/{{TrunkSid}}/Recording",),
        (recording.RecordingContext.update,),
    ),
    "OriginationUrl": (
        "twilio_trunking_v1", "trunking.v1.trunk.origination_url",
        (f"{_TRUNKS}/{{TrunkSid}}/OriginationUrls", f"{_TRUNKS}/{{TrunkSid}}/OriginationUrls/{{Sid}}"),
        (origination_url.OriginationUrlList.create, origination_url.OriginationUrlContext.update),
    ),
    "CredentialList": (
        "twilio_api_v2010", "api.v2010.account.sip.sip_credential_list",
        (f"{_LISTS}.json", f"{_LISTS}/{{Sid}}.json"), (sip.credential_list.CredentialListList.create,),
    ),
    "Credential": (
        "twilio_api_v2010", "api.v2010.account.sip.sip_credential_list.sip_credential",
        (f"{_IN_LIST}/Credentials.json", f"{_IN_LIST}/Credentials/{{Sid}}.json"),
        (sip.credential_list.credential.CredentialList.create,),
    ),
    "CredentialList of a Trunk": (
        "twilio_trunking_v1", "trunking.v1.trunk.credential_list", (f"{_TRUNKS}/{{TrunkSid}}/CredentialLists",),
        (credential_list.CredentialListList.create,),
    ),
    "IpAccessControlList of a Trunk": (
        "twilio_trunking_v1", "trunking.v1.trunk.ip_access_control_list",
        (f"{_TRUNKS}/{{TrunkSid}}/IpAccessControlLists",),
        (ip_access_control_list.IpAccessControlListList.create,),
    ),
    "IpAccessControlList": (
        "twilio_api_v2010", "api.v2010.account.sip.sip_ip_access_control_list",
        (f"{_ADDRESSES}.json", f"{_ADDRESSES}/{{Sid}}.json"),
        (sip.ip_access_control_list.IpAccessControlListList.create,),
    ),
    "IpAddress": (
        "twilio_api_v2010", "api.v2010.account.sip.sip_ip_access_control_list.sip_ip_address",
        (f"{_IN_ADDRESSES}/IpAddresses.json", f"{_IN_ADDRESSES}/IpAddresses/{{Sid}}.json"),
        (sip.ip_access_control_list.ip_address.IpAddressList.create,),
    ),
    "IncomingPhoneNumber": (
        "twilio_api_v2010", "api.v2010.account.incoming_phone_number",
        (f"{_ACCOUNT}/IncomingPhoneNumbers.json", f"{_ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json"),
        (
            incoming_phone_number.IncomingPhoneNumberList.create,
            incoming_phone_number.IncomingPhoneNumberContext.update,
        ),
    ),
}  # fmt: skip


def lacking(name: str, fields: set[str]) -> set[str]:
    return fields - set(FATES[name])


@pytest.mark.parametrize("name", TWILIO)
def test_every_field_that_the_installed_twilio_sends_has_its_row(name: str) -> None:
    *_, calls = TWILIO[name]
    sent = {word for call in calls for word in inspect.signature(call).parameters} - {"self"}

    assert lacking(f"Twilio: {name}", sent) == set()


def test_every_field_that_the_installed_vonage_sends_has_its_row() -> None:
    fields = {**NumberParams.model_fields, **UpdateNumberParams.model_fields}
    sent = {field.serialization_alias or name for name, field in fields.items()}

    assert lacking("Vonage: number", sent) == set()


_SKIP = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' specifications are not beside the repository")


@_SKIP
@pytest.mark.parametrize("name", TWILIO)
def test_twilio_s_specification_has_the_rows_of_the_page_and_no_others(name: str) -> None:
    file, schema, paths, _ = TWILIO[name]
    spec = json.loads((SPECS / f"{file}.json").read_text())
    bodies = [spec["paths"][path]["post"]["requestBody"]["content"].values() for path in paths]
    sent = {word for body in bodies for content in body for word in content["schema"]["properties"]}
    shown = set(spec["components"]["schemas"][schema]["properties"])

    assert set(FATES[f"Twilio: {name}"]) == shown | {_snake(word) for word in sent}


@_SKIP
def test_vonage_s_specification_has_the_rows_of_the_page_and_no_others() -> None:
    schemas = yaml.safe_load((SPECS / "vonage_numbers.yml").read_text())["components"]["schemas"]
    names = ("ownednumber", "number-details", "number-details-update")

    assert set(FATES["Vonage: number"]) == {word for name in names for word in schemas[name]["properties"]}


# Of messages that the installed livekit-protocol does not have yet: of `livekit_phone_number.proto`, 1.54.0.
PHONE_NUMBER = frozenset(
    {
        "id", "e164_format", "country_code", "area_code", "number_type", "locality", "region", "spam_score",
        "created_at", "updated_at", "capabilities", "status", "assigned_at", "released_at", "sip_dispatch_rule_id",
        "sip_dispatch_rule_ids", "name", "inbound_status", "outbound_status",
    }
)  # fmt: skip


def test_every_field_of_a_number_of_livekit_s_has_its_row_and_no_other() -> None:
    taken = {field for rpc in NUMBER_RPCS.values() for field in rpc.takes}

    assert set(FATES["LiveKit: PhoneNumber"]) == PHONE_NUMBER | taken


def test_the_protocol_that_is_installed_has_no_field_that_the_page_lacks() -> None:
    if importlib.util.find_spec("livekit.protocol.phone_number") is None:
        return
    module = importlib.import_module("livekit.protocol.phone_number")
    fields = {field.name for field in module.PhoneNumber.DESCRIPTOR.fields}

    assert lacking("LiveKit: PhoneNumber", fields) == set()


def _sent_for_a_number_of_livekit_s() -> set[str]:
    """Give the fields of all requests about one, from its search to its release."""
    world = World()
    mark, numbers, wanted = world.sandbox.journal.mark(), world.carrier("livekit"), world.desired("livekit")
    found = numbers.search(NumberSearch(country="US", area_code="415"), 60)[55]
    numbers.release(numbers.route(numbers.buy(found.number, wanted), wanted))
    numbers.owned()
    numbers.find(found.number)
    return {field for entry in world.sandbox.journal.entries(mark) for field in dict(entry.params)}


def _snake(word: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", word).lower()


def test_what_is_called_writable_is_written_and_nothing_else_is() -> None:
    number = E164.shaped("+16505551234")
    papers = {"addressSid": "AD", "bundleSid": "BU", "emergencyAddressSid": "AD"}
    every = {"tag": "t", "trunkSid": "TK", "statusCallback": "u", "statusCallbackMethod": "GET", **papers}
    kinds = {
        "Twilio: Trunk": "SipTrunk",
        "Twilio: OriginationUrl": "OriginationUrl",
        "Twilio: CredentialList": "CredentialList",
        "Twilio: Credential": "Credential",
        "Twilio: CredentialList of a Trunk": "TrunkCredentialList",
        "Twilio: IpAccessControlList of a Trunk": "TrunkAddressList",
    }
    sent = {name: {word.partition(".")[0] for word in twilio.WORDS[kind].values()} for name, kind in kinds.items()}
    sent["Twilio: Recording"] = set(twilio.sent_beside("SipTrunk", {"recordingMode": "", "recordingTrim": ""}))
    sent["Twilio: IncomingPhoneNumber"] = set(twilio.purchase(number, every))
    forwarded = {"country": "GB", "msisdn": "44", **dict.fromkeys((*vonage.VOICE, vonage.STATUS), "x")}
    sent["Vonage: number"] = {*vonage.update(forwarded), "type"}
    sent["LiveKit: PhoneNumber"] = {*_sent_for_a_number_of_livekit_s(), "e164_format", "number_type"}
    # Where an object stands is no field of its requests, but their path.
    paths = {"trunk_sid", "credential_list_sid", "account_sid"}
    written = {name: {field for field, (fate, _) in fates.items() if fate == WRITTEN} for name, fates in FATES.items()}

    assert {name: fields - paths for name, fields in written.items() if fields} == {
        name: fields - paths for name, fields in sent.items()
    }


def test_what_vonage_keeps_of_a_number_is_sent_back_with_every_update() -> None:
    kept = {field for field, (fate, _) in FATES["Vonage: number"].items() if fate == KEPT}
    assert kept - set(vonage.KEPT) == {"features"}  # which no request takes


def test_every_key_of_the_carriers_part_exists() -> None:
    assert unknown_keys(FATES) == set()
