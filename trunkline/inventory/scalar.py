"""What an unquoted YAML scalar means: one reading, or a refusal.

YAML 1.1 and 1.2 disagree about `NO`, `0044`, `1_000`, `12:30` or `1e5`, and a value that an editor, a reviewer and a
parser can read in two ways has no place in a file that buys things. Only what every reader takes alike is accepted.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

import yaml

Scalar = str | bool | int | Decimal | None

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
# Fifteen digits are exact in every reader's floats.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{1,3}")
# Numbers of YAML 1.2 that YAML 1.1 takes for text: 08, 0o17, 1e5.
_NUMBER_SOMEWHERE = re.compile(r"[-+]?(0o[0-7]+|[0-9]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)")
_TEXT_TAG = "tag:yaml.org,2002:str"
_READ_AS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:merge": "a merge key",
    "tag:yaml.org,2002:value": "a default key",
}


class Unread:
    """Stands in the data for a value that was refused; its problem is noted already."""


UNREAD: Final = Unread()


class AmbiguousError(ValueError):
    """Readers of YAML disagree about this scalar; the argument says what some take it for."""


# A long file says few words often: its keys, carriers, agents.
@lru_cache(maxsize=4096)
def read(source: str) -> Scalar:
    """Give the value of an unquoted scalar. Raises AmbiguousError."""
    if source in _WORDS:
        return _WORDS[source]
    if _INTEGER.fullmatch(source):
        return int(source)
    if _DECIMAL.fullmatch(source):
        return Decimal(source)
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(source[0], []):
        if tag != _TEXT_TAG and pattern.match(source):
            raise AmbiguousError(_READ_AS[tag])
    if _NUMBER_SOMEWHERE.fullmatch(source):
        raise AmbiguousError("a number")
    return source
