"""Which trunk carries a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trunkline.model.entries import Line, Trunk

if TYPE_CHECKING:
    from trunkline.inventory.inventory import Inventory


def trunk_of(inventory: Inventory, line: Line) -> Trunk | None:
    """Give the trunk that carries `line`.

    A custom line that brings its own address gets a trunk of that, named like the line. None stands for the trunk that
    is made (or implied) for the stack where the file has none of the line's provider.
    """
    if line.trunk:
        return inventory.trunks[line.trunk]
    if line.provider == "custom":
        return own_trunk(line)
    return next((trunk for trunk in inventory.trunks.values() if trunk.provider == line.provider), None)


def own_trunk(line: Line) -> Trunk:
    """Make the trunk that a custom line spells out in itself; its allowed addresses and headers stay the line's."""
    return Trunk(
        name=line.name,
        provider="custom",
        sip_address=line.sip_address,
        sip_provider=line.sip_provider,
        transport=line.transport,
        auth_username=line.auth_username,
        auth_password=line.auth_password,
        inbound_auth=line.inbound_auth,
        adopt=line.adopt,
    )
