"""Where calls go that no agent takes: what each vendor is told, from the file's `fallback` to its removal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.dynamic.at_twilio import OURS
from tests.dynamic.neighbourhood import said
from tests.dynamic.test_project_move import HOST, NEW, at
from tests.support.model_engine import Killed, Options
from tests.support.world import Stack, World, site
from trunkline.inventory import parse
from trunkline.plan import Site, compile_plan

DESK, OTHER, TWIML = "sip:desk@pbx.example.com", "sip:night@pbx.example.com", "https://desk.example.com/twiml"
FILE = """\
version: 1
guard: {{max_releases: 2}}
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{trunk}}}
numbers:
  a: {{trunk: us, phone_number: "+16505551234", agent: desk, outbound: false{line}}}
"""
AT_VONAGE = """\
version: 1
defaults: {{{defaults}}}
agents: {{desk: {{agent_name: desk-agent}}}}
numbers:
  a: {{provider: vonage, search: {{country: GB, type: mobile}}, agent: desk, outbound: false}}
"""


def file(fallback: str = "", *, line: str = "") -> str:
    return FILE.format(trunk=f', fallback: "{fallback}"' if fallback else "", line=line)


def ways(stack: Stack) -> dict[str, tuple[Any, ...]]:
    """Give the origination URLs of all trunks: tag -> where to, priority, weight, whether it is asked."""
    urls = stack.world.sandbox.twilio.store.table("origination_urls").values()
    names = ("sip_url", "priority", "weight", "enabled")
    return {str(url["friendly_name"]): tuple(url[name] for name in names) for url in urls}


def ringing(stack: Stack) -> list[tuple[int, int]]:
    trunks = stack.world.process().adapter("InboundTrunk").list()
    return [(one.props["ringingTimeout"], one.optional["ringingTimeoutStatus"]) for one in trunks]


def recovery(stack: Stack) -> Any:
    (trunk,) = stack.world.sandbox.twilio.store.table("trunks").values()
    return trunk["disaster_recovery_url"]


FALLBACK = ("FallbackUrl", "us")
TAG = "trunkline:acme/test/trunk.us"
TO_LIVEKIT = {TAG: (OURS, 1, 1, True)}
WITH_DESK = {**TO_LIVEKIT, f"{TAG}+": (DESK, 2, 1, True)}


def test_twilio_asks_a_second_origination_url_and_livekit_refuses_what_no_agent_answers() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    found = (ways(stack), ringing(stack), recovery(stack))
    stack.world.sandbox.journal.clear()
    silent = (stack.preview(file(DESK)), stack.up(file(DESK)), stack.world.writes())
    assert (found, silent) == ((WITH_DESK, [(15, 503)], None), ([], [], []))


def test_it_comes_to_a_line_that_is_there_changes_in_place_and_goes_again() -> None:
    stack = Stack(World())
    stack.up(file())
    ids, found = stack.ids(), [(ways(stack), ringing(stack))]
    for fallback in (DESK, OTHER, ""):
        stack.up(file(fallback))
        found.append((ways(stack), ringing(stack)))
    other = {**TO_LIVEKIT, f"{TAG}+": (OTHER, 2, 1, True)}
    assert found == [(TO_LIVEKIT, [(0, 0)]), (WITH_DESK, [(15, 503)]), (other, [(15, 503)]), (TO_LIVEKIT, [(0, 0)])]
    assert stack.ids() == ids


def test_the_way_to_livekit_stands_before_the_fallback_and_goes_after_it() -> None:
    stack = Stack(World())
    stack.up(file(DESK, line=", removal: release"))
    made = [url["sip_url"] for url in stack.world.sandbox.twilio.store.table("origination_urls").values()]
    urls = {stack.ids()["OriginationUrl us"]: "route", stack.ids()["FallbackUrl us"]: "fallback"}
    stack.world.sandbox.journal.clear()
    stack.destroy()
    gone = [urls[path.rpartition("/")[2]] for path in stack.world.writes() if "/OriginationUrls/" in path]
    assert (made, gone, ways(stack)) == ([OURS, DESK], ["fallback", "route"], {})
    (then,) = (spec for spec in stack.plan(file(DESK)).resources if spec.key == FALLBACK)
    # An engine that makes several at once knows the order by this alone.
    assert ("OriginationUrl", "us") in then.depends_on


def test_a_url_is_twilio_s_disaster_recovery_and_no_second_origination_url() -> None:
    stack = Stack(World())
    found = []
    for fallback in (TWIML, ""):
        stack.up(file(fallback))
        found.append((recovery(stack) or "", ways(stack), ringing(stack), stack.preview(file(fallback))))
    assert found == [(TWIML, TO_LIVEKIT, [(15, 503)], []), ("", TO_LIVEKIT, [(0, 0)], [])]


def test_what_a_line_says_of_its_ringing_counts() -> None:
    stack = Stack(World())
    stack.up(file(DESK, line=", ringing_timeout: 40, ringing_timeout_status: 480"))
    assert ringing(stack) == [(40, 480)]


def test_vonage_forwards_to_livekit_then_to_the_fallback_of_defaults() -> None:
    stack = Stack(World())
    found = []
    for defaults in ("", f'fallback: "{DESK}"', ""):
        text = AT_VONAGE.format(defaults=defaults)
        stack.up(text)
        vonage = stack.world.sandbox.vonage
        (number,) = vonage.numbers()
        held_there = vonage.number(number) or {}
        value = str(held_there["voiceCallbackValue"]).replace(number[1:], "<number>")
        found.append((value, ringing(stack), stack.preview(text)))
    alone = "sip:<number>@sandbox.sip.livekit.cloud;transport=tcp"
    assert found == [(alone, [(0, 0)], []), (f"{alone},{DESK}", [(15, 503)], []), (alone, [(0, 0)], [])]


def test_a_trunk_that_says_none_does_not_take_that_of_defaults() -> None:
    stack = Stack(World())
    stack.up(f'defaults: {{fallback: "{DESK}"}}\n{file("none")}')
    assert (ways(stack), ringing(stack)) == (TO_LIVEKIT, [(0, 0)])


def test_a_fallback_that_was_changed_by_hand_is_put_right_again() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    stack.world.sandbox.twilio.edit_record("origination_url", stack.ids()["FallbackUrl us"], priority=0, enabled=False)
    stack.up(file(DESK))
    assert ways(stack) == WITH_DESK


def test_a_lost_state_takes_both_ways_back_without_a_write() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    ids = stack.ids()
    lost = Stack(stack.world)
    stack.world.sandbox.journal.clear()
    lost.up(file(DESK))
    # Twilio never shows a password, so that one is written.
    assert (lost.ids(), [path for path in stack.world.writes() if "Credential" not in path]) == (ids, [])


def test_a_renamed_trunk_keeps_both_ways() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    ids = stack.ids()
    renamed = file(DESK).replace("  us: {", "  usa: {renamed_from: us, ").replace("trunk: us", "trunk: usa")
    stack.up(renamed)
    stack.up(renamed)
    ours = {tag.replace("trunk.us", "trunk.usa"): way for tag, way in WITH_DESK.items()}
    assert (ways(stack), sorted(stack.ids().values())) == (ours, sorted(ids.values()))


def test_a_move_to_another_project_turns_the_first_way_alone_and_after_its_rules() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    project = World(7)
    before = ways(stack)
    plan = compile_plan(parse(file(DESK), "numbers.yaml"), moved_site())
    stack.world.sandbox.journal.clear()
    stack.engine.up(plan, at(stack, project), Options())
    moved = {**WITH_DESK, TAG: (f"sip:{HOST};transport=tcp", 1, 1, True)}
    route = f"twilio POST /v1/Trunks/{stack.ids()['SipTrunk us']}/OriginationUrls/{stack.ids()['OriginationUrl us']}"
    assert (before, ways(stack), stack.world.writes()) == (WITH_DESK, moved, [route])
    order = [spec.key for spec in plan.resources]
    rule, first, then = (order.index(key) for key in (("DispatchRule", "a"), ("OriginationUrl", "us"), FALLBACK))
    assert rule < first < then


def moved_site() -> Site:
    known = site()
    return replace(known, sip_host=HOST, accounts={**known.accounts, "livekit": NEW}, allow_account_change=True)


def test_ours_is_no_neighbour_and_one_that_goes_before_it_is() -> None:
    stack = Stack(World())
    stack.up(file(DESK))
    quiet = said(stack, file(DESK))
    trunk = stack.ids()["SipTrunk us"]
    made = stack.world.sandbox.twilio.add_origination_url(trunk, DESK, priority=0)
    (notice,) = said(stack, file(DESK))
    assert (quiet, notice.partition(" before ")[0]) == (
        [],
        f'OriginationUrl {made["sid"]} ("by hand") on our trunk {trunk} takes all calls to +16505551234 (line "a")',
    )


@pytest.mark.parametrize("checkpoints", [False, True])
def test_what_a_killed_run_left_is_swept_where_the_edit_is_reverted(checkpoints: bool) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    stack.up(file())

    def dying(served: Any, request: Any) -> Any:
        answer = served.handle(request)
        if request.method == "POST" and request.path.endswith("/OriginationUrls"):
            raise Killed
        return answer

    with pytest.raises(Killed):
        stack.up(file(DESK), handle=dying)
    left = ways(stack)
    for _ in range(3):
        stack.up(file())
    stack.world.sandbox.journal.clear()
    stack.up(file())
    assert (left, ways(stack), stack.world.writes()) == (WITH_DESK, TO_LIVEKIT, [])
