"""numbers.yaml: its values, its loading and its checks."""

from trunkline.inventory.inventory import Inventory, Place, digest, trunk_of
from trunkline.inventory.load import load, parse
from trunkline.inventory.rules.advice import warnings
from trunkline.model.entries import (
    Agent,
    Guard,
    Line,
    MediaEncryption,
    NumberType,
    Removal,
    Search,
    SecretRef,
    Transport,
    Trunk,
)

__all__ = [
    "Agent",
    "Guard",
    "Inventory",
    "Line",
    "MediaEncryption",
    "NumberType",
    "Place",
    "Removal",
    "Search",
    "SecretRef",
    "Transport",
    "Trunk",
    "digest",
    "load",
    "parse",
    "trunk_of",
    "warnings",
]
