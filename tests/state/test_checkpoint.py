"""States as the engine writes them, and states as it never would."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.state import fleet
from tests.state.state_file import checkpoint, written
from trunkline.changes import ChangeKind, LineChange, between
from trunkline.outputs import to_json
from trunkline.state import checkpoint as checkpoints
from trunkline.state import update
from trunkline.state.checkpoint import EMPTY, StackState, parse, plain
from trunkline.state.store import Broken
from trunkline.state.update import Update

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MARK = "4dabf18193072939515e22adb298388d"
SECRET = {MARK: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:canary"}


def state(outputs: Mapping[str, Any] | None) -> bytes:
    return written(outputs, {line.id: fleet.resources(line) for line in fleet.LINES} if outputs else {})


def test_a_checkpoint_gives_the_outputs_and_names_the_lines_that_they_lack() -> None:
    listed = parse(checkpoint((fleet.SALES,)))
    assert (listed.outputs, listed.unlisted) == (fleet.outputs((fleet.SALES,)), {})
    found = parse(checkpoint((fleet.SALES,), held=("sales-us", "old-line")))
    assert sorted(found.lines) == ["old-line", "sales-us"]
    kinds = {line: [urn.split("::")[2].rpartition(":")[2] for urn in urns] for line, urns in found.unlisted.items()}
    assert kinds == {"old-line": ["DispatchRule", "InboundTrunk", "OutboundTrunk", "PhoneNumber"]}


def test_compressed_and_the_answer_of_export_are_read_alike() -> None:
    data = checkpoint(fleet.LINES)
    exported = json.dumps({"version": 3, "deployment": json.loads(data)["checkpoint"]["latest"]}).encode()
    assert parse(gzip.compress(data)) == parse(zstd.compress(data)) == parse(exported) == parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"version":3,"checkpoint":{"stack":"organization/fleet/dev"}}',
        b'{"version":3,"checkpoint":{"latest":null}}',
        b'{"version":3,"deployment":{"manifest":{}}}',
        state(None),
        state({}),
    ],
)
def test_a_stack_that_was_never_applied_is_empty(data: bytes) -> None:
    assert parse(data) == StackState(outputs=EMPTY)


def test_what_was_freed_before_is_given_back_before_a_checkpoint_takes_most_of_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def fetch() -> bytes:
        done.append("fetched")
        return state(fleet.document())

    library = SimpleNamespace(malloc_trim=lambda keep: done.append("given back"))
    monkeypatch.setattr("ctypes.CDLL", lambda name: library)
    assert (checkpoints.read(fetch), done) == (parse(state(fleet.document())), ["given back", "fetched"])


def test_a_secret_is_dropped_wherever_it_stands() -> None:
    outputs = {**fleet.document(), "extra": SECRET, "list": [SECRET, {"deep": SECRET}]}
    outputs["lines"]["sales-us"]["label"] = SECRET
    found = parse(state(outputs))
    assert found.lines["sales-us"] == fleet.SALES.model_copy(update={"label": ""})
    assert "canary" not in repr(found)
    assert plain(outputs)["list"] == [{}]


@pytest.mark.parametrize(
    "outputs",
    [
        {"other": "program"},
        {**fleet.document(), "schemaVersion": 99},
        {**fleet.document(), "lines": SECRET},
        {**fleet.document(), "lines": {"x": {"id": "x"}}},
        {**fleet.document(), "lines": [1]},
    ],
    ids=["of another program", "of a later version", "lines secret", "line without number", "lines a list"],
)
def test_outputs_that_are_not_ours_are_broken(outputs: Mapping[str, Any]) -> None:
    with pytest.raises(Broken):
        parse(state(outputs))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\x00",
        b"[" * 100_000,
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b'{"a":1}',
        b'{"checkpoint":1}x',
    ],
)
def test_what_is_no_checkpoint_is_broken(data: bytes) -> None:
    with pytest.raises(Broken):
        parse(data)


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["checkpoint", "latest", "resources", "type", "outputs", "deployment"]), inner
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        assert isinstance(parse(data), StackState)
    except Broken as told:
        assert str(told)


def test_an_update_is_read_as_the_engine_records_it() -> None:
    recorded = {
        "kind": "update",
        "startTime": 1795509689,
        "message": "Add the sales line",
        "environment": {
            "git.author": "Ann",
            "git.author.email": "ann@example.com",
            "git.head": "abc",
            "git.headName": "refs/heads/main",
            "git.committer": "Bob",
            "git.dirty": "true",
            "vcs.kind": "gitlab.com",
            "vcs.owner": "acme/telephony",
            "vcs.repo": "lines",
            "ci.system": "GitLab CI/CD",
            "ci.build.id": "opaque",
            "ci.build.number": "7",
            "ci.build.url": "https://ci.example.com/7",
        },
        "config": {"fleet:password": {"value": "v1:canary", "secure": True}},
        "version": 0,
        "result": "failed",
        "endTime": 1795509690,
    }
    expected = Update(
        id="7",
        kind="update",
        result="failed",
        started=1795509689,
        ended=1795509690,
        message="Add the sales line",
        who="Ann",
        commit="abc",
        branch="main",
        committer="Bob",
        dirty=True,
        ran_by="GitLab CI/CD 7",
        commit_url="https://gitlab.com/acme/telephony/lines/-/commit/abc",
        build_url="https://ci.example.com/7",
    )
    assert update.parse("7", json.dumps(recorded).encode()) == expected
    through_cli = {**recorded, "startTime": "2026-11-24T08:41:29.000Z", "endTime": "2026-11-24T08:41:30.000Z"}
    assert update.from_document("7", through_cli) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"environment": {"git.dirty": "false"}}, {}),
        ({"requestedBy": {"githubLogin": "ann", "name": "Ann"}, "environment": {"ci.system": "CI"}}, {"ran_by": "ann"}),
        ({"requestedBy": {"name": "Ann"}}, {"ran_by": "Ann"}),
        ({"requestedBy": "ann"}, {}),
        ({"environment": {"ci.system": "CI", "ci.build.id": "x"}}, {"ran_by": "CI x"}),
        ({"environment": {"ci.system": "CI"}}, {"ran_by": "CI"}),
        ({"environment": {"ci.build.url": "javascript:alert(1)"}}, {}),
        ({"environment": {"vcs.kind": "github.com", "vcs.owner": "a", "vcs.repo": "b"}}, {}),
        (
            {"environment": {"vcs.kind": "evil.example", "vcs.owner": "a", "vcs.repo": "b", "git.head": "c"}},
            {"commit": "c"},
        ),
        (
            {"environment": {"vcs.kind": "github.com", "vcs.owner": 'a"', "vcs.repo": "b?", "git.head": "c/d"}},
            {"commit": "c/d", "commit_url": "https://github.com/a%22/b%3F/commit/c%2Fd"},
        ),
    ],
)
def test_who_ran_an_update_and_where_its_commit_is_shown(document: dict[str, Any], expected: dict[str, Any]) -> None:
    plain = Update(id="1", kind="update", result="", started=0, ended=0)
    assert update.from_document("1", document) == replace(plain, **expected)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"1"])
def test_a_broken_record_is_told(data: bytes) -> None:
    with pytest.raises(Broken):
        update.parse("7", data)


def test_changes_tell_added_changed_removed_and_unlisted_apart() -> None:
    later = fleet.SALES.model_copy(update={"label": "New"})
    before = {line.id: line for line in (fleet.SALES, fleet.SUPPORT, fleet.OFFICE)}
    without_label = fleet.OFFICE.model_copy(update={"label": ""})
    after = {"sales-us": later, "uk-office": without_label, "zz-new": fleet.OFFICE}
    assert between(before, after, unlisted={"uk-office", "zz-new"}, partly={"uk-office"}) == (
        LineChange(line="sales-us", kind=ChangeKind.CHANGED, before=fleet.SALES, after=later),
        LineChange(line="support-de", kind=ChangeKind.REMOVED, before=fleet.SUPPORT, after=None),
        LineChange(line="uk-office", kind=ChangeKind.UNLISTED, before=fleet.OFFICE, after=without_label),
        LineChange(line="zz-new", kind=ChangeKind.ADDED, before=None, after=fleet.OFFICE),
    )


def test_the_document_of_the_tests_is_the_schema_of_the_program() -> None:
    assert fleet.document() == to_json(fleet.outputs())
