"""All planted bugs."""

from __future__ import annotations

from tests.faults.mutant import Mutant
from tests.faults.planted_adopted import ADOPTED_RULES
from tests.faults.planted_adoption import ADOPTION_RULES
from tests.faults.planted_approval import APPROVAL
from tests.faults.planted_callers import CALLERS
from tests.faults.planted_comparison import COMPARISON
from tests.faults.planted_component import COMPONENT
from tests.faults.planted_doors import DOORS
from tests.faults.planted_dump import DUMP
from tests.faults.planted_editing import EDITING
from tests.faults.planted_fallback import FALLBACK
from tests.faults.planted_fields import FIELDS
from tests.faults.planted_gate import GATE
from tests.faults.planted_host import HOST
from tests.faults.planted_left import LEFT
from tests.faults.planted_livekit_numbers import LIVEKIT_NUMBERS
from tests.faults.planted_money import MONEY
from tests.faults.planted_moves import MOVES
from tests.faults.planted_neighbours import NEIGHBOUR_RULES
from tests.faults.planted_objects import OBJECT_RULES
from tests.faults.planted_offline import OFFLINE
from tests.faults.planted_orders import ORDERS
from tests.faults.planted_parts import PARTS
from tests.faults.planted_redaction import REDACTION
from tests.faults.planted_stacks import STACKS
from tests.faults.planted_telling import TELLING
from tests.faults.planted_unseen import UNSEEN
from tests.faults.planted_verbs import VERBS

MUTANTS: tuple[Mutant, ...] = (
    *MONEY,
    *ORDERS,
    *OBJECT_RULES,
    *GATE,
    *ADOPTION_RULES,
    *ADOPTED_RULES,
    *DUMP,
    *COMPARISON,
    *OFFLINE,
    *EDITING,
    *PARTS,
    *STACKS,
    *TELLING,
    *REDACTION,
    *NEIGHBOUR_RULES,
    *UNSEEN,
    *HOST,
    *COMPONENT,
    *LEFT,
    *VERBS,
    *MOVES,
    *APPROVAL,
    *DOORS,
    *FIELDS,
    *FALLBACK,
    *CALLERS,
    *LIVEKIT_NUMBERS,
)
