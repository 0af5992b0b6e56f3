"""The form of what the Fleet records: an older Trunkline must not work on a record that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.verdict import Objection
from trunkline.errors import Refusal

FORM = 1
"""The form that this version writes of every stack. Raise it where a version before, given the new record, would lose
something or take it for something else; what is only added, and may be lost, needs none."""
NEEDED: Mapping[str, int] = {"callers": 2}
"""What a record may have -> the form that says so: an older version, which knows no rules for some callers, would take
them for leftovers. A stack that has no such thing has a record of the form above."""
KEY = "recordForm"
"""Where a record says its form. The first has no such key, so that an upgrade shows no difference."""


def stamped(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the Fleet's inputs with the form of what is recorded now."""
    without = {name: value for name, value in inputs.items() if name != KEY}
    form = max(1, FORM, *(form for name, form in NEEDED.items() if name in without))
    return without | ({KEY: form} if form > 1 else {})


def known() -> int:
    """Give the newest form that this version knows."""
    return max(FORM, *NEEDED.values())


def reasons(recorded: Mapping[str, Any]) -> list[Objection]:
    """Refuse to work on what a newer Trunkline has recorded."""
    form = int(recorded.get(KEY, 1))
    if form <= known():
        return []
    return [
        Objection(
            f"a newer Trunkline has recorded this stack: its record has form {form}, and this one knows {known()} and"
            " what was before. Nothing was changed. Install the version that the repository pins, or a newer one (`make"
            " setup`, or `pip install --upgrade trunkline`)."
        )
    ]


def demand_known(recorded: Mapping[str, Any]) -> None:
    """Raise Refusal where a newer Trunkline has recorded it."""
    for reason in reasons(recorded):
        raise Refusal(reason.text)
