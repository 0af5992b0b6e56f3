"""What other stacks of the fleet have: trunks that this one borrows, and objects that it must leave alone. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from providers.dynamic.carried import callers
from providers.dynamic.choice import Choice, owners_of
from providers.dynamic.objects import ADOPTED
from providers.dynamic.ownership import own_trunks, owners_in
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.kinds import SWEPT_KINDS
from providers.port import OwnedNumber
from trunkline.model.tag import LONGEST, Tag

Facts = Mapping[str, Mapping[str, Any]]


def borrowed(survey: Survey, names: Iterable[str], facts: Facts) -> tuple[dict[str, str], list[Objection]]:
    """Find the trunks that other stacks own, by the tags that their owners may have given them."""
    found: dict[str, str] = {}
    reasons: list[Objection] = []
    for name in names:
        owner = Tag.of_trunk(survey.whose.scope, name).owner
        fact = facts.get(owner, {})
        names = [name for name in (owner, fact.get("former")) if name]
        tags = [str(Tag(scope, each)) for each in names for scope in fact.get("scopes", [survey.whose.scope])]
        trunks = [one for one in survey.objects.get("SipTrunk", ()) if one.tag in tags]
        domain = facts.get(owner, {}).get("domain")
        if len(trunks) == 1 and domain in (None, trunks[0].props["domainName"]):
            found[name] = trunks[0].id
        elif len(trunks) == 1:
            reasons.append(
                Objection(
                    f'trunk "{name}" has the domain {trunks[0].props["domainName"]} in the stack that owns it, and'
                    f" calls out would go to {domain}. Nothing was changed. Write its `domain_name` on the trunk, which"
                    " changes nothing there",
                    about=owner,
                )
            )
        elif trunks:
            reasons.append(
                Objection(
                    f'trunk "{name}" is owned by another stack, and several may be it:'
                    f" {', '.join(f'{one.id} ({one.tag})' for one in trunks)}. Nothing was changed. Delete those that"
                    " are not, or take their tags off at the vendor",
                    about=owner,
                )
            )
        else:
            reasons.append(_not_there(survey, name, owner, fact, tags))
    return found, reasons


def _not_there(survey: Survey, name: str, owner: str, fact: Mapping[str, Any], tags: Sequence[str]) -> Objection:
    """Say that no trunk carries a tag of its owner's; one at its domain may be it, under another name of the stack."""
    # All that the tags of a stack may name end in its name, but for the fleet's own.
    stack = fact["scopes"][0].rpartition("/")[2] if "scopes" in fact else "?"
    looked = f"Looked for a SIP trunk tagged {' or '.join(tags)}"
    at = [one for one in survey.objects.get("SipTrunk", ()) if one.props["domainName"] == fact.get("domain")]
    if at:
        return Objection(
            f'trunk "{name}" is owned by stack {stack}, which has none there, but SipTrunk {at[0].id} at its domain is'
            f" tagged {at[0].tag or 'by nobody'}. Nothing was changed. If the stack that made it was renamed, rename it"
            f" back: others look for its trunk under its name; else correct the `owner`. {looked}",
            about=owner,
        )
    return Objection(
        f'trunk "{name}" is owned by stack {stack} and is not there yet; run `pulumi up --stack {stack}` first.'
        f" {looked}",
        about=owner,
    )


def shared_name_reasons(survey: Survey, news: Mapping[str, Any]) -> list[Objection]:
    """Refuse what the file has and this stack's record has not, where it is tagged for the fleet's name alone.

    Another stack under that name made it: the line, or the trunk, has come from there and is not let go yet.
    """
    if not survey.whose.shared:
        return []
    tagged = unclear(survey)
    lines = {owner: name for name, wish in news["lines"].items() for owner in owners_of(name, wish)}
    return [
        Objection(
            f"{Tag(survey.whose.shared, owner).describe()} has {', '.join(tagged[owner])}. Several stacks may have that"
            " name, and this one has no record of it: it is another stack's. Nothing was changed. Run `pulumi up` there"
            " first: without it, if it moves here, else once with `pulumi config set trunkline:retag true`. If this"
            " stack has lost its state, do so here, for one update. If no stack has it any more, take the tag off at"
            " the vendor",
            line=lines.get(owner, ""),
            about=owner,
        )
        for owner in sorted(owners_in(news) & tagged.keys())
    ]


