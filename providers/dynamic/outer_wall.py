"""What no edit takes from a custom line in one update: the engine holds its last object, and refuses to delete it.

It would refuse in the middle of the update, so the Fleet does before. A number's own protection stands for a carrier's
line. A mark that was applied lifts the engine's: the second update then removes what the line needs no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from providers.dynamic.choice import owners_of
from providers.dynamic.ownership import trunk_names
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection

Lines = Mapping[str, Mapping[str, Any]]
_RULE, _OUT = "DispatchRule", "OutboundTrunk"


@dataclass(frozen=True, slots=True)
class _Group:
    """Custom lines with LiveKit objects of their own, or that share some, by the name of these in the state.

    `kinds`: those of rule and trunk for calls out that it has. `before`: names under which the state may have them.
    """

    name: str
    kinds: frozenset[str]
    lines: tuple[str, ...]
    before: tuple[str, ...] = ()


def reasons(olds: Mapping[str, Any], news: Mapping[str, Any], facts: Lines, survey: Survey) -> list[Objection]:
    """Refuse edits after which a line of the file has no use for the object that the engine holds for it.

    `facts`: what the file says of each line beside the record.
    """
    recorded, wanted = olds.get("lines", {}), list(_declared(news, facts))
    present = {former: name for name, wish in news["lines"].items() for former in owners_of(name, wish)}
    groups = list(_recorded(recorded, survey))
    found = []
    for group in groups:
        (kind,) = group.kinds
        staying = sorted({present[line] for line in group.lines if line in present})
        # What every line was marked for goes with it; one that is marked to be kept would be left with its number.
        marked = all(recorded[line]["removal"] == "release" for line in group.lines)
        if staying and not marked and not any(_takes_over(one, kind, group.name, groups) for one in wanted):
            found.append(_objection(group, kind, staying, news))
    return found


def _recorded(recorded: Lines, survey: Survey) -> Iterator[_Group]:
    """Give the groups of the Fleet's record whose last object is there."""
    members: dict[tuple[str, str], list[str]] = {}
    for name, line in sorted(recorded.items()):
        if line["provider"] == "custom":
            last = _OUT if line.get("outboundOnly") else _RULE
            members.setdefault((line.get("sharedTrunk", name), last), []).append(name)
    for (name, last), lines in members.items():
        if any(recorded[line].get("held") or survey.is_wired(line, recorded[line]) for line in lines):
            yield _Group(name, frozenset({last}), tuple(lines))


def _declared(news: Mapping[str, Any], facts: Lines) -> Iterator[_Group]:
    """Give the groups of the file, with the names under which the plan's aliases look for them (`trunkline.plan`)."""
    members: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for name, wish in sorted(news["lines"].items()):
        if wish["provider"] == "custom":
            members.setdefault(wish.get("sharedTrunk", name), []).append(name)
            first.setdefault(facts.get(name, {}).get("trunk", ""), name)
    for owner, lines in members.items():
        wish, fact = news["lines"][lines[0]], facts.get(lines[0], {})
        trunks = trunk_names(news, fact.get("trunk", ""))
        own = [name for line in lines for name in owners_of(line, news["lines"][line])]
        heir = trunks if first[fact.get("trunk", "")] == owner else ()
        before = (*trunks, *own) if "sharedTrunk" in wish else (*own, *heir)
        ways = {_RULE: "inbound", _OUT: "outbound"}
        kinds = (kind for kind, way in ways.items() if any(facts.get(line, {}).get(way, True) for line in lines))
        yield _Group(owner, frozenset(kinds), tuple(lines), before)


def _takes_over(group: _Group, kind: str, name: str, there: list[_Group]) -> bool:
    """Whether a group of the file goes on with the recorded object of that name, as the engine finds it."""
    if kind not in group.kinds:
        return False
    known = {one.name for one in there if kind in one.kinds}
    return next((one for one in (group.name, *group.before) if one in known), "") == name


def _objection(group: _Group, kind: str, staying: list[str], news: Mapping[str, Any]) -> Objection:
    first, what = staying[0], "dispatch rule" if kind == _RULE else "trunk for calls out"
    trunk = news["lines"][first].get("sharedTrunk", "")
    joins = f'comes to share trunk "{trunk}", so' if trunk and trunk != group.name else "changes so that"
    whose = f"its own {what}" if group.name in group.lines else f'the {what} of trunk "{group.name}"'
    lines = "the line" if len(group.lines) == 1 else f"lines {', '.join(group.lines)}"
    gone = group.name not in (*group.lines, *news["trunks"])
    renamed = f". If the trunk has a new name, write `renamed_from: {group.name}` on it" if gone else ""
    return Objection(
        f'line "{first}" {joins} {whose}, which is protected, would go. Nothing was changed. Mark {lines} `removal:'
        " release`, run `pulumi up`, then make this edit again and take the mark off in it: a line that stays in the"
        f" file is not removed{renamed}",
        line=first,
    )
