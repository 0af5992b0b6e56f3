"""The Fleet's inputs: what the gate must know to judge an update, and nothing that an everyday edit changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import sip_uri
from trunkline.deployed import Called, to_text
from trunkline.inventory import Guard, Inventory, Line, Trunk
from trunkline.model.fallback import is_url, speaks_tls
from trunkline.model.spec import Site
from trunkline.model.tag import Tag, former_owners
from trunkline.plan import caller_rules, fallbacks
from trunkline.plan.adoption import follows, secure_route
from trunkline.plan.lines import LiveKitGroup


def fleet_inputs(inventory: Inventory, site: Site, groups: Mapping[str, LiveKitGroup]) -> Mapping[str, Any]:
    """Give the Fleet's inputs. `groups`: line -> the group that holds its LiveKit objects."""
    # A custom line's own inline trunk is named like the line and owns nothing beside it.
    used = {group.trunk.name for group in groups.values() if group.has_trunks}
    trunks = (used - set(inventory.lines)) | set(inventory.trunks)
    others = set(inventory.all_line_names) - set(inventory.lines)
    borrowed = {group.trunk.name for group in groups.values() if group.trunk.owner not in ("", site.stack)}
    adopting = sorted(name for name, trunk in inventory.trunks.items() if trunk.adopt and trunk.provider != "custom")
    renamed = {name: trunk.renamed_from for name, trunk in sorted(inventory.trunks.items()) if trunk.renamed_from}
    every = {**{group.trunk.name: group.trunk for group in groups.values()}, **inventory.trunks}
    guard = inventory.guard
    return {
        "fleet": site.fleet,
        "accounts": dict(sorted(site.accounts.items())),
        **({"sipHost": site.sip_host} if "livekit" in site.accounts and site.sip_host else {}),
        "baseUrls": {name: url for name, url in sorted(site.base_urls.items()) if url},
        "allowAccountChange": site.allow_account_change,
        "guard": {
            "maxPurchases": guard.max_purchases,
            "maxReleases": guard.max_releases,
            "maxMonthlyIncrease": {
                name: str(guard.max_monthly_increase[name]) for name in sorted(guard.max_monthly_increase)
            },
            **({"monthlyPrice": _prices(guard)} if guard.monthly_price else {}),
        },
        # Whose objects are no leftovers, beside the lines': edits of lines leave these lists as they are.
        "trunks": sorted(trunks),
        "otherLines": sorted(others),
        "borrowed": sorted(borrowed),
        # So that taking `adopt` off is known for what it is.
        **({"adoptingTrunks": adopting} if adopting else {}),
        **({"renamedTrunks": renamed} if renamed else {}),
        # Those of the trunks that follow what stands at the carrier which the check finds secure.
        **({"secureTrunks": []} if any(follows(inventory, trunk) for trunk in inventory.trunks.values()) else {}),
        **({"fallbacks": known} if (known := fallbacks.of_trunks(every, site)) else {}),
        **({"addressLists": lists} if (lists := _address_lists(every, site)) else {}),
        **({"callers": named} if (named := _callers(groups.values())) else {}),
        **({"accepted": accepted(inventory)} if inventory.accepted else {}),
        "lines": {name: _line(inventory, line, groups[name]) for name, line in sorted(inventory.lines.items())},
        **({"sharing": _sharing(inventory, site)} if site.shared else {}),
    }


def _address_lists(trunks: Mapping[str, Trunk], site: Site) -> dict[str, list[str]]:
    """Give trunk -> the IP access control lists that this stack puts on it."""
    own = {name: one for name, one in sorted(trunks.items()) if one.owner in ("", site.stack)}
    return {name: list(one.ip_access_control_lists) for name, one in own.items() if one.ip_access_control_lists}


def _callers(groups: Iterable[LiveKitGroup]) -> dict[str, list[str]]:
    """Give owner of tags -> the entries of its `callers`, each of which has a rule."""
    found = {group.tag.owner: [entry.name for entry in caller_rules.entries(group)] for group in groups}
    return {owner: found[owner] for owner in sorted(found) if found[owner]}


def _prices(guard: Guard) -> dict[str, dict[str, str]]:
    return {
        carrier: {currency: str(amount) for currency, amount in price.items()}
        for carrier, price in sorted(guard.monthly_price.items())
    }


def _sharing(inventory: Inventory, site: Site) -> dict[str, Any]:
    """Say what the check must know where other stacks may have the fleet's name, and does not record.

    `alone`: the file describes this stack alone. `owners`: all owners of tags in the whole file.
    """
    alone = set(inventory.all_line_names) == set(inventory.lines) and set(inventory.stacks) <= {site.stack}
    trunks = (Tag.of_trunk(site.scope, trunk).owner for trunk in inventory.all_trunk_names)
    return {
        "scope": site.scope,
        "retag": site.retag,
        "alone": alone,
        "owners": sorted({*inventory.all_line_names, *trunks}),
    }


