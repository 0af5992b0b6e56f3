"""Rules about trunks: address and login, encryption, fallback, and the lines that share one.

The SIP side is that of a trunk, or of a custom line that brings its own. A carrier's trunk has one mode for all its
calls; a line can only change what LiveKit demands. Where the two differ, every call of the line fails. LiveKit, "Secure
trunking" (read 2026-11-26): the carrier's side, TLS in the SIP URIs and media encryption of the trunks, all three; the
carriers' own words stand in their declarations.
"""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS, foreign_trunk_keys
from trunkline.carriers.declaration import Finding
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, asks_pin, fallback_of, trunk_of
from trunkline.inventory.shapes import sip
from trunkline.model import options
from trunkline.model.entries import Agent, Line, Trunk
from trunkline.model.fallback import STATUS

# Keys in which the lines of a shared trunk agree: LiveKit has one object for all of them.
_AGREED = (
    "agent",
    "krisp_enabled",
    "allowed_callers",
    "callers",
    "allowed_addresses",
    "media_encryption",
    "headers",
    "attributes",
    "max_call_duration",
    "ringing_timeout",
    "adopt",
    "stacks",
)


def trunk_problems(inventory: Inventory, trunk: Trunk) -> Iterator[Problem]:
    """Give every problem of one trunk whose own keys are sound."""
    for rule in (_none, _provider_keys, _connection, _user, _carrier, _encryption, _owner):
        for key, code, message, fix in rule(inventory, trunk):
            yield inventory.problem(("trunks", trunk.name, key), code, f'trunk "{trunk.name}": {message}', fix)


def sharing_problems(inventory: Inventory) -> Iterator[Problem]:
    """Give the keys in which lines of a shared trunk differ; each stands at the line that differs from the first."""
    members: dict[str, list[Line]] = {}
    for line in inventory.lines.values():
        trunk = trunk_of(inventory, line)
        if trunk is not None and trunk.shared:
            members.setdefault(trunk.name, []).append(line)
    for name, (first, *others) in members.items():
        owner = inventory.trunks[name].owner
        if owner and first.stacks != (owner,):
            yield inventory.problem(
                ("numbers", first.name, "stacks"),
                "shared-trunk",
                f'line "{first.name}": it shares trunk "{name}", which is made by stack {owner} alone',
                f"write `stacks: [{owner}]` in all lines of the trunk, or delete `shared`",
            )
        for other in others:
            for key in (*_AGREED, *sorted(options.KEYS_OF_LINE)):
                if _said(first, key) != _said(other, key):
                    yield inventory.problem(
                        ("numbers", other.name, key),
                        "shared-trunk",
                        f'line "{other.name}": its {key} differs from "{first.name}", which shares trunk "{name}"',
                        f"write the same `{key}` in all lines of the trunk, or delete `shared`",
                    )


def _said(line: Line, key: str) -> object:
    if key == "agent":
        return line.agent, line.further_agents
    return line.options.get(key) if key in options.KEYS_OF_LINE else getattr(line, key)


