"""What a LiveKit server does with dispatch rules: the cases of the contract."""

from __future__ import annotations

from tests.livekit.client import Document, Refusal
from tests.livekit.script import Case, Step, case, invalid, missing

ABSENT = missing("requested sip dispatch rule does not exist")
NO_KIND = invalid("twirp error unknown: unsupported SIP Dispatch Rule: <nil>")
INDIVIDUAL: Document = {"dispatch_rule_individual": {"room_prefix": "call-"}}
FULL: Document = {
    "rule": {"dispatch_rule_individual": {"room_prefix": "call-", "pin": "1234", "no_randomness": True}},
    "trunk_ids": ["ST_a", "ST_b"],
    "hide_phone_number": True,
    "inbound_numbers": ["+442071234567"],
    "numbers": ["+16505551234"],
    "name": "fleet/sales",
    "metadata": "m",
    "attributes": {"tier": "gold"},
    "room_preset": "p",
    "room_config": {
        "name": "r",
        "agents": [{"agent_name": "sales-agent", "metadata": "{}"}],
        "egress": {"tracks": {"filepath": "/f"}},
        "tags": {"a": "b"},
    },
    "krisp_enabled": True,
    "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
    "media": {"encryption": "SIP_MEDIA_ENCRYPT_ALLOW", "codecs": [{"name": "PCMA"}]},
}


def taken(name: str) -> Refusal:
    """The refusal of a rule for calls that the one rule there is takes already; `name` is that rule's."""
    return invalid(
        "Dispatch rule for the same trunk, inbound number, number, and PIN combination "
        f'already exists in dispatch rule "$a" "{name}"'
    )


def create(answer: Document | Refusal, **fields: object) -> Step:
    return Step("CreateSIPDispatchRule", {"dispatch_rule": {"rule": INDIVIDUAL, **fields}}, answer)


def stored(id_name: str, **fields: object) -> Step:
    """Create a rule, which succeeds; its id goes by `id_name`."""
    return create({"rule": INDIVIDUAL, "media": {}, "sip_dispatch_rule_id": id_name, **fields}, **fields)


def change(answer: Document | Refusal, action: str = "update", **fields: object) -> Step:
    return Step("UpdateSIPDispatchRule", {"sip_dispatch_rule_id": "$a", action: fields}, answer)


