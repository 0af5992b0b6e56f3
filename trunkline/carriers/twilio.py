"""Twilio as the core knows it: Elastic SIP trunks, with an origination URL to LiveKit and a credential for calls out.

Sources: OpenAPI of 2026-04-14; error 32209 "Secure transport required"; read 2026-11-26: the Trunk resource's `secure`
(on, SRTP over TLS; off, RTP), SIP Credential resource (users of at most 32 characters; passwords of 12, with a digit
and letters in both cases), "IP Addresses for Elastic SIP Trunking Services" (all regional gateways are to be allowed).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from trunkline.carriers.declaration import (
    FALLBACK_ROUTE,
    LAST_ROUTE,
    ROUTE,
    Access,
    Carrier,
    Finding,
    Login,
    LoginRule,
    Speech,
    Termination,
    is_borrowed,
    sip_uri,
)
from trunkline.model import options
from trunkline.model.entries import Line, Trunk
from trunkline.model.fallback import is_url, speaks_tls
from trunkline.model.spec import Borrowed, Key, Ref, ResourceSpec, Site
from trunkline.model.tag import beside, trunk_marks
from trunkline.secret import Secret

_TRANSFERS = "enable-all"  # lets an agent hand a call over by SIP REFER, to SIP and to phone numbers
_LONGEST_USER, _SHORTEST_PASSWORD = 32, 12
_PLACE_OF_LIST = "TrunkAddressList"
_NEEDS_TLS = "Twilio accepts secure calls over TLS alone (error 32209)"
# After these answers, and those from 600 on, it asks no other origination URL ("Origination", read 2026-11).
_FINAL = frozenset({400, 404, 405, 410, 416, 482, 484, 486})
_USER = re.compile(rf"[!-9;-~]{{1,{_LONGEST_USER}}}")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.pstn\.twilio\.com")
# Where trunks are called, at an edge too: "Sending SIP to Twilio, best practices" (read 2026-11-26). A trunk's SID in
# the place of its name is in use, and in no document.
_HOSTS = re.compile(r"([a-z0-9-]+)\.pstn\.([a-z0-9-]+\.)?twilio\.com")
# From where it sends calls.
_NETWORKS = (
    "54.172.60.0/30", "54.244.51.0/30", "54.171.127.192/30", "35.156.191.128/30", "54.65.63.192/30",
    "54.169.127.128/30", "54.252.254.64/30", "177.71.206.192/30",
)  # fmt: skip
_SID = re.compile(r"tk[0-9a-f]{32}")
_NEEDED: Mapping[str, str] = {"[0-9]": "digit", "[a-z]": "small letter", "[A-Z]": "capital letter"}


def _user_fault(user: str) -> str:
    if len(user) > _LONGEST_USER:
        return f"has {len(user)} characters"
    return "" if _USER.fullmatch(user) else "is empty, or has a space, a colon or a character beyond ASCII"


def _password_fault(password: Secret) -> str:
    text = password.reveal()
    faults = [f"fewer than {_SHORTEST_PASSWORD} characters"] if len(text) < _SHORTEST_PASSWORD else []
    faults += [f"no {name}" for pattern, name in _NEEDED.items() if not re.search(pattern, text)]
    return f"has {' and '.join(faults)}" if faults else ""


def _trunk_findings(trunk: Trunk) -> Iterator[Finding]:
    if trunk.domain_name and not _DOMAIN.fullmatch(trunk.domain_name):
        message = f"{trunk.domain_name} is no domain of an Elastic SIP Trunk"
        yield "domain_name", "domain-name", message, "write it whole, in small letters: acme-us.pstn.twilio.com"
    if trunk.sip_address:
        yield from _address_findings(trunk)


def _address_findings(trunk: Trunk) -> Iterator[Finding]:
    """It may be the trunk's domain at an edge, or its SID in the domain's place, and no other trunk's."""
    found = _HOSTS.fullmatch(trunk.sip_address.lower())
    if found is None:
        message = f"its sip_address {trunk.sip_address} is no host of an Elastic SIP Trunk"
        yield "sip_address", "address", message, "write its domain at an edge: acme-us.pstn.dublin.twilio.com"
    elif not _SID.fullmatch(found[1]) and not trunk.domain_name:
        message = f"its sip_address {trunk.sip_address} names a domain, and it has no domain_name"
        yield "sip_address", "address", message, f"add `domain_name: {found[1]}.pstn.twilio.com`"
    elif not _SID.fullmatch(found[1]) and not _over(trunk.sip_address.lower(), trunk.domain_name.lower(), ""):
        message = f"its sip_address {trunk.sip_address} names another trunk than its domain_name {trunk.domain_name}"
        yield "sip_address", "address", message, "write the same name in both, or delete `sip_address`"


