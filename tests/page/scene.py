"""The fleet that the page shows in the tests: one line of each kind, with names that mean harm among them."""

from __future__ import annotations

from tests.api.serving import entry
from tests.state import fleet
from trunkline.outputs import Cost, Line
from trunkline.state.checkpoint import EMPTY, StackState

HOSTILE = '<img src=x onerror="document.title=1">'
UNANSWERED = fleet.SALES.model_copy(
    update={
        "id": "unanswered",
        "phone_number": "+16505550111",
        "agent": "",
        "agent_name": "",
        "dispatch_rule_id": "",
        "label": HOSTILE,
        "tags": {"team": "growth", "site": "</script><script>document.title=1</script>"},
        "number_id": "PN0003",
        "inbound_trunk_id": "ST_in_unanswered",
        "outbound_trunk_id": "",
        "outbound": False,
        "monthly_cost": Cost(amount="0.9", currency="EUR"),
    }
)
VANISHED = fleet.SUPPORT.model_copy(
    update={
        "id": "vanished",
        "phone_number": "+4915112345678",
        "number_id": "4915112345678",
        "status": "vanished",
        "monthly_cost": Cost(amount="0.99", currency="EUR"),
        "allowed_callers": ("+14155550100", "+14155550101"),
    }
)
LINES: tuple[Line, ...] = (*fleet.LINES, UNANSWERED, VANISHED)
EARLIER = StackState(outputs=fleet.outputs((fleet.SALES.model_copy(update={"agent": "support"}), fleet.SUPPORT)))
NOW = StackState(outputs=fleet.outputs(LINES))
ENTRIES = (entry(1, StackState(outputs=EMPTY), EARLIER), entry(2, EARLIER, NOW))
