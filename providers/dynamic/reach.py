"""Which vendors an update cannot do without: an outage of another one hides leftovers there and stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from pulumi.dynamic import ReadResult

from providers.dynamic import runtime
from providers.dynamic.codec import decode
from providers.dynamic.runtime import Runtime
from trunkline.errors import NoCredentials, Reason, Rejected, TrunklineError, VendorError

LIVEKIT, CUSTOM = "livekit", "custom"
T = TypeVar("T")


def needed(
    run: Runtime,
    news: Mapping[str, Any],
    olds: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
) -> frozenset[str]:
    """Give the vendors of the lines and trunks, declared or recorded, and of every object that the state has.

    `facts`: what the plan tells of lines and trunks; a trunk's `provider` is there, also where no line uses it.
    """
    told = (*news["lines"].values(), *olds.get("lines", {}).values(), *facts.values())
    providers = {each["provider"] for each in told if "provider" in each}
    return frozenset({LIVEKIT} | providers | run.used) - {CUSTOM}


def listed(run: Runtime, vendors: Iterable[tuple[str, T]], needed: frozenset[str], read: Callable[[T], Any]) -> Any:
    """Give what each of the vendors lists, by what it was asked for; `vendors`: vendor and what to ask it.

    Leaves out what a vendor does not tell that is not needed, with one notice. Raises the vendors' errors.
    """
    found = {}
    for vendor, asked in vendors:
        if vendor in run.silent:
            continue
        try:
            found[asked] = read(asked)
        except VendorError as error:
            if vendor in needed:
                raise
            run.silent.add(vendor)
            run.notice(
                f"{vendor} did not say what it holds, so leftovers there were not looked for; no line and no recorded"
                f" resource uses it, and the update goes on. {error}"
            )
    return found


def is_shut(run: Runtime, error: TrunklineError, needed: Collection[str]) -> bool:
    """Whether an error is the first to say that a needed vendor does not let us in: no credentials, or refused ones."""
    match error:
        case NoCredentials(vendor=vendor) | Rejected(vendor=vendor, reason=Reason.CREDENTIALS):
            return vendor in needed and run.fails_first(vendor)
    return False


def told(error: TrunklineError) -> str:
    """Say what is wrong; that a vendor does not let us in is said at length once a process, however many writes fail.

    Without a refresh a destroy meets it in each deletion that is under way, and with `--continue-on-error` in all.
    """
    match error:
        case NoCredentials(vendor=vendor):
            cause = str(error)
        case Rejected(vendor=vendor, reason=Reason.CREDENTIALS, status=status, code=code):
            cause = f"{vendor} {status} {code}"
        case _:
            return str(error)
    if runtime.current().fails_first(f"told {cause}"):
        return str(error)
    return f"{vendor}: not let in, as another error of this run says at length. {VendorError.left}"


Read = Callable[[Any, str, dict[str, Any]], ReadResult]


def told_once(read: Read) -> Read:
    """Let a vendor's first error stop the run, and the reads after it conclude nothing: one outage, one error."""

    @wraps(read)
    def wrapped(self: Any, id_: str, props: dict[str, Any]) -> ReadResult:
        try:
            return read(self, id_, props)
        except (VendorError, NoCredentials) as error:
            if runtime.current().fails_first(error.vendor):
                raise
            # Without inputs: the engine keeps those that it has, and shows no difference.
            return ReadResult(id_, decode(props))

    return wrapped
