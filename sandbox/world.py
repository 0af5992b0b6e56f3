"""The sandbox itself: vendors, faults, journal and ledger behind one function from request to answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from sandbox import admin
from sandbox.echo import echoed
from sandbox.faults import BESIDE, Faults, Planted
from sandbox.ids import Ids
from sandbox.journal import Journal
from sandbox.ledger import Ledger
from sandbox.livekit import LiveKit
from sandbox.registry import CARRIERS, ByName
from sandbox.request import Dropped, Request, Response
from sandbox.store import Store
from sandbox.tampering import CHANGES, truncate
from sandbox.vendor import Vendor

Answer = Response | Dropped
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"


class Sandbox(ByName):
    """The carriers and LiveKit SIP in one process, without a socket.

    `now` gives seconds since 1970 and `sleep` takes seconds; with a fixed `now` the same requests give the same bytes.
    `rules`: carrier -> its settings, where it is not to behave as documented. Safe to call from several threads; what a
    fault holds or delays holds up no other request.
    """

    def __init__(
        self,
        seed: int = 0,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        **rules: Any,
    ) -> None:
        self.lock = RLock()
        self.ids = Ids(seed)
        self.journal = Journal()
        self.ledger = Ledger()
        self.faults = Faults()
        self.on_commit: Callable[[], None] | None = None
        self._sleep = sleep
        if unknown := rules.keys() - CARRIERS.keys():
            raise TypeError(f"no carriers of this sandbox: {', '.join(sorted(unknown))}")
        self.carriers = {
            name: emulator(now, self.ids, self._store(now), self.ledger, self._held_elsewhere, rules.get(name))
            for name, emulator in CARRIERS.items()
        }
        self.livekit = LiveKit(now, self.ids, self._store(now), ledger=self.ledger, held_elsewhere=self._held_elsewhere)
        self.vendors: tuple[Vendor, ...] = (*self.carriers.values(), self.livekit)

    def handle(self, request: Request) -> Answer:
        """Answer one request; requests under `/_sandbox/` steer the sandbox and are not in the journal."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request)
        vendor = next((each for each in self.vendors if each.owns(request.path)), None)
        if vendor is None:
            return Response.of_json(404, {"message": f"no vendor of this sandbox answers {request.path}"})
        return self._serve(vendor, request)

    def can_call_out(self, trunk: str) -> bool:
        """Say whether a carrier takes the calls of a LiveKit outbound trunk: by its user and password."""
        (found,) = (each for each in self.livekit.outbound_trunks() if each["sip_trunk_id"] == trunk)
        login = found["auth_username"], found["auth_password"]
        return any(carrier.takes_calls_of(found["address"], *login) for carrier in self.carriers.values())

    def vendor(self, name: str) -> Vendor | None:
        return next((each for each in self.vendors if each.name == name), None)

    def snapshot(self) -> dict[str, Any]:
        """Give everything that a vendor would still know tomorrow, as JSON; journal and faults are not in it."""
        with self.lock:
            return {
                "version": 1,
                "ids": {"seed": self.ids.seed, "drawn": self.ids.drawn},
                "ledger": self.ledger.as_json(),
                "vendors": {vendor.name: vendor.store.snapshot() for vendor in self.vendors},
            }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in the place of the present.

        Raises ValueError when it is none of ours; then nothing has changed.
        """
        if not isinstance(snapshot, Mapping) or snapshot.get("version") != 1:
            raise ValueError("not a snapshot of version 1, the one that this sandbox reads")
        try:
            seed, drawn = int(snapshot["ids"]["seed"]), int(snapshot["ids"]["drawn"])
            entries = Ledger.of_json(snapshot["ledger"]).entries
            kept = snapshot["vendors"]
            # A carrier that was added since then is as it begins.
            known = [vendor for vendor in self.vendors if vendor.name in kept or vendor is self.livekit]
            tables = [(vendor, dict(kept[vendor.name])) for vendor in known]
        except (KeyError, TypeError) as error:
            raise ValueError(f"a snapshot that lacks or garbles {error}") from error
        with self.lock:
            self.ids.seed, self.ids.drawn = seed, drawn
            self.ledger.entries[:] = entries
            for vendor, records in tables:
                vendor.store.restore(records)
            self._committed()

    def _serve(self, vendor: Vendor, request: Request) -> Answer:
        params, write = vendor.params(request), vendor.is_write(request)
        struck = self.faults.strike(vendor.name, request, params, write)
        self._pause(struck, "before")
        fault = next((each for each in struck if each.fault.action not in BESIDE), None)
        late = max((each.fault.lag_seconds for each in struck if each.fault.action == "late_order"), default=0.0)
        with self.lock:
            version = vendor.store.version
            vendor.order_late(late)
            answer = self._before(vendor, fault, request) or self._after(
                vendor, fault, request, self._true_answer(vendor, request, fault)
            )
            self.journal.add(
                vendor=vendor.name,
                method=request.method,
                path=request.path,
                params=params,
                write=write,
                status=answer.status if isinstance(answer, Response) else "dropped",
                committed=vendor.store.version != version,
                fault=", ".join(each.fault.label for each in struck) or None,
            )
        self._pause(struck, "after")
        return answer

    def _true_answer(self, vendor: Vendor, request: Request, planted: Planted | None) -> Response:
        if planted is None or planted.fault.action != "stale" or vendor.is_write(request):
            return vendor.handle(request)
        fault = planted.fault
        with vendor.store.rewound(commits=0 if fault.lag_seconds else fault.lag, seconds=fault.lag_seconds):
            return vendor.handle(request)

    def _before(self, vendor: Vendor, planted: Planted | None, request: Request) -> Answer | None:
        """Give the answer of a fault that keeps the request from the vendor, or None."""
        if planted is None or planted.fault.when != "before":
            return None
        return _failure(vendor, planted, request)

    def _after(self, vendor: Vendor, planted: Planted | None, request: Request, answer: Response) -> Answer:
        """Give what the client sees of an answer whose request the vendor has carried out."""
        if planted is None:
            return answer
        action = planted.fault.action
        if action in CHANGES:
            return vendor.rewrite(answer, CHANGES[action])
        if action == "truncate":
            return truncate(answer)
        if action == "reset":
            return Dropped(partial=answer)
        return _failure(vendor, planted, request) or answer

    def _pause(self, struck: tuple[Planted, ...], side: str) -> None:
        for planted in struck:
            if planted.fault.when != side:
                continue
            if planted.fault.action == "hold":
                planted.hold()
            elif planted.fault.delay:
                self._sleep(planted.fault.delay)

    def _store(self, now: Callable[[], float]) -> Store:
        store = Store(now, self.lock)
        store.on_commit = self._committed
        return store

    def _committed(self) -> None:
        if self.on_commit:
            self.on_commit()

    def _held_elsewhere(self, asking: str, number: str) -> bool:
        return any(vendor.holds(number) for vendor in self.vendors if vendor.name != asking)


def _failure(vendor: Vendor, planted: Planted, request: Request) -> Answer | None:
    """Give the answer of a fault that replaces the vendor's, or None for one that does not."""
    fault = planted.fault
    if fault.action == "drop":
        return Dropped()
    if fault.action == "html":
        return Response(fault.status, {"content-type": "text/html", **fault.headers}, BAD_GATEWAY)
    if fault.action == "echo":
        own = echoed(vendor.failure(fault.status), request, fault.echo)
        return Response(fault.status, {**own.headers, **fault.headers}, own.body)
    if fault.action != "status":
        return None
    own = vendor.failure(fault.status)
    body = own.body if fault.body is None else fault.body.encode()
    return Response(fault.status, {**own.headers, **fault.headers}, body)
