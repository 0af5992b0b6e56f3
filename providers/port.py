"""What every vendor's adapter offers to the rest; the vendor folders implement it, `providers.dynamic` calls it.

Properties (`Props`) are JSON values under the names that Pulumi shows, already normalised: every managed
field is present, absent values are "" / [] / {} / 0 / False, never None. `providers.kinds` lists them for each kind.

All methods raise the `VendorError`s of `trunkline.errors` and nothing else for what a vendor does. Reads retry what may
be repeated, within their deadline. Writes are sent once; they are repeated only where the vendor says that nothing was
processed (429) or where no connection was made. A write without a usable answer raises `UnknownOutcome`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from trunkline.e164 import E164
from trunkline.money import Money

Props = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One vendor object as it stands.

    `id` is the vendor's. `tag` is the text in the object's tag field ("" where there is none) without the `notes` that
    stand behind it, which an update keeps only where its tag has them. `props` holds every managed field that the
    vendor shows, normalised; `optional` likewise what is managed only where the file names it. `raw` is the vendor's
    own object, which an update overlays. `also` is what it says beside that and no update of ours changes: of a trunk
    `created` (ISO 8601, UTC; "" where the vendor does not show it); of a carrier's trunk `recoveryUrl`, whom it asks
    about calls that no origination URL takes; of a dispatch rule `form` (direct | individual | callee), `room` (its
    name or prefix), `pin`, the `callers` and called `numbers` that it is limited to, and `numberIds`, those of numbers
    that no trunk carries.
    """

    id: str
    tag: str
    props: Props = field(repr=False)
    optional: Props = field(repr=False, compare=False, default_factory=dict)
    raw: Any = field(repr=False, compare=False, default=None)
    also: Props = field(repr=False, compare=False, default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def every(self) -> Props:
        """The managed fields, and those that are managed where the file names them."""
        return {**self.props, **self.optional}


class Adapter(Protocol):
    """The objects of one kind at one vendor.

    `scope` names the parent of kinds that live in one (an origination URL's trunk) and is "" for the others.
    """

    kind: str
    scope_field: str
    """The property that names the parent, or ""."""
    replaces: tuple[str, ...]
    """The properties that the vendor cannot change in place."""
    hidden: tuple[str, ...]
    """The properties that the vendor never shows."""
    secret: tuple[str, ...]
    """The properties that hold a secret in clear."""
    most: int
    """How many the account, or the parent, may have by the vendor's documents; 0 where they do not say."""

    def list(self, scope: str = "") -> Sequence[Observed]:
        """Give every object, all pages, sorted by id; raise rather than give a part."""
        ...

    def get(self, id: str, scope: str = "") -> Observed | None:
        """Look one object up exactly, past any cache; None means that the vendor says there is none."""
        ...

    def create(self, desired: Props) -> Observed:
        """Send the one write that makes the object, its tag in it.

        What the vendor takes only of an object that is there comes after it; a run that ends in between is brought to
        its end by the next, which finds the tag.
        """
        ...

    def update(self, current: Observed, desired: Props) -> Observed:
        """Bring the object to `desired` in place, keeping its id and everything that we do not manage."""
        ...

    def delete(self, id: str, scope: str = "") -> None:
        """Delete the object; that it is absent already is success."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSearch:
    """What a line looks for: `type` is local | mobile | toll_free; `contains` a pattern of digits and `*`.

    `region`, `locality` and `postal_code` are places, in the carrier's words.
    """

    country: str
    area_code: str = ""
    contains: str = ""
    type: str = "local"
    region: str = ""
    locality: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A number on offer. `requires` names what a purchase needs besides ("address_sid", "bundle_sid").

    `address_rule` says where a required address must be: any | local | foreign; "" where none is required.
    """

    number: E164
    country: str
    type: str
    monthly: Money | None
    requires: tuple[str, ...] = ()
    address_rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What a purchase would be refused for: the line's `key` that it is about, the carrier's rule, the way out."""

    key: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedNumber:
    """A number in the account. `id` is the vendor's (PN…, or the digits), `tag` "" where the vendor has none.

    `props` holds the managed routing as it stands: `trunkSid` where trunks carry numbers, `sipUri` where they are
    forwarded; "" where not routed.
    `pending` is what it still waits for, in the vendor's words; "" for one that is active. `blocks_release` is what the
    carrier refuses its release for, "" for nothing. `calls_go` is where the carrier sends its calls past our routing,
    in its words and without a secret; "" where they go by `props`, or nowhere. `optional` is managed only where the
    file names it.
    """

    id: str
    number: E164
    country: str
    type: str
    tag: str
    props: Props
    pending: str = ""
    blocks_release: str = ""
    calls_go: str = ""
    optional: Props = field(repr=False, compare=False, default_factory=dict)
    raw: Any = field(repr=False, compare=False, default=None)


class Carrier(Protocol):
    """The phone numbers of one carrier's account."""

    name: str
    account: str
    """What the account is called by the vendor: Account SID, API key."""
    keeps_tags: bool
    """Whether a number carries our tag from its purchase on; where not, the tagged LiveKit object that claims it speaks
    for it.
    """
    dials_plus: bool
    """Whether a call that it sends on names our number with its plus."""
    samples: bool
    """Whether each search is answered by another sample of what is on offer, so that no candidate comes back."""
    route_fields: tuple[str, ...]
    """The properties of `OwnedNumber.props` that we manage: ("tag", "trunkSid", …)."""
    never_shown: tuple[str, ...]
    """What the file may name of a number and no answer tells, so that it is in no `OwnedNumber.optional`."""

    def owned(self) -> Sequence[OwnedNumber]:
        """Give every number in the account, all pages, sorted by number; raise rather than give a part."""
        ...

    def find(self, number: E164) -> OwnedNumber | None:
        """Look one owned number up exactly, past any cache."""
        ...

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        """Give up to `limit` numbers on offer, in the vendor's order, priced."""
        ...

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        """Give this very number if it is on offer now.

        It is looked for in `country` (where one is given), in the number's own and in the main one of its code: what
        the carrier sells it as is the candidate's country.
        """
        ...

    def lacks(self, offer: Candidate, papers: Props) -> Sequence[Lack]:
        """Give what a purchase of the offer with these papers (`addressSid`, `bundleSid`) would be refused for."""
        ...

    def price(self, owned: OwnedNumber) -> Money | None:
        """Give what an owned number costs a month, None where the vendor does not say."""
        ...

    def buy(self, number: E164, desired: Props) -> OwnedNumber:
        """Buy exactly this number, tagged and routed in the same request where the vendor can.

        `desired` holds `route_fields`, of `optional` what the file names, and `addressSid`, `bundleSid`, `country`.
        Raises Rejected(NOT_AVAILABLE) where it is not to be had, which is no proof that it is not ours: look again.
        """
        ...

    def route(self, owned: OwnedNumber, desired: Props) -> OwnedNumber:
        """Bring tag, routing and what `desired` names of `optional` to it in place.

        What we do not manage (SMS, applications) is kept.
        """
        ...

    def detach(self, owned: OwnedNumber, label: str = "") -> None:
        """Take our tag and our routing off; the number stays owned and paid for, and is called `label` again."""
        ...

    def unroute(self, owned: OwnedNumber) -> bool:
        """Take the number off the route in `owned.props` and off no other, where the carrier can tell; else nothing.

        Gives whether it was on it, and is not any more.
        """
        ...

    def unblock(self, owned: OwnedNumber) -> None:
        """Take off what `blocks_release` names; without anything, write nothing."""
        ...

    def release(self, owned: OwnedNumber) -> bool:
        """Give the number back for ever. Gives whether the vendor did; False where it has no such number."""
        ...
