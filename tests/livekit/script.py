"""A contract case as data: RPCs in turn, each with the one answer that it must get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.livekit.client import Answer, Client, Document, Refusal

ID = re.compile(r"(ST|SDR)_[2-9A-HJ-NP-Za-km-z]{12}")
NAME = re.compile(r"\$[a-z]+")


@dataclass(frozen=True)
class Step:
    """One RPC. In `request` and `answer`, `$name` stands for an id that the server chose in an earlier answer.

    The first answer with a name binds it; the next must show the same id.
    """

    rpc: str
    request: Document
    answer: Answer


@dataclass(frozen=True)
class Case:
    """Steps from an empty project on; `name` is a sentence about what the server does."""

    name: str
    steps: tuple[Step, ...]


def case(name: str, *steps: Step) -> Case:
    """A case."""
    return Case(name, steps)


def invalid(message: str) -> Refusal:
    """The refusal of a request that breaks a rule."""
    return Refusal(400, "invalid_argument", message)


def missing(message: str) -> Refusal:
    """The refusal of a request for what does not exist."""
    return Refusal(404, "not_found", message)


def play(client: Client, steps: tuple[Step, ...]) -> tuple[list[Answer], list[Answer]]:
    """Make the calls of a case in turn, up to the first wrong answer; gives the answers, and those expected."""
    ids: dict[str, str] = {}
    answers: list[Answer] = []
    expected: list[Answer] = []
    for step in steps:
        answers.append(client.call(step.rpc, _filled(step.request, ids)))
        _bind(step.answer, answers[-1], ids)
        expected.append(_filled(step.answer, ids))
        if answers[-1] != expected[-1]:
            break
    return answers, expected


def _bind(expected: Any, actual: Any, ids: dict[str, str]) -> None:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in expected.keys() & actual.keys():
            _bind(expected[key], actual[key], ids)
    elif isinstance(expected, str) and NAME.fullmatch(expected) and isinstance(actual, str) and ID.fullmatch(actual):
        ids.setdefault(expected, actual)


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Refusal):
        return Refusal(value.status, value.code, _filled(value.message, ids), value.meta)
    if isinstance(value, Mapping):
        return {key: _filled(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        # Lists come by ascending id, which no case can know beforehand.
        return sorted((_filled(item, ids) for item in value), key=_id_of)
    return NAME.sub(lambda found: ids.get(found[0], found[0]), value) if isinstance(value, str) else value


def _id_of(item: Any) -> str:
    return str(item.get("sip_trunk_id") or item.get("sip_dispatch_rule_id") or "") if isinstance(item, Mapping) else ""
