"""The shapes of the answers over several stacks, as the OpenAPI document names them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trunkline.api.endpoints.views import AgentView, FindingView, Ready, SummaryView
from trunkline.outputs import Line

_MISSING = Field(description="the stacks that could not be read yet, which the answer lacks")


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid")


class StackLine(Line):
    """A line with its stack."""

    stack: str


class StacksLines(_View):
    """A page of lines. `monthlyCost` is there for developers and administrators."""

    lines: tuple[StackLine, ...]
    total: int
    next: str | None = Field(description="the cursor of the following page")
    missing: tuple[str, ...] = _MISSING


class StackAgent(AgentView):
    """An agent of a stack, and the lines that it answers there."""

    stack: str


class StacksAgents(_View):
    """Who answers what; `unused` agents, as STACK/ID, answer no line."""

    agents: tuple[StackAgent, ...]
    unused: tuple[str, ...]
    missing: tuple[str, ...] = _MISSING


class StacksSummary(SummaryView):
    """Counts over the stacks; costs for developers and administrators.

    `byAgent` names agents as STACK/ID, and `unknownCost` lines.
    """

    by_stack: dict[str, int] = Field(alias="byStack")
    missing: tuple[str, ...] = _MISSING


class StackFinding(FindingView):
    """One finding of a stack; `code` is stable."""

    stack: str


class StacksAudit(_View):
    """What auditors should know."""

    findings: tuple[StackFinding, ...]
    missing: tuple[str, ...] = _MISSING


class StacksReader(_View):
    """Who reads: the name of the key or token, its role, and whether it came as key or jwt."""

    stack: Literal[""] = Field(description="empty, since there are several")
    stacks: tuple[str, ...]
    name: str
    role: Literal["viewer", "developer", "admin"]
    via: str


class StackReady(_View):
    """What is served of one stack, as its own `/readyz` says it."""

    stack: str
    state: Literal["ready", "updating", "stale", "starting"]
    version: str | None
    age_seconds: float | None
    updated: str | None
    last_update: str | None
    updating: bool
    update_killed: bool
    update_traceless: bool
    lock_seconds: int | None
    lock_old: bool
    fault: Literal["", "unreachable", "broken"]
    unlisted_lines: int
    diverged_lines: int


class StacksReady(Ready):
    """The gravest of all stacks, and each."""

    stacks: tuple[StackReady, ...]


class StackView(StackReady):
    """A stack, and what is served of it; `lines` is null before its first version."""

    lines: int | None


class Stacks(_View):
    """The stacks."""

    stacks: tuple[StackView, ...]
