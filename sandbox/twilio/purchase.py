"""Buying and releasing: the two requests that cost money or lose a number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from sandbox.ledger import Charge, Release
from sandbox.numbering import Block, blocks, monthly_usd
from sandbox.stock import ANY, find, offered
from sandbox.store import Record
from sandbox.twilio import regulations
from sandbox.twilio.desk import Call, Desk
from sandbox.twilio.errors import Refusal, invalid, not_available


def chosen_number(call: Call) -> str:
    """Give the number (E.164) that a purchase names, or the next one of the area code that it names."""
    number, area_code = call.params.get("PhoneNumber"), call.params.get("AreaCode")
    if number is not None:
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
            raise Refusal(400, 21421, f"PhoneNumber: {number} is not a valid number in E.164 format")
        return str(number)
    if area_code is None:
        raise invalid("Missing required parameter PhoneNumber or AreaCode in the post body")
    if not re.fullmatch(r"[2-9][0-9]{2}", area_code):
        raise Refusal(400, 21451, f"AreaCode: {area_code} is not an area code of three digits")
    there = [block for country in ("US", "CA") for block in blocks(country) if block.area_code == area_code]
    found = offered(there, ANY, call.desk.available, 1)
    if not found:
        raise Refusal(400, 21452, f"No phone numbers found in area code {area_code}")
    return found[0][0]


def allowed(call: Call, number: str) -> Block:
    """Give the block of a number that the account may buy now, or raise the refusal that says why not."""
    block = find(number)
    if block is None or not call.desk.available(number):
        raise not_available(number)
    _check_rules(call, block)
    return block


def buy(call: Call, fields: dict[str, Any], block: Block) -> Record:
    """Charge the first month and give the number's new record. Raises Refusal when the money is not there."""
    desk, number = call.desk, fields["phone_number"]
    price = monthly_usd(block.country, block.type)
    holder = desk.store.table("accounts")[call.account]
    balance = Decimal(holder["balance"]) - price
    if balance < 0:
        raise Refusal(400, 21404, f"The balance of {holder['balance']} USD does not pay for {number} ({price} USD)")
    desk.store.put("accounts", call.account, {**holder, "balance": str(balance)})
    now = desk.clock()
    times = {"_shown_from": now + desk.unseen_for, "_active_from": now + desk.settings.pending_seconds}
    record = desk.new("numbers", "PN", call.account, **fields, **times)
    desk.store.put("by_number", number, {"sid": record["sid"], "account_sid": call.account})
    desk.ledger.charge(Charge("twilio", call.account, number, price, "USD", desk.clock()))
    return record


def release(desk: Desk, record: Record) -> None:
    """Let a number leave its account; for a while nobody can buy it."""
    number, now = record["phone_number"], desk.clock()
    desk.store.drop("numbers", record["sid"])
    desk.store.drop("by_number", number)
    desk.store.put("released", number, {"until": now + desk.settings.cooldown_seconds})
    desk.ledger.release(Release("twilio", record["account_sid"], number, now))


def address_requirements(desk: Desk, block: Block) -> str:
    return desk.settings.address_requirements.get((block.country, block.type), "none")


def _check_rules(call: Call, block: Block) -> None:
    desk, params = call.desk, call.params
    if address_requirements(desk, block) != "none":
        address = desk.store.get("addresses", params.get("AddressSid", ""))
        if address is None:
            raise Refusal(400, 21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty.")
        if address_requirements(desk, block) == "local" and address["iso_country"] != block.country:
            raise Refusal(400, 21613, f"The address must be in {block.country}, it is in {address['iso_country']}")
    if (block.country, block.type) in desk.settings.bundles:
        _check_bundle(call, block)


def _check_bundle(call: Call, block: Block) -> None:
    sid = call.params.get("BundleSid")
    if not sid:
        kind = f"country: [{block.country}] and numberType: [{block.type.upper()}]"
        raise Refusal(400, 21649, f"Bundle required and not provided for {kind}")
    bundle = call.desk.store.get("bundles", sid)
    if bundle is None or bundle["status"] != "twilio-approved":
        raise Refusal(400, 21649, f"Bundle [{sid}] status is not twilio-approved")
    answers = {regulations.regulation_sid(block.country, block.type, each) for each in regulations.END_USERS}
    if bundle["regulation_sid"] and bundle["regulation_sid"] not in answers:
        raise Refusal(400, 21649, f"Bundle [{sid}] does not have the regulation type of the phone number")
