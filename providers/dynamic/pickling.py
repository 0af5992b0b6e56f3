"""Registering many dynamic resources: the SDK's pickling of a provider nests one level deeper with each resource."""

from __future__ import annotations

import pickle
from functools import wraps
from typing import Any

import pulumi.dynamic.dynamic as sdk

_MARK = "_trunkline_bound"


def bound_pickling() -> None:
    """Make the SDK leave Python's pickler as it found it. Call it before the first resource; again changes nothing.

    `serialize_provider` (SDK 3.272.0) wraps `pickle._Pickler._batch_setitems` and never unwraps it. A provider whose
    pickle holds a dict then fails with RecursionError after a few hundred resources, which pulumi/pulumi#17803 saw.
    The pickled bytes stay the same.
    """
    original = sdk.serialize_provider
    if hasattr(original, _MARK):
        return

    @wraps(original)
    def serialize_provider(provider: sdk.ResourceProvider) -> Any:
        pickler: Any = pickle._Pickler
        untouched = pickler._batch_setitems, pickler.save_dict
        try:
            return original(provider)
        finally:
            pickler._batch_setitems, pickler.save_dict = untouched

    setattr(serialize_provider, _MARK, True)
    sdk.serialize_provider = serialize_provider