def _over(host: str, domain: str, sid: str) -> bool:
    found = _HOSTS.fullmatch(host)
    return found is not None and found[1] in (domain.partition(".")[0], sid.lower())


def domain_of(trunk: Trunk, site: Site) -> str:
    """A domain that is the same in every run and no other account's: domains are unique across all of Twilio."""
    if trunk.domain_name:
        # Twilio keeps and answers domain names in lower case.
        return trunk.domain_name.lower()
    scope = f"{site.fleet}/{trunk.name}"
    slug = re.sub(r"[^a-z0-9]+", "-", scope.lower()).strip("-")[:32].strip("-")
    digest = hashlib.sha256(f"{scope}@{site.accounts[TWILIO.name]}".encode()).hexdigest()[:10]
    return f"{slug}-{digest}.pstn.twilio.com"


def _rename_findings(trunk: Trunk, site: Site) -> Iterator[Finding]:
    """A domain that is made from the trunk's name would change with it, and calls out would go to another one."""
    if not trunk.domain_name:
        message = "its domain was made from its former name, and a new name would change it"
        former = domain_of(replace(trunk, name=trunk.renamed_from), site)
        yield "renamed_from", "renamed-domain", message, f"write `domain_name: {former}`"


def _trunk_resources(trunk: Trunk, site: Site) -> tuple[ResourceSpec, ...]:
    """An Elastic SIP Trunk, the origination URL to LiveKit, and the credentials for termination."""
    if is_borrowed(trunk, site):
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
            "transferMode": trunk.transfer_mode or _TRANSFERS,
            **options.of_trunk(trunk.options),
            **({"recoveryUrl": trunk.fallback} if is_url(trunk.fallback) else {}),
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
            "sipUrl": sip_uri(site, trunk),
            **ROUTE,
        },
    )
    specs = (
        sip_trunk,
        origination,
        *_fallback_url(trunk, tags, origination),
        *_credentials(trunk, site, {**tags, "adopt": trunk.adopt}, trunk_sid),
    )
    return (*(replace(spec, moved_from=moved_from) for spec in specs), *_address_lists(trunk, trunk_sid))


def _credentials(trunk: Trunk, site: Site, tags: Mapping[str, Any], trunk_sid: Ref) -> tuple[ResourceSpec, ...]:
    """A list with the user with whom calls out come in from LiveKit; nothing where the trunk has none."""
    username, password = TWILIO.login(trunk, site)
    if not username:
        return ()
    held = ResourceSpec(kind="CredentialList", name=trunk.name, props=tags)
    user = ResourceSpec(
        kind="Credential",
        name=trunk.name,
        props={
            "credentialListSid": Ref(held.key),
            # Where a further list is put while a password changes.
            "trunkSid": trunk_sid,
            "username": username,
            "password": password,
            # Where LiveKit sends calls with this user; its trunks there tell the password that Twilio hides.
            "witness": domain_of(trunk, site),
        },
    )
    place = ResourceSpec(
        kind="TrunkCredentialList",
        name=trunk.name,
        props={"trunkSid": trunk_sid, "credentialListSid": Ref(held.key)},
    )
    return held, user, place


def _address_lists(trunk: Trunk, trunk_sid: Ref) -> Iterator[ResourceSpec]:
    """The places of IP access control lists on the trunk; the lists themselves are made elsewhere."""
    for sid in sorted(trunk.ip_access_control_lists):
        former = (("", f"{trunk.renamed_from}.{sid}"),) if trunk.renamed_from else ()
        props = {"trunkSid": trunk_sid, "addressListSid": sid}
        yield ResourceSpec(kind=_PLACE_OF_LIST, name=f"{trunk.name}.{sid}", props=props, moved_from=former)


def _fallback_url(trunk: Trunk, tags: Mapping[str, Any], route: ResourceSpec) -> tuple[ResourceSpec, ...]:
    """The second origination URL. It is never there without the first, or it would take every call."""
    if not trunk.fallback or is_url(trunk.fallback):
        return ()
    props = {
        **beside(tags),
        "adopt": trunk.adopt,
        "trunkSid": route.props["trunkSid"],
        "sipUrl": trunk.fallback,
        **(LAST_ROUTE if trunk.adopt else FALLBACK_ROUTE),
    }
    return (ResourceSpec(kind="FallbackUrl", name=trunk.name, props=props, depends_on=(route.key,)),)