def searched_reasons(
    survey: Survey, news: Mapping[str, Any], choices: Mapping[str, Choice], facts: Facts
) -> list[Objection]:
    """Refuse to buy what a search found, where a stack that the file does not give the line has a number for it.

    The line moves here, or its `stacks` are mistyped: it would have two numbers, and one be paid for in vain.
    """
    buying = [name for name, choice in sorted(choices.items()) if choice.buys and "scopes" in facts.get(name, {})]
    held = strangers_numbers(survey) if buying else {}
    return [
        Objection(
            f"it searches for a number, and {number} is {tag.describe()} already. Nothing was changed, and no second"
            " number is bought for one line. If the line moves here, let that stack go on with it until it has applied"
            f' `removal: keep`, then write `phone_number: "{number}"` in place of `search`, and `adopt: true`; if'
            " another number will do, release that one there first. If both stacks are to have one, name both in its"
            " `stacks`; if this is another line, give it another name",
            line=name,
        )
        for name in buying
        for owner in owners_of(name, news["lines"][name])
        for number, tag in held.get(owner, ())
        if tag.fleet not in facts[name]["scopes"] and _is_beside(tag, facts[name]["beside"])
    ]


def _is_beside(tag: Tag, beside: Sequence[str]) -> bool:
    """Whether a tag is of a stack beside this one: by its name, or by the project and a slash."""
    return tag.fleet in beside or any(tag.fleet.startswith(each) for each in beside if each.endswith("/"))


def strangers_numbers(survey: Survey) -> dict[str, list[tuple[str, Tag]]]:
    """Give owner -> the numbers in the accounts that other stacks have for owners of that name, and whose they are."""
    found: dict[str, list[tuple[str, Tag]]] = {}
    for owned in survey.owned.values():
        for number, one in sorted(owned.items()):
            tag = Tag.parse(one.tag) or survey.claimant(number)
            if tag is not None and survey.whose.stranger(str(tag)):
                found.setdefault(tag.owner, []).append((number, tag))
    return found


def leaving_trunk_reasons(
    survey: Survey,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    wanted: Mapping[str, str],
    leaving: Collection[str],
) -> list[Objection]:
    """Refuse to give up a carrier's trunk that carries somebody else's numbers: its route would go before it does.

    `wanted`: line -> number of the file's lines, which move to another trunk of this carrier; what is ported stays on
    its former one until it has left that account. `leaving` are the numbers that are given up.
    """
    ours = {(news["lines"][name]["provider"], number) for name, number in wanted.items()}
    gone = own_trunks(olds) - own_trunks(news)
    reasons = []
    for one in survey.objects.get("SipTrunk", ()):
        owner = survey.owner_of(one.tag)
        name = Tag("", owner).trunk
        if owner not in gone or ADOPTED in one.notes or name in olds.get("adoptingTrunks", ()):
            continue
        left = sorted(
            number
            for provider, held in survey.owned.items()
            for number, each in held.items()
            if _is_on(each, one.id)
            and (name in news["borrowed"] or not ((provider, number) in ours or number in leaving))
        )
        if left:
            reasons.append(
                Objection(
                    f'trunk "{name}" is no longer this stack\'s in numbers.yaml, but SipTrunk {one.id} carries'
                    f" {', '.join(left)}. Nothing was changed. A trunk stays with the stack that made it: put it back"
                    " with this stack as its `owner`, which needs no line of its own for that, or first move these"
                    " numbers to another trunk; until one that is ported has left the account, the trunk stays in"
                    " the file"
                )
            )
    return reasons


