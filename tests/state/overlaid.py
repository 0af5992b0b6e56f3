"""States whose resources are no more as the last complete update listed them in the outputs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.state import fleet
from tests.state.state_file import written
from trunkline.audit.fleet import Difference
from trunkline.state import checkpoint
from trunkline.state.checkpoint import StackState

Said = dict[str, dict[str, Any]]
SAID = {line.id: fleet.resources(line) for line in fleet.LINES}
COMPLETE = StackState(outputs=fleet.outputs())


def left(change: Callable[[dict[str, Said]], object]) -> StackState:
    """The state whose outputs are of a complete update and whose resources were changed since."""
    said = copy.deepcopy(SAID)
    change(said)
    return checkpoint.parse(written(fleet.document(), said))


def differs(field: str, listed: str, found: str) -> Difference:
    return Difference(field=field, listed=listed, found=found)


def remapped(said: dict[str, Said], name: str = "support-agent") -> None:
    said["sales-us"]["DispatchRule"]["agents"][0]["agentName"] = name
