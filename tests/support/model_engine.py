"""A model of the Pulumi engine, just enough to drive our provider classes: fast, in one thread, reproducible.

It keeps to what the real engine does (and the engine tests hold against the real one): every resource in the program's
order through its refresh, check, diff and its write, then deletions in reverse; `check` failures end the run; a
protected resource ends it before any deletion; what was done is saved also when the run fails, and lost when it is
killed. Without PULUMI_RUN_PROGRAM the refresh of all that the state has comes first (`refreshes_first`); with it, what
the program does not declare is not refreshed. What is replaced is checked without its old inputs, made anew, and its
old entry stays in the state as one to be deleted until the delete has ended well. What `--target` or `--exclude` leaves
out is neither checked nor written, and its old outputs are what others see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from providers.dynamic import runtime
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.resources import RESOURCES
from providers.dynamic.runtime import Runtime
from tests.support.model_state import Failed, Options, Recorded, State, Step
from tests.support.model_values import FLEET, resolved
from trunkline.model.spec import Key
from trunkline.plan import Plan

__all__ = ["FLEET", "Engine", "Failed", "Killed", "Options", "Recorded", "State", "Step"]

PLAIN = Options()


class Killed(BaseException):
    """The engine and the provider are gone; nothing after the last save is known to anybody."""


@dataclass
class _Run:
    """What one run has come to: its state, what the program declared, what others see of it, and the steps."""

    work: State
    options: Options
    dry: bool
    declared: set[Key] = field(default_factory=set)
    outputs: dict[Key, dict[str, Any]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    shown: dict[Key, tuple[Recorded | None, dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Engine:
    """Runs plans. `secrets` gives config secrets by name; `checkpoints` saves after every step, not only at the end.

    `refreshes_first`: as where PULUMI_RUN_PROGRAM is not set.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    checkpoints: bool = False
    refreshes_first: bool = False
    state: State = field(default_factory=State)
    shown: Mapping[Key, tuple[Recorded | None, dict[str, Any]]] = field(default_factory=dict)
    """What the last preview showed of each declared resource: as it was refreshed (None: not there), and its inputs."""

    def up(self, plan: Plan, process: Runtime, options: Options = PLAIN) -> list[Step]:
        """Refresh, then bring the world to the plan. Raises Failed; Killed leaves the state as it was last saved."""
        return self._run(plan, process, options, dry=False)

    def preview(self, plan: Plan, process: Runtime, options: Options = PLAIN) -> list[Step]:
        """Say what `up` would do; writes nothing and saves nothing. Values that only a write gives are not modelled."""
        saved = self.state.copied()
        try:
            return self._run(plan, process, options, dry=True)
        finally:
            self.state = saved

    def destroy(self, process: Runtime, options: Options = PLAIN) -> list[Step]:
        """Delete everything; no program runs, so the Fleet's check does not either."""
        runtime.install(process)
        run = _Run(self._refreshed(options), options, dry=False)
        try:
            self._delete(run)
        finally:
            self._save(run.work)
        return run.steps

    def _run(self, plan: Plan, process: Runtime, options: Options, *, dry: bool) -> list[Step]:
        runtime.install(process)
        work = self._refreshed(options) if self.refreshes_first else self.state.copied()
        run = _Run(work, options, dry)
        try:
            self._program(plan, run)
        except Killed:
            raise
        except BaseException:
            self._save(run.work)
            raise
        if dry:
            self.shown = run.shown
            return run.steps
        found = run.outputs[FLEET]["lines"]
        numbers = {key[1]: one.outputs for key, one in run.work.resources.items() if key[0] == "PhoneNumber"}
        run.work.settled = {
            name: "" if numbers.get(name, {}).get("status") == "ordered" else found[name]["phoneNumber"]
            for name in plan.lines
            # A new line that is left out of the update waits, and is in no output.
            if name in found
        }
        kinds = ("InboundTrunk", "OutboundTrunk", "DispatchRule", "CallerRule")
        run.work.known = " ".join(sorted(one.id for key, one in run.work.resources.items() if key[0] in kinds))
        run.work.marks = {name: facts.line.removal for name, facts in plan.lines.items()}
        there = (name for name, one in numbers.items() if one["status"] in ("owned", "pending") and name in found)
        run.work.active = " ".join(found[name]["phoneNumber"] for name in there)
        self._save(run.work)
        return run.steps

    def _save(self, work: State) -> None:
        self.state = work.copied()

    def _refreshed(self, options: Options) -> State:
        work = self.state.copied()
        if not options.refresh:
            return work
        for key, recorded in list(work.resources.items()):
            if options.includes(key) and not _read(key, recorded):
                del work.resources[key]
        work.replaced = [(key, one) for key, one in work.replaced if not options.includes(key) or _read(key, one)]
        return work

    def _program(self, plan: Plan, run: _Run) -> None:
        work = run.work
        known = {"settled": work.settled, "known": work.known, "marks": work.marks, "active": work.active}
        fleet = {**plan.fleet, **known, "facts": plan.facts, "adoption": plan.adoption, "approved": plan.approved}
        self._register(FLEET, fleet, (), False, run)
        for spec in plan.resources:
            props = resolved(dict(spec.props), run.outputs, self.secrets)
            aliases = (*spec.aliases, *(name for _, name in spec.moved_from))
            self._register(spec.key, props, aliases, spec.protect, run)
        self._delete(run)

    def _register(self, key: Key, props: dict[str, Any], aliases: tuple[str, ...], protect: bool, run: _Run) -> None:
        work, dry = run.work, run.dry
        run.declared.add(key)
        _rename(work, key, aliases)
        if key in work.resources and self._reads(key, run) and not _read(key, work.resources[key]):
            del work.resources[key]
        old = work.resources.get(key)
        if not run.options.includes(key):
            if old is not None:
                run.outputs[key] = old.outputs
            return
        replaces = key in run.options.replace or (old is not None and old.taint)
        inputs = _checked(key, old.inputs if old and not replaces else {}, props)
        run.shown[key] = (replace(old) if old else None, inputs)
        if old is None:
            run.steps.append(Step("create", key))
            if dry:
                run.outputs[key] = {"vendorId": "?", **inputs}
                return
            made = _call(key, "create", _sent(inputs))
            work.resources[key] = Recorded(made.id, inputs, made.outs, protect)
        else:
            changed = tuple(sorted(name for name in {*old.inputs, *inputs} if old.inputs.get(name) != inputs.get(name)))
            difference = None if replaces else _call(key, "diff", old.id, _sent(old.outputs), _sent(inputs))
            if difference is None or (difference.changes is not False and changed and difference.replaces):
                self._replace(key, props, protect, run, changed)
            else:
                old.protect = protect
                # Without the provider's word the engine compares the inputs.
                if difference.changes is False or not (difference.changes or changed):
                    old.inputs = inputs
                else:
                    _update(key, old, inputs, changed, run)
            if key in run.outputs:
                return
        # In the order of registration, as the real engine rebuilds its state in every run: deletions go the other way.
        work.resources[key] = work.resources.pop(key)
        run.outputs[key] = work.resources[key].outputs
        if self.checkpoints and not dry:
            self._save(work)

    def _reads(self, key: Key, run: _Run) -> bool:
        """Whether a resource is read when it is registered, as where the refresh runs the program."""
        return run.options.refresh and not self.refreshes_first and run.options.includes(key)

    def _replace(self, key: Key, props: dict[str, Any], protect: bool, run: _Run, changed: tuple[str, ...]) -> None:
        old = run.work.resources[key]
        if protect and old.protect and not run.options.ignore_protect:
            raise Failed([f"unable to replace resource {key[0]} {key[1]} as it is currently marked for protection"])
        run.steps.append(Step("replace", key, changed))
        # As for a new one: what the old inputs knew is taken for out of date.
        inputs = _checked(key, {}, props)
        if run.dry:
            run.outputs[key] = {**old.outputs, **inputs}
            return
        made = _call(key, "create", _sent(inputs))
        run.work.replaced.append((key, replace(old, taint=False)))
        run.work.resources[key] = Recorded(made.id, inputs, made.outs, protect)

    def _delete(self, run: _Run) -> None:
        work, options = run.work, run.options
        doomed = [key for key in reversed(work.resources) if key not in run.declared and options.includes(key)]
        walls = [key for key in doomed if work.resources[key].protect]
        if walls and not options.ignore_protect:
            raise Failed([f"{kind} {name} cannot be deleted: it is protected" for kind, name in walls])
        for key, old in [each for each in work.replaced if options.includes(each[0])]:
            entry = (key, old)
            self._delete_one("delete-replaced", key, old, run, lambda: work.replaced.remove(entry))  # noqa: B023
        for key in doomed:
            self._delete_one("delete", key, work.resources[key], run, lambda: work.resources.pop(key))  # noqa: B023

    def _delete_one(self, op: str, key: Key, old: Recorded, run: _Run, done: Callable[[], object]) -> None:
        run.steps.append(Step(op, key))
        if run.dry:
            return
        _call(key, "delete", old.id, _sent(old.outputs))
        done()
        if self.checkpoints:
            self._save(run.work)


