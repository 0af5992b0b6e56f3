"""A number is ported to another carrier, or moved to another account: no purchase, no release, every id at LiveKit."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.credentials import OTHER_TWILIO, OTHER_VONAGE
from tests.engine.day import Day
from tests.engine.inventories import START
from tests.engine.reach import answered
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

US, GB = "+16505551234", "+447400123456"
KEPT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
FILE = edited(START, "search: {country: GB, type: mobile}", f'phone_number: "{GB}"')
TO_VONAGE = edited(
    FILE, f'    phone_number: "{US}"\n', f'    phone_number: "{US}"\n    provider: vonage\n    ported_from: twilio\n'
)
TO_TWILIO = edited(FILE, "    provider: vonage\n", "    provider: twilio\n    ported_from: vonage\n")
FROM_TWILIO, FROM_VONAGE = "to vonage from twilio", "to twilio from vonage"
EDITS = {FROM_TWILIO: (TO_VONAGE, US, "sales-us"), FROM_VONAGE: (TO_TWILIO, GB, "support-gb")}

ROUTED = {FROM_TWILIO: (True, False), FROM_VONAGE: (False, True)}


def livekit_ids(day: Day) -> dict[str, str]:
    return {name: id_ for name, id_ in day.theatre.project.ids().items() if name.split()[0] in KEPT}


@pytest.mark.parametrize("way", EDITS)
def test_a_ported_number_that_both_carriers_have_is_never_without_its_agent(day: Day, way: str) -> None:
    file, number, line = EDITS[way]
    ids, charged = livekit_ids(day), len(day.charged)
    refused = day.run("up", file=file, code=1)
    assert f"account does not have {number} yet. Nothing was changed" in refused.errors
    assert day.sandbox.journal.writes() == []

    (day.sandbox.vonage if way == FROM_TWILIO else day.sandbox.twilio).add_number(number)
    run = day.run("up")

    assert f'{number} of line "{line}" is in the {way.partition(" from ")[2]} account too' in run.text
    assert (day.cut, livekit_ids(day)) == ([], ids)
    assert (len(day.charged), day.released) == (charged, [])
    (day.sandbox.twilio if way == FROM_TWILIO else day.sandbox.vonage).release_by_hand(number)
    assert number in answered(day.sandbox)
    (written,) = [one.path for one in day.sandbox.journal.writes() if one.vendor != "livekit"]
    assert (written.endswith("/number/update"), "/IncomingPhoneNumbers/PN" in written) == ROUTED[way]
    day.settles()


@pytest.mark.parametrize("flags", [(), ("--refresh=false",)], ids=["refreshed", "unrefreshed"])
def test_numbers_move_to_other_accounts_after_their_trunk(day: Day, flags: tuple[str, ...]) -> None:
    settings: Any = {
        "TWILIO_ACCOUNT_SID": OTHER_TWILIO.sid,
        "TWILIO_AUTH_TOKEN": OTHER_TWILIO.auth_token,
        "VONAGE_API_KEY": OTHER_VONAGE.api_key,
        "VONAGE_API_SECRET": OTHER_VONAGE.api_secret,
    }
    ids, charged, reached = livekit_ids(day), len(day.charged), answered(day.sandbox)
    day.theatre.project.pulumi("config", "set", "trunkline:allowAccountChange", "true")

    run = day.run("up", *flags, file=edited(FILE, "acme-us.pstn", "acme-us-2.pstn"), **settings)

    assert f'{US} of line "sales-us" is not in the new twilio account' in run.text
    assert answered(day.sandbox) == reached
    twilio, vonage = day.sandbox.twilio, day.sandbox.vonage
    for number in twilio.numbers():
        twilio.release_by_hand(number)
        twilio.add_number(number, OTHER_TWILIO.sid)
    vonage.release_by_hand(GB)
    vonage.add_number(GB, OTHER_VONAGE.api_key)
    day.take_for_given()
    mark = day.sandbox.journal.mark()
    day.run("up", *flags, **settings)
    day.theatre.project.pulumi("config", "rm", "trunkline:allowAccountChange")
    assert len(day.sandbox.journal.writes(mark)) == 3
    assert (day.cut, answered(day.sandbox), livekit_ids(day)) == ([], reached, ids)
    assert len(day.charged) == charged
    day.run("up", **settings)
    assert len(day.sandbox.journal.writes(mark)) == 3
    day.run("preview", "--expect-no-changes", **settings)
