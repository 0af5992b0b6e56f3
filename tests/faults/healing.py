"""The faults stop: two runs of each stack at most, then one that writes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.faults import settled
from tests.faults.draft import Draft
from tests.faults.oracle import Violation
from tests.faults.shared_name import OWN
from tests.faults.stage import Outcome, Stage
from tests.faults.tenant import Tenant

# What the gate may answer to a file that a half-done walk has overtaken; going back a step is the way out.
UNDONE = (
    "is not on offer",
    "offers no number",
    "never marked for removal",
    "has ended well yet",
    "is held by line",
    "not in the",
    "has the former name of line",
    "none of which is the line's agent",
    "A stack never takes what another one has",
)
_CHOSEN = re.compile(r'"([\w-]+)": (\+\d+) was chosen for it and is in the \w+ account by now')
USED = "stays until the next update: a LiveKit trunk may still call out with it"
LONGEST = 2 * 24 * 3600.0
"""Seconds after which every late order shows, and nothing waits for one that no line of the file has."""


def heal(stage: Stage, tenants: Sequence[Tenant]) -> None:
    """Bring every stack to what its part of the file says, and judge. Raises Violation."""
    stage.say("heal")
    stage.weather.clear()
    stage.world.clock.now += LONGEST
    stage.land()
    for tenant in tenants:
        tenant.views = {}
        _first(tenant)
    # What these runs have noted of an order that no line has waits for a day from now on.
    stage.world.clock.now += LONGEST
    for tenant in tenants:
        stage.world.notices.clear()
        second = tenant.up(tenant.draft)
        if second.end == "ok" and _give_up(tenant, "\n".join(stage.world.notices)):
            stage.world.notices.clear()
            second = tenant.up(tenant.draft)
        if tenant.others and second.end == "ok" and USED in "\n".join(stage.world.notices):
            # A leftover of the sibling's calls out over our trunk with a former password: its second run sweeps that.
            for other in tenant.others:
                other.up(other.draft)
            stage.world.notices.clear()
            second = tenant.up(tenant.draft)
        if second.end != "ok":
            raise Violation(f"not healed after two runs: {second.words}")
        tenant.judge_named(second)
        stage.watch.judge_foreign()
        settled.judge(
            tenant.oracle,
            tenant.draft,
            tenant.stack.engine.state,
            stage.world.notices,
            tenant.gone(),
            stage.watch.foreign,
        )
    for tenant in tenants:
        third = tenant.up(tenant.draft)
        if third.end != "ok" or third.wrote:
            raise Violation(f"the third run wrote or failed: {third.words} {', '.join(third.writes)}")


def _first(tenant: Tenant) -> None:
    """Run what the file says; where a half-done walk makes that impossible, an operator goes back a step.

    A line that has left the file since it last settled may have been released or detached: it does not come back.
    """
    drafts: list[Draft] = []
    for draft in (tenant.draft, *reversed(tenant.drafts)):
        if not any(draft is each for each in drafts):
            drafts.append(draft)
    outcome, lost = Outcome("failed"), set[str]()
    for wanted in drafts:
        if lost & set(wanted.lines):
            continue
        lost |= set(tenant.before.lines if tenant.before else ()) - set(wanted.lines)
        tenant.draft = wanted
        outcome = _applied(tenant, wanted)
        while in_the_way := tenant.stage.bystanders.named_in(outcome.words):
            tenant.stage.say("   cleared out of the way")
            for group in in_the_way:
                tenant.stage.bystanders.remove(group)
            outcome = tenant.up(wanted)
        outcome = _without_chosen(tenant, outcome)
        if "Take `give_up` out" in outcome.words:
            for name in [each for each, line in wanted.lines.items() if "give_up" in line]:
                tenant.draft = tenant.draft.setting(name, give_up=None)
            outcome = tenant.up(tenant.draft)
        for name in [each for each in wanted.lines if f'"{each}": ' in outcome.words]:
            if "is not on offer" in outcome.words and name not in tenant.oracle.held:
                tenant.stage.say(f"   {name} cannot be had and is taken out")
                tenant.draft = tenant.draft.without(name)
                outcome = tenant.up(tenant.draft)
        if outcome.end == "ok" or outcome.wrote:
            tenant.note(outcome)
            return
        if tenant.settled or not any(each in outcome.words for each in UNDONE):
            break
    raise Violation(f"the healed world refuses without a known way: {outcome.words}")


def _without_chosen(tenant: Tenant, outcome: Outcome) -> Outcome:
    """Give up what was chosen for a line and others have got since, as the refusal says."""
    for name, number in _CHOSEN.findall(outcome.words):
        tenant.stage.say(f"   {name} gives up {number}, which others have got")
        tenant.draft = tenant.draft.setting(name, give_up=number)
    return tenant.up(tenant.draft) if _CHOSEN.search(outcome.words) else outcome


def _applied(tenant: Tenant, wanted: Draft) -> Outcome:
    """Run a file; again where the stack has lost its record under a shared name and is told to retag."""
    outcome = tenant.up(wanted)
    return tenant.up(wanted) if tenant.retags and OWN in outcome.words else outcome


def _give_up(tenant: Tenant, words: str) -> bool:
    """Give up the numbers that were ordered and never came. Raises Violation where the preview does not name one."""
    missing = [
        name for name in tenant.draft.carried() if name not in tenant.gone() and not tenant.oracle.number_of(name)
    ]
    for name in missing:
        number = tenant.ordered().get(name, "?")
        if f'{number} of line "{name}" may be on order' not in words:
            raise Violation(f"line {name} has no number, and no preview says so")
        tenant.stage.say(f"   {name} gives up {number}")
        if "take `repurchase` out" in words and "repurchase" in tenant.draft.lines[name]:
            # A line that has had its number keeps it.
            tenant.draft = tenant.draft.setting(name, repurchase=None)
            continue
        another = {} if "search" in tenant.draft.lines[name] else {"phone_number": number[:-4] + "7" + number[-3:]}
        tenant.draft = tenant.draft.setting(name, give_up=number, **another)
    tenant.oracle.declare(tenant.draft, {})
    return bool(missing)
