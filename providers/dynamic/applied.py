"""What earlier updates applied that the Fleet's record alone does not tell: marks by `--target`, repurchases done.

Pure but for what this process has read of the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey

MARK, RENEWS, USED, UNSEEN = "removal", "renews", "repurchased", "unseen"
"""Keys of a line in the record: its mark; that this update buys its number again; that one has done so; and since when
its number, which it adopts, is not shown, while no update that saw it has ended well."""


def note_outputs(run: Runtime, marks: Mapping[str, str], active: str) -> None:
    """Remember what the stack's last outputs tell: where the refresh runs the program, little of the state is read yet.

    `marks`: line -> its mark, which the line's own resource demands of its record too. `active`: the numbers that were
    in their accounts, by spaces.
    """
    for name, mark in marks.items():
        if mark != "protect":
            run.marks.setdefault(name, mark)
    run.once_owned.update(active.split())


def with_marks(run: Runtime, record: dict[str, Any]) -> dict[str, Any]:
    """Give the record with the marks that the lines' own resources have: with `--target` those alone are applied."""
    lines = record.get("lines", {})
    marked = {name: {**line, MARK: run.marks.get(name, line[MARK])} for name, line in lines.items()}
    return {**record, "lines": marked} if lines else record


def with_repurchases(run: Runtime, record: dict[str, Any], survey: Survey) -> dict[str, Any]:
    """Give the record with the repurchases that are done: `repurchase: true` buys a number once."""
    lines = record.get("lines", {})
    done = {
        name: {**line, USED: True}
        for name, line in lines.items()
        if line.get(RENEWS)
        and (line["phoneNumber"] in run.once_owned or survey.in_any_account(line["phoneNumber"]) is not None)
    }
    return {**record, "lines": {**lines, **done}} if done else record


def seen(line: dict[str, Any], *, owned: bool) -> dict[str, Any]:
    """Give a line of the record as it is read, its number being in the account or not."""
    if not (line.get(RENEWS) and owned):
        return line
    return {**{name: value for name, value in line.items() if name != RENEWS}, USED: True}


def used(record: Mapping[str, Any], lines: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Name the lines of the file whose `repurchase: true` has bought their number once."""
    before = record.get("lines", {})
    return frozenset(
        name
        for name, wish in lines.items()
        if wish.get("repurchase") and any(before.get(one, {}).get(USED) for one in (name, wish.get("renamedFrom")))
    )


def unseen(
    olds: Mapping[str, Any], settled: Mapping[str, str], owners: Iterable[str], number: str, now: float
) -> dict[str, Any]:
    """Give what is noted of an adopted number that is not shown: a killed run may have routed it, and answers lag.

    `owners`: the line's names. Nothing is noted of one that a complete update has seen: it is let go by its id.
    """
    known = tuple(owners)
    since = next((line[UNSEEN] for name, line in olds.get("lines", {}).items() if name in known and UNSEEN in line), 0)
    if not since and any(settled.get(name) == number for name in known):
        return {}
    return {UNSEEN: since or int(now)}


def with_settled(olds: dict[str, Any], settled: Mapping[str, str]) -> dict[str, Any]:
    """Count a line as held that the stack's last outputs have as finished, by its number, and as ordered one by "".

    `read` notes the same, but only from the first refresh on: a number that vanished before that would look as if it
    had never been bought.
    """
    lines = {
        name: {
            **line,
            "held": line["held"] or settled.get(name) == line.get("phoneNumber"),
            **({"ordered": True} if settled.get(name) == "" else {}),
        }
        for name, line in olds.get("lines", {}).items()
    }
    return {**olds, "lines": lines} if olds else olds


def with_interrupted(olds: Mapping[str, Any], settled: Mapping[str, str], survey: Survey) -> Mapping[str, Any]:
    """Count a line as held that an interrupted removal took out of the record while its number is in the account.

    The state may still have the number, which the line, put back, must not change.
    """
    recorded = olds.get("lines", {})
    left = {
        name: {"phoneNumber": number, "held": True}
        for name, number in settled.items()
        if name not in recorded and survey.in_any_account(number) is not None
    }
    return {**olds, "lines": {**left, **recorded}} if olds and left else olds
