"""What the vendors hold, as a dump is made of it: plain values, without any vendor's connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveObject:
    """One object at a vendor: `tag` is the text in its tag field, `props` its managed fields.

    `optional` are those that are managed where the file names them, `also` is what else it says. All are as adapters
    give them; `also` has the form, room, PIN, callers and numbers of a dispatch rule.
    """

    id: str
    tag: str
    props: Mapping[str, Any] = field(repr=False)
    also: Mapping[str, Any] = field(repr=False, default_factory=dict)
    optional: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def called(self) -> str:
        """What people call it: its name, or the text where a tag would stand."""
        return str(self.props.get("name") or self.tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierTrunk:
    """A carrier's trunk with the places to which it sends calls in.

    `address_lists` are the ids of the lists of addresses that may call out over it, where they were asked for.
    """

    provider: str
    trunk: LiveObject
    routes: tuple[LiveObject, ...] = ()
    address_lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNumber:
    """A number in a carrier's account: `props` is its managed routing, `calls_go` where its calls go past that.

    `optional` is what is managed where the file names it.
    """

    provider: str
    number: str
    tag: str = ""
    props: Mapping[str, Any] = field(default_factory=dict)
    calls_go: str = ""
    optional: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All that the vendors hold of phone numbers and calls. `accounts`: vendor -> what its account is called.

    `sip_host` is host[:port] where carriers send calls for LiveKit.
    """

    inbound: tuple[LiveObject, ...] = ()
    outbound: tuple[LiveObject, ...] = ()
    rules: tuple[LiveObject, ...] = ()
    trunks: tuple[CarrierTrunk, ...] = ()
    numbers: tuple[HeldNumber, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    sip_host: str = ""
