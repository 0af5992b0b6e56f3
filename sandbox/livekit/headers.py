"""The rules for SIP header names and values, and their messages.

Source: livekit/protocol `livekit/sip_validation.go` (2026-07-28). Not held: the rules that only make the real server
write a warning to its log (a malformed URI in `To` and the like).
"""

import string
from collections.abc import Iterable, Mapping

from sandbox.livekit.twirp import InvalidError

MAX_NAME_BYTES = 255
MAX_VALUE_BYTES = 1024
TOKEN = frozenset(string.ascii_letters + string.digits + "-.!%*_+`'~")
PRINTABLE = frozenset(map(chr, range(0x20, 0x7F))) | {"\t"}
# `to` and `via` are absent from the server's list, though their short forms `t` and `v` are in it.
RESERVED = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "allow",
        "allow-events",
        "call-id",
        "contact",
        "content-encoding",
        "content-length",
        "content-type",
        "cseq",
        "event",
        "expires",
        "from",
        "max-forwards",
        "record-route",
        "refer-to",
        "reply-to",
        "k",
        "l",
        "m",
        "o",
        "r",
        "t",
        "u",
        "v",
    }
)


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse a header that a trunk may not send; raises `InvalidError` for the first in alphabetical order.

    The real server walks a Go map, so that among several faults it names any one of them.
    """
    for name in sorted(headers):
        _check_name(name)
        if name.lower() in RESERVED:
            raise InvalidError(f"invalid header name: header name {name} not supported")
        _check_value(name, headers[name])


def check_header_names(names: Iterable[str]) -> None:
    """Refuse what is not a header name in a mapping between headers and attributes; reserved names are allowed."""
    for name in sorted(names):
        _check_name(name)


def _check_name(name: str) -> None:
    if not name:
        raise InvalidError("invalid header name: header name cannot be empty")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise InvalidError(f"invalid header name: header name too long (max {MAX_NAME_BYTES} characters)")
    for character in name:
        if character not in TOKEN:
            fault = _fault(character)
            raise InvalidError(f"invalid header name: header name {name} contains invalid characters: {fault}")


def _check_value(name: str, value: str) -> None:
    place = f"invalid header value for {name}: header {name}: value"
    if len(value.encode()) > MAX_VALUE_BYTES:
        raise InvalidError(f"{place} too long (max {MAX_VALUE_BYTES} characters)")
    for character in value:
        # Characters beyond ASCII are allowed in values.
        if character.isascii() and character not in PRINTABLE:
            raise InvalidError(f"{place}: {_fault(character)}")


def _fault(character: str) -> str:
    if character.isascii():
        return f"char {ord(character)} not allowed"
    return f"char {ord(character)} out of range, consider explicilty adding utf8 characters"  # the server's spelling
