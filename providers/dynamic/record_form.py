"""The form of what the Fleet records: an older Trunkline must not work on a record that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.verdict import Objection
from trunkline.errors import Refusal

FORM = 1
"""The form that this version writes. Raise it where a version before, given the new record, would lose something or
take it for something else; what is only added, and may be lost, needs none."""
KEY = "recordForm"
"""Where a record says its form. The first has no such key, so that an upgrade shows no difference."""


def stamped(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the Fleet's inputs with the form of what is recorded now."""
    without = {name: value for name, value in inputs.items() if name != KEY}
    return without | ({KEY: FORM} if FORM > 1 else {})


def reasons(recorded: Mapping[str, Any]) -> list[Objection]:
    """Refuse to work on what a newer Trunkline has recorded."""
    form = int(recorded.get(KEY, 1))
    if form <= FORM:
        return []
    return [
        Objection(
            f"a newer Trunkline has recorded this stack: its record has form {form}, and this one knows {FORM} and what"
            " was before. Nothing was changed. Install the version that the repository pins, or a newer one (`make"
            " setup`, or `pip install --upgrade trunkline`)."
        )
    ]


def demand_known(recorded: Mapping[str, Any]) -> None:
    """Raise Refusal where a newer Trunkline has recorded it."""
    for reason in reasons(recorded):
        raise Refusal(reason.text)
