"""A model of the Pulumi engine, just enough to drive our provider classes: fast, in one thread, reproducible.

It keeps to what the real engine does (and the engine tests hold against the real one): every resource in the program's
order through its refresh, check, diff and its write, then deletions in reverse; `check` failures end the run; a
protected resource ends it before any deletion; what was done is saved also when the run fails, and lost when it is
killed. Without PULUMI_RUN_PROGRAM the refresh of all that the state has comes first (`refreshes_first`); with it, what
the program does not declare is not refreshed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from providers.dynamic import runtime
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.resources import RESOURCES
from providers.dynamic.runtime import Runtime
from trunkline.plan import Borrowed, FromFleet, FromSecret, Joined, Plan, Ref, Speaking
from trunkline.plan.spec import Key

FLEET: Key = ("Fleet", "fleet")


class Killed(BaseException):
    """The engine and the provider are gone; nothing after the last save is known to anybody."""


class Failed(Exception):
    """The run ended with an error; `messages` is what the operator reads."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


@dataclass
class Recorded:
    """A resource in the state."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    protect: bool = False


@dataclass
class State:
    """What a backend keeps between runs, in the order in which resources were made."""

    resources: dict[Key, Recorded] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    """line -> number, as the last complete update exported them; "" for one on order."""
    known: str = ""
    """The ids of the lines' objects at LiveKit, exported likewise."""

    def copied(self) -> State:
        """Give a state of its own; the properties are shared, since nobody changes them in place."""
        resources = {key: replace(recorded) for key, recorded in self.resources.items()}
        return State(resources, dict(self.settled), self.known)


@dataclass(frozen=True)
class Step:
    """One thing that a run did or would do: create, update, delete or refresh."""

    op: str
    key: Key
    changed: tuple[str, ...] = ()


