"""What a pickled provider names is in users' states for ever: Delete and Read load the class that was saved there."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from pulumi.dynamic import ResourceProvider

from tests.wire.provider_process import PICKLES, dotted_path

REFERENCES: dict[str, str] = json.loads((Path(__file__).parents[1] / "golden/provider_refs.json").read_text())


def test_each_kind_is_pickled_as_the_reference_that_states_hold() -> None:
    assert {kind: dotted_path(pickled) for kind, pickled in PICKLES.items()} == REFERENCES


@pytest.mark.parametrize("reference", sorted(REFERENCES.values()))
def test_a_reference_still_leads_to_a_provider_that_holds_nothing(reference: str) -> None:
    module, _, name = reference.rpartition(".")
    provider = getattr(import_module(module), name)()
    assert isinstance(provider, ResourceProvider)
    assert vars(provider) == {}
    assert provider.serialize_as_secret_always is False
