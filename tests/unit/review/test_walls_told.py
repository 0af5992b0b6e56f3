"""Each wall that lets more in than it did stands on the page, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.engine_events import fleet, page, step

WISH = {"provider": "twilio", "phoneNumber": "+1", "removal": "protect", "held": True}
RECORD = {"lines": {"a": WISH}}


def walls(events: list[str]) -> list[tuple[str, str, str, str]]:
    return [(one.owner, one.wall, one.was, one.becomes) for one in page(events).walls]


def guarded(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    counts = {"maxPurchases": 1, "maxReleases": 1, "maxMonthlyIncrease": {}}
    found = walls([fleet(*({**RECORD, "guard": {**counts, **guard}} for guard in (before, after)))])
    assert {owner for owner, *_ in found} <= {"guard"}
    return [(wall, was, becomes) for _, wall, was, becomes in found]


def limits(**amounts: str) -> dict[str, Any]:
    return {"maxMonthlyIncrease": amounts}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (limits(USD="25"), limits(USD="30"), [("monthly increase in USD", "25", "30")]),
        (limits(USD="25"), limits(USD="25", EUR="10"), [("monthly increase in EUR", "0", "10")]),
        # A currency without a limit has 0 once another has one.
        (limits(USD="25", EUR="10"), limits(EUR="10"), []),
        (limits(USD="25"), limits(), [("monthly increase in USD", "25", "(no limit)")]),
        (limits(), limits(USD="25"), []),
        (limits(USD="25"), limits(USD="20"), []),
    ],
)
def test_a_limit_of_money_that_lets_more_through(before: Any, after: Any, told: Any) -> None:
    assert guarded(before, after) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"livekit": {"USD": "1.50"}}, [("a month at livekit, as the file says", "(none)", "1.50 USD")]),
        (
            {"livekit": {"USD": "2"}},
            {"livekit": {"USD": "1"}},
            [("a month at livekit, as the file says", "2.00 USD", "1.00 USD")],
        ),
        (
            {"livekit": {"USD": "2"}},
            {"livekit": {"EUR": "2"}},
            [("a month at livekit, as the file says", "2.00 USD", "2.00 EUR")],
        ),
        ({"livekit": {"USD": "2"}}, {"livekit": {"USD": "3"}}, []),
        ({"livekit": {"USD": "2"}}, {}, []),
    ],
)
def test_a_price_that_only_the_file_says_holds_purchases_against_the_guard(before: Any, after: Any, told: Any) -> None:
    sides = ({**limits(USD="25"), **({"monthlyPrice": side} if side else {})} for side in (before, after))
    assert guarded(*sides) == told


@pytest.mark.parametrize(
    ("was", "becomes", "falls"),
    [
        ("protect", "keep", True),
        ("protect", "release", True),
        ("keep", "release", True),
        ("release", "keep", False),
        ("release", "protect", False),
    ],
)
def test_a_mark_that_lets_more_go(was: str, becomes: str, falls: bool) -> None:
    before, after = ({"lines": {"a": {**WISH, "removal": mark}}} for mark in (was, becomes))
    assert [(owner, *sides) for owner, _, *sides in walls([fleet(before, after)])] == (
        [("a", was, becomes)] if falls else []
    )


def test_an_emergency_address_that_is_to_be_taken_off_keeps_its_number_no_more() -> None:
    after = {"lines": {"a": {**WISH, "clearEmergencyAddress": True}}}
    assert walls([fleet(RECORD, after)]) == [
        ("a", "clear_emergency_address: its emergency address keeps the number from being released", "false", "true")
    ]


def test_another_account_that_is_let_in_is_a_wall() -> None:
    before, after = ({**RECORD, "allowAccountChange": each} for each in (False, True))
    told = ("settings", "allowAccountChange: objects of another account are not taken for these", "false", "true")
    assert walls([fleet(before, after)]) == [told]


TRUNK = {"secure": False}
LIST = {"trunkSid": "TK1", "addressListSid": "AL2"}


def carrier(*steps: str) -> list[tuple[str, str, str, str]]:
    trunk = step("SipTrunk", "us", "same", {**TRUNK, "vendorId": "TK1"}, TRUNK, line=False)
    return walls([fleet(RECORD, RECORD), trunk, *steps])


def test_an_address_list_that_comes_to_a_trunk_admits_more_and_so_does_the_last_one_that_goes() -> None:
    comes = step("TrunkAddressList", "us.AL2", "create", None, LIST, line=False)
    stays = step("TrunkAddressList", "us.AL1", "same", LIST, LIST, line=False)
    goes = step("TrunkAddressList", "us.AL1", "delete", {**LIST, "addressListSid": "AL1"}, None, line=False)
    told = "IP access control list of the carrier trunk: calls out are for addresses of its lists alone"
    assert carrier(stays, comes) == [("us", told, "(none)", "AL2")]
    assert carrier(goes) == [("us", told, "AL1", "(none)")]
    assert carrier(stays, step("TrunkAddressList", "us.AL3", "delete", LIST, None, line=False)) == []


def test_a_user_that_goes_from_a_trunk_asks_nobody_any_more() -> None:
    goes = step("TrunkCredentialList", "us", "delete", {"credentialListSid": "CL1"}, None, line=False)
    told = "credential list of the carrier trunk: calls out are for a user with a password alone"
    assert carrier(goes) == [("us", told, "CL1", "(none)")]


def test_the_lists_of_a_trunk_that_comes_or_goes_whole_are_no_walls_of_it() -> None:
    for op, sides in (("create", (None, LIST)), ("delete", (LIST, None))):
        trunk = step("SipTrunk", "new", op, *((side and TRUNK) for side in sides), line=False)
        of_it = step("TrunkAddressList", "new.AL2", op, *sides, line=False)
        assert walls([fleet(RECORD, RECORD), trunk, of_it]) == []


@pytest.mark.parametrize(
    ("kind", "field", "before", "after", "falls"),
    [
        ("OutboundTrunk", "transport", "tls", "tcp", True),
        ("OutboundTrunk", "transport", "tls", "auto", True),
        ("OutboundTrunk", "transport", "tcp", "tls", False),
        ("OutboundTrunk", "transport", "tcp", "udp", False),
        ("OriginationUrl", "sipUrl", "sip:h;transport=tls", "sip:h;transport=tcp", True),
        ("OriginationUrl", "sipUrl", "sip:h;transport=tcp", "sip:h;transport=tls", False),
        ("OriginationUrl", "sipUrl", "sips:h", "sip:h", True),
        ("FallbackUrl", "sipUrl", "sip:h;transport=tls", "sip:g", True),
        ("PhoneNumber", "sipUri", "sip:1@h;transport=tls;media=srtp", "sip:1@h;transport=tls", True),
        ("PhoneNumber", "sipUri", "sip:1@h;transport=tls,sip:d@p;transport=tls", "sip:1@h;transport=tls,sip:d@p", True),
        ("PhoneNumber", "sipUri", "sip:1@h;transport=tls", "sip:1@g;transport=tls", False),
        ("DispatchRule", "mediaEncryption", "require", "disable", True),
        ("InboundTrunk", "allowedAddresses", ["1.2.3.0/28"], ["1.2.3.0/24"], True),
        ("InboundTrunk", "allowedAddresses", ["1.2.3.0/28"], ["1.2.3.0/28", "9.9.9.9"], True),
    ],
)
def test_what_speaks_in_clear_from_now_on_or_admits_more(
    kind: str, field: str, before: Any, after: Any, falls: bool
) -> None:
    found = walls([fleet(RECORD, RECORD), step(kind, "a", "update", {field: before}, {field: after})])
    assert len(found) == falls
