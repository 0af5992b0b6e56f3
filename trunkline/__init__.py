"""Trunkline: the phone numbers of LiveKit voice agents as code.

What `__all__` names is for programs of others, is typed, and stays; docs/library.md has examples. All else may change
with any version. `providers`, `stacks` and `sandbox` are private: users' states and projects know their names, and no
program should.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trunkline.errors import InputError, InventoryError, Problem, SettingsError, TrunklineError
    from trunkline.inventory.inventory import Inventory, digest
    from trunkline.inventory.load import load, parse
    from trunkline.inventory.rules.advice import warnings
    from trunkline.outputs import StackOutputs
    from trunkline.outputs import from_json as read_outputs
    from trunkline.plan import Plan, Site, compile_plan

    __version__: str

# Name -> where it is, and what it is called there: imported when it is asked for, since `trunkline --help` needs none.
_PUBLIC = {
    **{name: ("trunkline.errors", name) for name in
       ("InputError", "InventoryError", "Problem", "SettingsError", "TrunklineError")},
    **{name: ("trunkline.inventory", name) for name in ("Inventory", "digest", "load", "parse", "warnings")},
    **{name: ("trunkline.plan", name) for name in ("Plan", "Site", "compile_plan")},
    "StackOutputs": ("trunkline.outputs", "StackOutputs"),
    "read_outputs": ("trunkline.outputs", "from_json"),
}  # fmt: skip

__all__ = [
    "InputError",
    "Inventory",
    "InventoryError",
    "Plan",
    "Problem",
    "SettingsError",
    "Site",
    "StackOutputs",
    "TrunklineError",
    "__version__",
    "compile_plan",
    "digest",
    "load",
    "parse",
    "read_outputs",
    "warnings",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata  # as slow as all that `trunkline --help` needs besides

        return metadata.version("trunkline")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'trunkline' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)
