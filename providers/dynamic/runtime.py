"""What the resources of one provider process share: vendors, listings, and what the Fleet found out.

Pulumi makes one provider object a class; the objects hold nothing, so that their pickles never change, and come here.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from providers.calls import Policy
from providers.dynamic import lacking
from providers.dynamic.listings import Listings
from providers.dynamic.workers import WORKERS
from providers.port import Adapter, Carrier, Observed, OwnedNumber
from providers.registry import Vendors, connect, vendor_of
from trunkline.carriers import CARRIERS
from trunkline.debug import DebugLog
from trunkline.errors import NoCredentials, Reason, Refusal, Rejected, VendorError
from trunkline.redaction import Redaction
from trunkline.settings import APPROVED, INVENTORY, Settings, in_file, inventory_file, secret_values

T = TypeVar("T")


def print_notice(text: str) -> None:
    """Say something to the operator: the engine shows a provider's standard error beside the plan, in previews too."""
    sys.stderr.write(f"{redacted(worded(text))}\n")
    sys.stderr.flush()


@dataclass(kw_only=True)
class Runtime:
    """One provider process. Thread-safe: Pulumi calls from several threads at once."""

    vendors: Vendors
    policy: Policy
    now: Callable[[], float] = time.time
    """Seconds since 1970, by this machine's clock."""
    at_once: int = 1
    """How many lines' questions are put to the carriers at a time."""
    allow_account_change: bool = False
    runs_program: bool = True
    """Whether PULUMI_RUN_PROGRAM is set: without it a refresh has the configuration of the last update."""
    bound: bool = False
    """Whether TRUNKLINE_APPROVED is set: nothing is written that the Fleet has not held against that plan."""
    inventory: str = INVENTORY
    """The stack's file, as the settings name it."""
    files: dict[str, str] = field(default_factory=dict)
    """line, or `trunk.<name>` -> the file that has it, which may be a part, as this run's Fleet told it."""
    notice: Callable[[str], None] = print_notice
    trace: Callable[[str], object] = lambda _: None
    """Takes each traceback of the process, for the log that `TRUNKLINE_DEBUG` asks for."""
    wanted: dict[str, str] | None = None
    """line -> number of the lines that this run declares; None where no program runs, as in `destroy`."""
    standing: dict[tuple[str, str], Observed] = field(default_factory=dict)
    """(kind, tag) -> the object that is adopted for it, as the Fleet found it."""
    recorded_lines: Mapping[str, Mapping[str, Any]] | None = None
    """The lines as the Fleet has them recorded from earlier runs; None where this run has not seen the Fleet."""
    let_go: set[str] = field(default_factory=set)
    """Numbers that this run released or detached, or found to be gone."""
    sellers: set[str] = field(default_factory=set)
    """The carriers whose lines this run declares, or the state has, as far as this process has seen them."""
    used: set[str] = field(default_factory=set)
    """The vendors of whose objects the state has any, as far as this process has read them."""
    silent: set[str] = field(default_factory=set)
    """The vendors that gave no usable answer and are not needed."""
    lenders: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """(domain, id) of a carrier's trunk that this stack borrows -> the `lending.Lender` that owns it."""
    homes: Mapping[str, Any] = field(default_factory=dict)
    """number -> the `homes.Home` that this update gives it."""
    exchanging: frozenset[str] = frozenset()
    """The owners of the trunks between which this update moves numbers; `exchange` is held to read and write one."""
    exchange: threading.Lock = field(default_factory=threading.Lock)
    yielded: set[str] = field(default_factory=set)  # ids of rules for callers, deleted since others have all of theirs
    held: set[str] = field(default_factory=set)
    """The ids of the vendors' objects that the state has, as far as this process has read them."""
    named: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """id -> what the file gave that object of lists which may hold more, as the last update recorded it."""
    names: set[str] = field(default_factory=set)
    """What this stack's tags name, by its configuration and its Fleet, as far as this process knows it."""
    respoken: set[str] = field(default_factory=set)
    """The lines and trunks of which this process has said that what their calls are sent in changes."""
    own_tags: set[str] = field(default_factory=set)
    """The tags that the state has of objects which carry another owner's, as far as this process has read them."""
    users: dict[str, set[str]] = field(default_factory=dict)
    """credential list -> the ids of those in it that are ours, as far as this process has seen or made them."""
    entries: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, id) -> how many entries of the state have it, as far as this process has read them."""
    claimed: set[tuple[str, str]] = field(default_factory=set)
    """(trunk id, number) of the claims that this process made itself and has not yet sent a purchase for."""
    noted: set[str] = field(default_factory=set)
    """The claims behind whose tag this process has written a note."""
    taken: set[tuple[str, str, str]] = field(default_factory=set)
    """(kind, parent, id) of the objects that this process took or made: the engine may think them replaced."""
    declared: set[tuple[str, str, str]] = field(default_factory=set)
    """(kind, parent, tag or other key) of what the program of this run declares (`declared`)."""
    answered: set[str] = field(default_factory=set)
    """The ids of LiveKit's trunks for which this run declares a dispatch rule."""
    approved: frozenset[str] | None = None
    """The numbers that this run's Fleet lets be bought; None where its check did not run."""
    returning: frozenset[str] = frozenset()
    """The lines that an interrupted removal took out of the record, while their number is in the account."""
    vanished: frozenset[str] = frozenset()
    """The numbers that this run's Fleet found to have left their accounts, and that are not bought again."""
    marks: dict[str, str] = field(default_factory=dict)
    """line -> its mark, as its own resource has it in the state and this process has read it."""
    once_owned: set[str] = field(default_factory=set)
    """The numbers that the state has as owned and that no account shows, as far as this process has read them."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The Fleet's inputs as this process has read them in the state."""
    _failed: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)
    """The vendors of which one answer has shown whether they let us in; until then one request at a time is sent."""
    missing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """vendor -> the variables that it lacks here, of those that are not configured."""
    _errors: dict[tuple[str, str], VendorError] = field(default_factory=dict)
    """What listings failed with, and by ("", vendor) what refused our credentials: neither is asked for again."""
    _listings: Listings[tuple[str, str], Sequence[Observed]] = field(default_factory=Listings)
    _owned: Listings[str, dict[str, OwnedNumber]] = field(default_factory=Listings)
    _first: dict[str, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def adapter(self, kind: str) -> Adapter:
        """Give the adapter of a kind. Raises Refusal where its vendor is not configured."""
        if kind not in self.vendors.adapters:
            raise self._no_credentials(vendor_of(kind))
        return self.vendors.adapters[kind]

    def carrier(self, provider: str) -> Carrier:
        """Give a carrier's numbers. Raises Refusal where it is not configured."""
        if provider not in self.vendors.carriers:
            raise self._no_credentials(provider)
        return self.vendors.carriers[provider]

    def demand_credentials(self, vendor: str) -> None:
        """Raise NoCredentials where a vendor is not configured."""
        if vendor not in self.vendors.accounts:
            raise self._no_credentials(vendor)

    def _no_credentials(self, vendor: str) -> NoCredentials:
        return lacking.credentials(vendor, self.missing, runs_program=self.runs_program)

    def account_of(self, kind: str) -> str:
        """Give what the account is called in which objects of this kind live."""
        self.adapter(kind)
        return self.vendors.accounts[self.vendors.vendor_of[kind]]

    def listing(self, kind: str, scope: str = "", *, fresh: bool = False) -> Sequence[Observed]:
        """Give all objects of a kind, from one listing a process unless `fresh`."""
        key = (kind, scope)

        def ask() -> Sequence[Observed]:
            adapter = self.adapter(kind)
            return self._ask(key, vendor_of(kind), lambda: adapter.list(scope), fresh=fresh)

        return self._listings.give(key, ask, fresh=fresh)

    def owned(self, provider: str, *, fresh: bool = False) -> dict[str, OwnedNumber]:
        """Give all numbers of a carrier's account, from one listing a process unless `fresh`.

        One that lives within another vendor's account, and that no line has, is not asked: it may not be served there.
        """
        if provider in _WITHIN and provider not in self.sellers:
            return {}

        def ask() -> dict[str, OwnedNumber]:
            found = self._ask(("owned", provider), provider, lambda: self.carrier(provider).owned(), fresh=fresh)
            return {owned.number: owned for owned in found}

        return self._owned.give(provider, ask, fresh=fresh)

    def demand_account(self, recorded: str, current: str, what: str) -> None:
        """Refuse to conclude anything about an object of one account from another one's answers."""
        if recorded and recorded != current and not self.allow_account_change:
            hint = lacking.may_be_former(runs_program=self.runs_program)
            vendors = (name for name, account in self.vendors.accounts.items() if account == current)
            told = lacking.account_told(next(vendors, ""), current, self.policy.redaction)
            raise Refusal(
                f"{what} is recorded in account {recorded}, but the credentials are for {told}. Nothing was changed."
                " Use the recorded account's credentials; if the account really moved, run `pulumi config set"
                f" trunkline:allowAccountChange true` for one update.{hint}"
            )

    def is_held_twice(self, kind: str, id_: str) -> bool:
        """Whether another entry of the state has an object too; the one that asks is not counted any more."""
        with self._guard:
            twice = self.entries[kind, id_] > 1
            self.entries[kind, id_] -= twice
            return twice

    def fails_first(self, what: str) -> bool:
        """Whether this is the first error of a vendor, or of a cause, in this process; further ones are the same."""
        with self._guard:
            first = what not in self._failed
            self._failed.add(what)
            return first

    def _ask(self, key: tuple[str, str], vendor: str, ask: Callable[[], T], *, fresh: bool) -> T:
        """Ask a vendor. A listing that failed fails again, and so does every one where the credentials were refused.

        `fresh` asks again. The first request to a vendor goes alone, so that wrong credentials are tried once.
        """
        if vendor not in self._known:
            with self._guard:
                alone = self._first.setdefault(vendor, threading.Lock())
            with alone:
                if vendor not in self._known:  # who waited for the first goes on beside the others
                    try:
                        return self._ask_at_once(key, vendor, ask, fresh=fresh)
                    finally:
                        self._known.add(vendor)
        return self._ask_at_once(key, vendor, ask, fresh=fresh)

    def _ask_at_once(self, key: tuple[str, str], vendor: str, ask: Callable[[], T], *, fresh: bool) -> T:
        refused = ("", vendor)
        if (known := self._errors.get(refused) or self._errors.get(key)) and not fresh:
            raise known
        try:
            answer = ask()
        except VendorError as error:
            refuses = isinstance(error, Rejected) and error.reason is Reason.CREDENTIALS
            if refuses and not self.runs_program:
                self.notice(f"{vendor} refused the credentials. {lacking.FORMER}")
            self._errors[refused if refuses else key] = error
            raise
        self._errors.pop(key, None)
        return answer


_WITHIN = frozenset(name for name, one in CARRIERS.items() if one.within)
_current: Runtime | None = None
_install_lock = threading.Lock()


def current() -> Runtime:
    """Give the process's runtime. Raises RuntimeError before the first `configure`."""
    if _current is None:
        raise RuntimeError("the provider was not configured")
    return _current


def install(runtime: Runtime | None) -> None:
    """Set the process's runtime; tests and simulations use it to bring their own."""
    global _current
    _current = runtime


def trace(text: str) -> None:
    """Write a traceback into the log, where one is asked for."""
    if _current:
        _current.trace(text)


def redacted(text: str) -> str:
    """Take this process's secrets out of a text, and what looks like one where nothing is configured yet."""
    return (_current.policy.redaction if _current else Redaction())(text)


def worded(text: str, file: str = "") -> str:
    """Name a file as it is called, by default the stack's: texts say numbers.yaml, wherever they are made."""
    return in_file(text, file or (_current.inventory if _current else INVENTORY))


def configure(config: Callable[[str], str | None], values: Mapping[str, object]) -> None:
    """Connect the vendors once a process, from the environment and the stack's configuration (`trunkline:<name>`).

    `values` is that whole configuration: what in it is secret is kept out of everything that is shown.
    """
    with _install_lock:
        if _current is not None:
            return

        def lookup(name: str) -> str | None:
            return config(f"trunkline:{name}")

        settings = Settings.load(os.environ, lookup)
        redaction = Redaction.of(secret_values(os.environ, values))
        log = DebugLog.of(os.environ, redaction)
        policy = Policy(redaction=redaction, note=log.note) if log else Policy(redaction=redaction)
        run = Runtime(
            vendors=connect(settings, policy),
            policy=policy,
            at_once=WORKERS,
            allow_account_change=lookup("allowAccountChange") == "true",
            runs_program=os.environ.get("PULUMI_RUN_PROGRAM", "").lower() in ("true", "1"),
            bound=APPROVED in os.environ,
            missing=settings.missing,
            inventory=inventory_file(os.environ, lookup),
            names={fleet} if (fleet := lookup("fleet")) else set(),
        )
        if log:
            run.trace = log.write
        install(run)
