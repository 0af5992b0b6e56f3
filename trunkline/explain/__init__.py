"""Which trunk, rule and agent a call hits, or exactly why none: by the file, by the state, or by what is there.

Each source gives a `Switchboard`; `board.py` puts the call to the call model of `trunkline/calls/`. Pure.
"""

from trunkline.explain.board import Answer, Extension, Switchboard, explain
from trunkline.explain.inventories import of_inventory
from trunkline.explain.states import of_state

__all__ = ["Answer", "Extension", "Switchboard", "explain", "of_inventory", "of_state"]
