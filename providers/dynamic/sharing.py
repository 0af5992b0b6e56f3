"""What `shared:` cannot do in one update: the engine holds a custom line's own rule, which sharing would make idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.dynamic.choice import owners_of
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection


def reasons(olds: Mapping[str, Any], news: Mapping[str, Any], survey: Survey) -> list[Objection]:
    """Refuse custom lines that come to share a trunk, but for the first, whose objects become the trunk's.

    A number's own protection stands for a carrier's line; of a custom line the last object is protected itself, and the
    engine refuses to delete it in the middle of the update. A mark that was applied lifts that.
    """
    recorded = olds.get("lines", {})
    there = {line.get("sharedTrunk") for line in recorded.values()}
    heirs: dict[str, str] = {}
    for name, old in _coming(news, recorded):
        trunk = news["lines"][name]["sharedTrunk"]
        if trunk not in there and (old.get("held") or survey.is_wired(name, old)):
            heirs.setdefault(trunk, name)
    return [
        Objection(
            f'line "{name}" comes to share trunk "{news["lines"][name]["sharedTrunk"]}", and its own dispatch rule or'
            " outbound trunk, which would go, is protected. Nothing was changed. Mark the line `removal: release`, run"
            " `pulumi up`, then write `shared: true` and take the mark off in one edit: the line is not removed",
            line=name,
        )
        for name, old in _coming(news, recorded)
        if old["removal"] == "protect" and heirs.get(news["lines"][name]["sharedTrunk"]) != name
    ]


def _coming(
    news: Mapping[str, Any], recorded: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the custom lines, in order, that are to share a trunk and did not share it before, as they are recorded."""
    for name, wish in sorted(news["lines"].items()):
        old = next((recorded[owner] for owner in owners_of(name, wish) if owner in recorded), None)
        if old is None or wish["provider"] != "custom" or "sharedTrunk" not in wish:
            continue
        if old.get("sharedTrunk") != wish["sharedTrunk"]:
            yield name, old
