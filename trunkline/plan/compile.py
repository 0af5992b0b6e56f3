"""An inventory and a site, compiled into the plan of one stack."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import AFTER_ROUTING, ROUTING_KINDS
from trunkline.errors import InventoryError, Problem
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.inventory.inventory import fallback_of, secret_keys, trunk_of
from trunkline.model.entries import Callers
from trunkline.model.spec import CallersFacts, Key, LineFacts, Plan, ResourceSpec, Site
from trunkline.model.tag import LONGEST
from trunkline.plan import caller_rules, fallbacks, logins, reach
from trunkline.plan.adoption import taken_over
from trunkline.plan.dispatch import agents_of
from trunkline.plan.gate import agent_facts, elsewhere_facts, file_facts, fleet_inputs, line_facts, trunk_facts
from trunkline.plan.lines import LiveKitGroup, livekit_resources, phone_number, shared, single


def compile_plan(inventory: Inventory, site: Site) -> Plan:
    """Give the resources that `inventory` (already of one stack) declares at `site`.

    The order is stable, and each resource stands after those that it refers to. Raises InventoryError with every
    problem that shows only here: tags that are too long, calls out without credentials, secrets that a carrier refuses.
    """
    trunks = {name: _trunk(inventory, line) for name, line in sorted(inventory.lines.items())}
    by_name = {trunk.name: trunk for trunk in trunks.values() if CARRIERS[trunk.provider].owns_trunks}
    groups = _groups(inventory, trunks, site)
    problems = [*_tag_problems(inventory, groups, site), *logins.lacking(inventory, trunks, site)]
    problems += [*_secret_problems(inventory, site), *logins.refused(inventory, trunks, site)]
    problems += [*_trunk_tag_problems(inventory, groups, site), *_rename_problems(inventory, site)]
    problems += fallbacks.problems(inventory, trunks, site)
    if problems:
        raise InventoryError(sorted(set(problems), key=_order))
    owned = _waiting(_resources(inventory, trunks, groups, site), site, groups.values())
    resources, adoption = taken_over(inventory, [*inventory.trunks.values(), *trunks.values()], groups, owned)
    beside = _siblings(inventory, site)
    return Plan(
        fleet=fleet_inputs(inventory, site, groups),
        resources=resources,
        lines={name: _facts(inventory, inventory.lines[name], group, site) for name, group in groups.items()},
        facts={
            **{name: line_facts(inventory, inventory.lines[name], trunks[name], site, beside) for name in groups},
            **file_facts(inventory),
            **agent_facts(inventory),
            **elsewhere_facts(inventory),
            **trunk_facts(inventory, site, {**inventory.trunks, **by_name}.values(), groups),
        },
        adoption=json.dumps(adoption, ensure_ascii=False, separators=(",", ":")),
        warnings=reach.warnings(inventory, trunks, site),
    )


def _siblings(inventory: Inventory, site: Site) -> frozenset[str]:
    """Give what the tags of the fleet's stacks may name: of those that the file names, and of all in the project.

    The latter as a beginning, with its slash, where this stack has the default name: under another one the tags of
    fleets that have nothing to do with it may begin alike.
    """
    stacks = {stack for line in (*inventory.lines.values(), *inventory.elsewhere.values()) for stack in line.stacks}
    named = {scope for stack in stacks for scope in site.scopes_of(stack)}
    return frozenset(named | ({f"{site.project}/"} if site.fleet == f"{site.project}/{site.stack}" else set()))


def _order(problem: Problem) -> tuple[int, int, str, str]:
    return problem.line, problem.column, problem.rule, problem.message


def _facts(inventory: Inventory, line: Line, group: LiveKitGroup, site: Site) -> LineFacts:
    """Which resources of the plan are the line's, for its outputs."""
    trunk, agents = group.trunk, agents_of(inventory, line)
    return LineFacts(
        line=line,
        agent=line.agent,
        agent_name=agents[0].agent_name if agents else "",
        further_agents=agents[1:],
        asks_pin=bool(agents and agents[0].options.get("pin")),
        sip_address=CARRIERS[trunk.provider].termination(trunk, site).address,
        sip_provider=line.sip_provider or trunk.sip_provider,
        inbound_trunk=("InboundTrunk", group.owner) if line.inbound and group.has_trunks else None,
        outbound_trunk=("OutboundTrunk", group.owner) if line.outbound else None,
        dispatch_rule=("DispatchRule", group.owner) if line.inbound else None,
        callers=tuple(_callers(inventory, group, entry) for entry in caller_rules.entries(group) if line.inbound),
        number=None if group.is_custom else ("PhoneNumber", line.name),
        allowed_addresses=line.allowed_addresses or trunk.allowed_addresses,
        adopts=group.adopts,
    )


def _callers(inventory: Inventory, group: LiveKitGroup, entry: Callers) -> CallersFacts:
    agents = tuple(inventory.agents[name] for name in entry.agents)
    return CallersFacts(
        name=entry.name,
        numbers=tuple(caller_rules.spelled(group.trunk.provider, entry)),
        agents=agents,
        rule=(caller_rules.KIND, caller_rules.name_of(group.owner, entry.name)),
    )


def _trunk(inventory: Inventory, line: Line) -> Trunk:
    """The line's trunk: the one it names, the only one of its carrier, its own inline one, or the implicit one."""
    return trunk_of(inventory, line) or Trunk(
        name=line.provider, provider=line.provider, fallback=fallback_of(inventory, line)
    )


