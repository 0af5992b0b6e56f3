"""The mark that every object of a fleet carries at its vendor: who it belongs to.

A tag reads `trunkline:<fleet>/<owner>`, where the owner is a line's name or `trunk.<name>`. Line names have neither
slash nor dot nor hash, so a tag reads back in one way although a fleet's name may have them.

Behind the owner a plus and a name say which of several objects it is: `trunkline:acme/prod/sales+vip`, `…/trunk.us+`.

Behind a tag there may be notes, about numbers or of adoption: `trunkline:acme/prod/sales#again=+16505551234`,
`trunkline:acme/prod/sales#adopted`. They are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trunkline.model.spec import Site

# The shortest of the fields in which vendors keep a tag: a carrier's names of numbers and trunks (OpenAPI, 2026-04-14).
LONGEST = 64
_PREFIX = "trunkline:"
_TRUNK = "trunk."
_NOTE = "#"
_FURTHER = "+"


@dataclass(frozen=True, slots=True)
class Tag:
    """`fleet` is the scope of names (default project/stack), `owner` a line or `trunk.<name>`."""

    fleet: str
    owner: str

    @classmethod
    def of_line(cls, fleet: str, line: str) -> Tag:
        return cls(fleet, line)

    @classmethod
    def of_trunk(cls, fleet: str, trunk: str) -> Tag:
        return cls(fleet, _TRUNK + trunk)

    @classmethod
    def parse(cls, text: str) -> Tag | None:
        """Read a tag field; None where the text is not a tag of any fleet."""
        return _read(text) if text.startswith(_PREFIX) else None

    @property
    def fits(self) -> bool:
        """Whether every vendor's tag field can hold it."""
        return len(str(self)) <= LONGEST

    @property
    def trunk(self) -> str:
        """The trunk's name where a trunk is the owner, else ""."""
        return self.owner.removeprefix(_TRUNK) if self.owner.startswith(_TRUNK) else ""

    def describe(self) -> str:
        """Name the owner for an operator."""
        who = f'trunk "{self.trunk}"' if self.trunk else f'line "{self.owner}"'
        return f'{who} of fleet "{self.fleet}"'

    def __str__(self) -> str:
        return f"{_PREFIX}{self.fleet}/{self.owner}"


# Every update asks whose each tag is many times over, of each object that the vendors list.
@lru_cache(maxsize=8192)
def _read(text: str) -> Tag | None:
    fleet, slash, named = without_notes(text).removeprefix(_PREFIX).rpartition("/")
    # Behind the first plus stands which of the owner's objects it is.
    owner = named.partition(_FURTHER)[0]
    return Tag(fleet, owner) if slash and fleet and owner else None


def without_notes(text: str) -> str:
    """Give a tag field's tag alone; a text that is no tag stays as it is."""
    return _parted(text)[0]


def notes(text: str) -> tuple[str, ...]:
    """Give the notes behind a tag, each as "word" or "word=number"; () where there are none, or no tag."""
    return tuple(note for note in _parted(text)[1].split(_NOTE) if note)


def with_notes(tag: str, noted: Iterable[str]) -> str:
    """Give the text of a tag field that holds a tag and notes."""
    return "".join((tag, *(f"{_NOTE}{note}" for note in noted)))


def _parted(text: str) -> tuple[str, str]:
    """Part a tag field behind the owner: what stands before the last slash is the fleet's name."""
    if not text.startswith(_PREFIX):
        return text, ""
    fleet, slash, rest = text.rpartition("/")
    owner, _, noted = rest.partition(_NOTE)
    return f"{fleet}{slash}{owner}", noted


def further(tag: str, count: int) -> str:
    """Give the name of an owner's `count`-th object of a kind of which it has one and, for a while, more.

    Vendors want names to be unique. It reads back as the same owner's tag.
    """
    return tag[: LONGEST - count] + _FURTHER * count


def is_further(text: str) -> bool:
    """Whether a tag field names an object that an owner has beside its first one of a sort."""
    return text.startswith(_PREFIX) and without_notes(text).endswith(_FURTHER)


def beside(marked: Mapping[str, Any]) -> dict[str, Any]:
    """Give the tag properties of the object that an owner has beside its first one of a sort, from those of that."""
    return {
        name: further(value, 1) if isinstance(value, str) else [further(tag, 1) for tag in value]
        for name, value in marked.items()
    }


def of_entry(tag: str, entry: str) -> str:
    """Give the tag of what an owner has for one entry of its own, such as some callers of a line.

    It reads back as the owner's tag.
    """
    return f"{tag}{_FURTHER}{entry}"


def entry_of(text: str) -> str:
    """Name the entry of its owner that a tag field is about, "" for the owner itself, and for no tag."""
    if not text.startswith(_PREFIX):
        return ""
    return without_notes(text).rpartition("/")[2].partition(_FURTHER)[2].strip(_FURTHER)


def of_entry_all(marked: Mapping[str, Any], entry: str) -> dict[str, Any]:
    """Give the tag properties of what an owner has for one entry, from those of the owner's objects."""
    return {
        name: of_entry(value, entry) if isinstance(value, str) else [of_entry(tag, entry) for tag in value]
        for name, value in marked.items()
    }


def former_owners(renamed_from: str) -> tuple[str, ...]:
    """Give the owner that tags named under a trunk's former name, () where it has none."""
    return (Tag.of_trunk("", renamed_from).owner,) if renamed_from else ()


def marks(site: Site, owner: str, renamed_from: str = "", also: Iterable[str] = ()) -> dict[str, Any]:
    """Give the tag properties of an owner's objects. `also`: owners that may have had them before.

    `formerTags` are others of this stack. `sharedTag`, only under a fleet's name that other stacks may have, is what
    earlier versions wrote: an object that has it keeps it, until an update retags.
    """
    before = [name for name in (renamed_from, *also) if name]
    former = [str(Tag(site.scope, name)) for name in before]
    if not site.shared:
        return {"tag": str(Tag(site.scope, owner)), "formerTags": former}
    shared = str(Tag(site.shared, owner))
    former += [str(Tag(site.shared, name)) for name in before]
    if site.retag:
        return {"tag": str(Tag(site.scope, owner)), "formerTags": [*former, shared]}
    return {"tag": str(Tag(site.scope, owner)), "formerTags": former, "sharedTag": shared}


def trunk_marks(site: Site, trunk: str, renamed_from: str = "") -> dict[str, Any]:
    """Give those of a carrier trunk's objects."""
    known = marks(site, Tag.of_trunk(site.scope, trunk).owner, *former_owners(renamed_from))
    return {name: value for name, value in known.items() if value}