def file_facts(inventory: Inventory) -> Mapping[str, Mapping[str, Any]]:
    """Give "file.<key>" -> where the refusals stand that are about no line of the file: the lines' key, the guard's."""
    keys = [("numbers",), *(("guard", name) for name in ("max_purchases", "max_releases", "max_monthly_increase"))]
    # A guard that the file does not write is that of our defaults: it would be written anywhere.
    return {
        f"file.{'.'.join(path)}": {
            "at": f"{inventory.path}:{inventory.place(*path).line}" if inventory.has(*path) else inventory.path
        }
        for path in keys
    }


def agent_facts(inventory: Inventory) -> Mapping[str, Mapping[str, Any]]:
    """Give "file.agents" -> whom the lines call by name, as one text (`trunkline.deployed`); {} where nobody."""
    called: dict[tuple[str, str], list[str]] = {}
    for name, line in sorted(inventory.lines.items()):
        for agent in (inventory.agents[key] for key in line.agents if key) if line.inbound else ():
            key = (agent.agent_name, str(agent.called.get("deployment", "")))
            if agent.agent_name and name not in called.setdefault(key, []):
                called[key].append(name)
    every = [Called(agent_name=name, deployment=where, lines=tuple(ls)) for (name, where), ls in sorted(called.items())]
    return {"file.agents": {"called": to_text(every)}} if every else {}


def trunk_facts(
    inventory: Inventory, site: Site, trunks: Iterable[Trunk], groups: Mapping[str, LiveKitGroup]
) -> Mapping[str, Mapping[str, Any]]:
    """Give owner of tags -> what the check needs to judge a carrier's trunk.

    `provider`: whose it is. `former`: the owner that its tags may name yet. `scopes`: what the tags of another stack
    that owns it may name, `lines`: the owners that those of its lines may. `domain`: where this stack makes it, or
    calls out. `makes`: the kinds of objects that it makes for it, none where it takes over what is there. `routes`:
    where its calls may be to go. `user`: with whom LiveKit calls out over it, where that is no secret. `recoveryUrl`:
    whom it asks about calls that nothing takes, where the file says it. `fallback`: the SIP URI that it is to ask after
    LiveKit. `follows`: there where its encryption is what it is at the carrier, with what in the file could not speak
    with a secure one.
    """
    facts: dict[str, dict[str, Any]] = {}
    calling = {group.trunk.name for group in groups.values() if group.outbound}
    for trunk in trunks:
        at = inventory.place("trunks", trunk.name)
        fact = facts[Tag.of_trunk(site.scope, trunk.name).owner] = {
            "at": f"{at.file}:{at.line}",
            "provider": trunk.provider,
        }
        if url := trunk.options.get("disaster_recovery_url"):
            fact["recoveryUrl"] = url
        fact |= _otherwise(trunk)
        for former in former_owners(trunk.renamed_from):
            fact["former"] = former
        if trunk.owner not in ("", site.stack):
            fact["scopes"] = list(site.scopes_of(trunk.owner))
            theirs = [line for line in inventory.elsewhere.values() if trunk.owner in line.stacks]
            fact["lines"] = sorted({name for line in theirs for name in (line.name, line.renamed_from) if name})
        own = trunk.owner in ("", site.stack)
        if follows(inventory, trunk):
            fact["follows"] = _in_clear(inventory, trunk, groups)
        carrier = CARRIERS[trunk.provider]
        if carrier.domain and (own or trunk.name in calling):
            fact["domain"] = carrier.domain(trunk, site)
        if specs := carrier.trunk_resources(trunk, site):
            fact["makes"] = [] if trunk.adopt else [spec.kind for spec in specs]
            route = next(spec.props["sipUrl"] for spec in specs if "sipUrl" in spec.props)
            user = next((spec.props["username"] for spec in specs if "username" in spec.props), None)
            if isinstance(user, str):
                fact["user"] = user
            fact["routes"] = [route, *([secure_route(route)] if follows(inventory, trunk) else [])]
    return facts


def _otherwise(trunk: Trunk) -> dict[str, str]:
    """Give whom a trunk is to ask after LiveKit, under the name of the means for it."""
    return {"recoveryUrl" if is_url(trunk.fallback) else "fallback": trunk.fallback} if trunk.fallback else {}


def routes(inventory: Inventory, site: Site) -> Mapping[str, Mapping[str, Any]]:
    """Give owner of tags -> where the calls of a carrier's trunk may be to go, and whom it asks, by the file alone."""
    facts: dict[str, Mapping[str, Any]] = {}
    for trunk in inventory.trunks.values():
        if CARRIERS[trunk.provider].domain is not None:
            route = sip_uri(site, trunk)
            facts[Tag.of_trunk(site.scope, trunk.name).owner] = {
                "routes": [route, secure_route(route)],
                "recoveryUrl": trunk.options.get("disaster_recovery_url", ""),
                **_otherwise(trunk),
                "user": trunk.auth_username if isinstance(trunk.auth_username, str) else "",
            }
    return facts


