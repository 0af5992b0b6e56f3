"""Seeded races between a review and its update: what moves in between, in the file, the record, or at a vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from tests.dynamic.approval import saved
from tests.dynamic.inventories import ALL, BOUGHT, HEAD, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import State
from tests.support.world import Stack, World
from trunkline.approval import Saved

Lines = Mapping[str, str]
SPARE, SECOND, THEIRS = "+16505551240", "+16505551241", "+16505559101"
BASE: Lines = {**ALL, "spare": having(BOUGHT.replace("+16505551234", SPARE), "removal: release")}
STAYING = ("bought", "custom", "searched", "vonage")
_AGENTS = ("agent: support", "agent: sales")
_OTHER = HEAD.replace("acme-us", "acme-other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A stack with the plan that was saved of `text`; what is applied by now is `now`. `moves` says what happened."""

    stack: Stack
    text: str
    now: str
    plan: Saved
    moves: tuple[str, ...]


@dataclass
class _Scene:
    """What a race changes: the stack's world, and the lines and the head of the file that is applied."""

    rng: Random
    stack: Stack
    plan: Saved
    lines: dict[str, str]
    head: str = HEAD

    @property
    def sandbox(self) -> Any:
        return self.stack.world.sandbox

    def some(self, kind: str, names: tuple[str, ...] = STAYING) -> str:
        """Give the id of such an object of a line that stays."""
        ids = self.stack.ids()
        return ids[f"{kind} {self.rng.choice([name for name in names if f'{kind} {name}' in ids])}"]


def race(seed: int, *, moved: bool) -> Race:
    """Save a plan of drawn edits; then let one to three things happen, of which each moves it, or none does."""
    rng, stack = Random(seed), _stack()
    lines = dict(BASE)
    for edit in rng.sample(EDITS, rng.randint(1, 3)):
        edit(lines)
    text = inventory(lines)
    scene = _Scene(rng, stack, saved(stack, text), lines)
    every = MOVES if moved else UNRELATED
    events = sorted(rng.sample(every, rng.randint(1, 3)), key=every.index)
    happened = tuple(event.__name__.strip("_") for event in events if event(scene) is not False)
    if not happened:
        return race(seed + 1_000_000, moved=moved)
    return Race(stack=stack, text=text, now=inventory(scene.lines, scene.head), plan=scene.plan, moves=happened)


def _remap(lines: dict[str, str]) -> None:
    lines["bought"] = _swapped(lines["bought"])


def _relabel(lines: dict[str, str]) -> None:
    lines["custom"] = having(lines["custom"], "label: Office")


def _buy(lines: dict[str, str]) -> None:
    lines["second"] = BOUGHT.replace("+16505551234", SECOND)


def _search(lines: dict[str, str]) -> None:
    lines |= {"near": SEARCHED, "far": VONAGE}


def _mark(lines: dict[str, str]) -> None:
    lines["searched"] = having(lines["searched"], "removal: keep")


def _release(lines: dict[str, str]) -> None:
    del lines["spare"]


EDITS: tuple[Callable[[dict[str, str]], None], ...] = (_remap, _relabel, _buy, _search, _mark, _release)


def _trunk_by_hand(scene: _Scene) -> None:
    scene.sandbox.livekit.edit_trunk(scene.some("InboundTrunk"), krisp_enabled=True)


def _out_by_hand(scene: _Scene) -> None:
    scene.sandbox.livekit.edit_trunk(scene.some("OutboundTrunk"), address="elsewhere.example")


def _rule_gone(scene: _Scene) -> None:
    scene.sandbox.livekit.delete(scene.some("DispatchRule"))


def _rule_by_hand(scene: _Scene) -> None:
    agents = {"agents": [{"agent_name": "by-hand"}]}
    scene.sandbox.livekit.edit_rule(scene.some("DispatchRule"), room_config=agents)


def _number_off_its_trunk(scene: _Scene) -> None:
    scene.sandbox.twilio.edit_number("+16505551234", trunk_sid=None)


def _number_gone(scene: _Scene) -> None:
    scene.sandbox.twilio.release_by_hand("+16505551234")


def _url_by_hand(scene: _Scene) -> None:
    sid = scene.stack.ids()["OriginationUrl twilio-us"]
    scene.sandbox.twilio.edit_record("origination_url", sid, sip_url="sip:elsewhere.example")


def _foreign_rule(scene: _Scene) -> None:
    scene.sandbox.livekit.add_dispatch_rule(
        name="theirs",
        trunk_ids=[scene.some("InboundTrunk", ("custom",))],
        numbers=["+442071234567"],
        rule={"dispatch_rule_individual": {"room_prefix": "theirs-"}},
    )


