"""What an audit reads of a state: each object as it was written, and nothing of a value that is encrypted in part."""

from __future__ import annotations

import json
from typing import Any

from trunkline.state import held

SEALED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def objects(**outputs: Any) -> Any:
    resource = {"type": "pulumi-python:dynamic/trunkline:DispatchRule", "id": "SDR_1", "outputs": outputs}
    return held.read(json.dumps({"version": 3, "deployment": {"resources": [resource]}}).encode()).objects


def test_a_property_is_left_out_whole_where_a_part_of_it_is_encrypted() -> None:
    """The rest of it alone would look like a change that nobody made."""
    recorded = {"room.file_outputs.0.s3.secret": SEALED}
    agents = [{"agentName": "desk", "metadata": ""}]
    assert objects(agents=agents, pin=SEALED, egress={"room": {}}, egressSecrets=recorded, listed=[["x", SEALED]]) == {
        ("DispatchRule", "SDR_1"): {"agents": agents, "egress": {"room": {}}}
    }


def test_one_that_has_nothing_encrypted_is_there_as_it_is() -> None:
    assert objects(egressSecrets={}, pin="") == {("DispatchRule", "SDR_1"): {"egressSecrets": {}, "pin": ""}}
