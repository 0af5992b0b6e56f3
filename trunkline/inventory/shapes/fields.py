"""What the shapes are made of: the types of single values (what they accept, what they say otherwise, how the schema
shows them), and what all entries have in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from trunkline import e164
from trunkline.inventory.shapes import sip
from trunkline.quoting import quote


def refused(rule: str, message: str, fix: str) -> PydanticCustomError:
    """Give what pydantic collects of a value that is refused, so that `messages` has nothing to guess."""
    return PydanticCustomError("refused", "{message}", {"rule": rule, "message": message, "fix": fix})


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """A text that matches `pattern` as a whole; `convert` makes its value and may raise ValueError with a reason.

    `what` completes "… is not", `fix` says what to write, `quiet` keeps the text out of messages.
    """

    rule: str
    pattern: str
    what: str
    fix: str
    convert: Callable[[str], Any] = _same
    quiet: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.accept, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{self.pattern}$"}

    def accept(self, text: str) -> Any:
        """Give the value of `text`, or raise what pydantic collects."""
        reason = f"is not {self.what}"
        if re.fullmatch(self.pattern, text):
            try:
                return self.convert(text)
            except ValueError as error:
                reason = str(error)
        shown = "this" if self.quiet else quote(text)
        raise refused(self.rule, f"{shown} {reason}", self.fix)


def _phone_number(text: str) -> e164.E164:
    try:
        return e164.E164.parse(text)
    except ValueError as error:
        raise _reason(text, error) from None


def _reason(text: str, error: ValueError) -> ValueError:
    """Say why a text is no number in E.164, with the one spelling that it would have."""
    try:
        canonical = phonenumbers.format_number(phonenumbers.parse(text), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return ValueError("has a country code that no country has")
    # A national prefix after the country code, +44 (0) 20 …: one number must have one spelling.
    return ValueError(f"is not how E.164 writes it: {canonical}") if canonical != text else error


def _country(text: str) -> str:
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("is no country" + ("; the United Kingdom is GB" if text == "UK" else ""))
    return text


def _network(text: str) -> str:
    sip.check_network(text)
    return text


def host(text: str) -> str:
    """Give what is host or host:port. Raises ValueError with what is wrong."""
    sip.check_host(text)
    return text


def _fallback(text: str) -> str:
    sip.check_fallback(text)
    return text


def _area_code(value: object) -> object:
    return str(value) if type(value) is int else value


def _amount(value: object) -> Decimal:
    if type(value) is int or isinstance(value, Decimal):
        amount = Decimal(value)
        if amount >= 0:
            return amount
    raise refused("type", "this is not an amount of money", "write a number such as 25 or 9.50")


def _version(value: object) -> object:
    """Refuse what only equals a version: 1.0 is no whole number, and true is none at all."""
    if type(value) is int or isinstance(value, str | list | dict) or value is None:
        return value
    raise refused("value", f"{str(value).lower()} is no version of this format", "write `version: 1`")


# Line breaks would break the one-line tables and vendor fields that these texts end in.
_ONE_LINE = r"[^\x00-\x1f\x7f]"

NAME_PATTERN = r"[a-z][a-z0-9-]{0,39}"
_NAME_FIX = "begin with a small letter; use small letters, digits and hyphens, at most 40 characters"

LINE_NAME = Text("name", NAME_PATTERN, "a line's name", _NAME_FIX)
CALLERS_NAME = Text("name", NAME_PATTERN, "a name for callers", _NAME_FIX)
TRUNK_NAME = Text("name", NAME_PATTERN, "a trunk's name", _NAME_FIX)
AGENT_ID = Text("name", r"[A-Za-z0-9_-]{1,64}", "an agent's key", "use letters, digits, _ and -, at most 64 characters")

Version = Annotated[Literal[1], BeforeValidator(_version)]
LineName = Annotated[str, LINE_NAME]
CallersName = Annotated[str, CALLERS_NAME]
TrunkName = Annotated[str, TRUNK_NAME]
AgentId = Annotated[str, AGENT_ID]
PhoneNumber = Annotated[
    e164.E164,
    Text(
        "invalid-number",
        r"\+[1-9][0-9]{6,14}",
        "E.164",
        'write a plus, the country code and the number, without spaces, in quotes: "+16505551234"',
        _phone_number,
    ),
]
Country = Annotated[
    str, Text("country", r"[A-Z]{2}", "a country code", "write two capital letters (ISO 3166): US, GB, DE", _country)
]
Network = Annotated[
    str,
    Text(
        "address",
        r"[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?",
        "an IP address or network",
        "write 203.0.113.7 or 203.0.113.0/28; LiveKit skips what it cannot read, and with nothing left admits everyone",
        _network,
    ),
]
SipAddress = Annotated[
    str,
    Text(
        "address",
        r"[A-Za-z0-9.:\[\]-]{1,260}",
        "host or host:port",
        "write the host alone, such as sip.example.com or sip.example.com:5060: no sip:, no user, no parameters;"
        " `transport` is a key of its own",
        host,
    ),
]
DomainName = Annotated[
    str,
    Text(
        "domain-name",
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+",
        "a domain",
        "write it whole, in small letters, as the carrier shows it",
    ),
]
AddressSid = Annotated[str, Text("sid", r"AD[0-9a-f]{32}", "an address SID", "write AD and 32 of 0-9 a-f")]
BundleSid = Annotated[str, Text("sid", r"BU[0-9a-f]{32}", "a bundle SID", "write BU and 32 of 0-9 a-f")]
AddressListSid = Annotated[
    str, Text("sid", r"AL[0-9a-f]{32}", "an IP access control list's SID", "write AL and 32 of 0-9 a-f")
]
StackName = Annotated[
    str, Text("name", r"[A-Za-z0-9_.-]{1,100}", "a stack's name", "use letters, digits, _, . and -: prod-us")
]
SecretName = Annotated[
    str,
    Text(
        "secret-name",
        r"[A-Za-z][A-Za-z0-9_.-]{0,99}",
        "the name of a config secret",
        "name it as in `pulumi config set --secret trunkline:<name>`: letters, digits, _, . and -",
        quiet=True,
    ),
]
Username = Annotated[
    str, Text("auth-username", r"[!-9;-~]{1,255}", "a SIP user name", "use printable ASCII without spaces and colons")
]
AgentName = Annotated[
    str, Text("agent-name", r"[!-~]{1,128}", "an agent's name", "write the name that the agent registers with LiveKit")
]
RoomPrefix = Annotated[
    str, Text("room-prefix", r"[A-Za-z0-9_.-]{1,64}", "a room prefix", "use letters, digits, _, . and -: support-")
]
Label = Annotated[str, Text("text", _ONE_LINE + "{1,128}", "one line of 1 to 128 characters", "shorten it")]
Value = Annotated[str, Text("text", _ONE_LINE + "{0,1024}", "one line of at most 1024 characters", "shorten it")]
Reason = Annotated[str, Text("text", r"[^\x00-\x20\x7f]" + _ONE_LINE + "{0,255}", "a reason of one line", "say why")]
VendorId = Annotated[
    str, Text("vendor-id", r"[A-Za-z0-9_-]{1,64}", "an object's id", "copy it from the preview: SDR_…, ST_…, OU…")
]
Command = Annotated[str, Text("text", _ONE_LINE + "{1,1024}", "a command of one line", "call a script for more")]
AreaCode = Annotated[
    str,
    Text("area-code", r"[0-9]{1,7}", "an area code", "write its digits, such as 650; with a leading 0 in quotes"),
    BeforeValidator(_area_code),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{1,7}$"}, {"type": "integer", "minimum": 0}]}),
]
CalledNumber = Annotated[
    str,
    Text(
        "called-number",
        r"[0-9A-Za-z*#][0-9A-Za-z*#._ ()-]{0,63}",
        "a number as a SIP host sends it",
        'write it as the calls arrive, in quotes: "2000"; one with a plus is a `phone_number`',
    ),
]
Place = Annotated[str, Text("place", _ONE_LINE + "{1,64}", "a place in one line", "write it as the carrier does")]
PostalCode = Annotated[
    str, Text("postal-code", r"[0-9A-Z][0-9A-Z -]{1,11}", "a postal code", 'write it in quotes: "95112"')
]
HttpsUrl = Annotated[
    str, Text("url", r"https://[!-~]{1,2000}", "an https URL", "write it whole: https://example.com/twiml")
]
CallbackUrl = Annotated[
    str,
    Text(
        "url",
        r"https?://[!-?A-~]{1,2000}",
        "a URL without a user",
        "write it whole: https://example.com/calls",
        quiet=True,
    ),
]
Fallback = Annotated[
    str,
    Text(
        "fallback",
        r"[!-~]{1,512}",
        "a place where a carrier can send calls",
        "write a SIP URI, sip:desk@pbx.example.com; a phone is reached through a SIP host that calls it, or, at a"
        " carrier that takes one, by an https URL whose TwiML dials it; `none` for no fallback",
        _fallback,
        quiet=True,
    ),
]
Contains = Annotated[
    str, Text("contains", r"[0-9A-Z*]{2,16}", "a search pattern", "write digits, capital letters and * for any digit")
]
Currency = Annotated[str, Text("currency", r"[A-Z]{3}", "a currency", "write three capital letters: USD")]
Amount = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "number", "minimum": 0})]
Price = Annotated[dict[Currency, Amount], Field(min_length=1, max_length=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
CallSeconds = Annotated[int, Field(ge=1, le=86_400)]
RingSeconds = Annotated[int, Field(ge=1, le=600)]

# The default of a key that stands for nothing.
ABSENT: Any = None


class Shape(BaseModel):
    """What every entry of the file is: it has these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SecretShape(Shape):
    """A Pulumi config secret, by name."""

    secret: SecretName = Field(description="Name of the config secret `trunkline:<name>`.")
