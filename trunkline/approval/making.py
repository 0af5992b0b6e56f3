"""From an engine's log of a preview to the plan that is saved. Pure."""

from __future__ import annotations

from trunkline.approval.saved import Object, Saved
from trunkline.review import EngineLog, Page
from trunkline.review.as_json import to_json


def of(log: EngineLog, page: Page) -> Saved:
    """Give the plan of a preview and its page, as it is to be approved."""
    return Saved(
        stack=log.stack,
        project=log.project,
        digest=log.digest,
        record=log.fleet_before,
        fleet=log.fleet_after,
        objects=tuple(
            Object(
                kind=step.kind,
                name=step.name,
                line=step.line,
                op=step.op,
                id=step.id,
                live=step.live,
                declared=None if step.op.startswith("delete") else step.after,
            )
            for step in log.steps
        ),
        page=to_json(page),
    )
