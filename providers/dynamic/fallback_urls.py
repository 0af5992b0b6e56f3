"""Fallbacks at carriers' trunks that no trunk of the file wants: what killed runs left, when the edit was reverted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.ownership import own_trunks, trunk_names
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from trunkline.model.fallback import is_url
from trunkline.model.tag import Tag, is_further

KIND, _TRUNK, _WAY = "FallbackUrl", "SipTrunk", "OriginationUrl"


def find(run: Runtime, survey: Survey, news: Mapping[str, Any], olds: Mapping[str, Any]) -> tuple[str, ...]:
    """Give "FallbackUrl/trunk/id" of those on our trunks. What the last update wanted is in the state: the engine's.

    Raises the vendors' errors.
    """
    wanted = {Tag.of_trunk("", name).owner for each in (news, olds) for name in _wanted(each)}
    ours = own_trunks(news) - wanted
    return tuple(
        f"{KIND}/{trunk.id}/{url.id}"
        for trunk in survey.objects.get(_TRUNK, ())
        if (owner := survey.whose.scoped_owner_of(trunk.tag)) in ours
        for url in run.listing(_WAY, trunk.id)
        if is_further(url.tag) and survey.whose.scoped_owner_of(url.tag) == owner
    )


def is_unwanted(news: Mapping[str, Any], kind: str, text: str) -> bool:
    """Whether a fallback that was found so is still wanted by nobody."""
    tag = Tag.parse(text)
    return kind == KIND and tag is not None and tag.trunk not in _wanted(news)


def going(news: Mapping[str, Any], olds: Mapping[str, Any]) -> dict[str, str]:
    """Give owner -> the fallback that the last update gave its trunk and this one takes off it.

    A trunk that the file adopts keeps what is not named any more.
    """
    before, now, adopting = olds.get("fallbacks", {}), news.get("fallbacks", {}), news.get("adoptingTrunks", ())
    gone = {name: before[name] for name in before if name not in now and name not in adopting}
    return {Tag.of_trunk("", name).owner: fallback for name, fallback in gone.items()}


def _wanted(inputs: Mapping[str, Any]) -> set[str]:
    """Name the trunks, by their former names too, of which the Fleet's inputs have a SIP URI to ask after LiveKit."""
    sip = (trunk for trunk, fallback in inputs.get("fallbacks", {}).items() if not is_url(fallback))
    return {name for trunk in sip for name in trunk_names(inputs, trunk)}
