"""Adoption leaves the fields that the file does not name as they stand, shows them, and writes those that it names."""

from __future__ import annotations

from typing import Any

from tests.dynamic.adopted import A, file_of, line, live, seed
from tests.dynamic.test_livekit_fields import BY_HAND
from tests.support.world import Stack, World

INBOUND: dict[str, Any] = BY_HAND["inbound"]
RULE: dict[str, Any] = {key: value for key, value in BY_HAND["rule"].items() if key != "inbound_numbers"}


def adopted(text: str) -> tuple[Stack, dict[str, Any], dict[str, Any]]:
    """Adopt what was made by hand; give the trunk and the rule as they were."""
    stack = Stack(World())
    seed(stack, [A], RULE, **INBOUND)
    before = live(stack)
    stack.up(text)
    return stack, *before


def without_labels(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in ("name", "metadata", "media_encryption")}


def test_what_the_file_does_not_name_stays_and_a_second_update_is_silent() -> None:
    text = file_of(line("a", A))
    stack, trunk, rule = adopted(text)
    now_trunk, now_rule = live(stack)
    assert without_labels(now_trunk) == without_labels(trunk)
    assert {**now_rule, "name": rule["name"]} == rule
    stack.world.sandbox.journal.clear()
    assert (stack.preview(text), stack.up(text), stack.world.writes()) == ([], [], [])


def test_what_the_file_names_is_written_and_stays_when_its_key_goes() -> None:
    stack, trunk, _rule = adopted(file_of(line("a", A, ", hide_phone_number: false, auth_realm: new")))
    named = live(stack)
    stack.up(file_of(line("a", A)))
    found = live(stack)
    assert (found[0]["auth_realm"], "hide_phone_number" in found[1]) == ("new", False)
    assert found == named
    assert without_labels({**found[0], "auth_realm": trunk["auth_realm"]}) == without_labels(trunk)


def test_a_preview_shows_what_stays_of_them() -> None:
    stack = Stack(World())
    seed(stack, [A], RULE, **INBOUND)
    stack.preview(file_of(line("a", A)))
    told = "\n".join(stack.world.notices)
    shown = [text for text in ("hidePhoneNumber true", "authRealm old", "emptyTimeout 60") if text in told]
    assert shown == ["hidePhoneNumber true", "authRealm old", "emptyTimeout 60"]
