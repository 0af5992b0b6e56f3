"""One cause, one error: a vendor that does not let us in is asked once a process, and told once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from providers.dynamic import diagnostics, runtime
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from providers.registry import Vendors, vendor_of
from sandbox.faults import Fault
from sandbox.world import Sandbox
from tests.support.world import Stack, World
from trunkline.errors import TrunklineError
from trunkline.inventory import parse
from trunkline.plan import Site, compile_plan

LINES = "".join(
    f'  line-{at}: {{provider: {provider}, phone_number: "{number}", agent: a}}\n'
    for at, (provider, number) in enumerate(
        [*(("twilio", f"+1650555120{at}") for at in range(4)), *(("vonage", f"+44740055110{at}") for at in range(3))]
    )
)
TEXT = f"version: 1\nguard: {{max_purchases: 50}}\nagents: {{a: {{agent_name: x}}}}\nnumbers:\n{LINES}"
VENDORS = ("livekit", "twilio", "vonage")


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(TEXT)
    return made


def read_all(stack: Stack, run: Runtime) -> tuple[dict[str, Any], list[str]]:
    """Read every resource as a refresh does: what differs from the record, and the errors."""
    runtime.install(run)
    changed, errors = {}, []
    try:
        for (kind, name), recorded in stack.engine.state.resources.items():
            provider = _provider_of(kind)
            try:
                seen = provider.read(recorded.id, recorded.outputs)
            except TrunklineError as error:
                errors.append(str(error))
                continue
            if kind != "Fleet":
                # With inputs the engine would show a difference, which is the Fleet's to tell alone.
                assert seen.inputs is None
                assert not provider.diff(recorded.id, seen.outs, recorded.inputs).changes
            if (seen.id, seen.outs) != (recorded.id, recorded.outputs):
                changed[f"{kind} {name}"] = seen
    finally:
        runtime.install(None)
    return changed, errors


def _provider_of(kind: str) -> Any:
    from providers.dynamic.resources import RESOURCES

    return FleetProvider() if kind == "Fleet" else RESOURCES[kind].provider_class()


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("status", [401, 503])
def test_a_vendor_that_does_not_answer_is_told_once_and_the_record_stays(
    stack: Stack, vendor: str, status: int
) -> None:
    mark = stack.world.sandbox.journal.mark()
    stack.world.sandbox.faults.add(Fault("status", vendor=vendor, status=status, times=None))
    changed, errors = read_all(stack, stack.world.process())
    assert changed == {}
    assert len(errors) == 1 and errors[0].startswith(f"{vendor}: ")
    asked = [entry for entry in stack.world.sandbox.journal.entries(mark) if entry.vendor == vendor]
    lists = len(stack.world.process().vendors.vendor_of)
    assert len(asked) <= {401: 1, 503: 6 * lists}[status]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_without_credentials_is_told_once_with_the_variables(stack: Stack, vendor: str) -> None:
    run = stack.world.process()
    kinds = {kind for kind, owner in run.vendors.vendor_of.items() if owner == vendor}
    vendors = replace(
        run.vendors,
        adapters={kind: adapter for kind, adapter in run.vendors.adapters.items() if kind not in kinds},
        carriers={name: carrier for name, carrier in run.vendors.carriers.items() if name != vendor},
        accounts={name: account for name, account in run.vendors.accounts.items() if name != vendor},
        vendor_of={kind: owner for kind, owner in run.vendors.vendor_of.items() if owner != vendor},
    )
    run.vendors, run.missing = vendors, {vendor: ("THE_KEY", "THE_SECRET")}
    changed, errors = read_all(stack, run)
    assert changed == {}
    assert errors == [
        f"{vendor} has no credentials here: THE_KEY, THE_SECRET not set. Nothing was changed."
        " Set its environment variables or `pulumi config set` (README, Credentials)."
    ]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_destroy_that_read_nothing_tells_at_length_once_that_it_is_not_let_in(stack: Stack, vendor: str) -> None:
    stack.up(TEXT.replace(", agent: a", ", agent: a, removal: release"))
    stack.world.sandbox.faults.add(Fault("status", vendor=vendor, status=401, times=None))
    mark = stack.world.sandbox.journal.mark()
    told = [text for text in _told_of_deletes(stack, stack.world.process()) if text.startswith(f"{vendor}: ")]
    assert " Check " in told[0]
    again = f"{vendor}: not let in, as another error of this run says at length. Nothing was changed by this request."
    assert told[1:] == [again] * (len(told) - 1) and len(told) > 2
    assert [entry for entry in stack.world.sandbox.journal.writes(mark) if entry.vendor == vendor] == []


def _told_of_deletes(stack: Stack, run: Runtime) -> list[str]:
    """What the engine is told of each delete that fails, where a destroy goes on after an error and reads nothing."""
    runtime.install(run)
    told = []
    try:
        for (kind, _), recorded in stack.engine.state.resources.items():
            try:
                _provider_of(kind).delete(recorded.id, recorded.outputs)
            except TrunklineError:
                told.append(diagnostics.told())
    finally:
        runtime.install(None)
    return told


@pytest.mark.parametrize("vendor", VENDORS)
def test_readings_at_the_same_time_try_the_credentials_once(stack: Stack, vendor: str) -> None:
    def slowly(sandbox: Sandbox, request: Any) -> Any:
        time.sleep(0.02)
        return sandbox.handle(request)

    world = stack.world
    run, mark = world.process(handle=slowly), world.sandbox.journal.mark()
    run.runs_program = False
    world.sandbox.faults.add(Fault("status", vendor=vendor, status=401, times=None))
    kinds = sorted(kind for kind in KINDS if vendor_of(kind) == vendor and not run.adapter(kind).scope_field)
    readings: list[Callable[[], object]] = [partial(run.listing, kind) for kind in kinds]
    run.sellers.update(run.vendors.carriers)
    if vendor in run.vendors.carriers:
        readings += [partial(run.owned, vendor)] * 2
    with ThreadPoolExecutor(len(readings)) as pool:
        failed = [str(reading.exception()) for reading in [pool.submit(each) for each in readings]]
    assert len(failed) >= 2 and len(set(failed)) == 1 and failed[0].startswith(f"{vendor}: ")
    assert len(world.sandbox.journal.entries(mark)) == 1
    assert [notice.partition(".")[0] for notice in world.notices] == [f"{vendor} refused the credentials"]


def test_readings_that_waited_for_the_first_answer_of_a_vendor_are_under_way_together(stack: Stack) -> None:
    first, together = threading.Lock(), threading.Barrier(2)

    def handle(sandbox: Sandbox, request: Any) -> Any:
        if first.acquire(blocking=False):
            time.sleep(0.1)  # so that the others come meanwhile
        else:
            together.wait(10)
        return sandbox.handle(request)

    run = stack.world.process(handle=handle)
    with ThreadPoolExecutor(3) as pool:
        lists = (partial(run.listing, kind) for kind in ("SipTrunk", "CredentialList"))
        readings: list[Callable[[], object]] = [partial(run.owned, "twilio"), *lists]
        assert [each.exception() for each in [pool.submit(reading) for reading in readings]] == [None] * 3


def test_the_fleet_alone_stops_a_refresh_that_a_vendor_does_not_let_in(stack: Stack) -> None:
    stack.world.sandbox.faults.add(Fault("status", vendor="twilio", status=401, times=None))
    runtime.install(stack.world.process())
    try:
        fleet = stack.engine.state.resources["Fleet", "fleet"]
        with pytest.raises(TrunklineError, match=r"twilio: GET .* Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN"):
            FleetProvider().read(fleet.id, fleet.outputs)
        assert FleetProvider().read(fleet.id, fleet.outputs).outs == fleet.outputs
    finally:
        runtime.install(None)


def test_each_of_two_vendors_is_told(stack: Stack) -> None:
    for vendor in ("twilio", "livekit"):
        stack.world.sandbox.faults.add(Fault("status", vendor=vendor, status=401, times=None))
    _, errors = read_all(stack, stack.world.process())
    assert sorted(error.partition(":")[0] for error in errors) == ["livekit", "twilio"]


def test_every_kind_has_its_vendor_also_where_that_is_not_configured(stack: Stack) -> None:
    known = stack.world.process().vendors.vendor_of
    assert {kind: vendor_of(kind) for kind in KINDS} == known


def test_a_stack_whose_vendors_answer_again_goes_on(stack: Stack) -> None:
    stack.world.sandbox.faults.add(Fault("status", vendor="twilio", status=401, times=None))
    read_all(stack, stack.world.process())
    stack.world.sandbox.faults.clear()
    assert stack.up(TEXT) == []


@pytest.mark.parametrize("status", ["refused", "missing", "another account"])
def test_where_the_configuration_may_be_that_of_the_last_update_it_is_said_how_to_have_the_present_one(
    stack: Stack, status: str
) -> None:
    run = stack.world.process()
    run.runs_program = False
    if status == "refused":
        stack.world.sandbox.faults.add(Fault("status", vendor="twilio", status=401, times=None))
    elif status == "missing":
        run.vendors = replace(run.vendors, carriers={"vonage": run.vendors.carriers["vonage"]})
    else:
        run.vendors = replace(run.vendors, accounts={**run.vendors.accounts, "livekit": "elsewhere"})
    _, errors = read_all(stack, run)
    assert errors != []
    said = [*stack.world.notices, *errors]
    assert any("export PULUMI_RUN_PROGRAM=true" in text for text in said), said


def test_a_fleet_without_lines_needs_no_credentials_however_often_it_is_applied() -> None:
    stack = Stack(World())
    for _ in range(3):
        run = stack.world.process()
        run.vendors = Vendors(adapters={}, carriers={}, accounts={}, vendor_of={})
        nowhere = Site(fleet="acme/test", stack="test", accounts={}, sip_host="")
        plan = compile_plan(parse("version: 1\nnumbers: {}\n", "numbers.yaml"), nowhere)
        stack.engine.up(plan, run)
    assert list(stack.engine.state.resources) == [("Fleet", "fleet")]