@dataclass
class Engine:
    """Runs plans. `secrets` gives config secrets by name; `checkpoints` saves after every step, not only at the end.

    `refreshes_first`: as where PULUMI_RUN_PROGRAM is not set.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    checkpoints: bool = False
    refreshes_first: bool = False
    state: State = field(default_factory=State)

    def up(self, plan: Plan, process: Runtime) -> list[Step]:
        """Refresh, then bring the world to the plan. Raises Failed; Killed leaves the state as it was last saved."""
        return self._run(plan, process, dry=False)

    def preview(self, plan: Plan, process: Runtime) -> list[Step]:
        """Say what `up` would do; writes nothing and saves nothing. Values that only a write gives are not modelled."""
        saved = self.state.copied()
        try:
            return self._run(plan, process, dry=True)
        finally:
            self.state = saved

    def destroy(self, process: Runtime, *, ignore_protect: bool = False, refresh: bool = True) -> list[Step]:
        """Delete everything; no program runs, so the Fleet's check does not either."""
        runtime.install(process)
        work = self.state.copied()
        if refresh:
            work = self._refresh(work)
        steps: list[Step] = []
        try:
            self._delete(work, set(), steps, dry=False, ignore_protect=ignore_protect)
        finally:
            self._save(work)
        return steps

    def _run(self, plan: Plan, process: Runtime, *, dry: bool) -> list[Step]:
        runtime.install(process)
        work = self.state.copied()
        if self.refreshes_first:
            work = self._refresh(work)
        steps: list[Step] = []
        try:
            self._program(plan, work, steps, dry=dry)
        except Killed:
            raise
        except BaseException:
            self._save(work)
            raise
        if dry:
            return steps
        found = work.resources[FLEET].inputs["lines"]
        numbers = {key[1]: one.outputs for key, one in work.resources.items() if key[0] == "PhoneNumber"}
        work.settled = {
            name: "" if numbers.get(name, {}).get("status") == "ordered" else found[name]["phoneNumber"]
            for name in plan.lines
        }
        kinds = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
        work.known = " ".join(sorted(one.id for key, one in work.resources.items() if key[0] in kinds))
        self._save(work)
        return steps

    def _save(self, work: State) -> None:
        self.state = work.copied()

    def _refresh(self, work: State) -> State:
        for key in list(work.resources):
            self._read(key, work)
        return work

    def _read(self, key: Key, work: State) -> None:
        recorded = work.resources[key]
        try:
            read = _provider(key).read(recorded.id, _sent(recorded.outputs))
        except Exception as error:
            raise Failed([str(error)]) from error
        if not read.id:
            del work.resources[key]
        else:
            assert read.outs is not None
            recorded.outputs = read.outs
            recorded.inputs = read.inputs if read.inputs is not None else recorded.inputs

    def _program(self, plan: Plan, work: State, steps: list[Step], *, dry: bool) -> None:
        declared: set[Key] = set()
        outputs: dict[Key, dict[str, Any]] = {}
        replaced: list[tuple[Key, Recorded]] = []
        known = {"settled": work.settled, "known": work.known}
        fleet = {**plan.fleet, **known, "facts": plan.facts, "adoption": plan.adoption}
        self._register(FLEET, fleet, (), False, work, declared, outputs, replaced, steps, dry)
        for spec in plan.resources:
            props = self._resolve(dict(spec.props), outputs)
            aliases = (*spec.aliases, *(name for _, name in spec.moved_from))
            self._register(spec.key, props, aliases, spec.protect, work, declared, outputs, replaced, steps, dry)
        for key, old in replaced:
            steps.append(Step("delete-replaced", key))
            if not dry:
                _call(key, "delete", old.id, _sent(old.outputs))
        self._delete(work, declared, steps, dry=dry)

    def _register(
        self,
        key: Key,
        props: dict[str, Any],
        aliases: tuple[str, ...],
        protect: bool,
        work: State,
        declared: set[Key],
        outputs: dict[Key, dict[str, Any]],
        replaced: list[tuple[Key, Recorded]],
        steps: list[Step],
        dry: bool,
    ) -> None:
        declared.add(key)
        _rename(work, key, aliases)
        if key in work.resources and not self.refreshes_first:
            self._read(key, work)
        old = work.resources.get(key)
        checked = _call(key, "check", _sent(old.inputs) if old else {}, _sent(props))
        if checked.failures:
            raise Failed([failure.reason for failure in checked.failures])
        inputs = checked.inputs
        if old is None:
            steps.append(Step("create", key))
            if dry:
                outputs[key] = {"vendorId": "?", **inputs}
                return
            made = _call(key, "create", _sent(inputs))
            work.resources[key] = Recorded(made.id, inputs, made.outs, protect)
        else:
            old.protect = protect
            difference = _call(key, "diff", old.id, _sent(old.outputs), _sent(inputs))
            changed = tuple(sorted(name for name in {*old.inputs, *inputs} if old.inputs.get(name) != inputs.get(name)))
            if difference.changes is False or not changed:
                old.inputs = inputs
            elif difference.replaces:
                steps.append(Step("replace", key, changed))
                replaced.append((key, replace(old)))
                if not dry:
                    made = _call(key, "create", _sent(inputs))
                    work.resources[key] = Recorded(made.id, inputs, made.outs, protect)
            else:
                steps.append(Step("update", key, changed))
                if dry:
                    outputs[key] = {**old.outputs, **inputs}
                    return
                updated = _call(key, "update", old.id, _sent(old.outputs), _sent(inputs))
                old.inputs, old.outputs = inputs, updated.outs
        # In the order of registration, as the real engine rebuilds its state in every run: deletions go the other way.
        work.resources[key] = work.resources.pop(key)
        outputs[key] = work.resources[key].outputs
        if self.checkpoints and not dry:
            self._save(work)

    def _delete(
        self, work: State, declared: set[Key], steps: list[Step], *, dry: bool, ignore_protect: bool = False
    ) -> None:
        doomed = [key for key in reversed(work.resources) if key not in declared]
        walls = [key for key in doomed if work.resources[key].protect]
        if walls and not ignore_protect:
            raise Failed([f"{kind} {name} cannot be deleted: it is protected" for kind, name in walls])
        for key in doomed:
            steps.append(Step("delete", key))
            if dry:
                continue
            _call(key, "delete", work.resources[key].id, _sent(work.resources[key].outputs))
            del work.resources[key]
            if self.checkpoints:
                self._save(work)

    def _resolve(self, value: Any, outputs: Mapping[Key, dict[str, Any]]) -> Any:
        match value:
            case Ref(key, output):
                return outputs[key][output]
            case FromFleet(line, output):
                found = outputs[FLEET]["lines"][line]
                return found["phoneNumber"][1:] if output == "digits" else found.get(output)
            case Joined(parts):
                return "".join(str(self._resolve(part, outputs)) for part in parts)
            case Borrowed(trunk):
                return outputs[FLEET]["borrowedSids"][trunk]
            case Speaking(trunk, plain, secure):
                return secure if trunk in outputs[FLEET]["secureTrunks"] else plain
            case FromSecret(name):
                return self.secrets[name]
            case dict():
                resolved = {name: self._resolve(item, outputs) for name, item in value.items()}
                return {name: item for name, item in resolved.items() if item is not None}
            case list():
                return [self._resolve(item, outputs) for item in value]
        return value


def _rename(work: State, key: Key, aliases: tuple[str, ...]) -> None:
    for alias in aliases:
        former = (key[0], alias)
        if key not in work.resources and former in work.resources:
            work.resources = {key if one == former else one: value for one, value in work.resources.items()}


def _sent(value: Any) -> Any:
    """Copy what a provider gets, as the wire does: what it changes in place reaches nobody else."""
    if isinstance(value, dict):
        return {key: _sent(item) for key, item in value.items()}
    return [_sent(item) for item in value] if isinstance(value, list) else value


def _provider(key: Key) -> Any:
    return FleetProvider() if key == FLEET else RESOURCES[key[0]].provider_class()


def _call(key: Key, verb: str, *arguments: Any) -> Any:
    try:
        return getattr(_provider(key), verb)(*arguments)
    except Exception as error:
        raise Failed([f"{key[0]} {key[1]}: {error}"]) from error
