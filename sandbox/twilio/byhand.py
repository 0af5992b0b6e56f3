"""What happens at Twilio without our doing: someone in the console, another customer, the carrier itself."""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sandbox.accounts import OTHER_TWILIO, TWILIO
from sandbox.carrier import Carrier
from sandbox.stock import find
from sandbox.store import Record
from sandbox.twilio import purchase, regulations, trunks
from sandbox.twilio.credentials import fingerprint
from sandbox.twilio.desk import Desk
from sandbox.twilio.incoming import blank
from sandbox.twilio.trunk_lists import ADDRESSES, CREDENTIALS, TrunkLists

_TERMINATION = re.compile(
    r"([a-z0-9-]+)\.pstn\.((ashburn|umatilla|dublin|frankfurt|singapore|tokyo|sao-paulo|sydney)\.)?twilio\.com"
)
_TABLE_OF_KIND: Mapping[str, str] = {
    "trunk": "trunks",
    "origination_url": "origination_urls",
    "credential_list": "credential_lists",
    "credential": "credentials",
    "address_list": "ip_access_control_lists",
    "address": "addresses",
    "bundle": "bundles",
    "account": "accounts",
}


class ByHand(Carrier, ABC):
    """Out-of-band edits in Python; the journal does not see them. Numbers are E.164, ids are SIDs.

    Each raises ValueError when what it names does not exist.
    """

    desk: Desk
    other_account: ClassVar[str] = OTHER_TWILIO.sid

    def number(self, number: str) -> Record | None:
        """Give the owned number with all its fields, whoever owns it."""
        held = self.store.get("by_number", number)
        return self.store.get("numbers", held["sid"]) if held else None

    def numbers(self, account: str = TWILIO.sid) -> tuple[str, ...]:
        """Give the numbers that an account owns, sorted."""
        return tuple(sorted(n for n, held in self.store.table("by_number").items() if held["account_sid"] == account))

    def add_number(self, number: str, account: str = TWILIO.sid, **fields: Any) -> Record:
        """Let an account own a number, without a charge. `fields` are those of the number's JSON."""
        block = find(number)
        if block is None or self.number(number) is not None:
            raise ValueError(f"{number} is owned already, or in no block of sandbox/numbering.py")
        with self.store.transaction():
            record = self.desk.new("numbers", "PN", account, **_known(blank(number, block), fields))
            self.store.put("by_number", number, {"sid": record["sid"], "account_sid": account})
            self.store.drop("released", number)
            return record

    def edit_number(self, number: str, **fields: Any) -> Record:
        with self.store.transaction():
            record = self.owned_number(number)
            return self.desk.change("numbers", record, **_known(record, fields))

    def release(self, record: Record) -> None:
        purchase.release(self.desk, record)

    def add_bundle(
        self, status: str = "twilio-approved", account: str = TWILIO.sid, country: str = "", type: str = "local"
    ) -> Record:
        """Give an account a bundle; with a country it answers the regulation of that kind of number for businesses."""
        sid = regulations.regulation_sid(country, type, "business") if country else None
        with self.store.transaction():
            return self.desk.new(
                "bundles", "BU", account,
                status=status, regulation_sid=sid, friendly_name="by hand", email="", status_callback="",
                valid_until=None,
            )  # fmt: skip

    def add_address(self, country: str, account: str = TWILIO.sid, *, emergency: bool = False) -> Record:
        """Give an account an address."""
        fields = dict.fromkeys(("customer_name", "street", "city", "region", "postal_code"), "by hand")
        with self.store.transaction():
            return self.desk.new(
                "addresses", "AD", account,
                **fields, iso_country=country, emergency_enabled=emergency, friendly_name="", street_secondary=None,
                validated=True, verified=True,
            )  # fmt: skip

    def add_origination_url(self, trunk: str, sip_url: str, **fields: Any) -> Record:
        """Let a trunk send calls to another place too; `fields` as in Twilio's JSON, by default like its first URL."""
        with self.store.transaction():
            account = self._record("trunk", trunk)["account_sid"]
            url = {"friendly_name": "by hand", "weight": 1, "priority": 1, "enabled": True, "sip_url": sip_url}
            return self.desk.new("origination_urls", "OU", account, trunk_sid=trunk, **_known(url, fields))

    def add_credential_list(self, trunk: str, name: str) -> Record:
        """Make a credential list and tie it to a trunk."""
        return self._add_list(CREDENTIALS, trunk, name)

    def add_address_list(self, trunk: str, name: str) -> Record:
        """Make an IP access control list and tie it to a trunk."""
        return self._add_list(ADDRESSES, trunk, name)

    def edit_record(self, kind: str, sid: str, **fields: Any) -> Record:
        """Change fields of any other object; `kind` as in `_TABLE_OF_KIND`, a credential's `password` too."""
        with self.store.transaction():
            record = self._record(kind, sid)
            if kind == "credential" and "password" in fields:
                fields["_password"] = fingerprint(fields.pop("password"))
            changed = {**record, **_known(record, fields)}
            self.store.put(_TABLE_OF_KIND[kind], sid, changed)
            return changed

    def delete_record(self, kind: str, sid: str) -> None:
        """Remove an object; a trunk goes with its children, a list also from its trunks."""
        with self.store.transaction():
            self._record(kind, sid)
            if kind == "trunk":
                trunks.remove(self.desk, sid)
                return
            for links in ("trunk_lists", "trunk_address_lists"):
                for link in list(self.store.table(links).values()):
                    if link["_list"] == sid:
                        self.store.drop(links, link["sid"])
            self.store.drop(_TABLE_OF_KIND[kind], sid)

    def password_is(self, sid: str, password: str) -> bool:
        """Say whether a credential has this password, as a caller would find out."""
        return bool(self._record("credential", sid)["_password"] == fingerprint(password))

    def takes_calls_of(self, domain: str, username: str, password: str) -> bool:
        """Say whether a call out to a trunk's domain authenticates: user and password stand in one of its lists.

        The domain is the trunk's own, or its name at an edge; and, which no document confirms, its SID in the name's
        place.
        """
        host = _TERMINATION.fullmatch(domain.lower())
        name = host[1] if host else ""
        found = [
            trunk["sid"]
            for trunk in self.store.table("trunks").values()
            if name and (trunk["domain_name"] == f"{name}.pstn.twilio.com" or trunk["sid"].lower() == name)
        ]
        lists = {link["_list"] for link in self.store.table("trunk_lists").values() if link["trunk_sid"] in found}
        return any(
            each["credential_list_sid"] in lists
            and (each["username"], each["_password"]) == (username, fingerprint(password))
            for each in self.store.table("credentials").values()
        )

    def edit_object(self, kind: str, edit: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Vendor.edit`. What is created on a trunk takes `trunk`, its SID, and `sip_url` or `name`."""
        target = str(edit.get("id", ""))
        if "create" in edit:
            makers: Mapping[str, Callable[..., Record]] = {
                "bundle": self.add_bundle,
                "address": self.add_address,
                "origination_url": self.add_origination_url,
                "credential_list": self.add_credential_list,
                "address_list": self.add_address_list,
            }
            if kind not in makers:
                raise ValueError(f"kind {kind!r} is not made by hand; {', '.join(makers)} are")
            return makers[kind](**edit["create"])
        if edit.get("delete"):
            self.delete_record(kind, target)
            return {}
        return self.edit_record(kind, target, **edit.get("set", {}))

    def _add_list(self, kind: TrunkLists, trunk: str, name: str) -> Record:
        with self.store.transaction():
            account = self._record("trunk", trunk)["account_sid"]
            made = self.desk.new(kind.lists, kind.prefix, account, friendly_name=name)
            self.desk.new(kind.table, "LK", account, trunk_sid=trunk, _list=made["sid"])
            return made

    def _record(self, kind: str, sid: str) -> Record:
        if kind not in _TABLE_OF_KIND:
            raise ValueError(f"kind {kind!r} is none of number, {', '.join(_TABLE_OF_KIND)}")
        record = self.store.get(_TABLE_OF_KIND[kind], sid)
        if record is None:
            raise ValueError(f"there is no {kind} {sid}")
        return record


def _known(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give the record with the fields. Raises ValueError for one that it does not have."""
    unknown = sorted(name for name in fields if name not in record)
    if unknown:
        raise ValueError(f"no such fields: {', '.join(unknown)}; there are {', '.join(sorted(record))}")
    return {**record, **fields}
