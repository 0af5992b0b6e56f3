"""A line as it is served: what is searched and sorted by, and its JSON made once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from trunkline.outputs import Line, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`full` is the line's JSON object with its price last; its first `cut` bytes end just before the price.

    `keys` are the texts that name the line besides its id: number and vendors' ids. `text` is what a search reads,
    casefolded.
    """

    id: str
    number: str
    provider: str
    country: str
    label: str
    agents: tuple[str, ...]
    agent: str
    tags: tuple[str, ...]
    keys: tuple[str, ...]
    text: str
    full: bytes
    cut: int

    @classmethod
    def of(cls, line: Line) -> Row:
        document = to_json(line)
        price = document.pop("monthlyCost")
        public = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
        priced = b',"monthlyCost":' + json.dumps(price, separators=(",", ":")).encode() + b"}"
        tags = tuple(f"{key}={value}" for key, value in sorted(line.tags.items()))
        names = (line.id, line.phone_number, line.label, line.agent, line.agent_name, *tags)
        ids = (line.phone_number, line.number_id, line.inbound_trunk_id, line.outbound_trunk_id, line.dispatch_rule_id)
        return cls(
            id=line.id,
            number=line.phone_number,
            provider=line.provider,
            country=line.country,
            label=line.label,
            agent=line.agent,
            agents=tuple(sorted({line.agent, line.agent_name} - {""})),
            tags=tags,
            keys=tuple(key for key in ids if key),
            text="\n".join(names).casefold(),
            full=public + priced,
            cut=len(public),
        )

    def json(self, *, priced: bool) -> bytes:
        """Give the JSON object, with the price for those who may see costs."""
        return self.full if priced else self.full[: self.cut] + b"}"