CASES: tuple[Case, ...] = (
    case(
        "every field of a rule is kept",
        Step("CreateSIPDispatchRule", {"dispatch_rule": FULL}, {**FULL, "sip_dispatch_rule_id": "$a"}),
        Step("ListSIPDispatchRule", {}, {"items": [{**FULL, "sip_dispatch_rule_id": "$a"}]}),
    ),
    case(
        "the deprecated media encryption of a new rule moves into its media",
        stored("$a", trunk_ids=["ST_a"]),
        create(
            {
                "sip_dispatch_rule_id": "$b",
                "rule": INDIVIDUAL,
                "media_encryption": "SIP_MEDIA_ENCRYPT_ALLOW",
                "media": {"encryption": "SIP_MEDIA_ENCRYPT_ALLOW"},
            },
            media_encryption="SIP_MEDIA_ENCRYPT_ALLOW",
        ),
    ),
    case(
        "a rule brings no id and says which kind it is",
        Step("CreateSIPDispatchRule", {}, invalid("missing rule")),
        Step("CreateSIPDispatchRule", {"dispatch_rule": {"name": "n"}}, invalid("missing rule")),
        create(invalid("rule id must not be set"), sip_dispatch_rule_id="SDR_mine"),
        create(NO_KIND, rule={}),
        create(invalid("missing codec name"), media={"codecs": [{}]}),
    ),
    case(
        "a rule spread over the request is stored as well, without a media message",
        Step(
            "CreateSIPDispatchRule",
            {
                "rule": INDIVIDUAL,
                "trunk_ids": ["ST_a"],
                "name": "n",
                "attributes": {"a": "b"},
                "inbound_numbers": ["+1"],
            },
            {
                "sip_dispatch_rule_id": "$a",
                "rule": INDIVIDUAL,
                "trunk_ids": ["ST_a"],
                "name": "n",
                "attributes": {"a": "b"},
                "inbound_numbers": ["+1"],
            },
        ),
        Step(
            "CreateSIPDispatchRule", {"rule": INDIVIDUAL, "trunk_ids": ["ST_a"], "inbound_numbers": ["1"]}, taken("n")
        ),
    ),
    case(
        "two rules for every trunk and number conflict, whatever their kinds",
        stored("$a"),
        create(taken("<blank name>"), rule={"dispatch_rule_direct": {"room_name": "lobby"}}),
        create(taken("<blank name>"), rule={"dispatch_rule_callee": {"randomize": True}}, name="other"),
        stored("$b", trunk_ids=["ST_a"]),
    ),
    case(
        "rules may share a trunk when their PIN, caller or called number differ, numbers in any notation",
        stored("$a", trunk_ids=["ST_a", "ST_b"], numbers=["+1"], inbound_numbers=["+2"], name="n"),
        create(taken("n"), trunk_ids=["ST_b"], numbers=["9", "1"], inbound_numbers=["(2)"]),
        stored("$b", trunk_ids=["ST_b"], numbers=["+1"]),
        stored("$c", trunk_ids=["ST_b"], inbound_numbers=["+2"]),
        stored("$d", trunk_ids=["ST_b"], rule={"dispatch_rule_direct": {"room_name": "r", "pin": "1"}}),
    ),
    case(
        "one number in two notations makes a rule conflict with itself",
        create(
            invalid(
                "Dispatch rule for the same trunk, inbound number, number, and PIN combination "
                'already exists in dispatch rule "<new>" "n"'
            ),
            numbers=["+1", "1"],
            name="n",
        ),
    ),
    case(
        "a replaced rule keeps its id and loses what the request leaves out",
        Step("CreateSIPDispatchRule", {"dispatch_rule": FULL}, {**FULL, "sip_dispatch_rule_id": "$a"}),
        change({"sip_dispatch_rule_id": "$a", "rule": INDIVIDUAL}, "replace", rule=INDIVIDUAL),
        Step("ListSIPDispatchRule", {}, {"items": [{"sip_dispatch_rule_id": "$a", "rule": INDIVIDUAL}]}),
    ),
    case(
        "an update names the rule and one action, and its info no other rule",
        Step("UpdateSIPDispatchRule", {}, invalid("rule id must be set")),
        Step(
            "UpdateSIPDispatchRule", {"sip_dispatch_rule_id": "SDR_x"}, invalid("missing or unsupported update action")
        ),
        Step(
            "UpdateSIPDispatchRule",
            {"sip_dispatch_rule_id": "SDR_x", "replace": {"sip_dispatch_rule_id": "SDR_y"}},
            invalid("rule id in the info must be empty or match the id in the update"),
        ),
        Step("UpdateSIPDispatchRule", {"sip_dispatch_rule_id": "SDR_x", "replace": {}}, invalid("missing rule")),
        Step("UpdateSIPDispatchRule", {"sip_dispatch_rule_id": "SDR_x", "replace": {"rule": {}}}, ABSENT),
        Step("UpdateSIPDispatchRule", {"sip_dispatch_rule_id": "SDR_x", "update": {}}, ABSENT),
    ),
    case(
        "a partial update changes what it names; an attribute with an empty value goes",
        stored("$a", trunk_ids=["ST_a"], attributes={"a": "1", "b": "2"}, numbers=["+1"]),
        change(
            {
                "sip_dispatch_rule_id": "$a",
                "rule": {"dispatch_rule_callee": {"pin": "1"}},
                "trunk_ids": ["ST_a", "ST_b"],
                "attributes": {"b": "3", "c": "4"},
                "numbers": ["+1"],
                "name": "n",
                "media": {},
            },
            rule={"dispatch_rule_callee": {"pin": "1"}},
            trunk_ids={"add": ["ST_b"]},
            attributes={"a": "", "b": "3", "c": "4", "d": ""},
            name="n",
        ),
        change(invalid("empty element in the list"), trunk_ids={"set": [""]}),
        change(NO_KIND, rule={}),
    ),
    case(
        "an update that gives a rule another's calls is refused where the rule stays on its trunk",
        stored("$a", trunk_ids=["ST_a"], numbers=["+1"]),
        stored("$b", trunk_ids=["ST_a"], numbers=["+2"]),
        change(
            {"sip_dispatch_rule_id": "$a", "rule": INDIVIDUAL, "trunk_ids": ["ST_a"], "numbers": ["+3"]},
            "replace",
            rule=INDIVIDUAL,
            trunk_ids=["ST_a"],
            numbers=["+3"],
        ),
    ),
    case(
        "a rule moves onto the trunk of another undetected, and every later comparison fails on it",
        stored("$a", trunk_ids=["ST_a"]),
        Step(
            "CreateSIPDispatchRule",
            {"dispatch_rule": {"rule": {"dispatch_rule_direct": {"pin": "9"}}, "trunk_ids": ["ST_b"]}},
            {
                "sip_dispatch_rule_id": "$b",
                "rule": {"dispatch_rule_direct": {"pin": "9"}},
                "trunk_ids": ["ST_b"],
                "media": {},
            },
        ),
        Step(
            "UpdateSIPDispatchRule",
            {"sip_dispatch_rule_id": "$b", "replace": {"rule": {}, "trunk_ids": ["ST_a"]}},
            {"sip_dispatch_rule_id": "$b", "rule": {}, "trunk_ids": ["ST_a"]},
        ),
        create(NO_KIND, trunk_ids=["ST_c"]),
    ),
    case(
        "a deleted rule is shown whole; deleting it again fails",
        stored("$a", name="n"),
        Step(
            "DeleteSIPDispatchRule",
            {"sip_dispatch_rule_id": "$a"},
            {"sip_dispatch_rule_id": "$a", "rule": INDIVIDUAL, "name": "n", "media": {}},
        ),
        Step("DeleteSIPDispatchRule", {"sip_dispatch_rule_id": "$a"}, ABSENT),
        Step("DeleteSIPDispatchRule", {}, invalid("dispatch rule ID is required")),
        Step("ListSIPDispatchRule", {}, {}),
    ),
    case(
        "a rule outlives the trunk that it names",
        Step("CreateSIPInboundTrunk", {"trunk": {"numbers": ["+1"]}}, {"sip_trunk_id": "$t", "numbers": ["+1"]}),
        stored("$a", trunk_ids=["$t"]),
        Step("DeleteSIPTrunk", {"sip_trunk_id": "$t"}, {"sip_trunk_id": "$t"}),
        Step(
            "ListSIPDispatchRule",
            {"dispatch_rule_ids": ["$a"]},
            {"items": [{"sip_dispatch_rule_id": "$a", "rule": INDIVIDUAL, "trunk_ids": ["$t"], "media": {}}]},
        ),
    ),
    case(
        "a list by trunks has the rules without trunks as well",
        stored("$a", trunk_ids=["ST_a"]),
        stored("$b", trunk_ids=["ST_b"]),
        stored("$c"),
        Step(
            "ListSIPDispatchRule",
            {"trunk_ids": ["ST_b"], "page": {"limit": 100}},
            {
                "items": [
                    {"sip_dispatch_rule_id": "$b", "rule": INDIVIDUAL, "trunk_ids": ["ST_b"], "media": {}},
                    {"sip_dispatch_rule_id": "$c", "rule": INDIVIDUAL, "media": {}},
                ]
            },
        ),
        Step("ListSIPDispatchRule", {"dispatch_rule_ids": ["SDR_x"]}, {}),
    ),
)
