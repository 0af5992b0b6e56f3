"""Which lines may leave the file: the marked ones, and those that were never finished. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from providers.dynamic import applied
from providers.dynamic.choice import Chooser, owners_of
from providers.dynamic.leftovers import PATIENCE
from providers.dynamic.siblings import strangers_numbers
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import LINES, Objection
from trunkline.calls import canonical
from trunkline.model.tag import Tag
from trunkline.money import Money

_TRUNK = "InboundTrunk"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A line that the file gives to other stacks: `stacks`, as it names them; `searches` for its number there."""

    at: str
    stacks: str
    searches: bool

    @classmethod
    def of_facts(cls, facts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Elsewhere]:
        """Give those lines, as the program tells them (`plan.gate.elsewhere_facts`)."""
        told = json.loads(facts.get("file.elsewhere", {}).get("lines", "{}"))
        return {name: cls(*each) for name, each in told.items()}


def reasons(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    settled: Mapping[str, str],
    survey: Survey,
    chooser: Chooser,
    clock: float,
    elsewhere: Mapping[str, Elsewhere],
) -> list[Objection]:
    """Refuse removals that were not marked or whose line no update has finished, and lines under a former name.

    `settled`: line -> number of the lines that a complete update has exported, "" where it was on order. `clock`: the
    present time. `elsewhere`: what the file gives to other stacks. Raises the vendors' errors.
    """
    before, now = olds.get("lines", {}), news["lines"]
    gone = _gone(olds, news)
    awaited = chooser.awaited(gone)
    found = []
    for name in gone:
        old = before[name]
        waits = name in awaited or settled.get(name) == ""
        established = survey.is_established(name, old, settled)
        back = [former for former in former_names(old) if "search" in now.get(former, {}) and former not in before]
        if old["removal"] == "protect" and (waits or established):
            found.append(_unmarked(name, old, elsewhere.get(name)))
        elif established and (there := elsewhere.get(name)) and _is_searched_anew(name, old, there, survey):
            found.append(_kept_in_vain(name, old, there))
        elif old["removal"] == "keep" and name in awaited and not chooser.carrier(old["provider"]).keeps_tags:
            found.append(_kept_unseen(name, old))
        elif back and (waits or established):
            found.append(_under_a_former_name(name, old, back[0]))
        elif established and settled.get(name) != old["phoneNumber"] and survey.may_have(old):
            found.append(_unfinished(name, old))
        elif established and _may_show(old, clock) and chooser.owned(old["provider"], old["phoneNumber"]) is None:
            found.append(_not_shown(name, old))
    return found


def chosen_alone(olds: Mapping[str, Any], news: Mapping[str, Any], survey: Survey) -> dict[str, tuple[str, str]]:
    """Give line -> provider and number of the lines that leave, whose number is in the account and nobody's.

    An update chose it and did not come to claim it, or somebody took its claim away.
    """
    lines, found = olds.get("lines", {}), {}
    for name in _gone(olds, news):
        line = lines[name]
        owned = survey.owned.get(line["provider"], {}).get(line.get("phoneNumber", ""))
        alone = owned is not None and not (Tag.parse(owned.tag) or survey.claimant(owned.number))
        if alone and not (line.get("held") or survey.may_have(line)):
            found[name] = (line["provider"], line["phoneNumber"])
    return found


def _gone(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """Name the recorded lines that the file has no more, under no name."""
    now = news["lines"]
    renamed = {wish["renamedFrom"] for wish in now.values() if wish.get("renamedFrom")}
    return [name for name in sorted(olds.get("lines", {})) if name not in now and name not in renamed]


def _may_show(old: Mapping[str, Any], clock: float) -> bool:
    """Whether an adopted number that no complete update has seen is not shown for so short a time that answers lag."""
    return applied.UNSEEN in old and clock < old[applied.UNSEEN] + PATIENCE


def unrecorded_reasons(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    settled: Mapping[str, str],
    marks: Mapping[str, str],
    wanted: Collection[str],
    survey: Survey,
) -> list[Objection]:
    """Without a record: refuse to take a number off a trunk that its line shared and others go on to use.

    A line that the file has lost by mistake looks just as a removed one. What is its own stays, since nothing that the
    program declares is written; a trunk of several would be, and the line's calls end. `settled` and `marks`: what the
    stack's last outputs tell, where they are there yet. `wanted`: the numbers of the file's lines.
    """
    if olds:
        return []
    names = {canonical(number): name for name, number in settled.items()}
    marked = {number for number, name in names.items() if marks.get(name, "protect") != "protect"}
    known = marked | {canonical(number) for number in wanted}
    return [
        _unrecorded(number, names.get(number, ""), owner, id_)
        for owner, id_, number in _left_in_trunks(news, facts, survey)
        if number not in known
    ]


def _left_in_trunks(
    news: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]], survey: Survey
) -> Iterator[tuple[str, str, str]]:
    """Give owner, id and number of what stands in the file's trunks of several, and may be a line's."""
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for name, wish in news["lines"].items():
        fact = facts.get(name, {})
        for trunk in {wish.get("sharedTrunk"), fact.get("trunk"), fact.get("formerTrunk")} - {None, ""}:
            lines.setdefault(Tag.of_trunk("", str(trunk)).owner, []).append(wish)
    for one in survey.objects.get(_TRUNK, ()):
        on = lines.get(owner := survey.owner_of(one.tag), [])
        if on and not any(wish["adopt"] for wish in on):
            numbers = sorted(map(canonical, one.props["numbers"]))
            yield from ((owner, one.id, number) for number in numbers if _may_be_a_lines(survey, number, on))


