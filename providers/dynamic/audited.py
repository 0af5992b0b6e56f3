"""What `trunkline audit --live` reads: what the vendors hold, and what of it stands beside the lines of a stack.

Each listing is asked for once, for both; those that do not need one another's answers, side by side. Nothing is
written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from providers import holdings
from providers.calls import Policy
from providers.dynamic import changed_outside, neighbours
from providers.dynamic.ahead import Ahead
from providers.dynamic.changed_outside import Objects
from providers.dynamic.ownership import Ownership
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.workers import WORKERS
from providers.kinds import SWEPT_KINDS
from providers.port import OwnedNumber
from providers.registry import connect
from trunkline.carriers import CARRIERS
from trunkline.comparison import ChangedObject, Unread
from trunkline.deployed import OWN_SERVER, Deployed
from trunkline.dump import HeldNumber, Holdings
from trunkline.errors import NoCredentials, VendorError
from trunkline.money import Money
from trunkline.outputs import Line, Neighbour
from trunkline.settings import Settings

_KINDS = ("InboundTrunk", "OutboundTrunk", "DispatchRule")  # listed whatever the state says, as those of trunks are
_TRUNK, _WAY = "SipTrunk", "OriginationUrl"
_LIST, _USER, _USERS, _HOSTS = "CredentialList", "Credential", "TrunkCredentialList", "TrunkAddressList"


@dataclass(frozen=True, kw_only=True)
class Audited:
    """What was read. `unread`: vendor -> why what it holds is not known. `neighbours`: None where that is not known.

    `deployed`: the agents that LiveKit Cloud runs, None where it was not asked, or does not tell for `unlisted`.
    `changed`: what of the state's objects is not so at the vendors.
    """

    run: Runtime
    holdings: Holdings
    unread: Mapping[str, Unread]
    neighbours: tuple[Neighbour, ...] | None
    trunkless: bool
    deployed: Deployed | None = None
    unlisted: str = ""
    changed: tuple[ChangedObject, ...] = ()

    def cost(self, one: HeldNumber) -> Money | None:
        """Ask a number's carrier what it costs a month; None where it does not say."""
        try:
            return self.run.carrier(one.provider).price(self.run.owned(one.provider)[one.number])
        except VendorError:
            return None


def process(environ: Mapping[str, str]) -> tuple[Runtime, str]:
    """Connect what the environment configures; gives also LiveKit's SIP host. Raises SettingsError, NoCredentials."""
    settings = Settings.load(environ, lambda name: None)
    if settings.livekit is None:
        raise NoCredentials(
            "livekit",
            "LiveKit is not configured here, so nothing live can be compared. Export LIVEKIT_URL, LIVEKIT_API_KEY,"
            " LIVEKIT_API_SECRET and LIVEKIT_SIP_URI.",
        )
    policy = Policy.of(environ)
    run = Runtime(vendors=connect(settings, policy), policy=policy, notice=_quiet, at_once=WORKERS)
    return run, settings.livekit.sip_host


def begin(run: Runtime) -> Ahead:
    """Begin to ask for what is wanted whatever the state says; `read` goes on with what this gives."""
    ahead = Ahead(run.at_once)
    carriers = [name for name in sorted(run.vendors.carriers) if not CARRIERS[name].within]
    if _TRUNK in run.vendors.adapters:
        ahead.ask(lambda: ahead.ask(*(partial(run.listing, _WAY, one.id) for one in run.listing(_TRUNK))))
    ahead.ask(
        *(partial(run.listing, kind) for kind in _KINDS if kind in run.vendors.adapters),
        *(partial(run.owned, name) for name in carriers),
    )
    return ahead


def read(
    run: Runtime,
    sip_host: str,
    record: Mapping[str, Any],
    lines: Mapping[str, Line],
    held: Objects,
    facts: Mapping[str, Mapping[str, Any]],
    tell: Callable[[str], None],
    ahead: Ahead,
) -> Audited:
    """Read all vendors, and judge what stands beside the lines by the Fleet's `record` ({}: there is none yet).

    `held`: the objects that the state has. `facts`: what the file says of the owners of carriers' trunks. `ahead`: what
    `begin` gave. A vendor that does not answer hides nothing of the others.
    """
    if record.get("lines"):
        _begin_beside(run, held, ahead)
    agents = ahead.later(partial(_deployed, run, lines))

    def numbers(name: str) -> list[OwnedNumber]:
        run.sellers.add(name)  # who asks has found that it sells here
        return list(run.owned(name).values())

    listings = holdings.Listings(objects=run.listing, numbers=numbers)
    there, errors = holdings.read_each(run.vendors, sip_host, tell, listings)
    run.held.update(id for _, id in held)
    host = str(run.vendors.accounts.get("livekit", "")).partition(":")[0]
    if run.vendors.deployed and _calls_agents(lines):
        tell("the agents that LiveKit Cloud runs")
    deployed, unlisted = agents()
    return Audited(
        run=run,
        holdings=there,
        unread={vendor: Unread.of(error) for vendor, error in errors.items()},
        neighbours=_beside(run, record, lines, facts),
        trunkless=not host.endswith(neighbours.CLOUD),
        deployed=deployed,
        unlisted=unlisted,
        changed=tuple(changed_outside.find(run, held)),
    )


def _begin_beside(run: Runtime, held: Objects, ahead: Ahead) -> None:
    """Begin to ask for what stands beside the lines: the kinds that are swept, and what is on the state's trunks."""

    def users(trunk: str) -> None:
        lists = (str(one.props["credentialListSid"]) for one in run.listing(_USERS, trunk))
        ahead.ask(*(partial(run.listing, _USER, id) for id in lists if (_LIST, id) in held))

    def children() -> None:
        for trunk in run.listing(_TRUNK):
            if (_TRUNK, trunk.id) in held:
                ahead.ask(partial(users, trunk.id), partial(run.listing, _HOSTS, trunk.id))

    swept = [kind for kind in SWEPT_KINDS if kind in run.vendors.adapters]
    ahead.ask(*([children] if _TRUNK in swept else ()), *(partial(run.listing, kind) for kind in swept))


def _calls_agents(lines: Mapping[str, Line]) -> bool:
    return any(any(line.called) for line in lines.values())


def _deployed(run: Runtime, lines: Mapping[str, Line]) -> tuple[Deployed | None, str]:
    """Ask LiveKit Cloud for its agents where a line calls any by name; a server of one's own is not asked."""
    ask = run.vendors.deployed
    if not _calls_agents(lines):
        return None, ""
    if ask is None:
        return None, OWN_SERVER
    try:
        return ask(), ""
    except VendorError as error:
        return None, error.said.rstrip(".")


def _beside(
    run: Runtime, record: Mapping[str, Any], lines: Mapping[str, Line], facts: Mapping[str, Mapping[str, Any]]
) -> tuple[Neighbour, ...] | None:
    if not record.get("lines"):
        return ()
    known = {name: line for name, line in lines.items() if name in record["lines"] and line.phone_number}
    numbers = {name: line.phone_number for name, line in known.items()}
    told = {name: {"inbound": line.inbound} for name, line in known.items()}
    try:
        # No vendor is needed: one that does not answer is told of by itself.
        survey = Survey.take(run, Ownership.recorded(record), frozenset())
        found = neighbours.find(run, survey, record, record, numbers, {**facts, **told})
    except VendorError:
        return None
    return tuple(Neighbour.model_validate(one.to_json()) for one in found)


def _quiet(notice: str) -> None:
    """A vendor that does not answer is a finding."""
