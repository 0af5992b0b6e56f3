"""How an object of ours is given up: deleted, or left to those who have put something of theirs into it.

Somebody may add a number to our trunk, a trunk or an agent to our rule, a route or a list to our carrier's trunk, a
user to our list. A delete would take theirs along, so ours alone is taken out, our tag too, and the rest stays with a
notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.dynamic import unmanaged
from providers.dynamic.objects import ADOPTED, tags_of
from providers.dynamic.runtime import Runtime
from providers.kinds import claimed
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.carriers import CARRIERS
from trunkline.model.tag import Tag


@dataclass(frozen=True, slots=True)
class Rest:
    """What stays of an object: `props` become so, `theirs` says what of it nobody of us named."""

    props: Mapping[str, Any]
    theirs: str


def give_up(
    runtime: Runtime, kind: str, observed: Observed, recorded: Mapping[str, Any], labels: Mapping[str, Any]
) -> None:
    """Delete an object that was just read, or leave it to others under `labels`.

    `recorded` holds our tags and, as `named`, what the file gave the object. Raises the vendors' errors.
    """
    adapter = runtime.adapter(kind)
    if kind == "TrunkCredentialList" and _guests(runtime, observed.id):
        runtime.notice(f"{kind} {observed.id} was not deleted: users of others are in the list. It stays on the trunk.")
        return
    rest = _rest_of(runtime, kind, observed, recorded)
    if rest is None:
        adapter.delete(observed.id, str(observed.props[adapter.scope_field]) if adapter.scope_field else "")
        return
    if kind == "SipTrunk":
        withdraw(runtime, observed)
    adapter.update(observed, {**observed.props, **labels, **rest.props})
    runtime.notice(f"{kind} {observed.id} was not deleted: {rest.theirs}. It stays, without our tag.")


def withdraw(runtime: Runtime, trunk: Observed) -> None:
    """Take off a carrier's trunk that stays what a run put on it: its route, its fallback and its credentials.

    Of what a killed run left the engine knows nothing, so that it deletes none of it.
    """
    routes, links = runtime.adapter("OriginationUrl"), runtime.adapter("TrunkCredentialList")
    for url in routes.list(trunk.id):
        own = bool(url.tag) and Tag.parse(url.tag) == Tag.parse(trunk.tag)
        if own and ADOPTED in url.notes:
            routes.update(url, {**url.props, "tag": ""})
        elif own:
            routes.delete(url.id, trunk.id)
    ours = {one.id for one in runtime.listing("CredentialList") if Tag.parse(one.tag) == Tag.parse(trunk.tag)}
    for link in links.list(trunk.id):
        sid = link.props["credentialListSid"]
        if sid in ours and not _guests(runtime, sid):
            links.delete(link.id, trunk.id)


def named_of(observed: Observed, tags: Sequence[str], known: Iterable[str]) -> dict[str, Any]:
    """Say what is ours of an object that carries our tag and of which there is no record.

    `known` are the numbers of our lines. What a run makes has one agent and, for a line, one number: which one of
    several is ours nobody can tell, so that all of them stay.
    """
    agents = observed.props.get("agents", ())
    return {**numbers_of(observed, tags, known), "agents": list(agents) if len(agents) == 1 else []}


def numbers_of(observed: Observed, tags: Sequence[str], known: Iterable[str]) -> dict[str, Any]:
    """Say the same of its numbers alone."""
    numbers, ours = observed.props.get("numbers", ()), set(map(canonical, known))
    mine = [number for number in numbers if canonical(number) in ours]
    shared = any((tag := Tag.parse(text)) and tag.trunk for text in tags)
    return {"numbers": mine or (list(numbers) if len(numbers) == 1 or shared else [])}


def _rest_of(runtime: Runtime, kind: str, observed: Observed, recorded: Mapping[str, Any]) -> Rest | None:
    """Give what is to stay of an object, None where all of it is ours."""
    if kind in ("InboundTrunk", "OutboundTrunk"):
        theirs = _strangers(runtime, observed, unmanaged.before(recorded).get("numbers", ()))
        return Rest({"numbers": list(theirs)}, f"it has {_listed(theirs)} too, which no line names") if theirs else None
    if kind in ("DispatchRule", "CallerRule"):
        return _rest_of_rule(runtime, observed, recorded)
    if kind == "SipTrunk":
        theirs = _on_trunk(runtime, observed)
        return Rest({}, f"it has {_listed(theirs)} too, which no line made") if theirs else None
    if kind == "CredentialList":
        theirs = _guests(runtime, observed.id, is_recorded="vendorId" in recorded)
        # A list must have a name, and no other's: its id is one.
        named = {"tag": observed.id}
        return Rest(named, f"it has {_listed(theirs)} too, which no line made") if theirs else None
    return None


def _rest_of_rule(runtime: Runtime, observed: Observed, recorded: Mapping[str, Any]) -> Rest | None:
    """A rule without any trunk would answer every trunk, so the last one is never taken out of it.

    Who put a trunk to the rule, or a number to our trunk, relies on the agents that answer there: those stay.
    """
    if numbers := _other_numbers(runtime, observed):
        return Rest({"trunkIds": list(numbers)}, f"it answers {_listed(numbers)} too, which no line has")
    ids, named = observed.props["trunkIds"], unmanaged.before(recorded)
    serves = [one for one in ids if _serves_others(runtime, one, one in named.get("trunkIds", ()), recorded)]
    if serves or not ids:
        return Rest({"trunkIds": serves}, f"it answers {_listed(serves) or 'every trunk'}, also for others")
    mine = {agent["agentName"] for agent in named.get("agents", ())}
    others = [dict(agent) for agent in observed.props["agents"] if agent["agentName"] not in mine]
    # A single one in the place of ours is ours, changed: two would have answered at once.
    if not others or len(others) == len(observed.props["agents"]) == 1:
        return None
    names = _listed([agent["agentName"] for agent in others])
    return Rest({"agents": others}, f"it calls {names} too, which no line names, though its trunk goes")


def _other_numbers(runtime: Runtime, rule: Observed) -> tuple[str, ...]:
    """Give the ids of owned numbers that somebody else has tied to a claiming rule: its calls would end with it."""
    if not claimed(rule.props) or not rule.also["numberIds"]:
        return ()
    within = (name for name in runtime.vendors.carriers if name in runtime.sellers and CARRIERS[name].within)
    held = {one.id: number for name in within for number, one in runtime.owned(name, fresh=True).items()}
    known = _known(runtime)
    return tuple(each for each in rule.also["numberIds"] if each in held and held[each] not in known)


def _serves_others(runtime: Runtime, id_: str, named: bool, recorded: Mapping[str, Any]) -> bool:
    """Whether a rule's trunk is somebody else's, or ours with a number of somebody else."""
    trunk = runtime.adapter("InboundTrunk").get(id_)
    if trunk is None:
        return False
    if not (named or id_ in runtime.held or trunk.tag in tags_of(recorded)):
        return True
    ours = runtime.named.get(id_) or named_of(trunk, tags_of(recorded), _known(runtime))
    return bool(_strangers(runtime, trunk, ours["numbers"]))


def _strangers(runtime: Runtime, trunk: Observed, named: Iterable[str]) -> tuple[str, ...]:
    """Give the numbers of a trunk that the file never gave it, and that are of no other line of ours."""
    return unmanaged.strangers([*named, *_known(runtime)], trunk.props["numbers"])


def _known(runtime: Runtime) -> set[str]:
    """Give the numbers of this stack's lines, as far as this run knows them."""
    recorded = (line.get("phoneNumber", "") for line in (runtime.recorded_lines or {}).values())
    return {*recorded, *(runtime.wanted or {}).values(), *runtime.let_go} - {""}


