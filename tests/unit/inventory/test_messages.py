"""What the operator reads: every problem at once, in the order of the file, and never a secret."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import parse

BROKEN = """\
version: 1
agents: {support: {agent_name: support-agent}}
trunks:
  office: {provider: custom, sip_address: sip.example.com, auth_username: u, auth_password: hunter2}
numbers:
  sales:
    phone_number: +16505551234
    provider: twilio
    agent: suport
  second:
    phone_number: 16505551235
    provider: twilio
    agent: support
    krisp: true
  third:
    phone_number: "+16505551236"
    provider: twilio
    country: NO
    trunk: ofice
  fourth:
    phone_number: "+16505551236"
    provider: twilio
"""


def report(text: str) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        parse(text, "numbers.yaml")
    return str(caught.value).splitlines()


def test_every_problem_is_reported_at_once_in_the_order_of_the_file() -> None:
    assert report(BROKEN) == [
        "numbers.yaml:4:78: trunks.office.auth_password: a secret is never written here [literal-secret];"
        " write {secret: someName} and set it with `pulumi config set --secret trunkline:someName`;"
        " change a password that was ever committed",
        "numbers.yaml:7:19: YAML reads `+16505551234` as a number and drops its plus [unquoted-number];"
        ' quote it: "+16505551234"',
        'numbers.yaml:9:5: numbers.sales.agent: no agent "suport" is declared [unknown-agent];'
        " declare it under agents:, or did you mean support?",
        "numbers.yaml:11:5: numbers.second.phone_number: YAML reads 16505551235 as a number, not as text"
        ' [unquoted-number]; quote it: "+16505551235"',
        "numbers.yaml:14:5: numbers.second.krisp: there is no such key [unknown-key]; did you mean krisp_enabled?",
        'numbers.yaml:18:14: some readers of YAML take `NO` for true or false [ambiguous-scalar]; quote it: "NO"',
        'numbers.yaml:19:5: line "third": no trunk "ofice" is declared [unknown-trunk];'
        " declare it under trunks:, or did you mean office?",
        'numbers.yaml:20:3: line "fourth": no agent answers it, so no call can reach anyone [unreachable];'
        " add `agent:` with a key under agents, or set `inbound: false`",
        'numbers.yaml:21:5: line "fourth": +16505551236 is the number of line "third" (line 16) already;'
        " LiveKit refuses two inbound trunks for the same number and callers [livekit-conflict];"
        " keep one of the two lines; to rename one, delete the old and write `renamed_from: third`",
    ]


def test_a_value_of_few_is_told_with_them_and_the_only_one_as_what_to_write() -> None:
    assert report("version: 2\nnumbers: {}\n") == ["numbers.yaml:1:1: version: 2 is not 1 [value]; write 1"]
    several = (
        "version: 1\nagents: {a: {agent_name: a}}\nnumbers: {x: {provider: custom, agent: a, media_encryption: on-}}\n"
    )
    (told,) = (line for line in report(several) if "media_encryption" in line)
    assert told.endswith(" is not disable, allow or require [value]; choose one of them")


@pytest.mark.parametrize(
    "password",
    [
        "hunter2",
        '"hunter2"',
        "0hunter2",
        "+4915112345678",
        "012345678",
        "123456789",
        "1_000_000",
        "true",
        "*hunter2",
        "&hunter2 x",
        "!hunter2 x",
        "[hunter2]",
        "{hunter2: x}",
        "{value: hunter2}",
        '{secret: "hunter 2"}',
        "{secret: 123456789}",
        "{secret: 012345678}",
        "{secret: [hunter2]}",
        "{secret: {hunter2: 1}}",
        "@hunter2",
        "%hunter2",
        "`hunter2`",
        '"hunter2',
        "hunter2: x",
        "!hunter2!x y",
    ],
)
@pytest.mark.parametrize("key", ["auth_password", "password", "sip_secret"])
def test_a_secret_in_clear_is_refused_and_never_shown(key: str, password: str) -> None:
    text = (
        f"version: 1\nnumbers: {{}}\ntrunks:\n  t:\n    provider: custom\n    auth_username: u\n    {key}: {password}\n"
    )
    lines = report(text)
    assert lines
    shown = "\n".join(lines)
    assert [part for part in ("hunter", "12345678", "1_000", "49151") if part in shown] == []


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("lable", "label"),
        ("password", "auth_password"),
        ("number", "phone_number"),
        ("krisp", "krisp_enabled"),
        ("allowed_numbers", "allowed_callers"),
        ("release", "removal"),
        ("Label", "label"),
    ],
)
def test_an_unknown_key_of_a_line_gets_a_guess(wrong: str, meant: str) -> None:
    text = (
        "version: 1\nagents: {a: {agent_name: a}}\nnumbers:\n  one:\n    provider: twilio\n    agent: a\n"
        f'    phone_number: "+16505551234"\n    {wrong}: x\n'
    )
    assert report(text) == [
        f"numbers.yaml:8:5: numbers.one.{wrong}: there is no such key [unknown-key]; did you mean {meant}?"
    ]


def test_a_file_wrong_throughout_is_reported_in_a_length_that_people_can_use() -> None:
    keys = "".join(f"  line-{index}: {{}}\n" for index in range(2_000))
    lines = report(f"version: 1\nnumbers:\n{keys}")
    assert (len(lines), lines[-1]) == (
        1_001,
        "numbers.yaml: there are 1000 more problems [too-many]; mend these first",
    )
