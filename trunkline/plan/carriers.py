"""What a carrier needs beside the numbers: its trunk's own resources, its address for calls out, its way of routing.

One `Wiring` per provider, so that the rest of the plan has no provider's name in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trunkline.errors import Problem
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.model.spec import Borrowed, FromFleet, FromSecret, Joined, Key, Ref, ResourceSpec, Site
from trunkline.model.tag import trunk_marks

# Vonage, "SIP overview" (read 2026-11): calls out authenticate with the account's key and secret.
VONAGE_SIP_HOST = "sip.nexmo.com"
# Lets an agent hand a call over by SIP REFER, to SIP and to phone numbers.
TRANSFERS = "enable-all"
# How Twilio is told to use the URL to LiveKit: first of all, and alone.
ROUTE: Mapping[str, Any] = {"weight": 1, "priority": 1, "enabled": True}
IMPLICIT_USERNAME, IMPLICIT_PASSWORD = "twilioSipUsername", "twilioSipPassword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """Where LiveKit sends calls out: host[:port], and the digest user that the host asks for."""

    address: str
    username: str | FromSecret
    password: FromSecret | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The functions that differ by provider; each takes the line's trunk."""

    implicit_trunk: Callable[[], Trunk]
    trunk_resources: Callable[[Trunk, Site], tuple[ResourceSpec, ...]]
    termination: Callable[[Trunk, Site], Termination]
    routing: Callable[[Line, Trunk, Site], Mapping[str, Any]]
    routing_needs: Callable[[Trunk, Site], tuple[Key, ...]]
    termination_needs: Callable[[Trunk, Site], tuple[Key, ...]]


def termination_problems(inventory: Inventory, trunk: Trunk, lines: Iterable[Line], site: Site) -> list[Problem]:
    """Say for which lines a call out could not authenticate at a carrier that demands it."""
    if trunk.provider != "twilio" or trunk.auth_username:
        return []
    implicit = trunk.name not in inventory.trunks
    if implicit and {IMPLICIT_USERNAME, IMPLICIT_PASSWORD} <= site.config_secrets:
        return []
    fix = (
        f"run `pulumi config set trunkline:{IMPLICIT_USERNAME} <name>` and"
        f" `pulumi config set --secret trunkline:{IMPLICIT_PASSWORD}`"
        if implicit
        else f'give trunk "{trunk.name}" auth_username and auth_password'
    )
    return [
        inventory.problem(
            ("numbers", line.name),
            "no-termination-credentials",
            f'line "{line.name}" makes calls out, but its Twilio trunk has no user and password',
            f"{fix}; or set outbound: false",
        )
        for line in lines
        if line.outbound
    ]


def _sip_uri(site: Site, trunk: Trunk, user: str = "") -> str:
    transport = "tcp" if trunk.transport == "auto" else trunk.transport
    return f"sip:{user}{site.sip_host};transport={transport}"


def domain_of(trunk: Trunk, site: Site) -> str:
    """A domain that is the same in every run and no other account's: domains are unique across all of Twilio."""
    if trunk.domain_name:
        # Twilio keeps and answers domain names in lower case.
        return trunk.domain_name.lower()
    scope = f"{site.fleet}/{trunk.name}"
    slug = re.sub(r"[^a-z0-9]+", "-", scope.lower()).strip("-")[:32].strip("-")
    digest = hashlib.sha256(f"{scope}@{site.accounts['twilio']}".encode()).hexdigest()[:10]
    return f"{slug}-{digest}.pstn.twilio.com"


def domain_problems(inventory: Inventory, site: Site) -> list[Problem]:
    """Say which trunks are renamed while their domain is made from their name: calls out would go to another one."""
    return [
        inventory.problem(
            ("trunks", trunk.name, "renamed_from"),
            "renamed-domain",
            f'trunk "{trunk.name}": its domain was made from its former name, and a new name would change it',
            f"write `domain_name: {domain_of(replace(trunk, name=trunk.renamed_from), site)}`",
        )
        for trunk in inventory.trunks.values()
        if trunk.renamed_from and trunk.provider == "twilio" and not trunk.domain_name
    ]


def _is_borrowed(trunk: Trunk, site: Site) -> bool:
    return trunk.owner not in ("", site.stack)


def _twilio_user(trunk: Trunk, site: Site) -> tuple[str | FromSecret, FromSecret | str]:
    if trunk.auth_username and trunk.auth_password:
        return trunk.auth_username, FromSecret(trunk.auth_password.name)
    if {IMPLICIT_USERNAME, IMPLICIT_PASSWORD} <= site.config_secrets:
        return FromSecret(IMPLICIT_USERNAME), FromSecret(IMPLICIT_PASSWORD)
    return "", ""


