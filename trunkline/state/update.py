"""One update of a stack, as Pulumi records it when it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from trunkline.state.checkpoint import decompressed
from trunkline.state.store import Broken

_END_OF_TIME = 253402300800  # the year 10000
_TEXT = 500  # characters of a commit's message that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`id` names the update for ever. `started` and `ended` are seconds of the Unix time.

    `kind` is update | refresh | destroy | import | …, `result` succeeded | failed; where the record cannot be read they
    are "unknown" and "". The rest is what Pulumi found in Git and CI when the update ran, "" where it found nothing.
    `who` is the commit's author, `committer` who committed it, `dirty` whether files differed from the commit, so that
    what ran is not what its author wrote.
    `ran_by` is who asked the backend for the update, or the CI's build, whose page is `build_url`. URLs are http(s).
    `continues`: it found resources there, so that of a stack whose oldest record it is the earlier ones are missing.
    """

    id: str
    kind: str
    result: str
    started: int
    ended: int
    message: str = ""
    who: str = ""
    commit: str = ""
    branch: str = ""
    committer: str = ""
    dirty: bool = False
    ran_by: str = ""
    commit_url: str = ""
    build_url: str = ""
    continues: bool = False

    @property
    def failed(self) -> bool:
        return self.result == "failed"


def parse(id: str, data: bytes) -> Update:
    """Read a `.history.json` file. Raises Broken where it is none."""
    try:
        document = json.loads(decompressed(data))
    except (ValueError, RecursionError):
        raise Broken(f"the record of update {id} is no JSON") from None
    return from_document(id, document)


def unreadable(id: str, ended: int) -> Update:
    """Give what is known of an update whose record cannot be read: when it ended, and not what it found."""
    when = _seconds(ended)
    return Update(id=id, kind="unknown", result="", started=when, ended=when, continues=True)


def from_document(id: str, document: Any) -> Update:
    """Read the JSON object of one update; times may be numbers (files) or RFC 3339 (`pulumi stack history --json`)."""
    if not isinstance(document, dict):
        raise Broken(f"the record of update {id} is no JSON object")
    found = document.get("environment")
    environment: Mapping[str, Any] = found if isinstance(found, dict) else {}
    return Update(
        id=id,
        kind=str(document.get("kind") or "update"),
        result=str(document.get("result") or ""),
        started=_seconds(document.get("startTime")),
        ended=_seconds(document.get("endTime")),
        message=_text(document.get("message")),
        who=_text(environment.get("git.author")),
        commit=_text(environment.get("git.head")),
        branch=_text(environment.get("git.headName")).removeprefix("refs/heads/"),
        committer=_text(environment.get("git.committer")),
        dirty=environment.get("git.dirty") == "true",
        ran_by=_requester(document.get("requestedBy")) or _build(environment),
        commit_url=_commit_url(environment),
        build_url=_web(environment.get("ci.build.url")),
        continues=_continues(document),
    )


# What an update does with what stands in the state before it (display.StepOp, 3.274.1). `pulumi stack import` brings
# what stood elsewhere.
_ON_WHAT_STANDS = ("same", "update", "replace", "delete", "refresh")
_IMPORT = "import"


def _continues(document: Mapping[str, Any]) -> bool:
    done = document.get("resourceChanges")
    counts = done if isinstance(done, dict) else {}
    return document.get("kind") == _IMPORT or any(counts.get(operation) for operation in _ON_WHAT_STANDS)


def _requester(value: Any) -> str:
    """Give who asked Pulumi Cloud for the update."""
    person = value if isinstance(value, dict) else {}
    return _text(person.get("githubLogin") or person.get("name"))


def _build(environment: Mapping[str, Any]) -> str:
    """Name the build that ran the update. Pulumi records none of a CI's users (cmd/pulumi/metadata, 3.274.1)."""
    system, number = _text(environment.get("ci.system")), environment.get("ci.build.number")
    return f"{system} {_text(number or environment.get('ci.build.id'))}".strip() if system else ""


# Where a host shows a commit of a repository.
_COMMITS = {"github.com": "commit", "gitlab.com": "-/commit", "bitbucket.org": "commits"}


def _commit_url(environment: Mapping[str, Any]) -> str:
    host, commit = str(environment.get("vcs.kind", "")), environment.get("git.head")
    parts = (environment.get("vcs.owner"), environment.get("vcs.repo"))
    if host not in _COMMITS or not commit or not all(parts):
        return ""
    owner, repository = (quote(str(part)) for part in parts)
    return f"https://{host}/{owner}/{repository}/{_COMMITS[host]}/{quote(str(commit), safe='')}"


def _web(value: Any) -> str:
    text = _text(value)
    return text if text.lower().startswith(("https://", "http://")) else ""


def _seconds(value: Any) -> int:
    if isinstance(value, int | float):
        return int(value) if 0 <= value < _END_OF_TIME else 0
    try:
        return int(datetime.fromisoformat(str(value)).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _text(value: Any) -> str:
    return str(value or "")[:_TEXT]
