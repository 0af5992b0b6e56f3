"""Which file of the inventory has what a vendor refuses: an entry may stand in a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from providers.dynamic import runtime
from providers.dynamic.codec import decode
from providers.dynamic.objects import tags_of
from trunkline.errors import VendorError
from trunkline.model.tag import Tag

Method = TypeVar("Method", bound=Callable[..., Any])


def files(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Give line, or `trunk.<name>` -> the file that has it, of what `Plan.facts` tells."""
    return {owner: str(fact["at"]).rpartition(":")[0] for owner, fact in facts.items() if "at" in fact}


def named(method: Method) -> Method:
    """Make a verb of a provider name that file in a vendor's error, whose text says numbers.yaml.

    The object's properties are the verb's last argument.
    """

    @wraps(method)
    def verb(*given: Any) -> Any:
        try:
            return method(*given)
        except VendorError as error:
            error.args = (told(str(error), decode(given[-1])),)
            raise

    return verb  # type: ignore[return-value]


def told(text: str, desired: Mapping[str, Any]) -> str:
    """Give a text about an object with the file that has its line or trunk, as far as this run's Fleet told it."""
    known = runtime.current().files
    tags = (Tag.parse(each) for each in tags_of(desired))
    file = next((known[tag.owner] for tag in tags if tag and tag.owner in known), "")
    return runtime.worded(text, file) if file else text
