"""Any text as markdown in which nothing is markup, a link, a mention or a reference: GitHub's and GitLab's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from trunkline.quoting import one_line

# Mentions, references and emoji are looked for in what was rendered, where neither a backslash nor an entity is left.
# Only what stands within the name stops them, and this has no width (github/cmark-gfm#181, read 2026-11).
_APART = "&#8203;"
_HASH_PART = 6  # characters in a row of a commit's hash that are none: the shortest one that is linked has seven
_DOLLAR = "<span>$</span>"  # GitHub docs, "Writing mathematical expressions" (read 2026-11)

# The first that fits counts, each with what it is written as.
_TOKENS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    # A list, a rule: at the start alone.
    "start": (r"\A-", lambda text: "\\" + text),
    "counted": (r"\A\d{1,9}[.)](?!\S)", lambda text: f"{text[:-1]}\\{text[-1]}"),
    "scheme": (r"://", lambda _: "&#58;//"),
    "host": (r"\bwww\.", lambda text: f"{text[:-1]}&#46;"),
    # A commit. What is dialled has a plus before it, and a vendor's id its letters.
    "commit": (
        r"(?<![\w+])[0-9a-f]{7,40}(?!\w)",
        lambda text: _APART.join(text[at : at + _HASH_PART] for at in range(0, len(text), _HASH_PART)),
    ),
    "issue": (r"\bGH-(?=\d)", lambda text: text + _APART),
    # An emoji; a place in a file, ":14:3:", is none.
    "emoji": (r":(?=(?!\d+:)[\w+-]+:|100:|1234:)", lambda text: text + _APART),
    "formula": (r"\$", lambda _: _DOLLAR),
    "mention": (r"@", lambda text: text + _APART),
    "number": (r"#", lambda text: f"\\{text}{_APART}"),
    # GitLab's merge requests, labels, alerts, iterations and "[issue:7]"; its milestones and epics.
    "reference": (r"[!~^](?=[\w\"])|\[(?=\w+:)|\*(?=iteration:)", lambda text: f"\\{text}{_APART}"),
    "milestone": (r"%(?=[\w\"])", lambda text: text + _APART),
    "epic": (r"&(?=\d)", lambda _: f"&amp;{_APART}"),
    "entity": (r"[&<>]", lambda text: {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[text]),
    "mark": (r"[\\`*_{}\[\]()+!|~]", lambda text: "\\" + text),
}
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in _TOKENS.items()), re.IGNORECASE)


def escaped(text: str) -> str:
    """Give a text of which nothing is markup; it reads as it is written, but for spaces at its start."""
    return _ANY.sub(_harmless, one_line(text).lstrip())


def _harmless(found: re.Match[str]) -> str:
    return _TOKENS[str(found.lastgroup)][1](found[0])
