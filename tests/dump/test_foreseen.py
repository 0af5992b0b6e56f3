"""What the file takes of many objects is found out by a few readings, and comes out as by one of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench import fleet
from tests.dump.proof import hold
from tests.support.world import Stack, World
from trunkline.dump import compose, text
from trunkline.inventory import parse

Readings = list[str]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    read = Readings()

    def counted(file: str, name: str) -> Any:
        read.append(file)
        return parse(file, name)

    monkeypatch.setattr(text, "parse", counted)
    monkeypatch.setattr(text, "_known", {})
    return read


def line(number: str) -> dict[str, str]:
    return {"phone_number": number, "provider": "custom", "sip_address": "sip.example.com", "agent": "a"}


def numbers(count: int) -> list[str]:
    return [f"+1650555{2000 + at}" for at in range(count)]


def test_one_of_many_that_the_file_refuses_is_found_by_halves(readings: Readings) -> None:
    wishes = [line(number) for number in [*numbers(40), "+1650555", *numbers(64)[40:63]]]
    text.foresee("numbers", wishes)
    assert len(readings) == 1 + 2 * 6
    taken = [text.is_accepted("numbers", **wish) for wish in wishes]
    assert (taken.index(False), taken.count(False), len(readings)) == (40, 1, 13)


def test_two_that_cannot_stand_beside_each_other_are_taken_each_by_itself(readings: Readings) -> None:
    wishes = [{**line("+16505552000"), "label": label} for label in ("one", "two")]
    text.foresee("numbers", wishes)
    assert [text.is_accepted("numbers", **wish) for wish in wishes] == [True, True]
    assert len(readings) == 3


def test_a_dump_of_five_times_the_lines_reads_no_more_often(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(lines: int) -> int:
        world = World()
        Stack(world).up(fleet.of(lines))
        text_of = json.dumps(world.sandbox.snapshot())
        world.sandbox.restore(json.loads(text_of.replace("trunkline:", "former:")))
        monkeypatch.setattr(text, "_known", {})
        readings.clear()
        assert len(compose(hold(world)).lines) == lines
        return len(readings)

    assert read(50) == read(10)
