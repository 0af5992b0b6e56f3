"""Values that one stack has otherwise: which stack has which, and where each problem is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, digest, load, parse, warnings
from trunkline.inventory.shapes.schema import json_schema

TEXT = """\
version: 1
defaults: {provider: twilio, stacks: [prod, staging]}
agents:
  support:
    agent_name: support-agent
    metadata: {tier: gold, log: none}
    by_stack:
      staging: {agent_name: support-staging, metadata: {tier: test}}
  night: {agent_name: night-agent}
trunks:
  us: {provider: twilio, owner: prod, domain_name: acme.pstn.twilio.com}
  office:
    provider: custom
    sip_address: sip.example.com
    by_stack: {staging: {sip_address: sip-test.example.com}}
numbers:
  desk:
    search: {country: US}
    agent: support
    by_stack: {prod: {agent: night, label: Desk}}
  office: {phone_number: "+442071234567", trunk: office, agent: support, stacks: [staging]}
"""


def inventory(text: str = TEXT) -> Inventory:
    return parse(text, "numbers.yaml")


def said(of: Inventory) -> dict[str, object]:
    agent = of.agents["support"]
    return {
        "agent": (agent.agent_name, agent.metadata),
        "desk": (of.lines["desk"].agent, of.lines["desk"].label),
        "office": of.trunks["office"].sip_address if "office" in of.trunks else None,
    }


def test_a_stack_has_its_own_values_in_the_place_of_the_entry_s_and_all_others_as_the_entry_has_them() -> None:
    whole = inventory()
    gold = {"tier": "gold", "log": "none"}
    assert {stack: said(whole.for_stack(stack)) for stack in ("prod", "staging")} == {
        "prod": {"agent": ("support-agent", gold), "desk": ("night", "Desk"), "office": None},
        "staging": {
            "agent": ("support-staging", {"tier": "test"}),
            "desk": ("support", ""),
            "office": "sip-test.example.com",
        },
    }


def test_a_stack_has_what_a_file_has_that_says_the_same_of_it_alone() -> None:
    plain = TEXT.replace("support-agent", "support-staging").replace("{tier: gold, log: none}", "{tier: test}")
    plain = plain.replace("sip.example.com", "sip-test.example.com")
    lines = [line for line in plain.splitlines(keepends=True) if "by_stack" not in line and "staging: {" not in line]
    stack, same = inventory().for_stack("staging"), inventory("".join(lines)).for_stack("staging")
    assert (stack, digest(stack)) == (same, digest(same))


def test_places_are_those_of_the_value_that_the_stack_has() -> None:
    whole = inventory()
    paths = [
        ("agents", "support", "agent_name"),
        ("agents", "support", "metadata", "log"),
        ("numbers", "desk", "agent"),
    ]
    assert [
        [str(of.place(*path)) for path in paths] for of in (whole.for_stack("prod"), whole.for_stack("staging"))
    ] == [
        ["numbers.yaml:5:5", "numbers.yaml:6:28", "numbers.yaml:20:23"],
        ["numbers.yaml:8:17", "numbers.yaml:8:46", "numbers.yaml:19:5"],
    ]


@pytest.mark.parametrize(
    ("was", "instead", "problems"),
    [
        (
            "{agent: night, label: Desk}",
            "{agent: nigt}",
            [
                'numbers.yaml:20:23: numbers.desk.agent: no agent "nigt" is declared [unknown-agent]; declare it under'
                " agents:, or did you mean night?"
            ],
        ),
        (
            "prod: {agent",
            "prd: {agent",
            [
                'numbers.yaml:20:16: numbers.desk.by_stack: the line is not of stack "prd" [unknown-stack];'
                " did you mean prod?"
            ],
        ),
        (
            "staging: {sip_address: ",
            "test: {sip_address: ",
            [
                'numbers.yaml:15:16: trunks.office.by_stack: no line is of stack "test" [unknown-stack];'
                " known: prod, staging"
            ],
        ),
        (
            "staging: {sip_address: sip-test.example.com}",
            "staging: {sip_adress: sip-test.example.com, owner: prod, transport: tcp6}",
            [
                "numbers.yaml:15:26: trunks.office.sip_adress: there is no such key [unknown-key]; did you mean"
                " sip_address?",
                "numbers.yaml:15:60: trunks.office.by_stack.staging: `owner` is the same for all stacks [by-stack];"
                " write it in the entry itself",
                'numbers.yaml:15:73: trunks.office.transport: "tcp6" is not auto, udp, tcp or tls [value]; choose one'
                " of them",
            ],
        ),
        (
            "{prod: {agent: night, label: Desk}}",
            "[prod]",
            [
                "numbers.yaml:20:5: numbers.desk.by_stack: this is not a mapping [type]; write `by_stack: {STACK: {key:"
                " value}}`"
            ],
        ),
        (
            "{agent: night, label: Desk}",
            "night",
            [
                "numbers.yaml:20:16: numbers.desk.by_stack.prod: this is not a mapping [type]; write `by_stack: {STACK:"
                " {key: value}}`"
            ],
        ),
        (
            "search: {country: US}",
            "search: {country: us}",
            [
                'numbers.yaml:18:14: numbers.desk.search.country: "us" is not a country code [country]; write two'
                " capital letters (ISO 3166): US, GB, DE"
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_once_with_the_place_of_the_stack_s_value(
    was: str, instead: str, problems: list[str]
) -> None:
    with pytest.raises(InventoryError) as caught:
        inventory(TEXT.replace(was, instead))
    assert [str(problem) for problem in caught.value.problems] == problems


def test_a_file_whose_lines_name_no_stacks_has_no_values_of_one() -> None:
    with pytest.raises(InventoryError) as caught:
        inventory("version: 1\nagents: {a: {agent_name: a, by_stack: {prod: {agent_name: b}}}}\nnumbers: {}\n")
    assert [str(problem) for problem in caught.value.problems] == [
        'numbers.yaml:2:40: agents.a.by_stack: no line is of stack "prod" [unknown-stack]; known: none'
    ]


def test_a_warning_of_one_stack_s_value_is_given_for_the_whole_file_and_for_that_stack() -> None:
    whole = inventory(TEXT.replace("sip-test.example.com}", "sip-test.example.com:5061, transport: tcp}"))
    found = [(each.rule, each.line, each.column) for each in warnings(whole)]
    assert found == [("port-transport", 15, 66)]
    assert [(each.rule, each.line) for each in warnings(whole.for_stack("staging"))] == [("port-transport", 15)]
    assert warnings(whole.for_stack("prod")) == ()


def test_a_value_of_one_stack_may_stand_in_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("numbers.yaml").write_text("version: 1\ndefaults: {stacks: [prod, staging], agent: a}\n", encoding="utf-8")
    Path("numbers.d").mkdir()
    Path("numbers.d/a.yaml").write_text(
        "agents: {a: {agent_name: a, by_stack: {prod: {agent_name: b}}}}\n"
        "numbers: {desk: {provider: twilio, search: {country: US}}}\n",
        encoding="utf-8",
    )
    prod = load(Path("numbers.yaml")).for_stack("prod")
    assert (prod.agents["a"].agent_name, str(prod.place("agents", "a", "agent_name"))) == ("b", "numbers.d/a.yaml:1:47")


def test_an_editor_knows_the_keys_of_one_stack() -> None:
    schema = Draft202012Validator(json_schema())
    data = yaml.safe_load(TEXT)
    assert list(schema.iter_errors(data)) == []
    data["numbers"]["desk"]["by_stack"]["prod"]["stacks"] = ["prod"]
    assert [error.message.split(" (")[0] for error in schema.iter_errors(data)] == [
        "Additional properties are not allowed"
    ]


OF_US = """\
version: 1
defaults: {provider: twilio}
agents: {d: {agent_name: x, by_stack: {us: {pin: "4711"}}}}
trunks: {tw: {provider: twilio, domain_name: f-tw.pstn.twilio.com, owner: us, fallback: "sip:desk@pbx.example.com"}}
numbers:
  a: {phone_number: "+16505551234", agent: d, trunk: tw, stacks: [STACK]}
  b: {search: {country: US}, agent: d, trunk: tw, stacks: [us, eu]}
"""


@pytest.mark.parametrize(("stack", "warned"), [("eu", []), ("us", ["a"])])
def test_a_line_is_warned_of_what_a_stack_has_that_has_the_line(stack: str, warned: list[str]) -> None:
    told = [each.message.split('"')[1] for each in warnings(inventory(OF_US.replace("STACK", stack)))]
    assert told == [*warned, "b"]
