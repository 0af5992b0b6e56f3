"""From an inventory to the resources that one stack declares: pure, and the same bytes for the same file."""

from trunkline.model.spec import (
    Borrowed,
    Deferred,
    FromFleet,
    FromSecret,
    Joined,
    LineFacts,
    Plan,
    Ref,
    ResourceSpec,
    Site,
    Speaking,
)
from trunkline.model.tag import Tag
from trunkline.plan.compile import compile_plan

__all__ = [
    "Borrowed",
    "Deferred",
    "FromFleet",
    "FromSecret",
    "Joined",
    "LineFacts",
    "Plan",
    "Ref",
    "ResourceSpec",
    "Site",
    "Speaking",
    "Tag",
    "compile_plan",
]
