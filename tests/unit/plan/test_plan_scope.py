"""What a stack's tags name, and under which tags an object is known again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.dynamic.ownership import Ownership
from tests.support.world import site
from tests.unit.plan.inventories import IMPLICIT, WHOLE, plan_of, spec_of
from trunkline.model.tag import marks, trunk_marks

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
FLEETS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@pytest.mark.parametrize(
    ("fleet", "stack", "scope", "shared"),
    [
        ("trunkline/prod", "prod", "trunkline/prod", ""),
        ("prod", "prod", "prod", ""),
        ("acme", "prod", "acme/prod", "acme"),
        ("acme/fleet", "prod", "acme/fleet/prod", "acme/fleet"),
        ("acme/prod-eu", "prod", "acme/prod-eu/prod", "acme/prod-eu"),
        ("trunkline/prod", "production", "trunkline/prod/production", "trunkline/prod"),
    ],
)
def test_the_scope_ends_with_the_stack_s_name(fleet: str, stack: str, scope: str, shared: str) -> None:
    known = site(stack, fleet)
    assert (known.scope, known.shared) == (scope, shared)


@given(FLEETS, NAMES, NAMES)
def test_two_stacks_of_one_fleet_never_have_one_scope(fleet: str, one: str, other: str) -> None:
    assert (site(one, fleet).scope == site(other, fleet).scope) == (one == other)


@given(FLEETS, NAMES, NAMES)
def test_a_sibling_is_found_under_a_name_like_ours_and_under_a_shared_one(fleet: str, one: str, other: str) -> None:
    assert site(other, f"{fleet}/{other}").scope in site(one, f"{fleet}/{one}").scopes_of(other)
    assert site(other, fleet).scope in site(one, fleet).scopes_of(other)
    default = replace(site(one, fleet), project="acme").scopes_of(other)
    assert f"acme/{other}" in default


def test_where_the_fleet_names_the_stack_nothing_is_told_of_shared_names() -> None:
    assert marks(site(), "one", "old") == {
        "tag": "trunkline:acme/test/one",
        "formerTags": ["trunkline:acme/test/old"],
    }
    assert trunk_marks(site(), "tw") == {"tag": "trunkline:acme/test/trunk.tw"}
    assert "sharing" not in plan_of(WHOLE).fleet


def test_under_a_shared_name_the_older_tag_is_told_too() -> None:
    shared = site("prod", "acme")
    assert marks(shared, "one", "old") == {
        "tag": "trunkline:acme/prod/one",
        "formerTags": ["trunkline:acme/prod/old", "trunkline:acme/old"],
        "sharedTag": "trunkline:acme/one",
    }
    assert trunk_marks(replace(shared, retag=True), "tw") == {
        "tag": "trunkline:acme/prod/trunk.tw",
        "formerTags": ["trunkline:acme/trunk.tw"],
    }
    plan = plan_of(IMPLICIT, stack="prod", fleet="acme")
    assert plan.fleet["fleet"] == "acme"
    assert plan.fleet["sharing"] == {"scope": "acme/prod", "retag": False, "alone": True, "owners": ["one"]}
    assert spec_of(plan, "DispatchRule", "one").props["tag"] == "trunkline:acme/prod/one"


def test_a_tag_is_judged_by_its_scope_and_under_a_shared_name_by_what_is_accepted() -> None:
    ours = Ownership(scope="acme/a", shared="acme", accepted=frozenset({"one"}))
    texts = {
        "trunkline:acme/a/two": ("two", "two", "", False),
        "trunkline:acme/one": ("one", "", "", False),
        "trunkline:acme/two": ("", "", "two", True),
        "trunkline:acme/b/one": ("", "", "", True),
        "Reception": ("", "", "", False),
        "": ("", "", "", False),
    }
    for text, expected in texts.items():
        found = (ours.owner_of(text), ours.scoped_owner_of(text), ours.shared_owner_of(text))
        assert (*found, ours.stranger(text) is not None) == expected


def test_without_a_record_the_file_decides_only_where_it_is_this_stack_s_alone() -> None:
    news = {"fleet": "acme", "lines": {"one": {}}, "trunks": ["tw", "lent"], "borrowed": ["lent"]}
    sharing = {"scope": "acme/a", "retag": False, "alone": False, "owners": ["one", "two"]}
    mine = frozenset({"one", "trunk.tw"})
    assert Ownership.judged(news, {}, sharing).accepted == frozenset()
    assert Ownership.judged(news, {}, {**sharing, "alone": True}).accepted == mine
    assert Ownership.judged(news, {}, {**sharing, "retag": True}).accepted == mine
    record = {"fleet": "acme", "lines": {"old": {"renamedFrom": "older"}}, "leaving": {"gone": "+1"}}
    assert Ownership.judged(news, record, sharing).accepted == frozenset({"old", "older", "gone"})
    assert Ownership.recorded(record) == Ownership(scope="acme")
