"""Names for agents, trunks and lines that have none yet: from what people call the objects, each one once."""

from __future__ import annotations

import re

import phonenumbers

# Tags are `trunkline:<project>/<stack>/trunk.<name>` in 64 characters.
_LONGEST = 24
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


class Names:
    """Gives each name once: a second one gets a number behind it."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def take(self, *wishes: str) -> str:
        """Give the first wish that makes a name, as small letters, digits and hyphens that begin with a letter."""
        plain = next((name for wish in wishes if (name := _plain(wish))), "n")
        name, count = plain, 1
        while name in self._given:
            count += 1
            name = f"{plain}-{count}"
        self._given.add(name)
        return name


def of_number(number: str) -> str:
    """Give a line's name that says its number: `us-16505551234`."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return f"{region.lower() if region and region.isalpha() else 'n'}-{number[1:]}"


def secret_of(name: str) -> str:
    """Give the name of a config secret for the SIP password of a trunk or line; no setting of ours ends so."""
    return f"{_joined(name)}TrunkPassword"


def pin_of(name: str) -> str:
    """Give the name of a config secret for the PIN of an agent's rule."""
    return f"{_joined(name)}RulePin"


def egress_of(name: str, index: int) -> str:
    """Give the name of a config secret for one of those of what an agent's rooms record."""
    return f"{_joined(name)}EgressSecret{index + 1}"


def _joined(name: str) -> str:
    first, *others = name.split("-")
    return "".join((first, *(other.capitalize() for other in others)))


def _plain(wish: str) -> str:
    name = _NOT_PLAIN.sub("-", wish.lower()).strip("-")[:_LONGEST].strip("-")
    return name if name[:1].isalpha() else ""
