"""The store, the ids, the journal, the ledger, the numbers for sale, and the whole as one deterministic value."""

from __future__ import annotations

import json
from typing import Any

import phonenumbers
import pytest

from sandbox import Request, Response, Sandbox, credentials, environment
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.ids import ALPHABET, Ids
from sandbox.journal import KEPT, Journal, mask
from sandbox.numbering import COUNTRIES, Block, blocks
from sandbox.stock import ANY, Pattern, find, offered
from sandbox.store import REMEMBERED, Store
from tests.sandbox.callers import Clock, TwilioCaller, VonageCaller

US, GB = "+16505551234", "442079460123"


def everything(number: str) -> bool:
    return True


def trade(world: Sandbox) -> list[Any]:
    """Do a bit of business with both carriers and give every answer."""
    twilio, vonage = TwilioCaller(world), VonageCaller(world)
    trunk = twilio.trunk(FriendlyName="fleet")
    return [
        twilio.buy(US, TrunkSid=trunk),
        vonage.buy(GB),
        twilio.get(f"{twilio.home}/AvailablePhoneNumbers/US/Local.json", AreaCode=650),
        vonage.post("/number/cancel", country="GB", msisdn=GB),
        twilio.delete(f"/v1/Trunks/{trunk}"),
    ]


def test_the_same_seed_clock_and_requests_give_the_same_answers() -> None:
    first, second, third = Sandbox(now=Clock()), Sandbox(now=Clock()), Sandbox(seed=1, now=Clock())
    assert trade(first) == trade(second)
    assert (first.snapshot(), first.journal.entries()) == (second.snapshot(), second.journal.entries())
    assert trade(third)[0][1]["sid"] != trade(Sandbox(now=Clock()))[0][1]["sid"]


def test_a_snapshot_is_json_and_a_restored_sandbox_goes_on_where_it_was_taken(clock: Clock) -> None:
    old, new = Sandbox(now=clock), Sandbox(seed=9, now=clock)
    trade(old)
    new.restore(json.loads(json.dumps(old.snapshot())))
    assert new.snapshot() == old.snapshot()
    assert (new.ledger.owned, new.ledger.spent()) == (old.ledger.owned, old.ledger.spent())
    again = [TwilioCaller(world).buy("+16505550000") for world in (old, new)]
    assert again[0] == again[1]
    before = new.snapshot()
    with pytest.raises(ValueError, match="lacks or garbles 'livekit'"):
        new.restore({**before, "vendors": {"twilio": {}, "vonage": {}}})
    assert new.snapshot() == before


def test_a_state_from_before_a_carrier_was_added_opens_with_the_carrier_as_it_begins(clock: Clock) -> None:
    old, new = Sandbox(now=clock), Sandbox(now=clock)
    fresh = new.snapshot()["vendors"]["vonage"]
    trade(old)
    kept = old.snapshot()
    del kept["vendors"]["vonage"]
    new.restore(kept)
    assert new.snapshot()["vendors"] == {**kept["vendors"], "vonage": fresh}


def test_a_transaction_that_fails_leaves_everything_as_it_was(clock: Clock) -> None:
    store = Store(clock)
    with store.transaction():
        store.put("t", "kept", {"n": 1})
        store.put("t", "gone", {"n": 1})
    before, version = store.snapshot(), store.version
    with pytest.raises(RuntimeError, match="half way"), store.transaction():
        store.put("t", "kept", {"n": 2})
        store.put("t", "fresh", {"n": 2})
        with store.transaction():
            store.drop("t", "gone")
        raise RuntimeError("half way")
    assert (store.snapshot(), store.version) == (before, version)
    with pytest.raises(RuntimeError, match="only inside a transaction"):
        store.put("t", "kept", {})


def test_the_past_of_a_store_can_be_shown_and_the_present_comes_back(clock: Clock) -> None:
    store = Store(clock)
    states = [store.snapshot()]
    for n in range(4):
        with store.transaction():
            store.put("t", f"k{n % 2}", {"n": n})
            store.drop("t", f"k{1 - n % 2}")
        states.append(store.snapshot())
    for commits in range(5):
        with store.rewound(commits):
            assert store.snapshot() == states[4 - commits]
        assert store.snapshot() == states[4]


def test_the_past_of_a_store_has_an_end(clock: Clock) -> None:
    store = Store(clock)
    for n in range(REMEMBERED + 1):
        with store.transaction():
            store.put("t", "k", {"n": n})
    with store.rewound(REMEMBERED + 1):
        assert store.get("t", "k") == {"n": 0}


