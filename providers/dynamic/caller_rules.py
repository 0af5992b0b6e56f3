"""Rules that answer some callers of a line, beside the one that answers all others: which of LiveKit's rules they are.

At LiveKit both are dispatch rules. The tag tells them apart: that of a rule for some callers names the entry of the
file behind the line's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from providers.dynamic.ownership import trunk_names
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import Observed
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.tag import Tag, entry_of

KIND, RULE = "CallerRule", "DispatchRule"


def line_stays(run: Runtime, recorded: Mapping[str, Any]) -> bool:
    """Whether this run declares the rule of all other callers, beside which one for some stood.

    A line that is renamed has another tag by now, and the trunk that it had.
    """
    own = str(Tag.parse(recorded.get("tag", "")) or "")
    declared = bool(own) and (RULE, "", own) in run.declared
    return declared or not run.answered.isdisjoint(recorded.get("trunkIds", ()))


def of_entries(rules: Sequence[Observed]) -> list[Observed]:
    """Give the rules that are for some callers by their tag, out of LiveKit's dispatch rules."""
    return [as_caller_rule(one) for one in rules if entry_of(one.tag)]


def as_caller_rule(rule: Observed) -> Observed:
    """Give a dispatch rule as one for some callers is seen: whom it answers is managed of it."""
    optional = {name: value for name, value in rule.optional.items() if name != ONLY_CALLERS}
    return replace(rule, props={**rule.props, ONLY_CALLERS: rule.every[ONLY_CALLERS]}, optional=optional)


def find(survey: Survey, news: Mapping[str, Any], olds: Mapping[str, Any]) -> tuple[str, ...]:
    """Give "CallerRule/id" of those of living owners that no entry wants: what a killed run left.

    What the last update wanted is in the state: the engine removes it.
    """
    wanted = _wanted(news) | _wanted(olds)
    living = {owner for owner, _ in wanted} | _owners(news)
    rules = survey.objects.get(RULE, ())
    return tuple(
        f"{KIND}/{one.id}"
        for one in rules
        if (entry := entry_of(one.tag))
        and (owner := survey.whose.scoped_owner_of(one.tag)) in living
        and (owner, entry) not in wanted
    )


def is_unwanted(news: Mapping[str, Any], kind: str, text: str) -> bool:
    """Whether a rule that was found so is still wanted by nobody."""
    tag = Tag.parse(text)
    return kind == KIND and tag is not None and (tag.owner, entry_of(text)) not in _wanted(news)


def _owners(inputs: Mapping[str, Any]) -> set[str]:
    lines = inputs.get("lines", {})
    former = (line["renamedFrom"] for line in lines.values() if line.get("renamedFrom"))
    trunks = (Tag.of_trunk("", each).owner for name in inputs.get("trunks", ()) for each in trunk_names(inputs, name))
    return {*lines, *former, *trunks}


def _wanted(inputs: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Give (owner, entry) of the Fleet's inputs, under the owners' former names too."""
    lines = inputs.get("lines", {})
    found = set()
    for owner, entries in inputs.get("callers", {}).items():
        trunk = Tag("", owner).trunk
        former = [Tag.of_trunk("", name).owner for name in trunk_names(inputs, trunk)] if trunk else []
        former += [lines[owner]["renamedFrom"]] if lines.get(owner, {}).get("renamedFrom") else []
        found |= {(name, entry) for name in (owner, *former) for entry in entries}
    return found
