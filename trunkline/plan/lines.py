"""The resources of one line, and of the lines that share a trunk.

A line's LiveKit objects come first and its number last: money is spent last, and no call arrives before its agent is
mapped. Deletion runs the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.model import livekit_numbers, options
from trunkline.model.fallback import RINGS, STATUS
from trunkline.model.spec import FromFleet, FromSecret, Joined, Key, Ref, ResourceSpec, Site
from trunkline.model.tag import Tag, former_owners, marks
from trunkline.plan import caller_rules, dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitGroup:
    """Lines that share one LiveKit trunk for each direction: a single line, or all lines of a `shared` trunk.

    `owner` names the group in Pulumi and in the tag; `line` is the component's line, "" for a shared trunk. `marks` are
    the tag properties of its objects. `moved_from`: where they are in the state, as for specs, before `shared` changes.
    """

    owner: str
    tag: Tag
    marks: Mapping[str, Any]
    line: str
    trunk: Trunk
    lines: tuple[Line, ...]
    moved_from: tuple[tuple[str, str], ...] = ()

    @property
    def inbound(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.inbound)

    @property
    def outbound(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outbound)

    @property
    def has_trunks(self) -> bool:
        """Whether LiveKit has trunks for its lines; else its rule answers a number that is tied to it."""
        return CARRIERS[self.trunk.provider].has_trunks

    @property
    def is_custom(self) -> bool:
        return self.trunk.provider == "custom"

    @property
    def adopts(self) -> bool:
        """Whether its LiveKit objects are to be taken over: the line says so, or the custom trunk that they are.

        A number that is tied to a rule is taken over alone, by tying it to ours: no trunk tells which rule is its own.
        """
        return (any(line.adopt for line in self.lines) and self.has_trunks) or (self.is_custom and self.trunk.adopt)

    @property
    def claim(self) -> Key:
        """The LiveKit object whose tag and number say whose number it is, before the number itself can."""
        if not self.has_trunks:
            return ("DispatchRule", self.owner)
        return ("InboundTrunk" if self.inbound else "OutboundTrunk", self.owner)

    @property
    def last(self) -> str:
        """The kind that makes a custom line complete, and that the engine is told to protect."""
        return "DispatchRule" if self.inbound else "OutboundTrunk"


def single(line: Line, trunk: Trunk, site: Site, *, heir: bool = False) -> LiveKitGroup:
    """The group of a line that has its own LiveKit objects; an heir takes over those that its trunk's lines shared."""
    shared_by = [name for name in (trunk.name, trunk.renamed_from) if heir and name]
    return LiveKitGroup(
        owner=line.name,
        tag=Tag.of_line(site.scope, line.name),
        marks=marks(site, line.name, line.renamed_from, (Tag.of_trunk("", name).owner for name in shared_by)),
        line=line.name,
        trunk=trunk,
        lines=(line,),
        moved_from=tuple(("", name) for name in shared_by),
    )


def shared(trunk: Trunk, lines: Sequence[Line], site: Site) -> LiveKitGroup:
    """The group of all lines of a `shared` trunk; they agree in everything but their numbers.

    Its objects are those that they shared under the trunk's former name, else those of the first line that had its own.
    """
    before = [name for line in lines for name in (line.name, line.renamed_from) if name]
    tag = Tag.of_trunk(site.scope, trunk.name)
    return LiveKitGroup(
        owner=trunk.name,
        tag=tag,
        marks=marks(site, tag.owner, also=(*former_owners(trunk.renamed_from), *before)),
        line="",
        trunk=trunk,
        lines=tuple(lines),
        moved_from=(*((("", trunk.renamed_from),) if trunk.renamed_from else ()), *((name, name) for name in before)),
    )


def livekit_resources(group: LiveKitGroup, inventory: Inventory, site: Site) -> tuple[ResourceSpec, ...]:
    """Outbound trunk, inbound trunk, its rule, those for some callers: as the lines need them, each after the last.

    A trunk for calls in may take its number off another one, and nobody answers it until its rule is made. So that
    nothing else can fail or take its time in between, all that the rule waits for comes before.
    """
    specs: list[ResourceSpec] = []
    if group.outbound:
        specs.append(_outbound_trunk(group, site))
    if group.inbound and group.has_trunks:
        specs.append(_inbound_trunk(group, after=tuple(spec.key for spec in specs)))
    if group.inbound:
        specs.append(_dispatch_rule(group, inventory, after=tuple(spec.key for spec in specs)))
        specs += caller_rules.specs(group, inventory, specs[-1])
    return tuple(specs)


def phone_number(line: Line, group: LiveKitGroup, site: Site) -> ResourceSpec:
    """The number at its carrier, bought and routed when everything else of the line stands."""
    carrier = CARRIERS[line.provider]
    livekit = tuple(
        (kind, group.owner)
        for kind, there in (
            ("OutboundTrunk", group.outbound),
            ("InboundTrunk", group.inbound and group.has_trunks),
            ("DispatchRule", group.inbound),
        )
        if there
    )
    return ResourceSpec(
        kind="PhoneNumber",
        name=line.name,
        line=line.name,
        aliases=_aliases(line),
        # A number that never came is replaced by another, which the engine refuses to do to a protected resource.
        protect=line.removal == "protect" and line.give_up is None,
        depends_on=(*livekit, *caller_rules.keys(group), *carrier.routing_needs(group.trunk, site)),
        props={
            "line": line.name,
            **marks(site, line.name, line.renamed_from),
            "provider": line.provider,
            "phoneNumber": FromFleet(line.name, "phoneNumber"),
            "acquisition": FromFleet(line.name, "acquisition"),
            "ordered": FromFleet(line.name, "ordered"),
            "monthlyCost": FromFleet(line.name, "monthlyCost"),
            "country": line.country,
            **carrier.routing(line, group.trunk, site),
            "addressSid": line.address_sid,
            "bundleSid": line.bundle_sid,
            **options.of_number(line),
            "adopt": line.adopt,
            "removal": line.removal,
            "repurchase": line.repurchase,
            **({"clearEmergencyAddress": True} if line.clear_emergency_address else {}),
            "searched": line.search is not None,
            "claimKind": group.claim[0],
            "claimId": Ref(group.claim),
        },
    )


