"""Links lead somewhere, and the paths and tests that the pages name exist."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import (
    ADDING,
    ARCHITECTURE,
    CONTRIBUTING,
    DECISIONS,
    DRIFT,
    MOVING,
    OPERATIONS,
    PAGES,
    README,
    ROOT,
    TASKS,
    WHEN_INTERRUPTED,
    WHEN_REFUSED,
    Page,
)

OURS = (
    README,
    OPERATIONS,
    WHEN_REFUSED,
    WHEN_INTERRUPTED,
    DRIFT,
    TASKS,
    MOVING,
    ARCHITECTURE,
    CONTRIBUTING,
    ADDING,
    *DECISIONS,
)
# Made on the reader's machine, or a shape of a path.
_NOT_HERE = re.compile(r"^\.(tools|venv|demo|pulumi|pulumi-state)\b|[<>*…{}]|^/|://")
_PATH = re.compile(r"^[\w.-]+(/[\w.-]+)*/?$")


def _names(page: Page) -> list[str]:
    """What a page has in code type and is a path of this repository."""
    words = (word.partition("::")[0] for word in page.code())
    return [word for word in words if _PATH.match(word) and not _NOT_HERE.search(word) and _is_path(word)]


def _is_path(word: str) -> bool:
    head, slash, _ = word.partition("/")
    return bool(slash and (ROOT / head).is_dir())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Page) -> None:
    broken = []
    for link in page.links():
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.path.parent / path).resolve() if path else page.path
        known = target.exists() and (not anchor or anchor in Page(str(target.relative_to(ROOT))).anchors())
        if not known:
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_paths_in_code_type_exist(page: Page) -> None:
    assert [name for name in _names(page) if not (ROOT / name).exists()] == []


def test_the_tests_that_hold_the_guarantees_and_the_steps_of_a_number_exist() -> None:
    named = [word.split("::") for word in ARCHITECTURE.code() if "::" in word]
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not re.search(rf"^ *(def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert named
    assert missing == []


def test_every_guarantee_has_a_test() -> None:
    rows = list(ARCHITECTURE.rows("Where each guarantee is held"))[1:]

    assert [guarantee for guarantee, _, test in rows if "tests/" not in test] == []
