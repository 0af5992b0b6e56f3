"""Elastic SIP trunks and what belongs to them: one adapter, and a table of what differs between the kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from providers.port import Observed, Props
from providers.sdk_session import Moved, SdkSession
from providers.twilio import convert
from providers.twilio.limits import MOST, PAGE_SIZE
from trunkline.model.tag import notes, without_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is particular to one kind.

    `collection` gives the SDK's resource that lists, creates and (called with an id) fetches, updates and deletes.
    `shows` are the properties that Twilio shows in the object itself; `scope_field` is known from where it stands, and
    `id_field` names the property that is the object's id too. `also`: what of `Observed.also` it has -> Twilio's word.
    `beside`: gives the object that belongs to one, by its id, and is written by itself. `noted`: behind its tag there
    may be notes. `optional`: what it shows and is managed only where the file names it.
    """

    kind: str
    collection: Callable[[Any, str], Any]
    shows: tuple[str, ...] = ()
    scope_field: str = ""
    id_field: str = ""
    replaces: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    noted: bool = False
    optional: tuple[str, ...] = ()
    beside: Callable[[Any, str], Any] | None = None


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="SipTrunk",
        collection=lambda api, scope: api.trunking.v1.trunks,
        shows=("tag", "domainName", "secure", "transferMode"),
        optional=(
            "recoveryUrl",
            "recoveryMethod",
            "cnamLookupEnabled",
            "transferCallerId",
            "recordingMode",
            "recordingTrim",
        ),
        beside=lambda api, sid: api.trunking.v1.trunks(sid).recordings(),
        also={"recoveryUrl": "disaster_recovery_url"},
        noted=True,
    ),
    Kind(
        kind="OriginationUrl",
        collection=lambda api, scope: api.trunking.v1.trunks(scope).origination_urls,
        shows=("tag", "sipUrl", "weight", "priority", "enabled"),
        scope_field="trunkSid",
        replaces=("trunkSid",),
        noted=True,
    ),
    Kind(
        kind="FallbackUrl",
        collection=lambda api, scope: api.trunking.v1.trunks(scope).origination_urls,
        shows=("tag", "sipUrl", "weight", "priority", "enabled"),
        scope_field="trunkSid",
        replaces=("trunkSid",),
        noted=True,
    ),
    Kind(
        kind="CredentialList",
        collection=lambda api, scope: api.sip.credential_lists,
        shows=("tag",),
    ),
    Kind(
        kind="Credential",
        collection=lambda api, scope: api.sip.credential_lists(scope).credentials,
        shows=("username",),
        scope_field="credentialListSid",
        replaces=("credentialListSid", "username"),
        hidden=("password",),
    ),
    Kind(
        kind="TrunkCredentialList",
        collection=lambda api, scope: api.trunking.v1.trunks(scope).credentials_lists,
        scope_field="trunkSid",
        id_field="credentialListSid",
        replaces=("trunkSid", "credentialListSid"),
    ),
    Kind(
        kind="TrunkAddressList",
        collection=lambda api, scope: api.trunking.v1.trunks(scope).ip_access_control_lists,
        scope_field="trunkSid",
        id_field="addressListSid",
        replaces=("trunkSid", "addressListSid"),
    ),
)


class TrunkAdapter:
    """Implements `providers.port.Adapter` for one of `KINDS`."""

    def __init__(self, session: SdkSession, kind: Kind) -> None:
        self._session, self._kind = session, kind
        self.kind, self.scope_field = kind.kind, kind.scope_field
        self.replaces, self.hidden, self.secret = kind.replaces, kind.hidden, kind.hidden
        self.most = MOST.get(kind.kind, 0)

    def list(self, scope: str = "") -> Sequence[Observed]:
        """Give every object; none where the parent is gone, since Twilio deletes what belongs to it."""
        found = self._session.ask_or_none(
            lambda api: self._whole(self._kind.collection(api, scope).list(page_size=PAGE_SIZE), scope)
        )
        return found or ()

    def get(self, id: str, scope: str = "") -> Observed | None:
        return self._session.ask_or_none(
            lambda api: self._same(self._kind.collection(api, scope)(id).fetch(), id, scope)
        )

    def create(self, desired: Props) -> Observed:
        scope = self._scope(desired)
        # Absent text is left out, so that the vendor's default holds.
        arguments = {word: value for word, value in convert.sent(self.kind, desired).items() if value != ""}
        made = self._session.ask(
            lambda api: self._observed(self._kind.collection(api, scope).create(**arguments), scope)
        )
        return self._beside(made, {name: value for name, value in desired.items() if made.every.get(name) != value})

    def update(self, current: Observed, desired: Props) -> Observed:
        """Send the properties that differ, and those that Twilio never shows; without any, send nothing."""
        changed = {
            name: value
            for name, value in desired.items()
            if name not in self.replaces and (name in self.hidden or current.every.get(name) != value)
        }
        arguments, scope = convert.sent(self.kind, changed), self._scope(current.props)
        id, seen = current.id, current
        if arguments:
            seen = self._session.ask(
                lambda api: self._same(self._kind.collection(api, scope)(id).update(**arguments), id, scope)
            )
        return self._beside(seen, changed)

    def _beside(self, current: Observed, changed: Props) -> Observed:
        """Write what belongs to the object and is set at an address of its own, where that is to change."""
        arguments, beside = convert.sent_beside(self.kind, changed), self._kind.beside
        if not arguments or beside is None:
            return current
        row = self._session.ask(lambda api: beside(api, current.id).update(**arguments))
        held = convert.shown_beside(self.kind, row, changed)
        return replace(current, optional={**current.optional, **held})

    def delete(self, id: str, scope: str = "") -> None:
        self._session.ask_or_none(lambda api: self._kind.collection(api, scope)(id).delete())

    def _scope(self, props: Props) -> str:
        return str(props[self.scope_field]) if self.scope_field else ""

    def _observed(self, row: Any, scope: str) -> Observed:
        props = convert.shown(self.kind, row, self._kind.shows)
        if self.scope_field:
            props[self.scope_field] = scope
        if self._kind.id_field:
            props[self._kind.id_field] = convert.sid(row)
        text = str(props.get("tag", ""))
        if self._kind.noted:
            props["tag"] = without_notes(text)
        optional = convert.shown(self.kind, row, self._kind.optional)
        seen = replace(convert.observed(row, props, self._kind.also), optional=optional)
        return replace(seen, notes=notes(text)) if self._kind.noted else seen

    def _same(self, row: Any, id: str, scope: str) -> Observed:
        if convert.sid(row) != id:
            raise ValueError(f"the answer is about {row.sid}, not {id}")
        return self._observed(row, scope)

    def _whole(self, rows: Sequence[Any], scope: str) -> tuple[Observed, ...]:
        twice = [sid for sid, count in Counter(map(convert.sid, rows)).items() if count > 1]
        if twice:
            raise Moved(f"the list holds {', '.join(sorted(twice))} twice, so it changed while it was read")
        return tuple(sorted((self._observed(row, scope) for row in rows), key=lambda each: each.id))


def adapters(session: SdkSession) -> Mapping[str, TrunkAdapter]:
    """Give the adapter of every kind."""
    return {kind.kind: TrunkAdapter(session, kind) for kind in KINDS}
