"""What somebody meant who wrote a name that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_SHOWN = 40


def suggestion(wrong: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the nearest known name as a question, or the known names. `synonyms`: what is written -> what is meant."""
    names = sorted(known)
    meant = (synonyms or {}).get(wrong)
    if meant in names:
        return f"did you mean {meant}?"
    near = difflib.get_close_matches(wrong[:60], names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    more = ", …" if len(names) > _SHOWN else ""
    return f"known: {', '.join(names[:_SHOWN]) or 'none'}{more}"
