"""Which stack is read, and from where."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from trunkline.errors import Problem, SettingsError

# Pulumi's own limits of stack and project names (sdk/go/common/tokens, 3.274.1); they keep names out of path syntax.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackAddress:
    """One stack in one backend.

    `backend` is Pulumi's backend URL (it may hold a password, so it is not shown), `folder` the Pulumi project's.
    `organization` is that of Pulumi Cloud, "" where the login's own is meant; other backends have none but
    "organization". `together` is how many stacks are followed at the same time, this one among them.
    """

    project: str
    stack: str
    backend: str = field(repr=False)
    folder: str
    organization: str = ""
    together: int = 1

    @property
    def name(self) -> str:
        """The stack's whole name, as the `pulumi` command takes it from any folder."""
        if self.organization:
            return f"{self.organization}/{self.project}/{self.stack}"
        return self.stack if self.backend.startswith("http") else f"organization/{self.project}/{self.stack}"

    @classmethod
    def find(cls, name: str, folder: Path, environ: Mapping[str, str]) -> StackAddress:
        """Take `stack`, `organization/stack` or `organization/project/stack`; look the rest up as `pulumi` does.

        Where `name` is "" the stack is that of TRUNKLINE_STACK, else of PULUMI_STACK, else the one that
        `pulumi stack select` has chosen for this folder. The backend is that of
        PULUMI_BACKEND_URL, else of Pulumi.yaml, else of the last login. Raises SettingsError with every problem at
        once.
        """
        declared = _declared(folder)
        url = environ.get("PULUMI_BACKEND_URL") or _url(declared.get("backend")) or _last_login(environ)
        organization, project, stack = _parts(
            name
            or environ.get("TRUNKLINE_STACK", "")
            or environ.get("PULUMI_STACK", "")
            or _selected(folder, str(declared.get("name") or ""), url, environ)
        )
        project = project or str(declared.get("name") or "")
        backend = _usual(url)
        problems = [
            *_name_problems("stack", stack),
            *_name_problems("project", project),
            *_organization_problems(organization, backend),
            *_backend_problems(backend),
        ]
        if problems:
            raise SettingsError(problems)
        return cls(project=project, stack=stack, backend=backend, folder=str(folder), organization=organization)

    @classmethod
    def find_all(cls, names: Sequence[str], folder: Path, environ: Mapping[str, str]) -> tuple[StackAddress, ...]:
        """Look up one stack or several, as `find` does each; TRUNKLINE_STACK may name several, separated by blanks.

        Raises SettingsError with every problem at once, also for two stacks of one short name.
        """
        found, problems = list[StackAddress](), list[Problem]()
        for name in names or environ.get("TRUNKLINE_STACK", "").split() or [""]:
            try:
                found.append(cls.find(name, folder, environ))
            except SettingsError as error:
                problems += [problem for problem in error.problems if problem not in problems]
        counts = Counter(address.stack for address in found)
        problems += [
            Problem(
                rule="stack-twice",
                message=f"{count} stacks are named {stack}",
                fix="name each once; serve stacks of one name by servers of their own",
            )
            for stack, count in counts.items()
            if count > 1
        ]
        if problems:
            raise SettingsError(problems)
        return tuple(replace(address, together=len(found)) for address in found)


def _parts(name: str) -> tuple[str, str, str]:
    match name.split("/"):
        case [organization, project, stack]:
            return organization, project, stack
        case [organization, stack]:
            return organization, "", stack
    return "", "", name


def _declared(folder: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return document if isinstance(document, dict) else {}


def _url(backend: object) -> str:
    return str(backend.get("url") or "") if isinstance(backend, dict) else ""


def _last_login(environ: Mapping[str, str]) -> str:
    return str(_kept(environ, "credentials.json").get("current") or "")


def _selected(folder: Path, project: str, backend: str, environ: Mapping[str, str]) -> str:
    """Give what `pulumi stack select` chose; "" for nothing. Its file is named after the place of Pulumi.yaml.

    By sdk/go/common/workspace of Pulumi 3.216; a newer one keeps a stack for each backend, as seen of 3.259.
    """
    for place in (folder.absolute(), folder.resolve()):
        mark = hashlib.sha1(str(place / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
        kept = _kept(environ, f"workspaces/{project}-{mark}-workspace.json")
        by_backend = kept.get("stacks")
        chosen = by_backend.get(backend) if isinstance(by_backend, dict) else kept.get("stack")
        if isinstance(chosen, str) and chosen:
            return chosen
    return ""


def _kept(environ: Mapping[str, str], file: str) -> Mapping[str, Any]:
    """Read a file of those that `pulumi` keeps for a user; nothing where it is none."""
    home = environ.get("PULUMI_HOME") or Path.home() / ".pulumi"
    try:
        document = json.loads(Path(home, file).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _usual(backend: str) -> str:
    """Give a URL with its scheme in small letters, as everyone compares it; it means the same (RFC 3986, 3.1)."""
    scheme, separator, rest = backend.partition("://")
    return f"{scheme.lower()}{separator}{rest}"


def _name_problems(what: str, name: str) -> list[Problem]:
    if _NAME.fullmatch(name):
        return []
    if not name:
        fix = (
            "pass --stack, set TRUNKLINE_STACK or PULUMI_STACK, or run `pulumi stack select`"
            if what == "stack"
            else "run this beside Pulumi.yaml"
        )
        return [Problem(rule=f"{what}-missing", message=f"no {what} is named", fix=fix)]
    return [
        Problem(
            rule=f"{what}-malformed",
            message=f"{name!r} is no {what} name",
            fix="name it as `pulumi stack ls` does: STACK or organization/PROJECT/STACK",
        )
    ]


def _organization_problems(organization: str, backend: str) -> list[Problem]:
    if organization in ("", "organization") or backend.startswith("http"):
        return []
    message = f"the backend knows no organization {organization!r}"
    return [Problem(rule="organization-unknown", message=message, fix="write organization/PROJECT/STACK")]


def _is_url(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:  # a bracket that is not closed
        return False
    return True


def _backend_problems(backend: str) -> list[Problem]:
    if "://" in backend and _is_url(backend):
        return []
    if backend:
        # Not shown: what stands there by mistake may be a password.
        return [
            Problem(
                rule="backend-malformed",
                message="PULUMI_BACKEND_URL is no URL",
                fix="set it to one such as file://…, s3://… or https://api.pulumi.com",
            )
        ]
    return [
        Problem(
            rule="backend-missing",
            message="no Pulumi backend is configured",
            fix="set PULUMI_BACKEND_URL, or run `pulumi login` once",
        )
    ]
