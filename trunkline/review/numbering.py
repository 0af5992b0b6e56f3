"""The numbers that come and go by an update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trunkline.model.tag import without_notes
from trunkline.money import Money
from trunkline.review.differences import said, word
from trunkline.review.engine_log import EngineLog, Step
from trunkline.review.page import Number

_BOUGHT_AGAIN = frozenset({"purchase", "repurchase"})
_TAGS = ("tag", "sharedTag", "ourTag")
_VERB = {"release": "released", "keep": "detached"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What becomes of the numbers whose lines go. `left`: those that are paid for and are not touched.

    `told`: why a number is neither released nor kept as its mark says.
    """

    released: tuple[Number, ...] = ()
    kept: tuple[Number, ...] = ()
    left: tuple[Number, ...] = ()
    told: tuple[str, ...] = ()


def coming(log: EngineLog) -> tuple[tuple[Number, ...], tuple[Number, ...], tuple[Number, ...]]:
    """Give the numbers that are bought, adopted, and taken back."""
    found: dict[str, list[Number]] = {"purchase": [], "adopt": [], "ours": []}
    for step in log.changes:
        if step.kind != "PhoneNumber" or step.after is None or step.op.startswith("delete"):
            continue
        wish = log.fleet_after.get("lines", {}).get(step.name, {})
        again = step.after.get("status") in _BOUGHT_AGAIN
        if step.before is not None and step.op == "update" and not again:
            continue
        how = "purchase" if again else wish.get("acquisition", "")
        if how in found and not (how == "purchase" and (wish.get("held") or wish.get("ordered")) and not again):
            found[how].append(_number(step.name, wish, step.after))
    return tuple(found["purchase"]), tuple(found["adopt"]), tuple(found["ours"])


def going(log: EngineLog) -> Going:
    """Give what becomes of the numbers of lines that go: by their mark where they are the lines' still."""
    gone: dict[str, list[Number]] = {"release": [], "keep": [], "left": []}
    told: list[str] = []
    wanted = {line.get("phoneNumber") for line in log.fleet_after.get("lines", {}).values()}
    for step in log.changes:
        if step.kind != "PhoneNumber" or step.op != "delete" or step.before is None:
            continue
        wish = log.fleet_before.get("lines", {}).get(step.name, {})
        number, mark = replace(_number(step.name, wish, step.before), searched=False), step.before.get("removal", "")
        if number.number in wanted:
            # Another line has it from now on, so that nothing is let go.
            continue
        seen = log.fleet_after.get("going", {}).get(step.name, {})
        why = _why_left(number, step, step.before, seen, _VERB.get(mark, "let go"))
        told += [why] if why else []
        if not why:
            gone.setdefault(mark, []).append(number)
        elif seen.get("held"):
            gone["left"].append(number)
    return Going(released=tuple(gone["release"]), kept=tuple(gone["keep"]), left=tuple(gone["left"]), told=tuple(told))


def _why_left(number: Number, step: Step, before: Mapping[str, Any], seen: Mapping[str, Any], verb: str) -> str:
    """Say why a number is not let go, "" where it is; by the same words in which its delete looks."""
    whose = f"{number.number} of line {number.line}"
    if seen.get("held") is False:
        return f"{whose} is in its {number.provider} account no more: nothing is {verb}"
    ours = {name: before.get(name) for name in seen if name not in ("held", "tagged")}
    if "tag" in seen:
        tags = {*(before.get(name) for name in _TAGS), *before.get("formerTags", ()), (step.live or {}).get("ourTag")}
        if without_notes(seen["tag"]) in tags:
            return ""
    differs = [
        f"{word(name)}: {said(was)} => {said(seen[name])}" for name, was in sorted(ours.items()) if was != seen[name]
    ]
    if not differs:
        return ""
    return (
        f"{whose} is not {verb}: it does not carry what the last update wrote any more ({', '.join(differs)}). It stays"
        f" in the {number.provider} account as it is, and is paid for. Take it by a line with `adopt: true`, or release"
        " it there"
    )


def _number(line: str, wish: Mapping[str, Any], properties: Mapping[str, Any]) -> Number:
    return Number(
        line=line,
        number=str(properties.get("phoneNumber") or wish.get("phoneNumber", "")),
        provider=str(properties.get("provider") or wish.get("provider", "")),
        price=Money.from_json(wish.get("monthlyCost")),
        searched="search" in wish,
    )


def final(released: Sequence[Number], bought: Sequence[Number]) -> Iterator[str]:
    """Say what no later update can undo."""
    gone, new = [one.number for one in released], [one.number for one in bought]
    if gone:
        yield f"the release of {', '.join(gone)}: whoever is first may have it then, and it may never be on offer again"
    if new:
        yield f"the purchase of {', '.join(new)}: it is paid for, and ends with a release alone"