def test_ids_have_the_vendors_form_and_do_not_repeat() -> None:
    ids = Ids(seed=3)
    sids, shorts = [ids.hex("PN") for _ in range(1000)], [ids.short("ST_") for _ in range(1000)]
    assert len({*sids, *shorts}) == 2000
    assert {len(sid) for sid in sids} == {34} and {len(short) for short in shorts} == {15}
    assert set("".join(shorts)) <= {*ALPHABET, *"ST_"}
    assert Ids(seed=3, drawn=1999).short("ST_") == shorts[-1]


def test_secrets_are_masked_in_the_journal_at_any_depth() -> None:
    told = {"Password": "p", "trunk": {"auth_password": "p", "numbers": ["+1"]}, "l": [{"api_secret": "p"}]}
    kept = {"Password": "***", "trunk": {"auth_password": "***", "numbers": ["+1"]}, "l": [{"api_secret": "***"}]}
    assert mask(told) == kept
    assert mask({"PageToken": "PA1", "AuthToken": "", "CredentialListSid": "CL1"}) == {
        "PageToken": "PA1",
        "AuthToken": "",
        "CredentialListSid": "CL1",
    }


def test_the_journal_tells_reads_from_writes_since_a_mark(world: Sandbox, twilio: TwilioCaller) -> None:
    twilio.buy(US)
    mark = world.journal.mark()
    twilio.buy("+16501551234")
    twilio.numbers()
    (refused,), (listed,) = world.journal.writes(mark), world.journal.reads(mark)
    assert (refused.index, refused.vendor, refused.method, refused.status, refused.committed, refused.params) == (
        1,
        "twilio",
        "POST",
        400,
        False,
        {"PhoneNumber": "+16501551234"},
    )
    assert (listed.index, listed.status, listed.params) == (2, 200, {"PageSize": "1000"})
    world.journal.clear()
    assert (len(world.journal), world.journal.mark()) == (0, 3)


def test_the_journal_keeps_the_newest_entries() -> None:
    journal = Journal()
    fields = {"vendor": "v", "method": "GET", "path": "/", "params": {}, "write": False, "status": 200}
    for _ in range(KEPT + 1):
        journal.add(**fields, committed=False)
    assert [len(journal), journal.entries()[0].index] == [KEPT, 1]


def test_a_request_that_no_vendor_answers_is_told_so(world: Sandbox) -> None:
    answer = world.handle(Request.of("GET", "/elsewhere"))
    assert isinstance(answer, Response)
    assert (answer.status, answer.json()) == (404, {"message": "no vendor of this sandbox answers /elsewhere"})


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_for_sale_is_valid_and_of_its_country(country: str) -> None:
    for block in blocks(country):
        if block.rare:
            continue
        found = [number for number, _ in offered([block], ANY, everything, 200)]
        parsed = [phonenumbers.parse(number) for number in found]
        wrong = [
            number
            for number, each in zip(found, parsed, strict=True)
            if not phonenumbers.is_valid_number(each) or phonenumbers.region_code_for_number(each) != country
        ]
        assert (len(set(found)), wrong) == (200, [])
        assert all(find(number) == block for number in found)


def test_a_rare_block_is_found_by_its_digits_alone() -> None:
    rare = [block for block in blocks("US") if block.rare]
    assert offered(rare, ANY, everything, 5) == ()
    assert offered(rare, Pattern("1861555", "start"), everything, 1)[0][0].startswith("+1861555")
    assert find("+18615550123") == rare[0]


def test_a_search_visits_every_number_of_a_block_once() -> None:
    small = Block("US", "local", "1650555NXX")
    found = [number for number, _ in offered([small], ANY, everything, 10_000)]
    assert sorted(found) == [f"+1650555{n:03d}" for n in range(200, 1000)]
    assert found != sorted(found)


@pytest.mark.parametrize("anchor", ["start", "anywhere", "end"])
def test_a_pattern_finds_what_looking_at_every_number_would_find(anchor: Any) -> None:
    small, pattern = Block("US", "local", "165055NXX"), Pattern("5*2", anchor)
    every = [number for number, _ in offered([small], ANY, everything, 10_000)]
    found = [number for number, _ in offered([small], pattern, everything, 10_000)]
    assert sorted(found) == sorted(number for number in every if pattern.matches(number[1:]))


def test_the_blocks_take_turns_in_a_search() -> None:
    found = offered(blocks("GB"), ANY, everything, 8)
    assert [block.template for _, block in found[:4]] == [block.template for _, block in found[4:]]


def test_the_credentials_have_the_form_that_the_vendors_demand() -> None:
    assert (len(TWILIO.sid), TWILIO.sid[:2], len(TWILIO.auth_token)) == (34, "AC", 32)
    assert len(VONAGE.api_key) == 8 and len(LIVEKIT.api_secret) >= 32


def test_scripts_find_the_settings_beside_the_accounts() -> None:
    assert credentials.environment is environment.environment