def _common(group: LiveKitGroup) -> dict[str, Any]:
    """What every LiveKit object of the group takes; `keep` leaves it in place, untagged, when it is removed."""
    return {
        **group.marks,
        "adopt": group.adopts,
        "keep": group.is_custom and all(line.removal == "keep" for line in group.lines),
    }


def _numbers(lines: Sequence[Line]) -> list[FromFleet]:
    return [FromFleet(line.name, "phoneNumber") for line in lines]


def _claims(group: LiveKitGroup, kind: str) -> dict[str, Any]:
    """The carrier at which this trunk claims its numbers ("" where it claims none), whether by a search, and which
    numbers it gives up."""
    claims = not group.is_custom and group.claim[0] == kind
    given_up = [str(line.give_up) for line in group.lines if line.give_up]
    return {
        "claims": group.trunk.provider if claims else "",
        "searched": claims and any(line.search for line in group.lines),
        **({"giveUp": given_up} if claims and given_up else {}),
    }


def _inbound_trunk(group: LiveKitGroup, *, after: tuple[Key, ...]) -> ResourceSpec:
    line, trunk = group.inbound[0], group.trunk
    termination_user = trunk.auth_username if trunk.inbound_auth else ""
    password = _custom_password(trunk) if trunk.inbound_auth else ""
    return _spec(
        group,
        "InboundTrunk",
        {
            **_common(group),
            **_claims(group, "InboundTrunk"),
            "name": line.label or group.owner if group.line else group.owner,
            "numbers": _numbers(group.inbound),
            "allowedAddresses": list(line.allowed_addresses or trunk.allowed_addresses),
            "allowedNumbers": list(line.allowed_callers),
            "authUsername": termination_user,
            "authPassword": password,
            "headers": {**trunk.headers, **line.headers},
            "krispEnabled": line.krisp_enabled,
            "mediaEncryption": line.media_encryption or trunk.media_encryption,
            "maxCallDuration": line.max_call_duration,
            "ringingTimeout": line.ringing_timeout or (RINGS if trunk.fallback else 0),
            **({"ringingTimeoutStatus": STATUS} if trunk.fallback else {}),
            **options.of_line("InboundTrunk", trunk.options, line.options),
        },
        depends_on=after,
    )


def _custom_password(trunk: Trunk) -> FromSecret | str:
    return FromSecret(trunk.auth_password.name) if trunk.auth_password else ""


def _outbound_trunk(group: LiveKitGroup, site: Site) -> ResourceSpec:
    line, trunk = group.outbound[0], group.trunk
    carrier = CARRIERS[trunk.provider]
    termination = carrier.termination(trunk, site)
    return _spec(
        group,
        "OutboundTrunk",
        {
            **_common(group),
            **_claims(group, "OutboundTrunk"),
            "name": line.label or group.owner if group.line else group.owner,
            "numbers": _numbers(group.outbound),
            "address": termination.address,
            "transport": trunk.transport,
            "authUsername": termination.username,
            "authPassword": termination.password,
            "headers": {**trunk.headers, **line.headers},
            "mediaEncryption": line.media_encryption or trunk.media_encryption,
            **options.of_line("OutboundTrunk", trunk.options, line.options),
        },
        depends_on=carrier.termination_needs(trunk, site),
    )


def _dispatch_rule(group: LiveKitGroup, inventory: Inventory, *, after: tuple[Key, ...]) -> ResourceSpec:
    return _spec(
        group,
        "DispatchRule",
        {
            **_common(group),
            **_answering(group),
            **dispatch.properties(inventory, group.inbound[0], group.trunk),
        },
        depends_on=after,
    )


def _answering(group: LiveKitGroup) -> dict[str, Any]:
    """What the rule answers: the group's trunk, or the number that it claims itself."""
    if group.has_trunks:
        return {"trunkIds": [Ref(("InboundTrunk", group.owner))]}
    claims = [Joined((livekit_numbers.CLAIM, FromFleet(line.name, "phoneNumber"))) for line in group.inbound]
    return {"trunkIds": claims, **_claims(group, "DispatchRule")}


def _spec(group: LiveKitGroup, kind: str, props: dict[str, Any], depends_on: tuple[Key, ...] = ()) -> ResourceSpec:
    last = group.is_custom and kind == group.last
    removal = _removal(group)
    aliases = _aliases(group.lines[0]) if group.line else ()
    return ResourceSpec(
        kind=kind,
        name=group.owner,
        # What no number speaks for must say by itself what its deletion may do.
        props={**props, "removal": removal} if last else props,
        line=group.line,
        depends_on=depends_on,
        aliases=aliases,
        moved_from=group.moved_from,
        protect=last and removal == "protect",
    )


def _removal(group: LiveKitGroup) -> str:
    """What the removal of all lines of the group does to their objects: the most careful mark counts for all."""
    marks = {line.removal for line in group.lines}
    return "protect" if "protect" in marks else "keep" if marks == {"keep"} else "release"


def _aliases(line: Line) -> tuple[str, ...]:
    return (line.renamed_from,) if line.renamed_from else ()
