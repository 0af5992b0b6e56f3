"""A case for every carrier of the sandbox, in a module of its name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sandbox.registry import CARRIERS
from tests.contract.cases import livekit
from tests.contract.cases.case import CarrierCase

CASES: Mapping[str, CarrierCase] = {name: import_module(f"tests.contract.cases.{name}").CASE for name in CARRIERS}
# Who sells numbers: a carrier, or LiveKit within its own project.
SELLERS: Mapping[str, CarrierCase] = {**CASES, "livekit": livekit.CASE}
