"""One program with a scene for each test, chosen by the environment variable SCENE."""

import os

import pulumi
from boxes import Box, BoxProvider, DictProvider, RefusingProvider, SlowProvider

count = int(os.environ.get("COUNT", "5"))


def boxes():
    for number in range(count):
        Box(BoxProvider(), f"box{number}", {"label": str(number)})
    pulumi.export("count", count)
    pulumi.export("greeting", pulumi.Config().require("greeting"))
    pulumi.export("secret", pulumi.Config().require_secret("password"))


def slow():
    Box(SlowProvider(), "slow", {"notes": os.environ["NOTES"]})


def refused():
    if os.environ.get("ENDS_AT_INTERRUPT"):
        from stacks.ending import end_at_interrupt

        end_at_interrupt()
    Box(RefusingProvider(), "refused", {})


def broken():
    raise ValueError("broken on purpose")


def run_error():
    raise pulumi.RunError("there is no inventory")


def unaccepted():
    from stacks.ending import refuse
    from trunkline.errors import InputError, Problem

    refuse(InputError([Problem(rule="no-inventory", message="there is no inventory", fix="write one")]))


def many():
    from stacks.registration import bound_pickling

    bound_pickling()
    provider = DictProvider()
    for number in range(count):
        Box(provider, f"box{number}", {"label": str(number)})


globals()[os.environ.get("SCENE", "boxes")]()
