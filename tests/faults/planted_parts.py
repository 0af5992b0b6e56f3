"""Planted bugs in an inventory of several files, and in what one stack has otherwise."""

from __future__ import annotations

from tests.faults.mutant import Mutant

PARTS_FILE = "trunkline/inventory/parts.py"
ONE = "an inventory in parts is one inventory, with one meaning"
SEEN = "what a reviewer reads is what the loader reads"
OF_STACK = "what one stack has otherwise is judged like all else"

PARTS: tuple[Mutant, ...] = (
    Mutant(
        "the first of two parts wins",
        ONE,
        PARTS_FILE,
        "            if name in ours:\n",
        "            if False:\n",
        suite="parts",
    ),
    Mutant(
        "a part limits an update", ONE, PARTS_FILE, "and key not in SECTIONS]", "and key == 'version']", suite="parts"
    ),
    Mutant(
        "a place names the inventory's own file",
        ONE,
        "trunkline/inventory/inventory.py",
        "self.files.get(path[:2], self.path)",
        "self.path",
        suite="parts",
    ),
    Mutant(
        "a link is read as a part", SEEN, PARTS_FILE, "    if entry.is_symlink():\n", "    if False:\n", suite="parts"
    ),
    Mutant(
        "a file called .yml is passed over", SEEN, PARTS_FILE, 'in (".yaml", ".yml")', 'in (".yaml",)', suite="parts"
    ),
    Mutant(
        "an edit goes to the inventory's own file",
        "an edit changes no line that it is not about",
        "trunkline/edit/files.py",
        "return next(having, self.home)",
        "return self.home",
        suite="parts",
    ),
    Mutant(
        "a stack has the values of another",
        OF_STACK,
        "trunkline/inventory/inventory.py",
        "whole = self.of_stacks.get(stack, self)",
        "whole = self",
        suite="parts",
    ),
    Mutant(
        "what one stack has is not judged",
        OF_STACK,
        "trunkline/inventory/load.py",
        "        problems += of_stacks[stack].problems\n",
        "",
        suite="parts",
    ),
    Mutant(
        "a value of a stack that there is not is passed over",
        OF_STACK,
        "trunkline/inventory/by_stack.py",
        "            if stack not in known:\n",
        "            if False:\n",
        suite="parts",
    ),
    Mutant(
        "a vendor's refusal names the stack's file, although a part has the line",
        "a message names the place",
        "providers/dynamic/written_in.py",
        "return runtime.worded(text, file) if file else text",
        "return text",
        "telling",
    ),
)
