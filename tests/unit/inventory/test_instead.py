"""What is advised for a scalar that was refused is accepted once it is written."""

from __future__ import annotations

import re

import pytest

from trunkline.errors import InventoryError, Problem
from trunkline.inventory import parse

FILE = """\
version: 1
guard: {{max_purchases: {max_purchases}, max_monthly_increase: {{USD: {amount}}}}}
agents: {{support: {{agent_name: support-agent, metadata: {{free: {free}}}}}}}
numbers:
  office:
    provider: custom
    sip_address: sip.example.com
    phone_number: {phone_number}
    agent: support
    country: {country}
    label: {label}
    krisp_enabled: {krisp_enabled}
    max_call_duration: {max_call_duration}
    media_encryption: {media_encryption}
"""
SOUND = {
    "max_purchases": "1",
    "amount": "9.50",
    "free": "word",
    "phone_number": '"+442071234567"',
    "country": "GB",
    "label": "Office",
    "krisp_enabled": "true",
    "max_call_duration": "30",
    "media_encryption": "disable",
}


def problems(key: str, value: str) -> list[Problem]:
    try:
        parse(FILE.format(**{**SOUND, key: value}), "numbers.yaml")
    except InventoryError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("key", "written", "fix"),
    [
        ("krisp_enabled", "yes", "write true, without quotes"),
        ("krisp_enabled", "OFF", "write false, without quotes"),
        ("krisp_enabled", "1e5", "write true or false, without quotes"),
        ("max_call_duration", "1_000", "write digits alone, without quotes"),
        ("max_call_duration", "+30", "write digits alone, without quotes"),
        ("max_purchases", "010", "write digits alone, without quotes"),
        ("amount", "1e1", "write a number such as 25 or 9.50"),
        ("media_encryption", "on", "write disable, allow or require"),
        ("label", "2024-01-01", 'quote it: "2024-01-01"'),
        ("country", "NO", 'quote it: "NO"'),
        ("free", "yes", 'quote it: "yes"'),
        ("phone_number", "+442071234567", 'quote it: "+442071234567"'),
        (
            "phone_number",
            "0044207",
            'write a plus, the country code and the number, without spaces, in quotes: "+16505551234"',
        ),
    ],
)
def test_a_refused_scalar_is_told_what_its_key_takes(key: str, written: str, fix: str) -> None:
    (problem,) = problems(key, written)
    assert (problem.rule in ("ambiguous-scalar", "unquoted-number"), problem.fix) == (True, fix)


@pytest.mark.parametrize(
    ("key", "written"),
    [("krisp_enabled", "yes"), ("krisp_enabled", "no"), ("label", "1e5"), ("label", "NO"), ("free", "0x1")],
)
def test_what_is_advised_is_accepted(key: str, written: str) -> None:
    (problem,) = problems(key, written)
    advised = re.sub(r"^(quote it: |write )|, without quotes$", "", problem.fix)
    assert problems(key, advised) == []
