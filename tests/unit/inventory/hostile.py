"""Inventories that must be refused: name -> (text, the rules and places that are reported, whole)."""

from __future__ import annotations

from collections.abc import Mapping

Expected = tuple[tuple[str, int, int], ...]

HEAD = "version: 1\nagents: {support: {agent_name: support-agent}}\n"
# The keys of a line begin at line 6, column 5, after its number and agent.
LINE = HEAD + 'numbers:\n  one:\n    phone_number: "+16505551234"\n'
TRUNK = "numbers: {}\ntrunks:\n  one:\n"


def one(rule: str, line: int, column: int) -> Expected:
    """Expect one problem."""
    return ((rule, line, column),)


def _recorded(said: str) -> str:
    return f"version: 1\nnumbers: {{}}\nagents: {{a: {{agent_name: a, room_config: {{egress: {{{said}}}}}}}}}\n"


# Whole files.
FILES: Mapping[str, tuple[str, Expected]] = {
    "empty": ("", one("no-mapping", 1, 1)),
    "comment only": ("# nothing\n", one("no-mapping", 1, 1)),
    "null": ("~\n", one("no-mapping", 1, 1)),
    "text": ("hello\n", one("no-mapping", 1, 1)),
    "list": ("- version: 1\n", one("no-mapping", 1, 1)),
    "no keys": ("{}\n", (("missing-key", 1, 1), ("missing-key", 1, 1))),
    "no version": ("numbers: {}\n", one("missing-key", 1, 1)),
    "version 2": ("version: 2\nnumbers: {}\n", one("value", 1, 1)),
    "version 1.0": ("version: 1.0\nnumbers: {}\n", one("value", 1, 1)),
    "version true": ("version: true\nnumbers: {}\n", one("value", 1, 1)),
    "version in quotes": ('version: "1"\nnumbers: {}\n', one("value", 1, 1)),
    "numbers without value": ("version: 1\nnumbers:\n", one("no-value", 2, 1)),
    "numbers as list": ("version: 1\nnumbers: []\n", one("type", 2, 1)),
    "unknown section": ("version: 1\nnumbers: {}\nnumber: {}\n", one("unknown-key", 3, 1)),
    "two documents": ("version: 1\nnumbers: {}\n---\nversion: 1\n", one("two-documents", 3, 1)),
    "open bracket": ("version: [1\n", one("syntax", 2, 1)),
    "open quote": ('version: "1\n', one("syntax", 2, 1)),
    "colon in text": ("version: 1: 2\n", one("syntax", 1, 11)),
    "reserved character": ("version: @1\n", one("syntax", 1, 10)),
    "tab as indentation": ("version: 1\nnumbers:\n\tone: {}\n", one("character", 3, 1)),
    "tab after spaces": ("version: 1\nnumbers:\n  \tone: {}\n", one("character", 3, 3)),
    "lone surrogate escape": ('version: "\\ud800"\n', one("syntax", 1, 13)),
    "yaml 3": ("%YAML 3.0\n---\nversion: 1\n", one("syntax", 1, 1)),
    "unknown tag handle": ("version: !x!y 1\n", one("syntax", 1, 10)),
    "python tag": (
        "version: !!python/object/apply:os.system [id]\nnumbers: {}\n",
        (("tag", 1, 10), ("value", 1, 1))[:1],
    ),
    "local tag": ("version: !one 1\nnumbers: {}\n", one("tag", 1, 10)),
    "tag on a key": ("!!str version: 1\nnumbers: {}\n", (("missing-key", 1, 1), ("tag", 1, 1))),
    "anchor": ("version: &v 1\nnumbers: {}\n", one("anchor", 1, 10)),
    "alias": ("version: &v 1\nnumbers: *v\n", (("anchor", 1, 10), ("alias", 2, 10))),
    "alias as key": ("version: &v 1\n*v : 1\nnumbers: {}\n", (("anchor", 1, 10), ("alias", 2, 1))),
    "alias bomb": (
        "a: &a [x, x]\nb: &b [*a, *a]\nversion: 1\nnumbers: {}\n",
        (
            ("anchor", 1, 4),
            ("unknown-key", 1, 1),
            ("alias", 2, 8),
            ("alias", 2, 12),
            ("anchor", 2, 4),
            ("unknown-key", 2, 1),
        ),
    ),
    "merge key": ("version: 1\nnumbers: {}\nguard: {<<: {max_releases: 9}}\n", one("merge-key", 3, 9)),
    "list as key": ("version: 1\nnumbers: {}\n? [a]\n: 1\n", one("key-not-text", 3, 3)),
    "number as key": ("version: 1\nnumbers: {}\n650: 1\n", one("key-not-text", 3, 1)),
    "null as key": ("version: 1\nnumbers: {}\n~: 1\n", one("key-not-text", 3, 1)),
    "yes as key": ("version: 1\nnumbers: {}\nyes: 1\n", one("ambiguous-scalar", 3, 1)),
    "duplicate section": ("version: 1\nnumbers: {}\nnumbers: {}\n", one("duplicate-key", 3, 1)),
    "duplicate in flow": (
        "version: 1\nnumbers: {}\nguard: {max_releases: 1, max_releases: 9}\n",
        one("duplicate-key", 3, 26),
    ),
    "flow brackets 60 kB": ("[" * 60_000, one("too-deep", 1, 41)),
    "flow braces 60 kB": ("{a: " * 15_000, one("too-deep", 1, 161)),
    "block lists": ("- " * 10_000 + "x", one("too-deep", 1, 81)),
    "block mappings": ("".join(" " * depth + "a:\n" for depth in range(1_000)), one("too-deep", 41, 41)),
    "complex keys": ("? " * 10_000, one("too-deep", 1, 81)),
    "byte order mark": ("\ufeffversion: 1\nnumbers: {}\n", one("character", 1, 1)),
    "NUL": ("version: 1\0\nnumbers: {}\n", one("character", 1, 11)),
    "escape character": ("version: 1 # \x1b[2J\nnumbers: {}\n", one("character", 1, 14)),
    "line separator in a comment": ("version: 1 # keep\u2028numbers: {}\n", one("character", 1, 18)),
    "paragraph separator": ("version: 1 # keep\u2029numbers: {}\n", one("character", 1, 18)),
    "next line": ("version: 1 # keep\u0085numbers: {}\n", one("character", 1, 18)),
    "lone carriage return": ("version: 1 # keep\rnumbers: {}\n", one("character", 1, 18)),
    "right-to-left override": ("version: 1 # \u202e\nnumbers: {}\n", one("character", 1, 14)),
    "zero-width space": ("version: 1\nnum\u200bbers: {}\n", one("character", 2, 4)),
    "zero-width joiner": ("version: 1 # \u200d\nnumbers: {}\n", one("character", 1, 14)),
    "soft hyphen": ("version: 1 # \u00ad\nnumbers: {}\n", one("character", 1, 14)),
    "no-break space": ("version:\u00a01\nnumbers: {}\n", one("character", 1, 9)),
    "unassigned": ("version: 1 # \u0378\nnumbers: {}\n", one("character", 1, 14)),
    "surrogate": ("version: 1 # \ud800\nnumbers: {}\n", one("character", 1, 14)),
    "private use": ("version: 1 # \ue000\nnumbers: {}\n", one("character", 1, 14)),
    "agents as list": ("version: 1\nnumbers: {}\nagents: [a]\n", one("type", 3, 1)),
    "agent without name": ("version: 1\nnumbers: {}\nagents: {a: {}}\n", one("missing-key", 3, 10)),
    "agent without value": ("version: 1\nnumbers: {}\nagents:\n  a:\n", one("no-value", 4, 3)),
    "agent's key with a space": ('version: 1\nnumbers: {}\nagents: {"a b": {agent_name: a}}\n', one("name", 3, 10)),
    "agent's metadata as a list": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, metadata: [x]}}\n",
        one("type", 3, 29),
    ),
    "agent without a name": ("version: 1\nnumbers: {}\nagents: {a: {room_prefix: b}}\n", one("missing-key", 3, 10)),
    "agent with and without a name": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, automatic_dispatch: true}}\n",
        one("automatic-dispatch", 3, 29),
    ),
    "attributes of nobody": (
        "version: 1\nnumbers: {}\nagents: {a: {automatic_dispatch: true, attributes: {b: c}}}\n",
        one("automatic-dispatch", 3, 40),
    ),
    "one room and a prefix": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, room: b, room_prefix: c-}}\n",
        one("idle-key", 3, 38),
    ),
    "random end of a caller's room": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, randomize: true}}\n",
        one("idle-key", 3, 29),
    ),
    "no random end of a callee's room": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, dispatch_rule: callee, no_randomness: true}}\n",
        one("idle-key", 3, 52),
    ),
    "PIN of letters": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, pin: abc}}\n",
        one("pin", 3, 29),
    ),
    "PIN without quotes": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, pin: 123}}\n",
        one("type", 3, 29),
    ),
    "PIN by another key": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, pin: {value: x}}}\n",
        one("pin", 3, 29),
    ),
    "deployment with a space": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, deployment: a b}}\n",
        one("deployment", 3, 29),
    ),
    "unknown setting of a room": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, room_config: {empty: 3}}}\n",
        one("unknown-key", 3, 43),
    ),
    "recording without an output": (_recorded("room: {audio_only: true}"), one("egress", 3, 52)),
    "recording into two storages": (_recorded("tracks: {s3: {}, gcp: {}}"), one("one-of", 3, 52)),
    "recording encoded twice": (
        _recorded("participant: {preset: h264_720p_30, advanced: {}, file_outputs: [{}]}"),
        one("one-of", 3, 52),
    ),
    "recording with a secret in clear": (_recorded("tracks: {s3: {secret: canary}}"), one("literal-secret", 3, 66)),
    "stream with its key in clear": (
        _recorded("room: {stream_outputs: [{urls: [rtmp://a.example.com/canary]}]}"),
        one("literal-secret", 3, 84),
    ),
    "secret of a recording that some read as a number": (
        _recorded("tracks: {s3: {access_key: 0x12}}"),
        one("ambiguous-scalar", 3, 78),
    ),
    "unknown key of a recording": (_recorded("tracks: {s3: {bukket: a}}"), one("unknown-key", 3, 66)),
    "recording with an interval that is none": (
        _recorded("room: {file_outputs: [{}], advanced: {key_frame_interval: often}}"),
        one("type", 3, 90),
    ),
    "room prefix with a slash": (
        "version: 1\nnumbers: {}\nagents: {a: {agent_name: a, room_prefix: a/b}}\n",
        one("room-prefix", 3, 29),
    ),
    "negative guard": ("version: 1\nnumbers: {}\nguard: {max_purchases: -1}\n", one("limit", 3, 9)),
    "guard as decimal": ("version: 1\nnumbers: {}\nguard: {max_purchases: 1.5}\n", one("type", 3, 9)),
    "guard as true": ("version: 1\nnumbers: {}\nguard: {max_releases: true}\n", one("type", 3, 9)),
    "currency in small letters": (
        "version: 1\nnumbers: {}\nguard: {max_monthly_increase: {usd: 1}}\n",
        one("currency", 3, 32),
    ),
    "negative amount": ("version: 1\nnumbers: {}\nguard: {max_monthly_increase: {USD: -1}}\n", one("type", 3, 32)),
    "amount as text": ('version: 1\nnumbers: {}\nguard: {max_monthly_increase: {USD: "1"}}\n', one("type", 3, 32)),
    "amount with an exponent": (
        "version: 1\nnumbers: {}\nguard: {max_monthly_increase: {USD: 1e5}}\n",
        one("ambiguous-scalar", 3, 37),
    ),
    "amount not a number": (
        "version: 1\nnumbers: {}\nguard: {max_monthly_increase: {USD: .nan}}\n",
        one("ambiguous-scalar", 3, 37),
    ),
    "default of one line only": ("version: 1\nnumbers: {}\ndefaults: {removal: release}\n", one("unknown-key", 3, 12)),
}

