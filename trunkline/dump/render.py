"""A description as the text of numbers.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trunkline.dump.description import Description, Entry, LeftOut, Note
from trunkline.dump.text import flow
from trunkline.inventory.spelling import refused


def render(description: Description, title: str) -> str:
    """Give the file. `title` is its first line, as a comment: what was dumped."""
    parts = [
        [f"# {_plain(title)}", *_along(description), *_secrets(description)],
        ["version: 1"],
        *([_section("agents", description.agents)] if description.agents else []),
        *([_section("trunks", description.trunks)] if description.trunks else []),
        _section("numbers", description.lines) if description.lines else ["numbers: {}"],
        *([_left_out(description.left_out)] if description.left_out else []),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _along(description: Description) -> Iterator[str]:
    if description.along:
        yield f"# Along with what was asked for, since they share a trunk or a rule: {', '.join(description.along)}"


def _secrets(description: Description) -> Iterator[str]:
    if not description.secrets:
        return
    yield "# The passwords, PINs and credentials of recordings that are there, to be set before the first preview:"
    for secret in description.secrets:
        yield f"#   {secret.command}    # {_plain(secret.what)}"


def _section(name: str, entries: Iterable[Entry]) -> list[str]:
    lines = [f"{name}:"]
    for entry in entries:
        lines += [f"  # {_note(note)}" for note in entry.notes]
        lines.append(f"  {flow(entry.name)}:")
        lines += [f"    {key}: {flow(value)}" for key, value in entry.keys.items()]
    return lines


def _left_out(left_out: Sequence[LeftOut]) -> list[str]:
    return ["# What is no line, and why:", *(f"#   {_plain(one.what)}: {_note(one.note)}" for one in left_out)]


def _note(note: Note) -> str:
    return _plain(f"{note.reason}: {note.reason.says}" + (f" ({note.detail})" if note.detail else ""))


def _plain(text: str) -> str:
    """Give a text as a comment may hold it: what people call an object may have any character."""
    return "".join("?" if refused(char) or not char.isprintable() else char for char in text)
