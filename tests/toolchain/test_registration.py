"""What the SDK does for each resource: its pickling stays the same however many there are, it reads no frames, and it
tells the engine nothing that nobody asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

BEFORE = """
import pulumi.dynamic.dynamic as sdk
from pulumi.dynamic import ResourceProvider
from stacks.registration import bound_pickling

class Stateful(ResourceProvider):
    def __init__(self):
        self.settings = {"b": {"y": 1, "x": 2}, "a": {}}
"""


def _python(program: str, **variables: str) -> str:
    """What the program prints, in a process of its own: what it changes is global."""
    words = sys.executable, "-c", BEFORE + program
    done = subprocess.run(words, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_two_thousand_stateful_providers_are_pickled_to_the_same_bytes() -> None:
    assert (
        _python(
            "first = sdk.serialize_provider(Stateful()); bound_pickling()\n"
            "print({sdk.serialize_provider(Stateful()) for _ in range(2000)} == {first})"
        )
        == "True\n"
    )


def test_the_sdk_still_needs_it() -> None:
    printed = _python("for _ in range(2000): sdk.serialize_provider(Stateful())")
    assert printed.strip().splitlines()[-1].startswith("RecursionError")


def test_pythons_own_pickler_is_left_as_it_was() -> None:
    assert (
        _python(
            "import pickle; kept = pickle._Pickler._batch_setitems, pickle._Pickler.save_dict, pickle.Pickler\n"
            "bound_pickling(); sdk.serialize_provider(Stateful())\n"
            "print((pickle._Pickler._batch_setitems, pickle._Pickler.save_dict, pickle.Pickler) == kept)"
        )
        == "True\n"
    )


def test_applying_it_twice_changes_nothing() -> None:
    assert (
        _python(
            "bound_pickling(); once = sdk.serialize_provider; bound_pickling(); print(once is sdk.serialize_provider)"
        )
        == "True\n"
    )


def test_the_sdk_reads_the_frames_of_the_program_for_each_resource_until_it_is_told_not_to() -> None:
    program = """
import pulumi.runtime.resource as registering
from stacks.registration import without_frames

class A:
    def __init__(self): self.frames = len(registering._get_stack_trace().frames)
class B(A):
    def __init__(self): super().__init__()
class C(B):
    def __init__(self): super().__init__()
before = C().frames
without_frames()
print(before, C().frames, registering._get_source_position(registering._get_stack_trace()))
"""
    assert _python(program) == "1 0 None\n"


TOLD = """
import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2
from stacks.registration import without_debug_messages

told = []
class Engine:
    def Log(self, request):
        told.append(engine_pb2.LogSeverity.Name(request.severity))
class Nothing(pulumi.runtime.Mocks):
    def new_resource(self, args): return args.name, {}
    def call(self, args): return {}
pulumi.runtime.set_mocks(Nothing())
settings.SETTINGS.engine = Engine()

@pulumi.runtime.test
def register(name):
    pulumi.ComponentResource("a:b:C", name)
    pulumi.log.info("said"), pulumi.log.warn("said"), pulumi.log.error("said")

def said(name):
    told.clear()
    register(name)
    return sorted(set(told))

print(said("before"))
without_debug_messages()
print(said("after"))
"""


@pytest.mark.parametrize(
    ("variables", "after"),
    [
        ({"TRUNKLINE_DEBUG": ""}, ["ERROR", "INFO", "WARNING"]),
        ({"TRUNKLINE_DEBUG": "debug.log"}, ["DEBUG", "ERROR", "INFO", "WARNING"]),
    ],
    ids=["by itself", "to look into a fault"],
)
def test_the_engine_is_told_of_no_step_of_a_registration_unless_a_fault_is_looked_into(
    variables: Mapping[str, str], after: list[str]
) -> None:
    assert _python(TOLD, **variables) == f"['DEBUG', 'ERROR', 'INFO', 'WARNING']\n{after}\n"
