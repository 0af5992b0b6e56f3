"""Make the components that `$FLEET` names, export its outputs, and fail if it says so."""

import json
import os
from pathlib import Path

import pulumi

fleet = json.loads(Path(os.environ["FLEET"]).read_text("utf-8"))


class PhoneLine(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("trunkline:PhoneLine", name)
        pulumi.ComponentResource("trunkline:InboundTrunk", name, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


for line in fleet["held"]:
    PhoneLine(line)
for name, value in fleet["outputs"].items():
    pulumi.export(name, value)
for name, value in fleet["secrets"].items():
    pulumi.export(name, pulumi.Output.secret(value))
if fleet["fails"]:
    raise pulumi.RunError("failed on purpose")
