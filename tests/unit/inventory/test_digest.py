"""The digest follows the meaning, not the writing."""

from __future__ import annotations

import pytest

from trunkline.inventory import digest, parse

BASE = """\
version: 1
guard: {max_purchases: 5, max_monthly_increase: {USD: 25, EUR: 10}}
agents:
  support: {agent_name: support-agent, metadata: {a: 1, b: [x, y]}}
defaults: {provider: twilio}
numbers:
  one: {phone_number: "+16505551231", agent: support, tags: {a: b, c: d}}
  two: {search: {country: US, area_code: 650}, agent: support}
"""


def of(text: str) -> str:
    return digest(parse(text, "numbers.yaml"))


def test_it_is_a_sha_256_in_hex() -> None:
    assert len(bytes.fromhex(of(BASE))) == 32


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("version: 1\n", "# a comment\n\nversion: 1 # another\n"),
        ('"+16505551231"', "'+16505551231'"),
        ("{USD: 25, EUR: 10}", "{EUR: 10.0, USD: 25.00}"),
        ("{a: 1, b: [x, y]}", "{b: [x, y], a: 1}"),
        ("area_code: 650", 'area_code: "650"'),
        ("max_purchases: 5", "max_purchases: 5, max_releases: 1"),
        ("defaults: {provider: twilio}", "defaults: {provider: twilio, krisp_enabled: false}"),
        ("search: {country: US, area_code: 650}", "country: US, search: {area_code: 650}"),
        (
            '  one: {phone_number: "+16505551231", agent: support, tags: {a: b, c: d}}\n',
            '  one:\n    tags: {c: d, a: b}\n    agent: support\n    phone_number: "+16505551231"\n',
        ),
    ],
)
def test_another_way_to_write_the_same_keeps_it(written: str, otherwise: str) -> None:
    assert written in BASE
    assert of(BASE.replace(written, otherwise)) == of(BASE)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("max_purchases: 5", "max_purchases: 6"),
        ("USD: 25", "USD: 25.01"),
        ("a: 1,", "a: 2,"),
        ("[x, y]", "[y, x]"),
        ("support-agent", "other-agent"),
        ("+16505551231", "+16505551232"),
        ("a: b", "a: e"),
        ("  two:", "  three:"),
        ("area_code: 650", "area_code: 651"),
        ("{provider: twilio}", "{provider: vonage}"),
    ],
)
def test_another_meaning_changes_it(written: str, otherwise: str) -> None:
    assert written in BASE
    assert of(BASE.replace(written, otherwise)) != of(BASE)


def test_a_key_that_came_later_changes_the_digest_of_files_that_use_it_alone() -> None:
    """The digest is an output: an upgrade of Trunkline must not look like an edit."""
    assert of(BASE) == of(BASE + "accepted: []\n")
    assert of(BASE) == "a4a3dd99d1f634472bd1e58981aa8f12ca1206097121c8228666df8bd2ab66b3"
    assert of(BASE + "accepted: [{id: SDR_1, reason: a}]\n") not in (
        of(BASE),
        of(BASE + "accepted: [{id: SDR_1, reason: b}]\n"),
    )
