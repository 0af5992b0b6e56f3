"""Keys of a line that must be refused."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.inventory.hostile import Expected, one

# What a Twilio line with number and agent adds: name -> (key and value, rule, column).
CARRIER_KEYS: Mapping[str, tuple[str, str, int]] = {
    "status that no call is refused with": ("ringing_timeout_status: 200", "limit", 5),
    "status that nobody knows": ("ringing_timeout_status: 499", "status", 5),
    "header with a space": ("headers_to_attributes: {X A: a}", "header", 29),
    "attribute of LiveKit's own": ("headers_to_attributes: {X-A: sip.a}", "attribute", 29),
    "headers by another word": ("include_headers: some", "value", 5),
    "country of calls out in words": ("destination_country: France", "country", 5),
    "From host with a port": ('from_host: "a.example.com:5060"', "address", 5),
    "media for eleven minutes": ("media: {media_timeout: 660}", "limit", 13),
    "codec with its rate": ("media: {codecs: [{name: PCMU/8000}]}", "codec", 23),
    "unknown setting of media": ("media: {timeout: 3}", "unknown-key", 13),
    "number and search": ("search: {country: US}", "number-or-search", 5),
    "country of another number": ("country: GB", "number-country", 5),
    "country UK": ("country: UK", "country", 5),
    "country NO": ("country: NO", "ambiguous-scalar", 14),
    "country in small letters": ("country: us", "country", 5),
    "duplicate key": ("agent: support", "duplicate-key", 5),
    "unknown key": ("lable: x", "unknown-key", 5),
    "label without value": ("label:", "no-value", 5),
    "label as number": ("label: 2024", "type", 5),
    "label as date": ("label: 2024-01-01", "ambiguous-scalar", 12),
    "label of two lines": ('label: "a\\nb"', "text", 5),
    "label with an escape sequence": ('label: "\\e[2J"', "character", 12),
    "label with a hidden mark": ('label: "\\u202e"', "character", 12),
    "label too long": (f"label: {'x' * 129}", "text", 5),
    "inbound yes": ("inbound: yes", "ambiguous-scalar", 14),
    "inbound in quotes": ('inbound: "true"', "type", 5),
    "inbound 1": ("inbound: 1", "type", 5),
    "tags as list": ("tags: [a]", "type", 5),
    "tag as number": ("tags: {year: 2024}", "type", 12),
    "caller unquoted": ("allowed_callers: [+442071234567]", "unquoted-number", 23),
    "caller as number": ("allowed_callers: [442071234567]", "unquoted-number", 23),
    "caller malformed": ('allowed_callers: ["+44"]', "invalid-number", 23),
    "caller twice": ('allowed_callers: ["+442071234567", "+442071234567"]', "listed-twice", 40),
    "only caller is itself": ('allowed_callers: ["+16505551234"]', "unreachable", 5),
    "callers as text": ('allowed_callers: "+442071234567"', "type", 5),
    "address as host name": ("allowed_addresses: [sip.example.com]", "address", 25),
    "address with a star": ('allowed_addresses: ["*"]', "address", 25),
    "address as URL": ('allowed_addresses: ["sip://1.2.3.4"]', "address", 25),
    "address with host bits": ("allowed_addresses: [203.0.113.5/28]", "address", 25),
    "address with a net mask": ("allowed_addresses: [203.0.113.0/255.255.255.0]", "address", 25),
    "address out of range": ("allowed_addresses: [300.0.0.1]", "address", 25),
    "address as decimal": ("allowed_addresses: [10.0]", "type", 25),
    "address twice": ("allowed_addresses: [10.0.0.1, 10.0.0.1]", "listed-twice", 35),
    "forbidden header": ("headers: {Contact: x}", "header", 15),
    "header name with a colon": ('headers: {"X:": x}', "header", 15),
    "header without name": ('headers: {"": x}', "header", 15),
    "header value not ASCII": ("headers: {X-A: ü}", "header", 15),
    "header value of two lines": ('headers: {X-A: "a\\nEvil: b"}', "text", 15),
    "header twice": ("headers: {X-A: a, x-a: b}", "header", 23),
    "header with credentials": ("headers: {Authorization: Basic abc}", "literal-secret", 15),
    "reserved attribute": ("attributes: {sip.callID: x}", "attribute", 18),
    "call of no length": ("max_call_duration: 0", "limit", 5),
    "call of a time": ("max_call_duration: 1:30", "ambiguous-scalar", 24),
    "ringing for a day": ("ringing_timeout: 86400", "limit", 5),
    "octal duration": ("max_call_duration: 0600", "ambiguous-scalar", 24),
    "number with underscores": ("max_call_duration: 1_000", "ambiguous-scalar", 24),
    "number beyond floats": ("max_call_duration: 1000000000000000", "ambiguous-scalar", 24),
    "number of 5000 digits": (f"max_call_duration: {'9' * 5000}", "ambiguous-scalar", 24),
    "address SID": ("address_sid: AD1", "sid", 5),
    "bundle SID": (f"bundle_sid: AD{'0' * 32}", "sid", 5),
    "removal misspelt": ("removal: delete", "value", 5),
    "number in two stacks": ("stacks: [a, b]", "number-in-stacks", 5),
    "stack's name with a slash": ("stacks: [a/b]", "name", 14),
    "former name malformed": ("renamed_from: One", "name", 5),
    "former name its own": ("renamed_from: one", "renamed-from", 5),
    "SIP address on a carrier's line": ("sip_address: sip.example.com", "wrong-provider", 5),
    "command of two lines": ('verify: "a\\nb"', "text", 5),
}

# The same for a custom line that brings its own SIP address.
CUSTOM_KEYS: Mapping[str, tuple[str, str, int]] = {
    "custom with repurchase": ("repurchase: true", "wrong-provider", 5),
    "custom with a port": ("ported_from: twilio", "wrong-provider", 5),
    "user without password": ("auth_username: u", "half-auth", 5),
    "password without user": ("auth_password: {secret: s}", "half-auth", 5),
    "challenge without password": ("inbound_auth: true", "half-auth", 5),
}

# All keys of a line but its number.
LINES: Mapping[str, tuple[str, Expected]] = {
    "no provider": ("    agent: support\n", one("no-provider", 4, 3)),
    "number and extension at a carrier": (
        '    provider: twilio\n    agent: support\n    called_number: "2000"\n',
        (("number-or-search", 8, 5), ("wrong-provider", 8, 5)),
    ),
    "no agent": ("    provider: twilio\n", one("unreachable", 4, 3)),
    "unknown agent": ("    provider: twilio\n    agent: suport\n", one("unknown-agent", 7, 5)),
    "unknown trunk": ("    trunk: nowhere\n    agent: support\n", one("unknown-trunk", 6, 5)),
    "unknown provider": ("    provider: telnyx\n    agent: support\n", one("value", 6, 5)),
    "both directions off": (
        "    provider: twilio\n    agent: support\n    inbound: false\n    outbound: false\n",
        one("no-direction", 8, 5),
    ),
    "address SID at Vonage": (
        f"    provider: vonage\n    agent: support\n    address_sid: AD{'0' * 32}\n",
        one("wrong-provider", 8, 5),
    ),
    "repurchase and release": (
        "    provider: twilio\n    agent: support\n    removal: release\n    repurchase: true\n",
        one("repurchase-removal", 9, 5),
    ),
    "ported from itself": (
        "    provider: twilio\n    agent: support\n    ported_from: twilio\n",
        one("ported-from-own", 8, 5),
    ),
    "ported from nobody's carrier": (
        "    provider: twilio\n    agent: support\n    ported_from: custom\n",
        one("value", 8, 5),
    ),
    "stack twice": (
        "    provider: twilio\n    agent: support\n    stacks: [a, a]\n",
        (("number-in-stacks", 8, 5), ("listed-twice", 8, 17)),
    ),
    "custom without trunk": ("    provider: custom\n    agent: support\n", one("no-trunk", 4, 3)),
    "literal password": (
        "    sip_address: sip.example.com\n    agent: support\n    auth_username: u\n    auth_password: hunter2\n",
        one("literal-secret", 9, 5),
    ),
    "literal password as number": (
        "    sip_address: sip.example.com\n    agent: support\n    auth_username: u\n    auth_password: 123456\n",
        one("literal-secret", 9, 5),
    ),
    "literal password in a mapping": (
        "    sip_address: sip.example.com\n    agent: support\n    auth_username: u\n    auth_password: {hunter2: x}\n",
        (("missing-key", 9, 5), ("unknown-key", 9, 21)),
    ),
    "secret with a space": (
        "    sip_address: sip.example.com\n    agent: support\n    auth_username: u\n"
        '    auth_password: {secret: "hunter 2"}\n',
        one("secret-name", 9, 21),
    ),
    "port without transport": (
        "    sip_address: sip.example.com:5080\n    agent: support\n",
        one("no-transport", 6, 5),
    ),
    "SIP URI": ('    sip_address: "sip:example.com"\n    agent: support\n', one("address", 6, 5)),
    "SIP user": ('    sip_address: "a@example.com"\n    agent: support\n', one("address", 6, 5)),
    "SIP parameter": ('    sip_address: "example.com;transport=tls"\n    agent: support\n', one("address", 6, 5)),
    "port 0": ("    sip_address: example.com:0\n    transport: tls\n    agent: support\n", one("address", 6, 5)),
    "port 65536": (
        "    sip_address: example.com:65536\n    transport: tls\n    agent: support\n",
        one("address", 6, 5),
    ),
    "IPv4 in brackets": ('    sip_address: "[1.2.3.4]"\n    agent: support\n', one("address", 6, 5)),
    "bad IPv4": ("    sip_address: 1.2.3\n    agent: support\n", one("address", 6, 5)),
    "IPv6 without brackets": ('    sip_address: "::1"\n    agent: support\n', one("address", 6, 5)),
}
