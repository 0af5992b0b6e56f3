"""What of a line is never deleted without its mark, whatever the engine was told: the inner wall of `protect`.

A number is refused by its own provider. A custom line has none: its last object stands for it, and records what its
deletion may do. A line that was never finished lacks that object, and may be withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic import declared
from providers.dynamic.runtime import Runtime
from trunkline.calls import canonical
from trunkline.errors import Refusal
from trunkline.model.tag import Tag

REMOVAL = "removal"
PROTECTED = "protect"
_LAST_KINDS = ("DispatchRule", "OutboundTrunk")
CALLERS = "CallerRule"
# What takes a line's calls goes after its number was let go; where no record is read, nothing else tells that it was.
_UNREAD_KINDS = (*_LAST_KINDS, "InboundTrunk")


def with_removal(recorded: Mapping[str, Any], desired: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the recorded properties as they are to be compared: what older versions made records no mark."""
    return {REMOVAL: PROTECTED, **recorded} if REMOVAL in desired else recorded


def note_mark(runtime: Runtime, recorded: Mapping[str, Any]) -> None:
    """Remember the mark of a custom line, which its last object has; lines that share a trunk have none alone."""
    owner = Tag.parse(recorded.get("tag", ""))
    if owner is not None and recorded.get(REMOVAL):
        runtime.marks[owner.owner] = recorded[REMOVAL]


def demand_mark(runtime: Runtime, kind: str, id_: str, recorded: Mapping[str, Any]) -> None:
    """Refuse to delete the last object of a custom line that was not marked in an earlier, applied change.

    Raises Refusal too where nobody can tell: an object of an older version in a run that has not seen the Fleet.
    """
    # An entry may go from a line that stays: where a program runs the Fleet judges the lines that leave.
    judged = kind == CALLERS and runtime.wanted is not None
    if judged or kind not in (CALLERS, *(_UNREAD_KINDS if runtime.recorded_lines is None else _LAST_KINDS)):
        return
    removal = recorded.get(REMOVAL) or ("keep" if recorded.get("keep") else _removal_by_fleet(runtime, kind, recorded))
    owner = Tag.parse(recorded["tag"])
    whose = owner.describe() if owner else "a line"
    if removal == PROTECTED:
        raise Refusal(
            f"{kind} {id_} of {whose} is protected and was not deleted. Set `removal: release` (or `keep`) on the line,"
            " run `pulumi up`, and remove it after that."
        )
    if removal is None:
        raise Refusal(
            f"{kind} {id_} of {whose}: this run cannot tell whether the line is marked for removal, so nothing was"
            " changed. Run it again without `--refresh=false` and `--target`, or `pulumi up` before."
        )
    if recorded.get(REMOVAL):
        declared.demand_fleet(runtime, f"{kind} {id_} of {whose}")
    if removal and runtime.recorded_lines is None:
        # Of a line that goes both ways the trunk for calls out comes later, and could not tell by itself.
        runtime.let_go |= _numbers_of(runtime, recorded)


def is_released(runtime: Runtime, recorded: Mapping[str, Any]) -> bool:
    """Whether a line that an object belongs to was marked `removal: release`; a carrier's trunk has no such mark."""
    owner = Tag.parse(recorded["tag"])
    if owner is None or not {"numbers", "trunkIds"} & recorded.keys():
        return False
    if runtime.recorded_lines is None:
        return bool(recorded.get(REMOVAL) == "release")
    return any(
        line[REMOVAL] == "release"
        for name, line in runtime.recorded_lines.items()
        if owner.owner in (name, Tag.of_trunk(owner.fleet, line.get("sharedTrunk", "\0")).owner)
    )


def _removal_by_fleet(runtime: Runtime, kind: str, recorded: Mapping[str, Any]) -> str | None:
    """Ask the Fleet's record: "" where the object protects no line, None where this run has no record.

    Then it speaks for no line either where this run let its numbers go, which was a judgement of its own.
    """
    if runtime.recorded_lines is None:
        numbers = _numbers_of(runtime, recorded)
        return "" if numbers and numbers <= set(map(canonical, runtime.let_go)) else None
    owner = Tag.parse(recorded["tag"])
    if owner is None:
        return ""
    removals = {
        line[REMOVAL]
        for name, line in runtime.recorded_lines.items()
        if line["provider"] == "custom"
        and owner.owner in (name, Tag.of_trunk(owner.fleet, line.get("sharedTrunk", "\0")).owner)
        and kind == _LAST_KINDS[bool(line.get("outboundOnly"))]
    }
    return PROTECTED if PROTECTED in removals else next(iter(sorted(removals)), "")


def _numbers_of(runtime: Runtime, recorded: Mapping[str, Any]) -> set[str]:
    """Give the numbers of a trunk, or of the trunks of a rule."""
    if "trunkIds" not in recorded:
        return set(map(canonical, recorded["numbers"]))
    trunks = map(runtime.adapter("InboundTrunk").get, recorded["trunkIds"])
    return {canonical(number) for trunk in trunks if trunk for number in trunk.props["numbers"]}
