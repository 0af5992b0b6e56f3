"""From an inventory to the resources that one stack declares: pure, and the same bytes for the same file."""

from trunkline.plan.compile import compile_plan
from trunkline.plan.spec import (
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
from trunkline.plan.tag import Tag

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