def _provider_keys(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    for key, why in foreign_trunk_keys(trunk.provider).items():
        if inventory.has("trunks", trunk.name, key):
            yield key, "wrong-provider", f"{key} is not for a {trunk.provider} trunk: {why}", f"delete `{key}`"


def _none(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    if not CARRIERS[trunk.provider].has_trunks:
        message = f"{CARRIERS[trunk.provider].label} has no trunks for its numbers: their lines need none"
        yield "provider", "no-trunks", message, "delete the trunk, and `trunk` of the lines that name it"


def _connection(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    yield from sip_findings(trunk)


def _user(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    carrier = CARRIERS[trunk.provider]
    rule = carrier.login_rule
    if rule and trunk.auth_username and (fault := rule.user_fault(trunk.auth_username)):
        message = f"its auth_username {fault}; {carrier.label} takes {rule.user}"
        yield "auth_username", "auth-username", message, "choose a shorter one, here and where it is used"


def _carrier(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    yield from CARRIERS[trunk.provider].trunk_findings(trunk)


def _encryption(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    speech = CARRIERS[trunk.provider].speech
    if speech and trunk.media_encryption == "require" and trunk.transport != "tls":
        message = f"it requires SRTP with `transport: {trunk.transport}`, but {speech.needs_tls}, so every call fails"
        yield "media_encryption", "srtp-without-tls", message, "add `transport: tls`, or delete `media_encryption`"


def _owner(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    stacks = inventory.stacks
    is_made = trunk.provider != "custom" or trunk.shared
    if is_made and len(stacks) > 1 and not trunk.owner:
        message = f"it needs one owner, since the lines name several stacks: {', '.join(stacks)}"
        yield "owner", "owner-needed", message, f"add `owner: {stacks[0]}`, or another of them"


def sip_findings(trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    """Give (key, rule, message, fix) of what does not fit together."""
    if sip.is_websocket_host(host := sip.host_and_port(trunk.sip_address)[0]):
        message = f"{host} is the host of a LiveKit project's API, which takes no calls"
        yield "sip_address", "address", message, "write the carrier's host; LiveKit's is the setting LIVEKIT_SIP_URI"
    if sip.has_port(trunk.sip_address) and trunk.transport == "auto":
        # LiveKit drops the port with transport AUTO: livekit/livekit issue 3907.
        fix = "add `transport: udp`, `tcp` or `tls`, or delete the port"
        yield (
            "sip_address",
            "no-transport",
            f"{trunk.sip_address} has a port, which LiveKit drops without a transport",
            fix,
        )
    if bool(trunk.auth_username) != (trunk.auth_password is not None):
        there, lacking = (
            ("auth_username", "auth_password") if trunk.auth_username else ("auth_password", "auth_username")
        )
        yield there, "half-auth", f"it has {there} but no {lacking}", f"add `{lacking}`, or delete `{there}`"
    elif trunk.inbound_auth and trunk.auth_password is None:
        fix = "add auth_username and auth_password, or delete `inbound_auth`"
        yield "inbound_auth", "half-auth", "it challenges callers, but has no user and password", fix


def encryption_of_line(line: Line, trunk: Trunk | None) -> Iterator[Finding]:
    """Give what is wrong with a carrier's line that demands another encryption than its trunk has.

    `trunk` is None where one is made for the stack: such a one has no encryption.
    """
    speech = CARRIERS[line.provider].speech
    if speech is None or not line.media_encryption:
        return
    name, encrypted = _named(trunk), trunk is not None and trunk.media_encryption == "require"
    if line.media_encryption == "require" and not encrypted:
        message = f"it requires SRTP, but {name} does not: {speech.plain}, so LiveKit refuses every call"
        where = f'trunk "{trunk.name}"' if trunk else f"a {line.provider} trunk under `trunks`"
        fix = f"give {where} `media_encryption: require` and `transport: tls`, or delete the line's"
        yield "media_encryption", "encryption-mismatch", message, fix
    elif line.media_encryption == "disable" and encrypted:
        message = f"it disables SRTP, but {name} requires it: {speech.encrypted}, so LiveKit refuses every call"
        yield "media_encryption", "encryption-mismatch", message, "delete the line's `media_encryption`"


def encryption_of_agent(line: Line, trunk: Trunk | None, agent: Agent, *, follows: bool) -> Iterator[Finding]:
    """Give what is wrong with a line whose agent's rule demands another encryption of calls in than its trunk has.

    `follows`: the trunk is adopted without a word about its encryption, which only the carrier knows.
    """
    speech, wanted = CARRIERS[line.provider].speech, agent.options.get("media_encryption")
    if speech is None or not line.inbound:
        return
    encrypted = trunk is not None and trunk.media_encryption == "require"
    said, fix = (
        f'its agent "{agent.id}"',
        f"delete `media_encryption` of agent {agent.id}, or give the line another agent",
    )
    if wanted == "require" and not encrypted and not follows:
        message = (
            f"{said} requires SRTP, but {_named(trunk)} does not: {speech.plain}, so LiveKit refuses every call in"
        )
        yield "agent", "encryption-mismatch", message, fix
    elif wanted == "disable" and encrypted:
        message = f"{said} disables SRTP, but {_named(trunk)} requires it: {speech.encrypted}, so every call in fails"
        yield "agent", "encryption-mismatch", message, fix


def encryption_of_way_out(line: Line, trunk: Trunk) -> Iterator[Finding]:
    """Give what is wrong with a custom line that calls out over a carrier's own host, which needs TLS for SRTP."""
    host = sip.host_and_port(trunk.sip_address)[0].lower()
    carrier = next((one for one in CARRIERS.values() if one.sip_hosts and one.sip_hosts.fullmatch(host)), None)
    encryption = line.media_encryption or trunk.media_encryption
    if line.outbound and carrier and carrier.speech and encryption == "require" and trunk.transport != "tls":
        message = (
            f"it requires SRTP with `transport: {trunk.transport}` towards {host}, but {carrier.speech.needs_tls}, so"
            " every call out fails"
        )
        yield "media_encryption", "srtp-without-tls", message, "add `transport: tls`, or delete `media_encryption`"


def _named(trunk: Trunk | None) -> str:
    return f'its trunk "{trunk.name}"' if trunk else "the trunk that is made for the stack"


def in_clear(trunk: Trunk, media_encryption: str) -> bool:
    """Tell whether the keys of encrypted calls travel in clear text: a custom trunk may, and nobody gains by it."""
    return trunk.provider == "custom" and media_encryption == "require" and trunk.transport != "tls"


_STATUS_KEY = "ringing_timeout_status"


def fallback_problems(inventory: Inventory) -> Iterator[Problem]:
    """Give what carriers refuse of the trunks' fallbacks; where it is that of `defaults`, it stands there, once."""
    made = {line.provider for line in inventory.lines.values() if trunk_of(inventory, line) is None}
    found: dict[tuple[str, str, str], Problem] = {}
    for trunk in (*inventory.trunks.values(), *(_made(inventory, provider) for provider in sorted(made))):
        own = inventory.has("trunks", trunk.name, "fallback")
        path = ("trunks", trunk.name, "fallback") if own else ("defaults", "fallback")
        who = f'trunk "{trunk.name}"' if trunk.name in inventory.trunks else f"the trunk of {trunk.name} lines"
        for _, rule, message, fix in CARRIERS[trunk.provider].fallback_findings(trunk) if trunk.fallback else ():
            problem = inventory.problem(path, rule, f"{who}: {message}", fix)
            found.setdefault((problem.message, *path[:2]), problem)
    yield from found.values()


def line_fallback(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """Give a status that a line has LiveKit refuse with, and after which its carrier asks no fallback."""
    carrier, fallback = CARRIERS[line.provider], fallback_of(inventory, line)
    trunk = trunk_of(inventory, line)
    status = line.options.get(_STATUS_KEY) or (trunk.options.get(_STATUS_KEY) if trunk else None)
    if fallback and line.inbound and status and carrier.fails_over and not carrier.fails_over(status):
        message = f"LiveKit would refuse its calls with {status}, after which {carrier.label} asks no fallback"
        yield _STATUS_KEY, "fallback", message, f"write {STATUS}, or delete `{_STATUS_KEY}`, which is {STATUS} then"


def idle_fallback(inventory: Inventory, line: Line) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Give, as warnings, that the fallback of `defaults` is not for a line, or that no agent's silence leads to one."""
    trunk = trunk_of(inventory, line)
    said = line.options.get(_STATUS_KEY) or (trunk.options.get(_STATUS_KEY) if trunk else None)
    if inventory.fallback and line.inbound and CARRIERS[line.provider].fails_over is None and not said:
        why = CARRIERS[line.provider].lacking_trunk_keys.get("fallback", "nothing of ours makes it ask another")
        message = f"the fallback of `defaults` is not for a {line.provider} line: {why}"
        of_trunk = f"write both, or `{_STATUS_KEY}` alone, which ends this warning"
        of_none = "nothing; or write `fallback` on the trunks of the others, in place of `defaults`"
        yield (), "fallback", message, of_trunk if CARRIERS[line.provider].has_trunks else of_none
    if not line.inbound or not fallback_of(inventory, line):
        return
    rules: list[tuple[tuple[str, ...], str, str]] = [((), "its callers", line.agent)]
    rules += [(("callers", one.name), f'the callers of "{one.name}"', one.agent) for one in line.callers]
    for path, whose, agent in rules:
        if asks_pin(inventory, agent):
            message = f"{whose} are asked for a PIN, so LiveKit has answered them: they take no fallback once it has"
            fix = "nothing, where it is for LiveKit that is down; else take `pin` off the agent"
            yield path, "fallback", message, fix


def _made(inventory: Inventory, provider: str) -> Trunk:
    fails_over = CARRIERS[provider].fails_over is not None
    return Trunk(name=provider, provider=provider, fallback=inventory.fallback if fails_over else "")