def _twilio_trunk(trunk: Trunk, site: Site) -> tuple[ResourceSpec, ...]:
    """An Elastic SIP Trunk, the origination URL to LiveKit, and the credentials for termination."""
    if _is_borrowed(trunk, site):
        return ()
    tags, name = trunk_marks(site, trunk.name, trunk.renamed_from), trunk.name
    moved_from = (("", trunk.renamed_from),) if trunk.renamed_from else ()
    sip_trunk = ResourceSpec(
        kind="SipTrunk",
        name=name,
        props={
            **tags,
            "adopt": trunk.adopt,
            "domainName": domain_of(trunk, site),
            "secure": trunk.media_encryption == "require",
            "transferMode": trunk.transfer_mode or TRANSFERS,
        },
    )
    trunk_sid = Ref(sip_trunk.key)
    origination = ResourceSpec(
        kind="OriginationUrl",
        name=name,
        props={
            **tags,
            "adopt": trunk.adopt,
            "trunkSid": trunk_sid,
            "sipUrl": _sip_uri(site, trunk),
            **ROUTE,
        },
    )
    username, password = _twilio_user(trunk, site)
    if not username:
        return tuple(replace(spec, moved_from=moved_from) for spec in (sip_trunk, origination))
    credentials = ResourceSpec(kind="CredentialList", name=name, props={**tags, "adopt": trunk.adopt})
    specs = (
        sip_trunk,
        origination,
        credentials,
        ResourceSpec(
            kind="Credential",
            name=name,
            props={
                "credentialListSid": Ref(credentials.key),
                # Where a further list is put while a password changes.
                "trunkSid": trunk_sid,
                "username": username,
                "password": password,
                # Where LiveKit sends calls with this user; its trunks there tell the password that Twilio hides.
                "witness": domain_of(trunk, site),
            },
        ),
        ResourceSpec(
            kind="TrunkCredentialList",
            name=name,
            props={"trunkSid": trunk_sid, "credentialListSid": Ref(credentials.key)},
        ),
    )
    return tuple(replace(spec, moved_from=moved_from) for spec in specs)


def _twilio_termination(trunk: Trunk, site: Site) -> Termination:
    username, password = _twilio_user(trunk, site)
    return Termination(address=domain_of(trunk, site), username=username, password=password)


def _twilio_routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    sid = Borrowed(trunk.name) if _is_borrowed(trunk, site) else Ref(("SipTrunk", trunk.name))
    return {"trunkSid": sid}


def _twilio_routing_needs(trunk: Trunk, site: Site) -> tuple[Key, ...]:
    return () if _is_borrowed(trunk, site) else (("OriginationUrl", trunk.name),)


def _twilio_termination_needs(trunk: Trunk, site: Site) -> tuple[Key, ...]:
    """LiveKit must not call out as a user that Twilio does not know yet."""
    if _is_borrowed(trunk, site) or not _twilio_user(trunk, site)[0]:
        return ()
    return (("Credential", trunk.name), ("TrunkCredentialList", trunk.name))


def _vonage_termination(trunk: Trunk, site: Site) -> Termination:
    if trunk.auth_username and trunk.auth_password:
        address = trunk.sip_address or VONAGE_SIP_HOST
        return Termination(address=address, username=trunk.auth_username, password=FromSecret(trunk.auth_password.name))
    return Termination(
        address=trunk.sip_address or VONAGE_SIP_HOST,
        username=site.accounts["vonage"],
        password=FromSecret("vonageApiSecret"),
    )


def _vonage_routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    """Forward to LiveKit; the user part is the called number, by which LiveKit finds the trunk."""
    head, tail = _sip_uri(site, trunk, user="\0@").split("\0")
    media = ";media=srtp" if trunk.media_encryption == "require" else ""
    return {"sipUri": Joined((head, FromFleet(line.name, "digits"), tail + media))}


def _custom_termination(trunk: Trunk, site: Site) -> Termination:
    password = FromSecret(trunk.auth_password.name) if trunk.auth_password else ""
    return Termination(address=trunk.sip_address, username=trunk.auth_username, password=password)


WIRINGS: Mapping[str, Wiring] = {
    "twilio": Wiring(
        implicit_trunk=lambda: Trunk(name="twilio", provider="twilio"),
        trunk_resources=_twilio_trunk,
        termination=_twilio_termination,
        routing=_twilio_routing,
        routing_needs=_twilio_routing_needs,
        termination_needs=_twilio_termination_needs,
    ),
    "vonage": Wiring(
        implicit_trunk=lambda: Trunk(name="vonage", provider="vonage"),
        trunk_resources=lambda trunk, site: (),
        termination=_vonage_termination,
        routing=_vonage_routing,
        routing_needs=lambda trunk, site: (),
        termination_needs=lambda trunk, site: (),
    ),
    "custom": Wiring(
        implicit_trunk=lambda: Trunk(name="custom", provider="custom"),
        trunk_resources=lambda trunk, site: (),
        termination=_custom_termination,
        routing=lambda line, trunk, site: {},
        routing_needs=lambda trunk, site: (),
        termination_needs=lambda trunk, site: (),
    ),
}
