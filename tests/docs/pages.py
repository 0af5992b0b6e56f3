"""The project's Markdown pages, taken apart: their blocks, links and words in code type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ELLIPSIS = "…"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `language` as it stands after the fence, `text` with its last newline, `line` from 1."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file; `name` is its path from the root of the repository."""

    name: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, *languages: str) -> list[Block]:
        """Give the fenced blocks in one of the languages, in order."""
        return [
            Block(found[1], found[2], self.text[: found.start()].count("\n") + 1)
            for found in _FENCE.finditer(self.text)
            if found[1] in languages
        ]

    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    def code(self) -> list[str]:
        """Give what stands in code type in the prose."""
        return _CODE.findall(self.prose)

    def anchors(self) -> set[str]:
        """Give the anchors of the headings, as GitHub makes them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}

    def section(self, heading: str) -> str:
        """Give the text below a heading of the second level, up to the next one."""
        found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)
        assert found, f"{self.name} has no section {heading}"
        return found[1]

    def rows(self, heading: str) -> Iterator[tuple[str, ...]]:
        """Give the rows of the tables of a section as their cells, heads left out."""
        for line in self.section(heading).splitlines():
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split(" | "))
            if line.startswith("| ") and any(cells) and set(line) - set("|- "):
                yield cells


def edited(text: str, block: Block) -> str:
    """Apply a diff block: the lines of each hunk with " " and "-" must stand in `text` exactly once, together.

    Hunks begin with "@@", which is left out where there is one. A blank line may have lost its " ".
    """
    hunks: list[list[str]] = [[]]
    for line in block.text.splitlines():
        if line.startswith("@@"):
            hunks.append([])
        else:
            hunks[-1].append(line or " ")
    for hunk in filter(None, hunks):
        text = _hunk_applied(text, hunk, block.line)
    return text


def _hunk_applied(text: str, lines: list[str], place: int) -> str:
    before, after = ("".join(f"{line[1:]}\n" for line in lines if line[:1] in kept) for kept in (" -", " +"))
    assert all(line[:1] in tuple(" -+") for line in lines), f"line {place}: no diff"
    times = f"\n{text}".count(f"\n{before}")
    assert times == 1, f"line {place}: stands {times} times in the file:\n{before}"
    return f"\n{text}".replace(f"\n{before}", f"\n{after}").removeprefix("\n")


def shows(printed: str, block: Block) -> bool:
    """Whether the output of a console block stands in what was printed: each part between "…" as it is, in order."""
    rest = "\n".join(line.rstrip() for line in printed.splitlines())
    for part in _parts(block):
        _, found, rest = rest.partition(part)
        if not found:
            return False
    return True


def command(block: Block) -> str:
    """Give the command of a console block, its first line after "$ "."""
    first = block.text.splitlines()[0]
    assert first.startswith("$ "), f"line {block.line}: a console block begins with a command"
    return first.removeprefix("$ ")


def _parts(block: Block) -> list[str]:
    output = "\n".join(block.text.splitlines()[1:])
    return [part for part in re.split(rf"^{ELLIPSIS}$\n?", output, flags=re.MULTILINE) if part]


README = Page("README.md")
OPERATIONS = Page("docs/operations.md")
WHEN_REFUSED = Page("docs/when-refused.md")
WHEN_INTERRUPTED = Page("docs/when-interrupted.md")
DRIFT = Page("docs/drift.md")
TASKS = Page("docs/lines-and-trunks.md")
MOVING = Page("docs/moving-lines.md")
ARCHITECTURE = Page("docs/architecture.md")
CONTRIBUTING = Page("CONTRIBUTING.md")
CHANGELOG = Page("CHANGELOG.md")
EDITS = Page("docs/everyday-edits.md")
ASKING = Page("docs/asking.md")
ADDING = Page("docs/adding-a-carrier.md")
DECISIONS = tuple(Page(str(path.relative_to(ROOT))) for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")))
PAGES = tuple(
    Page(str(path.relative_to(ROOT)))
    for path in sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "sandbox").rglob("*.md")))
)
