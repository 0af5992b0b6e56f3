"""Inventories whose entries are sound alone and do not fit together."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.inventory.hostile import HEAD, LINE, Expected, one

FILES: Mapping[str, tuple[str, Expected]] = {
    "default agent unknown": (
        'version: 1\ndefaults: {agent: nobody, provider: twilio}\nnumbers:\n  a: {phone_number: "+16505551234"}\n'
        '  b: {phone_number: "+16505551235"}\n',
        one("unknown-agent", 2, 12),
    ),
    "number twice": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  b: {phone_number: "+16505551234"}\n  a: {phone_number: "+16505551234"}\n',
        one("livekit-conflict", 6, 7),
    ),
    "number twice in two directions": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  b: {phone_number: "+16505551234", inbound: false}\n  a: {phone_number: "+16505551234"}\n',
        one("number-used-twice", 6, 7),
    ),
    "number twice for other callers": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  b: {phone_number: "+16505551234", allowed_callers: ["+442071234567"]}\n'
        '  a: {phone_number: "+16505551234"}\n',
        one("number-used-twice", 6, 7),
    ),
    "former name still here": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  a: {phone_number: "+16505551234"}\n  b: {phone_number: "+16505551235", renamed_from: a}\n',
        one("renamed-from", 6, 37),
    ),
    "former name claimed twice": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  a: {phone_number: "+16505551234", renamed_from: z}\n  b: {phone_number: "+16505551235", renamed_from: z}\n',
        one("renamed-from", 6, 37),
    ),
    "one line without stacks": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  a: {phone_number: "+16505551234", stacks: [eu]}\n  b: {phone_number: "+16505551235"}\n',
        one("stacks-needed", 6, 3),
    ),
    "carrier trunk without owner": (
        HEAD + "defaults: {provider: twilio, agent: support}\nnumbers:\n"
        '  a: {phone_number: "+16505551234", stacks: [eu]}\n  b: {phone_number: "+16505551235", stacks: [us]}\n'
        "trunks: {t: {provider: twilio}}\n",
        one("owner-needed", 7, 10),
    ),
    "user too long for twilio": (
        HEAD + "trunks:\n  t: {provider: twilio, auth_password: {secret: s}, auth_username: " + "u" * 33 + "}\n"
        "numbers: {}\n",
        one("auth-username", 4, 53),
    ),
    "area code of too few digits": (
        HEAD + "numbers:\n  a: {provider: twilio, agent: support, search: {country: US, area_code: 65}}\n",
        one("area-code", 4, 41),
    ),
    "letters that vonage cannot find": (
        HEAD + "numbers:\n  a: {provider: vonage, agent: support, search: {country: GB, contains: TAXI}}\n",
        one("contains", 4, 41),
    ),
    "attributes beyond livekit's limit": (
        HEAD + "numbers:\n  a:\n    provider: twilio\n    phone_number: '+16505551234'\n    agent: support\n"
        "    attributes: {" + ", ".join(f"k{number}: {'v' * 1000}" for number in range(70)) + "}\n",
        one("attribute", 8, 5),
    ),
    "search by town at Vonage": (
        HEAD + "numbers:\n  a: {provider: vonage, agent: support, search: {country: GB, locality: Bath}}\n",
        one("wrong-provider", 4, 41),
    ),
    "search by region outside of North America": (
        HEAD + "numbers:\n  a: {provider: twilio, agent: support, search: {country: GB, region: CA}}\n",
        one("search-place", 4, 41),
    ),
    "number and extension": (
        HEAD + 'numbers:\n  a: {sip_address: b.com, agent: support, phone_number: "+16505551234",\n'
        '    called_number: "2000"}\n',
        one("number-or-search", 5, 5),
    ),
    "extension with a plus": (
        HEAD + 'numbers:\n  a: {sip_address: b.com, agent: support, called_number: "+2000"}\n',
        one("called-number", 4, 43),
    ),
    "search on a shared trunk": (
        HEAD + "trunks:\n  t: {provider: twilio, shared: true}\nnumbers:\n"
        "  a: {trunk: t, agent: support, search: {country: US}}\n",
        one("search-on-shared-trunk", 6, 33),
    ),
    "two trunks to choose from": (
        LINE + "    provider: twilio\n    agent: support\ntrunks: {t: {provider: twilio}, u: {provider: twilio}}\n",
        one("which-trunk", 4, 3),
    ),
    "line without number": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support}\n",
        one("number-or-search", 4, 3),
    ),
    "search without country": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, search: {area_code: 650}}\n",
        one("no-country", 4, 43),
    ),
    "search in another country": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, country: GB, search: {country: US}}\n",
        one("search-country", 4, 43),
    ),
    "search that was ported": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, search: {country: US}, ported_from: vonage}\n",
        one("ported-search", 4, 66),
    ),
    "search to adopt": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, search: {country: US}, adopt: true}\n",
        one("adopt-search", 4, 66),
    ),
    "search of a custom line": (
        HEAD + "numbers:\n  one: {agent: support, sip_address: sip.example.com, search: {country: US}}\n",
        one("wrong-provider", 4, 55),
    ),
    "search of an unknown kind": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, search: {country: US, type: tollfree}}\n",
        one("value", 4, 65),
    ),
    "search by an octal area code": (
        HEAD + "numbers:\n  one: {provider: twilio, agent: support, search: {country: GB, area_code: 0161}}\n",
        one("ambiguous-scalar", 4, 76),
    ),
    "trunk of another provider": (
        LINE + "    provider: twilio\n    agent: support\n    trunk: t\ntrunks: {t: {provider: vonage}}\n",
        one("trunk-provider", 8, 5),
    ),
    "trunk and SIP address": (
        LINE + "    sip_address: sip.example.com\n    agent: support\n    trunk: t\n"
        "trunks: {t: {provider: custom, sip_address: sip.example.com}}\n",
        one("trunk-twice", 6, 5),
    ),
    "SIP address under a trunk's name": (
        LINE + "    sip_address: sip.example.com\n    agent: support\n"
        "trunks: {one: {provider: custom, sip_address: sip.example.com}}\n",
        one("trunk-twice", 6, 5),
    ),
    "call out over a trunk without address": (
        LINE + "    trunk: t\n    agent: support\ntrunks: {t: {provider: custom}}\n",
        one("no-sip-address", 4, 3),
    ),
    "shared trunk of another stack": (
        HEAD + "trunks:\n  t: {provider: custom, sip_address: sip.example.com, shared: true, owner: us}\nnumbers:\n"
        '  a: {phone_number: "+16505551234", trunk: t, agent: support, stacks: [eu]}\n'
        '  b: {phone_number: "+16505551235", provider: twilio, agent: support, stacks: [us]}\n',
        one("shared-trunk", 6, 63),
    ),
    "shared trunk with two agents": (
        "version: 1\nagents: {x: {agent_name: x}, y: {agent_name: y}}\ntrunks:\n"
        "  t: {provider: custom, sip_address: sip.example.com, shared: true}\nnumbers:\n"
        '  a: {phone_number: "+16505551234", trunk: t, agent: x}\n'
        '  b: {phone_number: "+16505551235", trunk: t, agent: y, krisp_enabled: true}\n',
        (("shared-trunk", 7, 47), ("shared-trunk", 7, 57)),
    ),
    "shared custom trunk without owner": (
        HEAD
        + "defaults: {agent: support}\ntrunks: {t: {provider: custom, sip_address: sip.example.com, shared: true}}\n"
        'numbers:\n  a: {phone_number: "+16505551234", trunk: t, stacks: [eu]}\n'
        '  b: {phone_number: "+16505551235", provider: twilio, stacks: [us]}\n',
        one("owner-needed", 4, 10),
    ),
    "agent that is wrong itself": (
        'version: 1\nagents: {a: {}}\nnumbers:\n  one: {phone_number: "+16505551234", provider: twilio, agent: a}\n',
        one("missing-key", 2, 10),
    ),
    "trunk that is wrong itself": (
        HEAD + "trunks: {t: {provider: custom, transport: TLS}}\nnumbers:\n"
        '  one: {phone_number: "+16505551234", trunk: t, agent: support}\n',
        one("value", 3, 32),
    ),
}