def _in_clear(inventory: Inventory, trunk: Trunk, groups: Mapping[str, LiveKitGroup]) -> list[str]:
    named = inventory.has("trunks", trunk.name, "transport") and trunk.transport != "tls"
    on_it = [inventory.lines[name] for name, group in sorted(groups.items()) if group.trunk.name == trunk.name]
    clear = (line.name for line in on_it if line.media_encryption == "disable")
    answering = {
        agent for line in on_it if line.inbound for agent in (line.agent, *(one.agent for one in line.callers))
    }
    agents = (name for name in sorted(answering) if inventory.agents[name].options.get("media_encryption") == "disable")
    then = bool(trunk.fallback) and not is_url(trunk.fallback) and not speaks_tls(trunk.fallback)
    return [
        *([f"its `transport: {trunk.transport}`"] if named else []),
        *([f"its `fallback: {trunk.fallback}` (write it with `;transport=tls`)"] if then else []),
        *(f'the `media_encryption: disable` of line "{name}"' for name in clear),
        *(f'the `media_encryption: disable` of agent "{name}"' for name in agents),
    ]


def accepted(inventory: Inventory) -> list[dict[str, Any]]:
    """Give what may stand beside the lines; `elsewhere` where that may be the lines of another stack of the file."""
    several = bool(set(inventory.all_line_names) - set(inventory.lines))
    return [
        {"id": one.id, "reason": one.reason, **({"elsewhere": True} if several and len(one.stacks) != 1 else {})}
        for one in inventory.accepted
    ]


def elsewhere_facts(inventory: Inventory) -> Mapping[str, Mapping[str, Any]]:
    """Give "file.elsewhere" -> the lines that the file gives to other stacks, as one text; {} where it gives none.

    JSON of line -> its place, its stacks as the file writes them, and whether it searches for its number there.
    """
    found = {
        name: [f"{(at := inventory.place('numbers', name)).file}:{at.line}", ", ".join(line.stacks), bool(line.search)]
        for name, line in sorted(inventory.elsewhere.items())
    }
    return {"file.elsewhere": {"lines": json.dumps(found, ensure_ascii=False)}} if found else {}


def line_facts(inventory: Inventory, line: Line, trunk: Trunk, site: Site, beside: Iterable[str]) -> Mapping[str, Any]:
    """Give what the check needs to judge a line and the Fleet's record does not keep, so that an edit is no change.

    `at`: where the line stands, as "numbers.yaml:12". `country`: that of the number or of the search, as the file says
    it or as the number shows it. `inbound`: whether calls are to come in. `giveUp`: the number that it gives up, where
    it does. `portedFrom`: the carrier that had its number, where it was ported.
    `addressSid`, `bundleSid`, `emergencyAddressSid`: the papers that a purchase names, where the line has any. `trunk`,
    `formerTrunk`: the declared trunk that it is on, and what that was called. `scopes`: of a search, what the tags of
    the stacks that have the line may name, each with a number of its own; `beside`: those of siblings.
    """
    at = inventory.place("numbers", line.name)
    searching = {
        "scopes": sorted({scope for stack in line.stacks for scope in site.scopes_of(stack)}),
        "beside": sorted(beside),
    }
    given_up = {"giveUp": str(line.give_up)} if line.give_up else {}
    ported = {"portedFrom": line.ported_from} if line.ported_from else {}
    papers = {
        "addressSid": line.address_sid,
        "bundleSid": line.bundle_sid,
        "emergencyAddressSid": line.emergency_address_sid,
    }
    named = {name: sid for name, sid in papers.items() if sid}
    known = {
        "at": f"{at.file}:{at.line}",
        "country": line.country,
        "inbound": line.inbound,
        "outbound": line.outbound,
        "names": [name for name in (line.name, line.renamed_from) if name],
        **given_up,
        **ported,
        **named,
        **(searching if line.search and line.stacks else {}),
    }
    if trunk.name not in inventory.trunks:
        return known
    return {**known, "trunk": trunk.name, **({"formerTrunk": trunk.renamed_from} if trunk.renamed_from else {})}


def _line(inventory: Inventory, line: Line, group: LiveKitGroup) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "provider": line.provider,
        "removal": line.removal,
        "adopt": line.adopt or (group.is_custom and group.trunk.adopt),
    }
    if line.number:
        wanted["number"] = str(line.number)
    if line.search:
        search = line.search
        wanted["search"] = {
            key: value
            for key, value in (
                ("country", search.country),
                ("areaCode", search.area_code),
                ("contains", search.contains),
                ("type", search.type),
                ("region", search.region),
                ("locality", search.locality),
                ("postalCode", search.postal_code),
            )
            if value
        }
    if line.repurchase:
        wanted["repurchase"] = True
    if line.clear_emergency_address:
        wanted["clearEmergencyAddress"] = True
    if line.renamed_from:
        wanted["renamedFrom"] = line.renamed_from
    if otherwise := fallbacks.of_line(inventory, line, group.trunk):
        wanted["fallback"] = otherwise
    if not group.line:
        wanted["sharedTrunk"] = group.trunk.name
    if group.is_custom and not group.inbound:
        wanted["outboundOnly"] = True
    return wanted
