"""Planted bugs in edits of the file by command, and in what is told of a call and a line."""

from __future__ import annotations

from tests.faults.mutant import Mutant

ENTRIES = "trunkline/edit/entries.py"
FILE = "trunkline/edit/file.py"
OTHERS = "an edit changes no line that it is not about"
WHOLE = "an edit is written whole and sound, or not at all"

EDITING: tuple[Mutant, ...] = (
    Mutant("what a splice says is not read back", OTHERS, ENTRIES, "if said != wanted:", "if False:", suite="editing"),
    Mutant(
        "an edit takes the blank lines behind a value along",
        OTHERS,
        ENTRIES,
        "return start + len(text[start:end].rstrip()) if end > start else start",
        "return end",
        suite="editing",
    ),
    Mutant(
        "an edit of a file with Windows line ends brings others",
        OTHERS,
        ENTRIES,
        'return "\\r\\n" if "\\r\\n" in self.text else "\\n"',
        'return "\\n"',
        suite="editing",
    ),
    Mutant(
        "an edit writes over what somebody wrote meanwhile",
        WHOLE,
        FILE,
        "if target.read_bytes() != before.encode():",
        "if False:",
        suite="editing",
    ),
    Mutant(
        "an unsound file is written",
        WHOLE,
        "trunkline/cli/edit.py",
        "        checked(edited.files)\n",
        "",
        suite="editing",
    ),
    Mutant(
        "a line that is not marked is taken out",
        "releasing takes two steps",
        "trunkline/edit/lines.py",
        'if mark not in ("release", "keep"):',
        "if False:",
        suite="editing",
    ),
    Mutant(
        "the file's walls of a trunk are explained away",
        "what is explained of a call is what LiveKit does with it",
        "trunkline/explain/inventories.py",
        "first.allowed_addresses or (trunk.allowed_addresses if trunk else ())",
        "first.allowed_addresses",
        suite="editing",
    ),
    Mutant(
        "who answered before seems to answer still",
        "a history says who answered when",
        "trunkline/state/line_history.py",
        "until = periods[-1].since if periods else None",
        "until = None",
        suite="editing",
    ),
)
