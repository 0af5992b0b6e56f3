"""What the SDK does for each resource: its pickling stays the same however many there are, and it reads no frames."""

from __future__ import annotations

import subprocess
import sys

BEFORE = """
import pulumi.dynamic.dynamic as sdk
from pulumi.dynamic import ResourceProvider
from stacks.registration import bound_pickling

class Stateful(ResourceProvider):
    def __init__(self):
        self.settings = {"b": {"y": 1, "x": 2}, "a": {}}
"""


def _python(program: str) -> str:
    """What the program prints, in a process of its own: what it changes is global."""
    done = subprocess.run((sys.executable, "-c", BEFORE + program), capture_output=True, text=True, check=False)
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
