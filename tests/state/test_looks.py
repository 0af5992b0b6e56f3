"""How often a stack is looked at, which a bucket charges for: of many stacks each is looked at less often."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.state.state_file import address
from trunkline.state.opening import open_backend
from trunkline.state.stack import StackAddress

S3 = "s3://bucket?region=us-east-1"
DATABASE = "postgres://pulumi@127.0.0.1/pulumi"


@pytest.mark.parametrize(
    ("backend", "stacks", "seconds"),
    [
        ("", 1, 0.25),
        ("", 400, 10.0),
        (S3, 1, 1.0),
        (S3, 10, 1.0),
        (S3, 40, 4.0),
        (S3, 400, 40.0),
        (DATABASE, 1, 0.5),
        (DATABASE, 400, 20.0),
        ("https://api.pulumi.com", 1, 10.0),
        ("https://api.pulumi.com", 400, 60.0),
    ],
)
def test_all_stacks_together_are_looked_at_no_more_often_than_ten(
    backend: str, stacks: int, seconds: float, tmp_path: Path
) -> None:
    one = address(tmp_path)
    opened = open_backend(replace(one, backend=backend or one.backend, together=stacks))
    assert opened.interval == seconds


def test_each_of_several_stacks_knows_how_many_there_are(tmp_path: Path) -> None:
    names = [f"organization/fleet/{name}" for name in ("a", "b", "c")]
    found = StackAddress.find_all(names, tmp_path, {"PULUMI_BACKEND_URL": f"file://{tmp_path}"})
    assert [(each.stack, each.together) for each in found] == [("a", 3), ("b", 3), ("c", 3)]
    (alone,) = StackAddress.find_all(names[:1], tmp_path, {"PULUMI_BACKEND_URL": f"file://{tmp_path}"})
    assert alone == StackAddress.find(names[0], tmp_path, {"PULUMI_BACKEND_URL": f"file://{tmp_path}"})


@pytest.mark.parametrize(
    ("backend", "organization"),
    [("HTTPS://api.pulumi.com", "acme"), ("File:///var/Fleet", ""), ("S3://Bucket/Path", "")],
)
def test_a_backend_whose_scheme_is_in_capitals_is_the_same(backend: str, organization: str, tmp_path: Path) -> None:
    scheme, _, rest = backend.partition("://")
    name = f"{organization or 'organization'}/fleet/dev"
    expected = StackAddress.find(name, tmp_path, {"PULUMI_BACKEND_URL": f"{scheme.lower()}://{rest}"})
    assert StackAddress.find(name, tmp_path, {"PULUMI_BACKEND_URL": backend}) == expected
