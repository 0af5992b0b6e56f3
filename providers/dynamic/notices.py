"""What the Fleet says beside every plan, refused or not: what is paid for, and what is not as it was declared."""

from __future__ import annotations

from collections.abc import Mapping

from providers.dynamic.choice import Choice
from providers.dynamic.leftovers import Leftovers
from providers.dynamic.runtime import Runtime
from providers.port import OwnedNumber


def tell(run: Runtime, left: Leftovers, choices: Mapping[str, Choice]) -> None:
    """Say what is paid for without being declared, and what is declared without being there."""
    for owner, owned in left.unclaimed.items():
        _tell_unclaimed(run, owner, owned)
    for name, choice in choices.items():
        if choice.vanished and not choice.renews:
            run.notice(
                f'{choice.number} of line "{name}" is not in its account any more. Set `repurchase: true` to buy it'
                " again, or mark the line `removal: release`, apply, and remove it."
            )


def _tell_unclaimed(run: Runtime, owner: str, owned: OwnedNumber) -> None:
    carriers = (carrier for carrier in run.vendors.carriers.values() if owned.number in run.owned(carrier.name))
    price = next((carrier.price(owned) for carrier in carriers), None)
    cost = f"{price} a month" if price else "at a price that the carrier does not say"
    run.notice(
        f'{owned.number} is owned, {cost}, for line "{owner}", which numbers.yaml no longer has. Put the line back,'
        " or put it back with `removal: release`, apply, and remove it."
    )
