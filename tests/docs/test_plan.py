"""docs/plan.md tells of the page what is on it: every section by its title, in order, and every field of its JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from trunkline.review.page import Beside, Drift, Line, Number, Page, Shared, Verdict, Waiting, Wall
from trunkline.review.wording import sections

TEXT = Path("docs/plan.md").read_text(encoding="utf-8")
NUMBER = Number(line="desk", number="+1", provider="twilio")
# Something of everything. What is refused has no section of money, and what is not has none of refusals.
FULL: dict[str, Any] = {
    **dict.fromkeys(("bought", "adopted", "released", "kept", "taken_back"), (NUMBER,)),
    **dict.fromkeys(("refused", "final", "missed", "notices"), ("so it is",)),
    "walls": (Wall(owner="desk", wall="callers", was="one", becomes="all"),),
    "lines": (Line(line="desk", what="added", number="+1", before="", after="night"),),
    "shared": (Shared(kind="trunk", name="office", what="made"),),
    "drift": (Drift(kind="trunk", name="desk", field="name", recorded="a", found="b", becomes="a"),),
    "waiting": (Waiting(line="desk", number="+1", status="ordered"),),
    "beside": (Beside(id="SDR_1", message="takes our calls"),),
}


def rows(heading: str) -> Iterator[list[str]]:
    """Give the cells of each row of the table under a heading."""
    section = TEXT.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith("| field") and not line.startswith("| section"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def within(kind: Any) -> Iterator[type]:
    """Give the dataclasses of a field's type, those within them after them."""
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        kinds: Any = get_type_hints(kind).values()
    else:
        kinds = get_args(kind)
    for one in kinds:
        yield from within(one)


def test_each_section_of_the_page_is_told_by_its_title_in_its_order() -> None:
    shown = sections(Page(stack="prod", verdict=Verdict.CHANGES, **FULL))
    assert [cells[0] for cells in rows("What stands on it")] == [part.title.partition(":")[0] for part in shown]


def test_each_field_of_the_json_is_told_with_the_fields_in_it() -> None:
    told = {name: cells[-1] for cells in rows("JSON") for name in re.findall(r"`(\w+)`", cells[0])}
    assert sorted(told) == sorted(field.name for field in fields(Page))
    for name, kind in get_type_hints(Page).items():
        known = [", ".join(field.name for field in fields(one)) for one in within(kind)]
        said = re.findall(r"`\{([a-z_, ]+)\}`", told[name])
        assert said[:1] == known[:1] and set(said) <= set(known), name
