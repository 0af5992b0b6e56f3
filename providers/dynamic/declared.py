"""What a run declares stays, also where the engine deletes an entry of the state that names it.

`up --replace`, `state taint` and `state rename` let Pulumi create anew what is there: `create` finds our own object and
takes it, so the entry that goes names the object that stays. An entry of an interrupted replacement is the same, one
run later. `check` is asked for what the program declares alone: not by `destroy`, nor for what `--target` leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic import objects
from providers.dynamic.codec import is_unknown
from providers.dynamic.runtime import Runtime
from providers.kinds import Kind
from trunkline.errors import Refusal

NUMBER = "PhoneNumber"


def note(run: Runtime, kind: Kind, desired: Mapping[str, Any]) -> None:
    """Remember what `check` was asked for. In a preview much is unknown, and nothing is deleted."""
    adapter = run.vendors.adapters.get(kind.name)
    if adapter is not None and not is_unknown(scope := objects.scope_of(adapter, desired)):
        run.declared.update((kind.name, scope, key) for key in _keys(kind, desired))


def note_taken(run: Runtime, kind: Kind, id_: str, desired: Mapping[str, Any]) -> None:
    """Remember an object that `create` made or found."""
    run.taken.add((kind.name, objects.scope_of(run.adapter(kind.name), desired), id_))


def note_number(run: Runtime, number: Any) -> None:
    """Remember a line's number, or that there is one that is not known yet."""
    run.declared.add((NUMBER, "", "" if is_unknown(number) else str(number)))


def keeps(run: Runtime, kind: Kind, id_: str, recorded: Mapping[str, Any]) -> bool:
    """Whether an object stays; tells so.

    It does where this run took it, or declares it and has no other in its place, or where the state has it twice.
    """
    scope = objects.scope_of(run.adapter(kind.name), recorded)
    declared = any((kind.name, scope, key) in run.declared for key in _keys(kind, recorded))
    stays = (kind.name, scope, id_) in run.taken or (declared and _is_alone(run, kind, id_, recorded))
    if not stays and not run.is_held_twice(kind.name, id_):
        return False
    run.notice(f"{kind.name} {id_} was left as it is: another entry of the state has it.")
    return True


def _is_alone(run: Runtime, kind: Kind, id_: str, recorded: Mapping[str, Any]) -> bool:
    ours = objects.all_ours(run, kind, {**recorded, "formerTags": ()})
    return all(one.id == id_ for one in ours)


def keeps_number(run: Runtime, number: str, line: str) -> bool:
    """Whether a number stays, since a line of the file has it, or another entry of the state; tells so."""
    wanted = (NUMBER, "", number) in run.declared or number in (run.wanted or {}).values()
    if not wanted and not run.is_held_twice(NUMBER, number):
        return False
    run.notice(f"{number} of line {line} was left as it is: another entry of the state has it.")
    return True


def demand_fleet(run: Runtime, what: str) -> None:
    """Refuse to let something of a line go in an update that left the Fleet out, which alone counts removals.

    Raises Refusal. In `destroy`, and where one removed resource alone is targeted, nothing is declared: what was marked
    and is named there goes.
    """
    if run.declared and run.wanted is None:
        raise Refusal(
            f"{what} was not let go: the Fleet, which judges removals, was left out of this update. Nothing of the line"
            " was changed. Run `pulumi up` without `--target` and `--exclude`."
        )


def _keys(kind: Kind, props: Mapping[str, Any]) -> Iterable[str]:
    """Give what an object is known by: its tag, under either name, or its key in its parent where it has none.

    A former name is none of them: a trunk that lines share has the names of all of theirs, which it replaces.
    """
    tags = [props[name] for name in ("tag", "sharedTag") if props.get(name)]
    return tags or [":".join(str(props[name]) for name in kind.natural)]