def _groups(inventory: Inventory, trunks: dict[str, Trunk], site: Site) -> dict[str, LiveKitGroup]:
    members: dict[str, list[Line]] = {}
    for name, trunk in trunks.items():
        if trunk.shared:
            members.setdefault(trunk.name, []).append(inventory.lines[name])
    heirs = {trunk.name: name for name, trunk in reversed(trunks.items()) if trunk.name in inventory.trunks}
    return {
        name: shared(trunk, members[trunk.name], site)
        if trunk.shared
        else single(inventory.lines[name], trunk, site, heir=heirs.get(trunk.name) == name)
        for name, trunk in trunks.items()
    }


def _resources(
    inventory: Inventory, trunks: dict[str, Trunk], groups: dict[str, LiveKitGroup], site: Site
) -> Iterable[ResourceSpec]:
    made: set[Key] = set()

    def once(specs: Iterable[ResourceSpec]) -> Iterable[ResourceSpec]:
        for spec in specs:
            if spec.key not in made:
                made.add(spec.key)
                yield spec

    for trunk in (*(inventory.trunks[name] for name in sorted(inventory.trunks)), *trunks.values()):
        yield from once(CARRIERS[trunk.provider].trunk_resources(trunk, site))
    for name, group in groups.items():
        yield from once(livekit_resources(group, inventory, site))
        line = inventory.lines[name]
        if not group.is_custom:
            yield phone_number(line, group, site)


def _waiting(specs: Iterable[ResourceSpec], site: Site, groups: Iterable[LiveKitGroup]) -> Iterable[ResourceSpec]:
    """Let a trunk's route wait for rules where numbers may be on the trunk that no agent of ours answers yet.

    For its lines' rules where the trunk is adopted with what it carries; for all where LiveKit may be another project
    by now. A number waits for its own line's rule anyway. Always to wait would tie every line of a trunk to each: one
    that fails would hold up the others, and `destroy --target-dependents` of one rule would take the route along.
    """
    every = site.allow_account_change
    rules = [
        (group.trunk, rule)
        for group in groups
        if group.inbound
        for rule in (("DispatchRule", group.owner), *caller_rules.keys(group))
    ]
    if not any(every or trunk.adopt for trunk, _ in rules):
        return specs

    def awaited(route: str) -> tuple[Key, ...]:
        return tuple(dict.fromkeys(rule for trunk, rule in rules if every or (trunk.adopt and trunk.name == route)))

    ways = ROUTING_KINDS | AFTER_ROUTING
    order = sorted(specs, key=lambda spec: 2 if spec.kind == "PhoneNumber" else spec.kind in ways)
    return [
        replace(spec, depends_on=(*spec.depends_on, *awaited(spec.name))) if spec.kind in ROUTING_KINDS else spec
        for spec in order
    ]


def _tag_problems(inventory: Inventory, groups: dict[str, LiveKitGroup], site: Site) -> list[Problem]:
    """Under a name that names no stack, a line that exists may have a shorter tag: there the Fleet's check judges."""
    return [
        inventory.problem(
            ("numbers", name),
            "tag-too-long",
            f'the tag "{tag}" has {len(tag)} characters, vendors keep {LONGEST}',
            "shorten the line's name, or set a shorter `trunkline:fleet` before the first `pulumi up`",
        )
        for name, group in groups.items()
        if len(caller_rules.longest_tag(group, site.shared or site.scope)) > LONGEST
        for tag in (caller_rules.longest_tag(group, site.scope),)
    ]


def _trunk_tag_problems(inventory: Inventory, groups: dict[str, LiveKitGroup], site: Site) -> list[Problem]:
    """The tag of a carrier's trunk may be too long where those of its lines are not."""
    lines = {group.trunk.name: line for line, group in groups.items()}
    known = {group.trunk.name for group in groups.values() if not group.tag.fits}
    every = {**inventory.trunks, **{group.trunk.name: group.trunk for group in groups.values()}}
    made = {name for name, trunk in every.items() if CARRIERS[trunk.provider].trunk_resources(trunk, site)}
    tags = {name: fallbacks.longest_tag(every[name], site) for name in sorted(made - known)}
    return [
        inventory.problem(
            ("trunks", name) if name in inventory.trunks else ("numbers", lines[name]),
            "tag-too-long",
            f'the tag "{tag}" has {len(tag)} characters, vendors keep {LONGEST}',
            "shorten the trunk's name, or set a shorter `trunkline:fleet` before the first `pulumi up`",
        )
        for name, tag in tags.items()
        if len(tag) > LONGEST
    ]


def _rename_problems(inventory: Inventory, site: Site) -> list[Problem]:
    return [
        inventory.problem(("trunks", trunk.name, key), rule, f'trunk "{trunk.name}": {message}', fix)
        for trunk in inventory.trunks.values()
        if trunk.renamed_from
        for key, rule, message, fix in CARRIERS[trunk.provider].rename_findings(trunk, site)
    ]


def _secret_problems(inventory: Inventory, site: Site) -> list[Problem]:
    """Every config secret that the file names must be set, or the plan would be made with an empty password."""
    return [
        inventory.problem(
            path,
            "missing-config-secret",
            f'the config secret "{secret.name}" is not set in stack "{site.stack}"',
            f"run `pulumi config set --secret trunkline:{secret.name}`",
        )
        for path, secret in secret_keys(inventory)
        if secret.name not in site.config_secrets
    ]