def credential_reasons(survey: Survey, news: Mapping[str, Any], facts: Facts) -> list[Objection]:
    """Refuse to take user and password off a carrier's trunk over which lines of other stacks call out."""
    lists = {survey.owner_of(one.tag) for one in survey.objects.get("CredentialList", ())}
    outbound = [one for one in survey.objects.get("OutboundTrunk", ()) if survey.whose.stranger(one.tag)]
    reasons = []
    for one in survey.objects.get("SipTrunk", ()):
        owner = survey.owner_of(one.tag)
        makes = facts.get(owner, {}).get("makes", ())
        if owner not in own_trunks(news) & lists or not makes or "Credential" in makes:
            continue
        if numbers := callers(outbound, one):
            reasons.append(
                Objection(
                    f'trunk "{Tag("", owner).trunk}" has no user and password any more, but other stacks call out over'
                    f" SipTrunk {one.id}, as {', '.join(numbers)}. Nothing was changed. Put `auth_username` and"
                    " `auth_password` back, or first give those lines another trunk or `outbound: false`",
                    about=owner,
                )
            )
    return reasons


def _is_on(owned: OwnedNumber, trunk: str) -> bool:
    return owned.props.get("trunkSid") == trunk


def trunk_reasons(survey: Survey, news: Mapping[str, Any], facts: Facts) -> list[Objection]:
    """Refuse to make a SIP trunk at a domain that another stack's trunk has, or one that the file has no more."""
    domains = {facts.get(owner, {}).get("domain"): owner for owner in sorted(own_trunks(news))}
    taken = [
        (one, domains[one.props["domainName"]], stranger)
        for one in survey.objects.get("SipTrunk", ())
        if one.props["domainName"] in domains and (stranger := survey.whose.stranger(one.tag))
    ]
    return [
        Objection(
            f'trunk "{Tag(stranger.fleet, owner).trunk}" has the domain {one.props["domainName"]} of SipTrunk {one.id},'
            f" which belongs to {stranger.describe()}. Nothing was changed. A trunk stays with the stack that made it:"
            " name that stack as its `owner`, or choose another `domain_name`",
            about=owner,
        )
        for one, owner, stranger in taken
    ] + [
        Objection(
            f'trunk "{Tag("", owner).trunk}" has the domain {one.props["domainName"]} of SipTrunk {one.id}, which is'
            f' trunk "{former}" of this stack, and numbers.yaml has no such trunk any more. Nothing was changed.'
            f" Write `renamed_from: {former}` on it if it is the same trunk, else choose another `domain_name`",
            about=owner,
        )
        for one in survey.objects.get("SipTrunk", ())
        if (owner := domains.get(one.props["domainName"]))
        and (former := Tag("", survey.owner_of(one.tag)).trunk)
        and survey.owner_of(one.tag) not in own_trunks(news)
    ]


def length_reasons(survey: Survey, news: Mapping[str, Any]) -> list[Objection]:
    """Refuse a tag that vendors would cut. A line that has its tag already, without the stack's name, keeps it."""
    if not survey.whose.shared:
        return []
    new = owners_in(news) - (frozenset() if survey.whose.retags else survey.whose.accepted)
    lines = news["lines"]
    return [
        Objection(
            f'the tag "{tag}" has {len(str(tag))} characters, vendors keep {LONGEST}. Nothing was changed.'
            " Shorten the line's name",
            line=owner if owner in lines else "",
        )
        for owner in sorted(new)
        if not (tag := Tag(survey.whose.scope, owner)).fits and (owner in lines or Tag("", owner).trunk)
    ]


def unclear(survey: Survey, left: Iterable[str] = ()) -> dict[str, list[str]]:
    """Give owner -> "Kind id" of what carries the fleet's name alone and this stack does not have.

    `left`: owners that this stack has removed; what has outlived that may be anybody's.
    """
    shared, gone = survey.whose.shared, frozenset(left)
    found: dict[str, list[str]] = {}
    things = [(f"{kind} {one.id}", one.tag) for kind in SWEPT_KINDS for one in survey.objects.get(kind, ())]
    things += [(str(number), one.tag) for owned in survey.owned.values() for number, one in sorted(owned.items())]
    for what, tag in things:
        parsed = Tag.parse(tag)
        outlived = parsed.owner if parsed and shared and parsed.fleet == shared and parsed.owner in gone else ""
        if owner := survey.whose.shared_owner_of(tag) or outlived:
            found.setdefault(owner, []).append(what)
    return found