# Numbers written in ways that are not E.164, or that are not numbers.
NUMBERS: Mapping[str, tuple[str, Expected]] = {
    "unquoted": ("+16505551234", one("unquoted-number", 5, 19)),
    "without plus": ("16505551234", one("unquoted-number", 5, 5)),
    "octal": ("0044123", one("ambiguous-scalar", 5, 19)),
    "decimal": ("1650.5", one("unquoted-number", 5, 5)),
    "true": ("true", one("unquoted-number", 5, 5)),
    "spaces": ('"+1 650 555 1234"', one("invalid-number", 5, 5)),
    "hyphens": ('"+1-650-555-1234"', one("invalid-number", 5, 5)),
    "national prefix after the country code": ('"+4402071234567"', one("invalid-number", 5, 5)),
    "two zeros": ('"0016505551234"', one("invalid-number", 5, 5)),
    "national": ('"6505551234"', one("invalid-number", 5, 5)),
    "too short": ('"+16505"', one("invalid-number", 5, 5)),
    "too long": ('"+1650555123456789"', one("invalid-number", 5, 5)),
    "no such area": ('"+11115551234"', one("invalid-number", 5, 5)),
    "no such country": ('"+9991234567"', one("invalid-number", 5, 5)),
    "Arabic digits": (
        '"+\u0661\u0666\u0665\u0660\u0665\u0665\u0665\u0661\u0662\u0663\u0664"',
        one("invalid-number", 5, 5),
    ),
    "full-width digits": (
        '"+\uff11\uff16\uff15\uff10\uff15\uff15\uff15\uff11\uff12\uff13\uff14"',
        one("invalid-number", 5, 5),
    ),
    "trailing line feed": ('"+16505551234\\n"', one("invalid-number", 5, 5)),
    "extension": ('"+16505551234;ext=5"', one("invalid-number", 5, 5)),
    "null": ("~", one("no-value", 5, 5)),
    "list": ('["+16505551234"]', one("type", 5, 5)),
}