def _may_be_a_lines(survey: Survey, number: str, beside: list[Mapping[str, Any]]) -> bool:
    """A carrier's number that is gone from its account was let go; where no account has any, nobody knows."""
    owned = survey.in_any_account(number)
    if owned is None:
        return any(wish["provider"] == "custom" for wish in beside)
    return number in survey.tagless or bool(survey.owner_of(owned.tag))


def former_names(line: Mapping[str, Any]) -> list[str]:
    """Give the names that a line of the Fleet's record had before, the last one first."""
    last = line.get("renamedFrom")
    return [*([last] if last else ()), *line.get("formerly", ())]


def formerly(name: str, wish: Mapping[str, Any], olds: Mapping[str, Any]) -> list[str]:
    """Give those of a line's former names that the file does not say, or says no more."""
    recorded = olds.get("lines", {})
    old: Mapping[str, Any] = next((recorded[owner] for owner in owners_of(name, wish) if owner in recorded), {})
    return sorted({*former_names(old)} - {name, wish.get("renamedFrom", name)})


def _is_searched_anew(name: str, old: Mapping[str, Any], there: Elsewhere, survey: Survey) -> bool:
    """Whether a line that keeps its number gets another one in its new stack, which has none for it yet."""
    return old["removal"] == "keep" and there.searches and not strangers_numbers(survey).get(name)


def _unmarked(name: str, old: Mapping[str, Any], there: Elsewhere | None) -> Objection:
    if there is not None:
        return Objection(
            f'line "{name}" ({_priced(old)}) is of stack {there.stacks} now, and was never marked for'
            " removal here. Nothing was changed. If it moves there, put it back into this stack's `stacks` with"
            " `removal: keep` and run `pulumi up`; then give it to that one, with its `phone_number` and"
            " `adopt: true`, and run `pulumi up` here and then there. Otherwise correct its `stacks`",
            place=there.at,
        )
    return Objection(
        f'line "{name}" ({_priced(old)}) is no longer in numbers.yaml, but was never marked for removal. Put it'
        " back with `removal: release` (gives the number back for ever) or `removal: keep` (stays owned, detached), run"
        f" `pulumi up`, then remove it. If it has a new name, write `renamed_from: {name}` there",
        about=LINES,
    )


def _kept_in_vain(name: str, old: Mapping[str, Any], there: Elsewhere) -> Objection:
    return Objection(
        f'line "{name}" ({_priced(old)}) is of stack {there.stacks} now, which would search for another'
        " number, and this one, which is to be kept, be paid for in vain. Nothing was changed. Write there"
        f' `phone_number: "{old["phoneNumber"]}"` in place of `search`, and `adopt: true`; or, where another number is'
        " wanted, put the line back with `removal: release` and run `pulumi up`, before it moves",
        place=there.at,
    )


def _unrecorded(number: str, name: str, owner: str, id_: str) -> Objection:
    whose = f' of line "{name}"' if name else ""
    return Objection(
        f'{number}{whose} stands in LiveKit trunk {id_} of trunk "{Tag("", owner).trunk}", and no line of numbers.yaml'
        " has it. The state has no record that says whether it was marked for removal, so nothing was changed. Put its"
        " line back and run `pulumi up`, then remove it as any line; or, where it is none of this stack's, take it off"
        " that trunk at LiveKit",
        about=LINES,
    )


def _kept_unseen(name: str, old: Mapping[str, Any]) -> Objection:
    """Its claim is all that would tell later whose the number is, and goes with the line."""
    return Objection(
        f'line "{name}" ({_priced(old)}) is no longer in numbers.yaml, and its number, which is to be kept, may be on'
        f" order: {old['provider']} does not show it yet, and nothing would name it when it does. Nothing was changed."
        " Put the line back until it shows; or mark it `removal: release`, which gives the number back unseen",
        about=LINES,
    )


def _under_a_former_name(name: str, old: Mapping[str, Any], former: str) -> Objection:
    """An older commit of the file: the line's number would go as marked, and another one be bought."""
    return Objection(
        f'it has the former name of line "{name}" ({_priced(old)}), which is no longer in numbers.yaml. Nothing was'
        " changed, and no second number is bought for one line. If this is an older commit, apply the newest one; if"
        f" the line gets its name back, write `renamed_from: {name}` here; if this is another line, add it after an"
        f' update without "{name}"',
        line=former,
    )


def _unfinished(name: str, old: Mapping[str, Any]) -> Objection:
    """A mark counts once it was applied; and a number that no state has would be left to be paid for."""
    return Objection(
        f'line "{name}" ({_priced(old)}) is no longer in numbers.yaml; its number is in the account, but no update'
        " that had the line has ended well yet. Put the line back as it was, run `pulumi up`, then remove it",
        about=LINES,
    )


def _not_shown(name: str, old: Mapping[str, Any]) -> Objection:
    """No update knows its id, by which it could be let go unseen."""
    since, until = (
        f"{datetime.fromtimestamp(old[applied.UNSEEN] + each, UTC):%Y-%m-%d %H:%M UTC}" for each in (0, PATIENCE)
    )
    return Objection(
        f'line "{name}" ({_priced(old)}) is no longer in numbers.yaml. The {old["provider"]} account had its number'
        f" when an update began to adopt it, and does not show it since {since}. If its answers lag, the number's calls"
        " would go to LiveKit, where nobody answers them, so nothing was changed. Put the line back as it was, run"
        f" `pulumi up` once the account shows the number, then remove it; or remove it after {until}: the number counts"
        " as gone then",
        about=LINES,
    )


def _priced(line: Mapping[str, Any]) -> str:
    cost = Money.from_json(line.get("monthlyCost"))
    return f"{line['phoneNumber']}, {cost} a month" if cost else str(line["phoneNumber"])
