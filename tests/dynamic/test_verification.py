"""When a line's `verify` command runs again, and that it is known beforehand whether it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.verification import demand_plugin, has_plugin, named_secrets, verified_by, watched
from tests.support.world import World
from trunkline.errors import InputError
from trunkline.inventory import parse

TEXT = """\
version: 1
agents: {a: {agent_name: x}, b: {agent_name: y}}
trunks:
  own: {provider: twilio, domain_name: a.pstn.twilio.com, auth_username: u, auth_password: {secret: twilioTermination}}
  new: {provider: twilio, domain_name: b.pstn.twilio.com, auth_username: u, auth_password: {secret: twilioTermination}}
numbers:
  us: {trunk: own, search: {country: US, area_code: 650}, agent: a, outbound: false, verify: ./call.sh}
  beside: {trunk: own, phone_number: "+16505551234", agent: a}
"""


def verified(old: str = "", new: str = "") -> dict[tuple[str, str], str]:
    """Give what the line's command watches, by kind and name, after one edit of the file."""
    assert old in TEXT
    plan = World().plan(TEXT.replace(old, new, 1))
    return {spec.key: watched(spec) for spec in verified_by(plan, plan.lines["us"])}


def test_what_a_lines_calls_go_through_is_verified_and_nothing_beside_it() -> None:
    assert sorted(verified()) == [
        ("Credential", "own"),
        ("DispatchRule", "us"),
        ("InboundTrunk", "us"),
        ("OriginationUrl", "own"),
        ("PhoneNumber", "us"),
        ("SipTrunk", "own"),
        ("TrunkCredentialList", "own"),
    ]


def test_the_same_file_verifies_nothing_again() -> None:
    assert verified() == verified()


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("agent: a,", "agent: b,", ["DispatchRule"]),
        ("agent_name: x", "agent_name: z", ["DispatchRule"]),
        ("agent: a,", "agent: a, krisp_enabled: true,", ["InboundTrunk"]),
        ("agent: a,", "agent: a, max_call_duration: 600,", ["InboundTrunk"]),
        ("agent: a,", "agent: a, removal: release,", ["PhoneNumber"]),
        ("a.pstn", "c.pstn", ["Credential", "SipTrunk"]),
        ("a.pstn.twilio.com", "a.pstn.twilio.com, cnam_lookup_enabled: true", ["SipTrunk"]),
        ("auth_username: u", "auth_username: v", ["Credential"]),
    ],
)
def test_an_edit_of_what_is_verified_verifies_it_again(old: str, new: str, kinds: list[str]) -> None:
    before, after = verified(), verified(old, new)
    assert sorted(kind for (kind, name), text in after.items() if before[kind, name] != text) == kinds


def test_another_trunk_is_another_object_to_verify() -> None:
    assert sorted(verified("trunk: own", "trunk: new").keys() - verified().keys()) == [
        (kind, "new") for kind in ("Credential", "OriginationUrl", "SipTrunk", "TrunkCredentialList")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("area_code: 650", "area_code: 415"), ('1234", agent: a', '1234", agent: b, label: Beside')],
    ids=["a search that has picked", "another line"],
)
def test_an_edit_of_anything_else_does_not(old: str, new: str) -> None:
    assert verified(old, new) == verified()


def test_the_secrets_of_what_is_verified_are_watched_by_their_values() -> None:
    plan = World().plan(TEXT)
    assert named_secrets(verified_by(plan, plan.lines["us"])) == ["twilioTermination"]


def test_a_plugin_that_is_missing_is_told_before_anything_is_registered_for_each_line(tmp_path: Path) -> None:
    lines = parse(TEXT.replace("agent: a}", "agent: a, verify: ./call.sh}"), "numbers.yaml")
    with pytest.raises(InputError) as refused:
        demand_plugin(lines, {"PATH": str(tmp_path), "PULUMI_HOME": str(tmp_path)})
    assert [str(problem) for problem in refused.value.problems] == [
        f'numbers.yaml:{row}: line "{name}" has a verify command, but the engine\'s plugin `command` is not installed'
        " [verify-needs-pulumi-command]; run `pulumi plugin install resource command`, or put pulumi-resource-command"
        " on PATH, or take `verify` out"
        for row, name in (("8:64", "beside"), ("7:86", "us"))
    ]


def test_a_file_that_verifies_nothing_needs_none(tmp_path: Path) -> None:
    demand_plugin(parse(TEXT.replace(", verify: ./call.sh", ""), "numbers.yaml"), {"PATH": str(tmp_path)})


def test_the_engines_plugin_is_looked_for_where_the_engine_does(tmp_path: Path) -> None:
    alone = {"PATH": str(tmp_path), "PULUMI_HOME": str(tmp_path)}
    assert not has_plugin({**alone, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"})
    assert not has_plugin(alone)  # it would be fetched after the first write, or not be there to be fetched
    plugin = tmp_path / "plugins" / "resource-command-v1.2.0" / "pulumi-resource-command"
    plugin.parent.mkdir(parents=True)
    plugin.touch(mode=0o755)
    assert has_plugin(alone)
    plugin.rename(tmp_path / "pulumi-resource-command")
    assert has_plugin(alone)
