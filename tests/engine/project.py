"""A Pulumi project on the real engine, with the sandbox as its world: what the tests here walk through states."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.support import processes
from toolchain.environment import pulumi_environment

REPOSITORY = Path(__file__).parents[2]
STACK = "test"
COMMAND_LIMIT = 480  # seconds: with other work on the machine an update takes a minute or two
SECRETS: Mapping[str, str] = {
    "twilioTermination": "Canary-Termination-77",
    "ukOfficePassword": "canary-uk:office/78+",
}
PLAIN = frozenset({"twilioSipUsername"})
_FILES = ("Pulumi.yaml", "stacks/__main__.py")
_OF_OTHERS = ("PULUMI_", "TWILIO_", "VONAGE_", "LIVEKIT_", "TRUNKLINE_")
# With the official host the engine warns of each plugin that it finds on PATH, whatever the program does.
_AMBIENT = "pulumi-resource-command from $PATH"
# What the engine does for its own sake: it changes nothing at a vendor.
_QUIET = frozenset({"same", "refresh", "read"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step that the engine took or would take; `changed` are the properties that differ, by path."""

    op: str
    kind: str
    name: str
    changed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.op, self.kind, self.name, *self.changed))


@dataclass(frozen=True, slots=True)
class Run:
    """A `pulumi` command that ended: what it printed on both streams, and the engine's events."""

    code: int
    text: str
    events: tuple[Mapping[str, Any], ...] = field(repr=False, default=())

    @property
    def lines(self) -> list[str]:
        """What was printed of the command, without what the engine says of a plugin on PATH."""
        return [line for line in self.text.splitlines() if _AMBIENT not in line]

    @property
    def steps(self) -> list[str]:
        """The steps that are more than looking, sorted, as "update DispatchRule sales-us agents[0].agentName"."""
        return sorted(str(step) for step in self._steps("resourcePreEvent") if step.op not in _QUIET)

    @property
    def drift(self) -> list[str]:
        """What the refresh found changed, sorted, as "refresh InboundTrunk sales-us krispEnabled"."""
        return sorted(str(step) for step in self._steps("resOutputsEvent") if step.op == "refresh" and step.changed)

    @property
    def errors(self) -> str:
        """All error diagnostics, as an operator reads them."""
        said = (event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event)
        return "\n".join(each["message"].strip() for each in said if each["severity"] == "error")

    def inputs(self, kind: str, name: str) -> Mapping[str, Any]:
        """The inputs that a resource of this run has, as the engine reports them."""
        for event in self.events:
            metadata = event.get("resourcePreEvent", {}).get("metadata", {})
            if metadata.get("new") and _named(metadata["urn"]) == (kind, name):
                inputs: Mapping[str, Any] = metadata["new"]["inputs"]
                return inputs
        raise AssertionError(f"no step of {kind} {name} in this run")

    def _steps(self, event_name: str) -> Iterable[Step]:
        for event in self.events:
            metadata = event.get(event_name, {}).get("metadata")
            if metadata is None or metadata["type"] == "pulumi:pulumi:Stack":
                continue
            changed = tuple(sorted(metadata.get("detailedDiff") or {}))
            yield Step(metadata["op"], *_named(metadata["urn"]), changed)


