"""A dispatch rule, of whose agents one is the line's: which one, an adopting line's record tells, or its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult

from providers.dynamic import objects, runtime, unmanaged
from providers.dynamic.codec import decode
from providers.dynamic.provider import AdapterProvider
from trunkline.model.tag import Tag


class RuleProvider(AdapterProvider):
    """A rule that may have been adopted with agents of others."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        result = super().check(_olds, news)
        reasons = [] if decode(_olds) else list(self._unclear(result.inputs))
        return CheckResult(result.inputs, [*(result.failures or ()), *(CheckFailure("agents", one) for one in reasons)])

    def _unclear(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """Give why a rule that is ours is not taken back where the state has none.

        A killed run adopted it and saved that the line is there, so that the Fleet lets its agent change; which of the
        rule's agents was the line's is recorded with the rule alone. Guessed wrong, two would answer at once.
        """
        if "unmanaged" not in inputs or "agents" not in inputs.get("named", {}):
            return
        ours = objects.tags_of(inputs)
        for one in runtime.current().listing(self.kind):
            owner = Tag.parse(one.tag) if one.tag in ours else None
            if owner and (why := unmanaged.unclear_agent(one.id, one.props["agents"], inputs["named"]["agents"])):
                yield f"{owner.describe()}: {why}."
