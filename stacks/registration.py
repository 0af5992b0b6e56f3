"""What the SDK does at each registration of a resource and need not: the cures leave what is registered as it is."""

from __future__ import annotations

import os
import pickle
from functools import wraps
from typing import Any, cast

import pulumi.log
import pulumi.runtime.resource as registering
from pulumi.dynamic import dynamic
from pulumi.runtime.proto import source_pb2

from trunkline import debug

_MARK = "_trunkline_bound"


def bound_pickling() -> None:
    """Make the SDK leave Python's pickler as it found it. Call it before the first resource; again changes nothing.

    `serialize_provider` (SDK 3.272.0) wraps `pickle._Pickler._batch_setitems` and never unwraps it. A provider whose
    pickle holds a dict then fails with RecursionError after a few hundred resources, which pulumi/pulumi#17803 saw.
    The pickled bytes stay the same.
    """
    original = dynamic.serialize_provider
    if hasattr(original, _MARK):
        return

    @wraps(original)
    def serialize_provider(provider: dynamic.ResourceProvider) -> Any:
        pickler: Any = pickle._Pickler
        untouched = pickler._batch_setitems, pickler.save_dict
        try:
            return original(provider)
        finally:
            pickler._batch_setitems, pickler.save_dict = untouched

    setattr(serialize_provider, _MARK, True)
    dynamic.serialize_provider = serialize_provider


def without_frames() -> None:
    """Register resources without the frames of the program. Call it before the first resource.

    `_get_stack_trace` (SDK 3.272.0) reads some 14 frames with their sources for each resource, and the engine keeps
    them in the state: over a third of it, with the folders of the machine that ran. All ours come from one loop.
    """
    registering._get_stack_trace = source_pb2.StackTrace


def without_debug_messages() -> None:
    """Tell the engine nothing of the SDK's own steps. Call it before the first resource; again changes nothing.

    The SDK (3.272.0) sends a debug message for each of four steps of a registration, in a call to the engine that it
    waits for: a quarter of what the program computed, with which the engine filled its logs. Only `--debug` shows them;
    with TRUNKLINE_DEBUG, which is set to look into a fault, they are sent.
    """
    if not os.environ.get(debug.VARIABLE):
        pulumi.log.debug = _nothing


def few_dependencies() -> None:
    """Register each resource with those of its dependencies alone that no other one has, and with none by property.

    Call it before the first resource; again changes nothing. What is waited for, the order of deletions, and what
    `--target-dependents` takes along stay: the engine follows dependencies to their end. By property it asks for them
    only where it deletes before it replaces, which no provider of ours wants. Both were a fifth of the state.
    """
    original: Any = registering.prepare_resource
    if hasattr(original, _MARK):
        return
    # By type and name, which the URN of a resource ends with: that URN is not known before it is registered.
    all_of: dict[tuple[str, str], set[str]] = {}

    async def prepare_resource(res: Any, ty: str, *others: Any) -> registering.ResourceResolverOperations:
        found: registering.ResourceResolverOperations = await original(res, ty, *others)
        all_of[ty, res._name] = found.dependencies
        further = {urn for each in found.dependencies for urn in all_of.get(_type_and_name(each), ())}
        # Where no property is named the engine takes each to depend on everything.
        one: dict[str, list[str]] = {name: [] for name in [*found.property_dependencies][:1]}
        return found._replace(dependencies=found.dependencies - further, property_dependencies=one)

    setattr(prepare_resource, _MARK, True)
    registering.prepare_resource = cast(Any, prepare_resource)


def _nothing(*_: Any, **__: Any) -> None:
    pass


def _type_and_name(urn: str) -> tuple[str, str]:
    _, _, type_, name = urn.split("::", 3)
    return type_.rpartition("$")[2], name
