"""A SIP credential is never changed in place: the new one stands beside the old while LiveKit changes over.

A call is accepted whose user and password are in one of the trunk's credential lists ("CredentialList Resource", read
2026-11), and a user name stands once in a list. So a credential whose user is taken in the trunk's own list gets a
further list, tagged like the trunk with a plus behind. The engine makes the new credential, updates what depends on it
(LiveKit's trunks), and deletes the old one last. After a kill both are there, and whichever LiveKit uses is valid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from providers.dynamic import objects, witness
from providers.dynamic.ahead import Ahead
from providers.dynamic.objects import Outcome
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from providers.port import Observed
from trunkline.model.tag import Tag, further

HELD_IN = "heldIn"
"""The list that holds a credential, where it is not the trunk's own."""
_SLOTS = 4  # the trunk's own list and further ones: as many kills in a row leave a password each
_LIST, _LINK, _CREDENTIAL = "CredentialList", "TrunkCredentialList", "Credential"


def list_of(recorded: Mapping[str, Any]) -> str:
    """Give the list that holds a recorded credential."""
    return str(recorded.get(HELD_IN) or recorded["credentialListSid"])


def placed(runtime: Runtime, desired: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Give the credential and the list that holds it, made beside any that may be in use.

    One that is there is taken where LiveKit's trunks confirm it, or where none calls out with its user.
    """
    # All trunks for calls out of a first update wait for it: what it reads is asked for side by side.
    ahead, own = Ahead(runtime.at_once), str(desired["credentialListSid"])
    tag = ahead.later(partial(_tag_of, runtime, own))
    ahead.ask(partial(runtime.listing, _CREDENTIAL, own))
    passwords = ahead.later(partial(witness.passwords, runtime, desired))
    slots = _further_too(own, {one.id: one.tag for one in runtime.listing(_LIST, fresh=True)}, tag())
    holding = [sid for sid in slots if _in(runtime, sid, desired)]
    in_use = passwords()
    if len(holding) == 1 and in_use <= {desired["password"]}:
        slot = holding[0]
    else:
        slot = next((sid for sid in slots if sid not in holding), "")
        if not slot:
            slot = _further_list(runtime, desired, len(slots)) if len(slots) < _SLOTS else slots[-1]
    if slot != desired["credentialListSid"]:
        # On the trunk before it holds anything; a killed run may have made the list alone.
        link = {"trunkSid": desired["trunkSid"], "credentialListSid": slot}
        objects.adopt_or_create(runtime, KINDS[_LINK], link)
    outcome = objects.adopt_or_create(runtime, KINDS[_CREDENTIAL], {**desired, "credentialListSid": slot})
    return outcome, slot


def as_declared(observed: Observed, recorded: Mapping[str, Any]) -> Observed:
    """Give a credential as if it stood in the trunk's own list: that it does not is no drift."""
    return replace(observed, props={**observed.props, "credentialListSid": recorded["credentialListSid"]})


def others(runtime: Runtime, recorded: Mapping[str, Any], id_: str) -> list[str]:
    """Name what an interrupted change left: "list/credential" of the same user, and "list/" of empty further lists."""
    found = []
    slots = _slots(runtime, recorded)
    for sid in slots if len(slots) > 1 else ():
        same = [one.id for one in _in(runtime, sid, recorded) if one.id != id_]
        found += [f"{sid}/{other}" for other in same]
        if sid not in (recorded["credentialListSid"], list_of(recorded)) and not runtime.listing(_CREDENTIAL, sid):
            found.append(f"{sid}/")
    return found


def remove(runtime: Runtime, name: str, desired: Mapping[str, Any]) -> None:
    """Delete a credential that LiveKit does not use any more, with its list where that is a further one.

    Leaves it for the next update where a trunk still calls out with another password than the desired one.
    """
    sid, _, id_ = name.partition("/")
    others = [one for one in witness.callers(runtime, desired) if one.props["authPassword"] != desired["password"]]
    if id_ and others:
        _tell_kept(runtime, id_, others)
        return
    if id_:
        runtime.adapter(_CREDENTIAL).delete(id_, sid)
    tidy(runtime, sid, desired)


def is_kept(runtime: Runtime, id_: str, recorded: Mapping[str, Any]) -> bool:
    """Whether a trunk at LiveKit, also one of another stack, calls out with a recorded user and password; tells so."""
    using = [one for one in witness.callers(runtime, recorded) if one.props["authPassword"] == recorded["password"]]
    if using:
        _tell_kept(runtime, id_, using)
    return bool(using)


def is_sole(runtime: Runtime, recorded: Mapping[str, Any], id_: str) -> bool:
    """Whether a recorded credential is the only one of a user that this run declares: the one that is declared.

    Where no trunk calls out with it, it was changed in place, and the entry that the engine replaced names it too. A
    run that failed leaves that entry to the next one, which reads what is declared alone.
    """
    own = str(recorded["credentialListSid"])
    if (_CREDENTIAL, own, recorded["username"]) not in runtime.declared:
        return False
    slots = _slots(runtime, recorded, fresh=True)
    return {one.id for sid in slots for one in _in(runtime, sid, recorded, fresh=True)} <= {id_}


def tidy(runtime: Runtime, sid: str, recorded: Mapping[str, Any]) -> None:
    """Take a further list off the trunk and delete it, where it holds nothing any more."""
    if sid == recorded["credentialListSid"] or runtime.listing(_CREDENTIAL, sid, fresh=True):
        return
    runtime.adapter(_LINK).delete(sid, recorded["trunkSid"])
    runtime.adapter(_LIST).delete(sid)


def rename_further(runtime: Runtime, former: str, tag: str) -> None:
    """Rename the further lists of a trunk whose own list is about to get another tag: by theirs they are found."""
    adapter = runtime.adapter(_LIST)
    names = {further(former, count): further(tag, count) for count in range(1, _SLOTS)}
    for one in runtime.listing(_LIST):
        if one.tag in names and former != tag:
            adapter.update(one, {**one.props, "tag": names[one.tag]})


def _tell_kept(runtime: Runtime, id_: str, trunks: Sequence[Observed]) -> None:
    """Name those for which a credential stays: one of a line that the file has no more goes with that line alone."""
    named = ", ".join(f"{one.id} of {tag.describe()}" for one in trunks if (tag := Tag.parse(one.tag)))
    runtime.notice(
        f"Credential {id_} stays until the next update: a LiveKit trunk may still call out with it ({named})."
    )


def _slots(runtime: Runtime, props: Mapping[str, Any], *, fresh: bool = False) -> list[str]:
    """Give the trunk's own list and the further ones that are there, in order.

    `fresh`: as they are called by now. This run may have put back a name that was changed by hand.
    """
    lists = {one.id: one.tag for one in runtime.listing(_LIST, fresh=fresh)}
    own = str(props["credentialListSid"])
    return _further_too(own, lists, _tag_of(runtime, own) if fresh else lists.get(own, ""))


def _further_too(own: str, lists: Mapping[str, str], tag: str) -> list[str]:
    """Give the trunk's own list and the further ones among `lists` (id -> tag), by its `tag`."""
    names = [further(tag, count) for count in range(1, _SLOTS)] if tag else []
    by_name = {tag: sid for sid, tag in lists.items()}
    return [own, *(by_name[name] for name in names if name in by_name)]


def _in(runtime: Runtime, sid: str, props: Mapping[str, Any], *, fresh: bool = False) -> Sequence[Observed]:
    listed = runtime.listing(_CREDENTIAL, sid, fresh=fresh)
    return tuple(one for one in listed if one.props["username"] == props["username"])


def _further_list(runtime: Runtime, desired: Mapping[str, Any], count: int) -> str:
    wanted = {"tag": further(_tag_of(runtime, desired["credentialListSid"]), count), "adopt": False}
    return objects.adopt_or_create(runtime, KINDS[_LIST], wanted).observed.id


def _tag_of(runtime: Runtime, sid: str) -> str:
    """Give a list's tag, by its id: a listing may still lag behind what this run wrote."""
    found = runtime.adapter(_LIST).get(sid)
    return found.tag if found else ""
