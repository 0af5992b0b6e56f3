"""What the Fleet says beside every plan, refused or not: what is paid for, and what is not as it was declared."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from providers.dynamic.choice import CUSTOM, Choice, owners_of
from providers.dynamic.leftovers import PATIENCE, Leftovers
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import OwnedNumber
from trunkline.model.tag import Tag
from trunkline.money import Money


def tell(
    run: Runtime,
    left: Leftovers,
    removed: Mapping[str, str],
    going_on: Container[str],
    choices: Mapping[str, Choice],
    lines: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, Mapping[str, Any]],
    belated: Mapping[str, str],
) -> None:
    """Say what is paid for without being declared, and what is declared without being there.

    `removed`: the lines whose removal was begun; `going_on`: the owners of which an object is there. `lines`, `facts`:
    what the file says of each, recorded or not. `belated`: number -> line of the owned ones that carry the tag of a
    line which has another number.
    """
    for number, name in belated.items():
        run.notice(
            f'{number} is owned and carries the tag of line "{name}", which has {choices[name].number}: it was given'
            " up, and came after all. Release it at the carrier, or take its tag off there and adopt it by a line of"
            " its own."
        )
    for owner, owned in left.unclaimed.items():
        _tell_unclaimed(run, owner, owned, is_leaving=owner in removed, is_alone=owner not in going_on)
    for name, choice in choices.items():
        if choice.vanished and run.allow_account_change:
            provider = lines[name]["provider"]
            run.notice(
                f'{choice.number} of line "{name}" is not in the new {provider} account. Move it there, and'
                " run `pulumi up` again before `trunkline:allowAccountChange` is taken out."
            )
        elif choice.vanished and not choice.renews and not lines[name].get("repurchase"):
            run.notice(
                f'{choice.number} of line "{name}" is not in its account any more. Set `repurchase: true` to buy it'
                " again, or mark the line `removal: release`, apply, and remove it."
            )
        # Of a custom line no carrier's account is meant: where one has its number, that stays as it is.
        own = choice.held and choice.acquisition != CUSTOM
        for carrier in _also_at(run, choice.number, lines[name]["provider"]) if own else ():
            run.notice(
                f'{choice.number} of line "{name}" is in the {carrier} account too, and paid for there.'
                f" {_its_end(carrier, facts.get(name, {}))}"
            )
        if choice.pending:
            run.notice(f'{choice.number} of line "{name}" is not active yet: it waits for {choice.pending}.')
        if choice.candidate:
            provider = lines[name]["provider"]
            run.notice(
                f'line "{name}" buys a number like {choice.number}: {provider} answers every search with another sample'
                f' of what it offers. To buy this very one, write `phone_number: "{choice.number}"` in place of its'
                " `search`."
            )
        if choice.ordered:
            _tell_on_order(run, name, choice, lines[name]["provider"])


def _also_at(run: Runtime, number: str, provider: str) -> list[str]:
    """Name the further carriers whose accounts show a number, as while it is ported."""
    others = (name for name in sorted(run.vendors.carriers) if name != provider and name not in run.silent)
    return [name for name in others if number in run.owned(name)]


def _its_end(carrier: str, facts: Mapping[str, Any]) -> str:
    """Say what becomes of a number in a second account: it leaves the one that the file says it is ported from."""
    if facts.get("portedFrom") == carrier:
        return "It leaves that account when its port is done; where it stays, release it there yourself."
    return "Unless a port of it is under way, release it there yourself."


def tell_used(run: Runtime, used: Iterable[str], choices: Mapping[str, Choice]) -> None:
    """Say that a `repurchase: true` which stayed in the file buys nothing any more."""
    for name in sorted(set(used) & choices.keys()):
        gone = " It is gone again, and was not bought." if choices[name].vanished else ""
        run.notice(
            f'`repurchase: true` of line "{name}" has bought {choices[name].number} again, and buys it once. Take it'
            f" out of the file and apply; written anew it buys once more.{gone}"
        )


def _tell_on_order(run: Runtime, name: str, choice: Choice, provider: str) -> None:
    since = f"since {choice.since}, " if choice.since else ""
    run.notice(
        f'{choice.number} of line "{name}" may be on order at {provider}, {since}{_priced(choice.cost)}: it was asked'
        " for, and is neither in the account nor on offer. Nothing else is bought for the line; it is taken as soon as"
        f" it shows. If {provider} says that it never came, {_way_out(choice)}."
    )


def _way_out(choice: Choice) -> str:
    """A line that has had its number takes no other one, whatever it gives up."""
    if choice.vanished:
        return (
            "take `repurchase` out of the line: it is without its number then, and a number never changes; for another"
            " one add a new line"
        )
    return f'write `give_up: "{choice.number}"` on the line'


def tell_waiting(run: Runtime, survey: Survey, waits: Mapping[str, int]) -> None:
    """Say of leftovers which number they wait for, so that nobody takes what may be paid for as gone."""
    for owner, since in waits.items():
        until = datetime.fromtimestamp(since + PATIENCE, UTC).strftime("%Y-%m-%d %H:%M UTC")
        for claim in survey.asked_for((owner,)):
            run.notice(
                f"{claim.number} may be on order for {_whose(owner)}, which numbers.yaml no longer has."
                f" What it has at LiveKit stays until {until}, since nothing else would tell that the line asked for"
                " it; the first `pulumi up` after that removes it."
            )


def tell_chosen(run: Runtime, leaving: Mapping[str, tuple[str, str]]) -> None:
    """Say of lines that leave what was chosen for them and is in the account: line -> provider and number."""
    for name, (provider, number) in leaving.items():
        run.notice(
            f'{number}, which was chosen for line "{name}", is in the {provider} account, and neither a tag nor'
            " anything at LiveKit says that it was bought for the line, which numbers.yaml no longer has. It is left as"
            " it is. Where nobody else bought it, release it at the carrier, or take it by a line with"
            f' `phone_number: "{number}"` and `adopt: true`.'
        )


def tell_idle_searches(
    run: Runtime, olds: Mapping[str, Any], lines: Mapping[str, Mapping[str, Any]], choices: Mapping[str, Choice]
) -> None:
    """Say of each search that was edited that it finds nothing any more: what was chosen for a line stays chosen."""
    recorded = olds.get("lines", {})
    for name, choice in choices.items():
        old: Mapping[str, Any] = next((recorded[one] for one in owners_of(name, lines[name]) if one in recorded), {})
        edited = "search" in lines[name] and old.get("search") != lines[name]["search"]
        if not edited or old.get("phoneNumber") != choice.number or choice.ordered:
            continue
        if choice.buys:
            what, way = "was chosen for it", f'To search anew, write `give_up: "{choice.number}"` on the line'
        else:
            what = "is its number"
            way = "For another number add a new line, and mark this one `removal: release` or `keep`"
        run.notice(f'The edited `search` of line "{name}" changes nothing: {choice.number} {what}. {way}.')


def _priced(price: Money | None) -> str:
    return f"{price} a month" if price else "at a price that the carrier does not say"


def tell_unclear(run: Runtime, tagged: Mapping[str, Sequence[str]], known: Iterable[str]) -> None:
    """Say what nobody sweeps: tags of the fleet's name alone, of owners that neither record nor file (`known`) has."""
    for owner in sorted(tagged.keys() - set(known)):
        run.notice(
            f"Tagged for {owner} of the fleet, without a stack's name: {', '.join(tagged[owner])}. Neither this stack's"
            " record nor numbers.yaml has it, so it was left as it is: another stack made it, or an interrupted run."
            " Where it still stands when every stack of the fleet was updated once with `trunkline:retag` true, it is"
            " nobody's: remove it at the vendor."
        )


def _whose(owner: str) -> str:
    trunk = Tag("", owner).trunk
    return f'a line of trunk "{trunk}"' if trunk else f'line "{owner}"'


def _tell_unclaimed(run: Runtime, owner: str, owned: OwnedNumber, *, is_leaving: bool, is_alone: bool) -> None:
    told = (carrier for carrier in run.vendors.carriers.values() if carrier.name not in run.silent)
    carriers = (carrier for carrier in told if owned.number in run.owned(carrier.name))
    price = next((carrier.price(owned) for carrier in carriers), None)
    held, whose = f"{owned.number} is owned, {_priced(price)},", _whose(owner)
    if is_leaving and not is_alone:
        run.notice(
            f"{held} for {whose}, whose removal was begun and did not come to its end. This update goes on with it."
        )
    elif is_leaving:
        run.notice(
            f"{held} for {whose}, of which nothing else is there any more, nor does the state have it. Release it at"
            f' the carrier, or take it by a line with `phone_number: "{owned.number}"` and `adopt: true`.'
        )
    else:
        run.notice(
            f"{held} for {whose}, which numbers.yaml no longer has. Put the line back, or put it back with"
            " `removal: release`, apply, and remove it."
        )