def _on_trunk(runtime: Runtime, trunk: Observed) -> tuple[str, ...]:
    """Name what others have put on a carrier's trunk: origination URLs, and lists of who may call out.

    Ours is such a list too as long as somebody else's user is in it.
    """
    owner = Tag.parse(trunk.tag)
    lists = {one.id: Tag.parse(one.tag) for one in runtime.listing("CredentialList")}
    found = []
    for kind in ("OriginationUrl", "TrunkCredentialList", "TrunkAddressList"):
        for one in runtime.adapter(kind).list(trunk.id):
            tag = lists.get(one.id) if kind == "TrunkCredentialList" else Tag.parse(one.tag)
            if one.id not in runtime.held and (tag is None or tag != owner):
                found.append(f"{kind} {one.id}")
            elif kind == "TrunkCredentialList" and _guests(runtime, one.id):
                found.append(f"users of others in CredentialList {one.id}")
    return tuple(found)


def _guests(runtime: Runtime, sid: str, *, is_recorded: bool = False) -> tuple[str, ...]:
    """Name the users in a credential list that somebody else has put there.

    Of a list whose own this process has not met a single one is ours; which of several is, nobody can tell. Where the
    list itself `is_recorded` and goes, its own went before.
    """
    there = runtime.adapter("Credential").list(sid)
    if sid not in runtime.users and not is_recorded and len(there) == 1:
        return ()
    return tuple(f"Credential {one.id}" for one in there if one.id not in runtime.users.get(sid, ()))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
