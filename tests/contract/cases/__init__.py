"""A case for every carrier of the sandbox, in a module of its name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sandbox.registry import CARRIERS
from tests.contract.cases.case import CarrierCase

CASES: Mapping[str, CarrierCase] = {name: import_module(f"tests.contract.cases.{name}").CASE for name in CARRIERS}