def _rename(work: State, key: Key, aliases: tuple[str, ...]) -> None:
    for alias in aliases:
        former = (key[0], alias)
        if key not in work.resources and former in work.resources:
            work.resources = {key if one == former else one: value for one, value in work.resources.items()}


def _update(key: Key, old: Recorded, inputs: dict[str, Any], changed: tuple[str, ...], run: _Run) -> None:
    run.steps.append(Step("update", key, changed))
    if run.dry:
        run.outputs[key] = {**old.outputs, **inputs}
        return
    updated = _call(key, "update", old.id, _sent(old.outputs), _sent(inputs))
    old.inputs, old.outputs = inputs, updated.outs


def _read(key: Key, recorded: Recorded) -> bool:
    """Bring an entry to what its provider reads; False where it is gone. Raises Failed."""
    try:
        read = _provider(key).read(recorded.id, _sent(recorded.outputs))
    except Exception as error:
        raise Failed([str(error)]) from error
    if not read.id:
        return False
    assert read.outs is not None
    recorded.outputs = read.outs
    recorded.inputs = read.inputs if read.inputs is not None else recorded.inputs
    return True


def _checked(key: Key, olds: Mapping[str, Any], props: Mapping[str, Any]) -> dict[str, Any]:
    checked = _call(key, "check", _sent(olds), _sent(props))
    if checked.failures:
        raise Failed([failure.reason for failure in checked.failures])
    inputs: dict[str, Any] = checked.inputs
    return inputs


def _sent(value: Any) -> Any:
    """Copy what a provider gets, as the wire does: what it changes in place reaches nobody else."""
    if isinstance(value, str):
        return value
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