# Names of lines.
NAMES: Mapping[str, Expected] = {
    "Sales": one("name", 4, 3),
    "1st": one("name", 4, 3),
    "a_b": one("name", 4, 3),
    "x" * 41: one("name", 4, 3),
    "größe": one("name", 4, 3),
    "\u0430": one("name", 4, 3),
    '""': one("name", 4, 3),
    '"../../etc"': one("name", 4, 3),
}

# What one trunk says, after its name.
TRUNKS: Mapping[str, tuple[str, Expected]] = {
    "no provider": ("    sip_address: sip.example.com\n", one("missing-key", 4, 3)),
    "Twilio with a SIP address": (
        "    provider: twilio\n    sip_address: sip.example.com\n",
        one("address", 6, 5),
    ),
    "custom with a domain": ("    provider: custom\n    domain_name: a.pstn.twilio.com\n", one("wrong-provider", 6, 5)),
    "domain elsewhere": ("    provider: twilio\n    domain_name: a.example.com\n", one("domain-name", 6, 5)),
    "domain without its end": ("    provider: twilio\n    domain_name: acme\n", one("domain-name", 6, 5)),
    "challenge by a carrier": (
        "    provider: twilio\n    auth_username: u\n    auth_password: {secret: s}\n    inbound_auth: true\n",
        one("wrong-provider", 8, 5),
    ),
    "unknown transport": ("    provider: custom\n    transport: TLS\n", one("value", 6, 5)),
    "unknown encryption": ("    provider: custom\n    media_encryption: optional\n", one("value", 6, 5)),
    "encryption on": ("    provider: custom\n    media_encryption: on\n", one("ambiguous-scalar", 6, 23)),
    "literal password": (
        "    provider: twilio\n    auth_username: u\n    auth_password: hunter2\n",
        one("literal-secret", 7, 5),
    ),
    "user with a colon": ("    provider: custom\n    auth_username: a:b\n", one("auth-username", 6, 5)),
    "malformed network": ("    provider: custom\n    allowed_addresses: [203.0.113.0/99]\n", one("address", 6, 25)),
    "shared by quotes": ('    provider: custom\n    shared: "yes"\n', one("type", 6, 5)),
    "owner without stacks": ("    provider: custom\n    owner: eu\n", one("unknown-stack", 6, 5)),
}