def _fallback_findings(trunk: Trunk) -> Iterator[Finding]:
    if is_url(trunk.fallback) and trunk.options.get("disaster_recovery_url"):
        message = "its fallback is a URL, and it has a disaster_recovery_url too; Twilio's trunks have one URL"
        yield "fallback", "fallback", message, "keep one of the two; a SIP URI as fallback may stand beside the other"
    if trunk.media_encryption == "require" and not is_url(trunk.fallback) and not speaks_tls(trunk.fallback):
        message = f"its calls are secure, and {_NEEDS_TLS}: none would reach {trunk.fallback}"
        yield "fallback", "fallback", message, "write it with `;transport=tls`, or delete `media_encryption`"


def _termination(trunk: Trunk, site: Site) -> Termination:
    username, password = TWILIO.login(trunk, site)
    return Termination(address=trunk.sip_address or domain_of(trunk, site), username=username, password=password)


def _termination_needs(trunk: Trunk, site: Site) -> tuple[Key, ...]:
    """LiveKit must not call out as a user that Twilio does not know yet."""
    if is_borrowed(trunk, site):
        return ()
    users = ("Credential", "TrunkCredentialList") if TWILIO.login(trunk, site)[0] else ()
    lists = ((_PLACE_OF_LIST, f"{trunk.name}.{sid}") for sid in sorted(trunk.ip_access_control_lists))
    return (*((kind, trunk.name) for kind in users), *lists)


def _routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    sid = Borrowed(trunk.name) if is_borrowed(trunk, site) else Ref(("SipTrunk", trunk.name))
    return {"trunkSid": sid}


def _routing_needs(trunk: Trunk, site: Site) -> tuple[Key, ...]:
    return () if is_borrowed(trunk, site) else (("OriginationUrl", trunk.name),)


TWILIO = Carrier(
    name="twilio",
    label="Twilio",
    access=Access(
        account="TWILIO_ACCOUNT_SID",
        account_note="the account, `AC…`",
        account_form="AC[0-9a-fA-F]{32}",
        logins=(
            Login("TWILIO_API_KEY", "TWILIO_API_SECRET", "used instead of the token where both are set"),
            Login("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "its token; or an API key:"),
        ),
        base_url="TWILIO_BASE_URL",
        at_once="TWILIO_REQUESTS_AT_ONCE",
        regions=("TWILIO_REGION", "TWILIO_EDGE"),
        home_region="us1",
    ),
    own_line_keys={
        **dict.fromkeys(("address_sid", "emergency_address_sid"), "only Twilio has addresses with a SID"),
        "bundle_sid": "only Twilio has regulatory bundles with a SID",
        "clear_emergency_address": "only Twilio keeps a number for its emergency address",
        "status_callback": "only a carrier tells a URL of a number's calls; LiveKit's webhooks tell of them too",
        "status_callback_method": "only Twilio asks by which verb",
    },
    own_trunk_keys={
        "domain_name": "only Twilio's trunks have a termination domain; write sip_address",
        "ip_access_control_lists": "only Twilio's trunks have such lists; LiveKit's are `allowed_addresses`",
        "transfer_mode": "only Twilio's trunks limit where calls are handed over to",
        "transfer_caller_id": "only Twilio's trunks choose the number of a call that is handed over",
        "disaster_recovery_url": "only Twilio's trunks ask a URL about calls that nothing takes",
        "disaster_recovery_method": "only Twilio's trunks ask a URL about calls that nothing takes",
        "cnam_lookup_enabled": "only Twilio's trunks look a caller's name up",
        "recording": "only Twilio's trunks record calls",
    },
    networks=_NETWORKS,
    sip_hosts=_HOSTS,
    speech=Speech(
        needs_tls=_NEEDS_TLS,
        encrypted="Twilio sends and takes SRTP alone on a secure trunk",
        plain="Twilio sends and takes RTP alone on a trunk that is not secure",
    ),
    login_rule=LoginRule(
        user=f"1 to {_LONGEST_USER} printable ASCII characters without spaces and colons",
        user_fault=_user_fault,
        password=f"at least {_SHORTEST_PASSWORD} characters, with a digit, a small and a capital letter",
        password_fault=_password_fault,
    ),
    implicit_login=Login("twilioSipUsername", "twilioSipPassword"),
    demands_login=True,
    secures_trunks=True,
    fails_over=lambda status: status < 600 and status not in _FINAL,
    trunk_findings=_trunk_findings,
    fallback_findings=_fallback_findings,
    rename_findings=_rename_findings,
    domain=domain_of,
    over=_over,
    trunk_resources=_trunk_resources,
    termination=_termination,
    termination_needs=_termination_needs,
    routing=_routing,
    routing_needs=_routing_needs,
)
