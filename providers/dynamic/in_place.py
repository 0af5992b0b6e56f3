"""An object that the state has is brought up to date in place, with its id and with what it keeps for others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic import claims, homes, left_out, objects, unmanaged
from providers.dynamic.runtime import Runtime
from providers.kinds import Kind, claimed
from providers.port import Observed
from trunkline.errors import Refusal


def updated(run: Runtime, kind: Kind, id_: str, recorded: Mapping[str, Any], desired: Mapping[str, Any]) -> Observed:
    """Read an object again and write what differs; give it as it stands then.

    Raises Refusal where it went away, or is another line's meanwhile; and the vendor's errors.
    """
    with homes.one_by_one(run, kind.name, desired):
        return _updated(run, kind, id_, recorded, desired)


def _updated(run: Runtime, kind: Kind, id_: str, recorded: Mapping[str, Any], desired: Mapping[str, Any]) -> Observed:
    adapter = run.adapter(kind.name)
    observed = adapter.get(id_, objects.scope_of(adapter, desired))
    if observed is None:
        raise Refusal(f"{kind.name} {id_} went away during this run. Nothing was changed. Run `pulumi up` again.")
    objects.refuse_taken_over(kind, observed, desired)
    if (desired.get("searched") or desired.get("giveUp")) and claimed(observed.props) != claimed(desired):
        claims.refuse_other_claim(run, kind, desired, id_)
    wanted = _taken_back(kind, recorded, desired)
    settled = unmanaged.settled(wanted, observed.every, unmanaged.before(recorded))
    managed = homes.keeping(run, kind.name, observed, settled)
    hidden = any(recorded.get(name) != desired[name] for name in adapter.hidden)
    if not hidden and not objects.differing(adapter, observed, managed):
        return observed
    left_out.demand_answers(run, kind, desired)
    observed = homes.gather(run, kind.name, observed, managed)
    kept = objects.keeping_notes(observed, managed)
    return adapter.update(observed, claims.with_new_ones(run, observed, desired, kept))


def _taken_back(kind: Kind, recorded: Mapping[str, Any], desired: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what is desired, and LiveKit's own value for each optional property that the file names no more.

    An adopted object keeps what it has: what the file does not name of it stays.
    """
    if "unmanaged" in desired:
        return desired
    gone = {name: value for name, value in kind.optional.items() if name in recorded and name not in desired}
    forms = [form for forms in kind.instead.values() for form in forms]
    return {**{name: gone[name] for name in gone if name not in forms}, **desired}
