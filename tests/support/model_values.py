"""What a program's values are once other resources are known, as Pulumi's outputs make them: for the model engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic import left_out
from trunkline.model.spec import Key
from trunkline.plan import Borrowed, FromFleet, FromSecret, Joined, Ref, Speaking

FLEET: Key = ("Fleet", "fleet")


def resolved(value: Any, outputs: Mapping[Key, Mapping[str, Any]], secrets: Mapping[str, str]) -> Any:
    """Give a declared value as the program sends it, with its mark where the update left out what is needed."""
    match value:
        case Ref(key):
            return outputs[key]["vendorId"] if key in outputs else left_out.resource(*key)
        case FromFleet(line, output):
            lines = outputs.get(FLEET, {}).get("lines", {})
            if line not in lines:
                return left_out.line(line)
            found = lines[line]
            return found["phoneNumber"][1:] if output == "digits" else found.get(output)
        case Joined(parts):
            return "".join(str(resolved(part, outputs, secrets)) for part in parts)
        case Borrowed(trunk):
            return outputs[FLEET]["borrowedSids"][trunk]
        case Speaking(trunk, plain, secure):
            return secure if trunk in outputs[FLEET]["secureTrunks"] else plain
        case FromSecret(name):
            return secrets[name]
        case dict():
            every = ((name, resolved(item, outputs, secrets)) for name, item in value.items())
            return {name: item for name, item in every if item is not None}
        case list():
            return [resolved(item, outputs, secrets) for item in value]
    return value