def _foreign_list(scene: _Scene) -> None:
    scene.sandbox.twilio.add_credential_list(scene.stack.ids()["SipTrunk twilio-us"], "theirs")


def _sold(scene: _Scene) -> bool:
    if not scene.plan.candidates:
        return False
    name = scene.rng.choice(sorted(scene.plan.candidates))
    vendor = scene.plan.fleet["lines"][name]["provider"]
    getattr(scene.sandbox, vendor).sell(scene.plan.candidates[name])
    return True


def _another_update(scene: _Scene) -> None:
    name = scene.rng.choice(("bought", "custom", "vonage"))
    scene.stack.up(inventory({**BASE, name: _swapped(BASE[name])}))


def _another_mark(scene: _Scene) -> None:
    scene.stack.up(inventory({**BASE, "vonage": having(VONAGE, "removal: keep")}))


def _file_remapped(scene: _Scene) -> None:
    scene.lines["vonage"] = _swapped(scene.lines["vonage"])


def _file_tagged(scene: _Scene) -> None:
    scene.lines["vonage"] = having(scene.lines["vonage"], "tags: {team: growth}")


def _file_grown(scene: _Scene) -> None:
    scene.lines["late"] = BOUGHT.replace("551234", "551249")


def _guard_opened(scene: _Scene) -> None:
    scene.head = HEAD.replace("max_releases: 2", "max_releases: 9")


# In the order in which those happen that are drawn: what removes something comes last.
MOVES: tuple[Callable[[_Scene], bool | None], ...] = (
    _another_update,
    _another_mark,
    _trunk_by_hand,
    _out_by_hand,
    _rule_by_hand,
    _number_off_its_trunk,
    _url_by_hand,
    _foreign_rule,
    _foreign_list,
    _sold,
    _file_remapped,
    _file_tagged,
    _file_grown,
    _guard_opened,
    _rule_gone,
    _number_gone,
)


def _bought_by_others(scene: _Scene) -> None:
    scene.sandbox.twilio.add_number("+16505559199", friendly_name="Reception")
    scene.sandbox.vonage.add_number("+447400990001")


def _released_by_others(scene: _Scene) -> None:
    scene.sandbox.twilio.release_by_hand(THEIRS)


def _answered_by_others(scene: _Scene) -> None:
    trunk = scene.sandbox.livekit.add_inbound_trunk(name="theirs", numbers=[THEIRS])
    rule = {"dispatch_rule_individual": {"room_prefix": "theirs-"}}
    scene.sandbox.livekit.add_dispatch_rule(name="theirs", trunk_ids=[trunk["sip_trunk_id"]], rule=rule)


def _sibling(scene: _Scene) -> None:
    near = {"near": SEARCHED, "bought": BOUGHT.replace("551234", "551299")}
    Stack(scene.stack.world, name="other", fleet="acme/other").up(inventory(near, _OTHER))


def _another_sample(scene: _Scene) -> None:
    for _ in range(scene.rng.randint(1, 4)):
        scene.stack.preview(inventory({**BASE, "near": SEARCHED, "far": VONAGE}))


def _no_change(scene: _Scene) -> None:
    scene.stack.up(inventory(BASE))


def _hours(scene: _Scene) -> None:
    scene.stack.world.clock.sleep(scene.rng.randint(60, 72 * 3600))


def _order_of_the_file(scene: _Scene) -> None:
    scene.lines = dict(reversed(scene.lines.items()))
    scene.head = f"# Numbers of the fleet\n{HEAD}"


UNRELATED: tuple[Callable[[_Scene], bool | None], ...] = (
    _bought_by_others,
    _released_by_others,
    _answered_by_others,
    _sibling,
    _another_sample,
    _no_change,
    _hours,
    _order_of_the_file,
)


def _swapped(line: str) -> str:
    """Give the line with the other agent."""
    old, new = _AGENTS if _AGENTS[0] in line else reversed(_AGENTS)
    return line.replace(old, new)


def _stack() -> Stack:
    snapshot, state = _base()
    stack = Stack(World(7))
    stack.world.sandbox.restore(deepcopy(snapshot))
    stack.engine.state = state.copied()
    return stack


@cache
def _base() -> tuple[Mapping[str, Any], State]:
    stack = Stack(World(7))
    stack.world.sandbox.twilio.add_number(THEIRS, friendly_name="Reception")
    stack.up(inventory(BASE))
    return stack.world.sandbox.snapshot(), stack.engine.state