@dataclass(frozen=True)
class Project:
    """A copy of the project's few files in a directory of its own, with a file backend and the stack `test`."""

    directory: Path
    sandbox: Sandbox
    environment: Mapping[str, str]
    stack: str = STACK
    limit: float = COMMAND_LIMIT

    @classmethod
    def create(
        cls,
        directory: Path,
        server: SandboxServer,
        inventory: str,
        backend: Mapping[str, str] | None = None,
        /,
        **secrets: str,
    ) -> Project:
        """Make the project and its stack; `secrets` are config secrets beside `SECRETS`.

        `backend`: the variables that name another backend than a folder beside the project.
        """
        for name in _FILES:
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, directory / name)
        (directory / "state").mkdir()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OF_OTHERS)}
        chosen = {
            "PULUMI_BACKEND_URL": f"file://{directory}/state?metadata=skip",
            "PULUMI_HOME": str(directory / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "open",
            "PULUMI_DEBUG_COMMANDS": "true",  # allows --event-log
            **processes.mark(),
            **(backend or {}),
        }
        variables = pulumi_environment(REPOSITORY, {**inherited, **environment(server.url), **chosen})
        project = cls(directory, server.sandbox, variables)
        project.write_inventory(inventory)
        project.pulumi("stack", "init", STACK)
        settings = {name: f"trunkline:{name}={value}" for name, value in {**SECRETS, **secrets}.items()}
        kinds = {name: "--plaintext" if name in PLAIN else "--secret" for name in settings}
        project.pulumi("config", "set-all", *(part for name in settings for part in (kinds[name], settings[name])))
        return project

    def write_inventory(self, text: str) -> None:
        (self.directory / "numbers.yaml").write_text(text)

    def preview(self, *arguments: str, code: int = 0, **variables: str) -> Run:
        return self.engine("preview", *arguments, code=code, **variables)

    def up(self, inventory: str | None = None, *, code: int = 0, **variables: str) -> Run:
        """Apply without a preview, first writing the inventory if one is given."""
        if inventory is not None:
            self.write_inventory(inventory)
        return self.engine("up", "--yes", "--skip-preview", code=code, **variables)

    def with_preview(self, *, code: int = 0) -> Run:
        """Apply as an operator does who looks first."""
        return self.engine("up", "--yes", code=code)

    def destroy(self, *, code: int = 0) -> Run:
        return self.engine("destroy", "--yes", "--skip-preview", code=code)

    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs, from its state."""
        stack = next(each for each in self.resources() if each["type"] == "pulumi:pulumi:Stack")
        outputs: Mapping[str, Any] = stack.get("outputs", {})
        return outputs

    def ids(self) -> dict[str, str]:
        """Every vendor object's id, by "Kind name"."""
        named = ((_named(each["urn"]), each.get("outputs", {})) for each in self.resources())
        return {" ".join(name): outputs["vendorId"] for name, outputs in named if "vendorId" in outputs}

    def resources(self) -> list[Mapping[str, Any]]:
        """All resources in the state."""
        path = self.directory / f"state/.pulumi/stacks/trunkline/{self.stack}.json"
        if path.exists():
            latest = json.loads(path.read_text())["checkpoint"]["latest"]
        else:
            exported = self.directory / "export.json"
            self.pulumi("stack", "export", "--file", str(exported))
            latest = json.loads(exported.read_text())["deployment"]
        resources: list[Mapping[str, Any]] = latest.get("resources", [])
        return resources

    def writes(self, since: int = 0) -> list[str]:
        """The vendors' writes from a mark of the journal on, as "livekit POST /twirp/…"."""
        return [f"{each.vendor} {each.method} {each.path}" for each in self.sandbox.journal.writes(since)]

    def pulumi(self, *arguments: str, code: int = 0, **variables: str) -> Run:
        """Run a command to its end; it must end with exit code `code`."""
        ended = subprocess.run(
            ("pulumi", *arguments, "--non-interactive", "--color", "never"),
            cwd=self.directory,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.limit,
            check=False,
        )
        assert ended.returncode == code, ended.stdout[-5000:]
        return Run(ended.returncode, ended.stdout)

    def engine(self, *arguments: str, code: int = 0, **variables: str) -> Run:
        """Run a command of the engine, and read its events."""
        log = self.directory / "events.jsonl"
        log.unlink(missing_ok=True)
        run = self.pulumi(*arguments, "--event-log", str(log), code=code, **variables)
        lines = log.read_text().splitlines() if log.exists() else ()
        return Run(run.code, run.text, tuple(json.loads(line) for line in lines if line.strip()))


def _named(urn: str) -> tuple[str, str]:
    """The kind and name that a URN ends in."""
    kinds, _, name = urn.rpartition("::")
    return kinds.rpartition(":")[2], name
