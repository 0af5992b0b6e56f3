"""Make the components that `$FLEET` names, export its outputs, and fail if it says so."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pulumi

fleet = json.loads(Path(os.environ["FLEET"]).read_text("utf-8"))


class Part(pulumi.ComponentResource):
    def __init__(self, kind: str, name: str, says: dict[str, Any], parent: pulumi.Resource | None = None) -> None:
        super().__init__(f"trunkline:{kind}", name, opts=pulumi.ResourceOptions(parent=parent))
        self.register_outputs(says)


for line, kinds in fleet["held"].items():
    component = Part("PhoneLine", line, {})
    for kind, says in kinds.items():
        Part(kind, line, says, component)
for name, value in fleet["outputs"].items():
    pulumi.export(name, value)
for name, value in fleet["secrets"].items():
    pulumi.export(name, pulumi.Output.secret(value))
if fleet.get("waits"):
    Path(os.environ["FLEET"]).with_name("waiting").touch()
    time.sleep(60)
if fleet["fails"]:
    raise pulumi.RunError("failed on purpose")
