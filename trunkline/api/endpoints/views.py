"""The shapes of the answers, as the OpenAPI document names them; tests hold the bodies to them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trunkline.outputs import Cost, Line


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Shown(_View):
    """The update that left what an answer with `at` shows."""

    update: str
    ended: str
    result: str
    commit: str
    dirty: bool = Field(description="whether files differed from the commit when the update ran")


class LineThen(Line):
    """A line; `shown` stands there where `at` was asked for."""

    shown: Shown | None = None


class Lines(_View):
    """A page of lines. `monthlyCost` is there for developers and administrators."""

    lines: tuple[Line, ...]
    total: int
    next: str | None = Field(description="the cursor of the following page")
    shown: Shown | None = None


class Offered(_View):
    """A number on offer now."""

    phone_number: str
    country: str
    type: str
    monthly_cost: Cost | None
    requires: tuple[str, ...]


class Offers(_View):
    """What the carrier offers."""

    provider: str
    numbers: tuple[Offered, ...]


class AgentView(_View):
    """An agent and the lines that it answers."""

    id: str = Field(description="its key in the inventory; empty where that does not know it, as one set by hand")
    agent_name: str
    lines: tuple[str, ...]


class Agents(_View):
    """Who answers what; `unused` agents answer no line."""

    agents: tuple[AgentView, ...]
    unused: tuple[str, ...]
    shown: Shown | None = None


class AgentLines(_View):
    """One agent and its lines."""

    agent: AgentView
    lines: tuple[Line, ...]
    shown: Shown | None = None


class UpdateHead(_View):
    """One update of the stack; `changed` counts its changes by kind, null where they are not on record."""

    id: str
    kind: str
    result: str
    started: str
    ended: str
    message: str
    who: str = Field(description="the author of the commit")
    commit: str
    branch: str
    committer: str
    dirty: bool = Field(description="whether files differed from the commit when the update ran")
    ran_by: str = Field(description="who asked the backend for the update, or the build that ran it")
    commit_url: str
    build_url: str
    changed: dict[str, int] | None


class FieldChange(_View):
    """A field before and after; null where the line was not there."""

    before: Any
    after: Any


class ItemsChange(_View):
    """What went from a list or a map and what came into it, where the line was there before and after."""

    removed: list[str] | dict[str, str]
    added: list[str] | dict[str, str]


class Change(_View):
    """What an update changed of one line."""

    line: str
    kind: Literal["added", "changed", "removed", "unlisted", "partly-applied"]
    fields: dict[str, FieldChange | ItemsChange]


class UpdateDetail(UpdateHead):
    """One update with its changes."""

    changes: tuple[Change, ...] | None


class History(_View):
    """Updates, newest first; `complete` says whether every update of the stack can be listed."""

    updates: tuple[UpdateHead, ...]
    next: str | None = Field(description="`before` of the following page")
    complete: bool


class LineHistory(_View):
    """The updates that changed one line, newest first, each with what it changed of it.

    `complete` says whether what every update of the stack changed is known.
    """

    updates: tuple[UpdateDetail, ...]
    line: str
    complete: bool


class CarrierView(_View):
    """A provider of lines: what files write, and what people call it."""

    name: str
    label: str


class Carriers(_View):
    """Every provider that a line can have."""

    carriers: tuple[CarrierView, ...]


class Reader(_View):
    """Who reads: the name of the key or token, its role, and whether it came as key or jwt."""

    stack: str
    name: str
    role: Literal["viewer", "developer", "admin"]
    via: str


class FindingView(_View):
    """One finding; `code` is stable."""

    code: str
    severity: Literal["error", "warning", "info"]
    subject: str
    message: str
    fix: str
    lines: tuple[str, ...]
    amounts: dict[str, str]


class Audit(_View):
    """What auditors should know."""

    findings: tuple[FindingView, ...]


class SummaryView(BaseModel):
    """Counts of the fleet; costs for developers and administrators."""

    lines: int
    by_provider: dict[str, int] = Field(alias="byProvider")
    by_country: dict[str, int] = Field(alias="byCountry")
    by_agent: dict[str, int] = Field(alias="byAgent")
    monthly_cost: dict[str, str] | None = Field(None, alias="monthlyCost")
    unknown_cost: tuple[str, ...] | None = Field(None, alias="unknownCost")
    shown: Shown | None = None


class Ready(_View):
    """What is served and how old it is; `state` is ready, or why not."""

    state: Literal["ready", "updating", "stale", "starting"]
    version: str | None
    age_seconds: float | None = Field(description="since this was last known to be the current version")
    updated: str | None = Field(description="the end of the last update of the stack")
    last_update: str | None = Field(description="its result: succeeded, failed")
    updating: bool
    update_killed: bool = Field(description="whether an update was killed, and none has written the state since")
    update_traceless: bool = Field(
        description="whether one held the stack and then neither state nor history told of it"
    )
    lock_seconds: int | None = Field(description="for how long an update has held the stack")
    lock_old: bool = Field(description="whether that is longer than an update can take: `pulumi cancel` takes it away")
    fault: Literal["", "unreachable", "broken"]
    unlisted_lines: int = Field(description="how many lines the state holds and its outputs lack; `/audit` names them")
    diverged_lines: int = Field(description="how many are not as the last complete update listed them; see `/audit`")
    keys_readable: bool = Field(description="whether the key file can be used; while it cannot, no key is accepted")
    key_set_readable: bool = Field(description="whether the key set of tokens could be read at the last attempt")


class Alive(_View):
    """The process runs."""

    state: Literal["alive"]


class KeyView(_View):
    """What is kept of an API key."""

    id: str
    name: str
    role: str
    created: str


class Keys(_View):
    """All API keys."""

    keys: tuple[KeyView, ...]


class AccessView(BaseModel):
    """One access."""

    time: str
    request: str
    who: str
    role: str
    via: str
    address: str
    method: str
    path: str
    status: int
    milliseconds: float
    reason: str = Field(description="why it was refused: a problem's code, and the rule that a credential broke")
    query: str = Field(description="the parameters that the endpoint knows, as they were understood")


class Accesses(_View):
    """The latest accesses of this replica, newest first."""

    accesses: tuple[AccessView, ...]


class Explanation(BaseModel):
    """What happens to a call, step by step."""

    model_config = ConfigDict(extra="allow")


class ProblemView(BaseModel):
    """Any error (RFC 9457). `type` is stable; `instance` names the request as the log does."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
