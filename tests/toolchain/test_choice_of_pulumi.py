"""Which `pulumi` a working copy gets: one that is installed, one that the installer brings, or one built here."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from toolchain import built_pulumi, official_pulumi, pulumi_binaries
from toolchain.command import Say, SetupFailure
from toolchain.layout import Layout

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def layout(layout: Layout) -> Layout:
    """A working copy with the sources of the engine and a Python that has Pulumi's SDK."""
    (layout.root / "toolchain").mkdir()
    (layout.root / "toolchain" / "engine").symlink_to(REPOSITORY / "toolchain" / "engine")
    layout.python.parent.mkdir(parents=True)
    layout.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    layout.python.chmod(0o755)
    return layout


def _program(path: Path, prints: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {prints}\n")
    path.chmod(0o755)
    return path


def _release(directory: Path, version: str) -> Path:
    _program(directory / "pulumi-language-python")
    return _program(directory / "pulumi", version)


def _no_download(_layout: Layout, _say: Say) -> official_pulumi.Release:
    raise SetupFailure("offline")


def _no_build(_layout: Layout, _say: Say) -> Path:
    raise AssertionError("nothing is built where a release is there")


@pytest.mark.parametrize("version", ["v3.216.0", "v3.259.0", "v3.1000.0", "v4.0.0", "3.300.1-dev"])
def test_a_release_on_path_is_used(tmp_path: Path, version: str) -> None:
    pulumi = _release(tmp_path / "release", version)
    found = official_pulumi.on_path(f"/usr/bin:{pulumi.parent}", without=tmp_path / "ours")
    assert found == official_pulumi.Release(pulumi, version.removeprefix("v").removesuffix("-dev"))


@pytest.mark.parametrize(
    ("version", "flaw"),
    [
        ("v3.215.9", "is 3.215.9, older than 3.216.0"),
        ("v2.999.0", "is 2.999.0, older than 3.216.0"),
        ("unknown", "does not say its version"),
        ("", "does not say its version"),
    ],
)
def test_a_release_that_is_too_old_or_says_no_version_is_not(tmp_path: Path, version: str, flaw: str) -> None:
    pulumi = _release(tmp_path / "release", version)
    found = official_pulumi.on_path(f"{pulumi.parent}:/bin", without=tmp_path / "ours")
    assert found == official_pulumi.Release(pulumi, flaw=flaw)


def test_a_release_without_its_language_host_is_not(tmp_path: Path) -> None:
    pulumi = _program(tmp_path / "release" / "pulumi", "v3.259.0")
    found = official_pulumi.on_path(f"{pulumi.parent}:/bin", without=tmp_path / "ours")
    assert found == official_pulumi.Release(pulumi, flaw="has no pulumi-language-python beside it or on PATH")


def test_a_link_to_a_release_is_followed_to_its_language_host(tmp_path: Path) -> None:
    link = tmp_path / "links" / "pulumi"
    link.parent.mkdir()
    link.symlink_to(_release(tmp_path / "release", "v3.259.0"))
    found = official_pulumi.on_path(f"{link.parent}:/bin", without=tmp_path / "ours")
    assert found == official_pulumi.Release(link, "3.259.0")


def test_our_own_directory_on_path_is_no_release(tmp_path: Path) -> None:
    ours = _release(tmp_path / "ours", "v3.259.0").parent
    assert official_pulumi.on_path(f"{ours}:/bin", without=ours) is None


def test_with_a_release_on_path_nothing_is_downloaded_or_built(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official_pulumi, "install", _no_build)
    monkeypatch.setattr(built_pulumi, "build", _no_build)
    pulumi = _release(tmp_path / "release", "v3.259.0")
    said: list[str] = []
    for _ in range(2):
        pulumi_binaries.ensure_pulumi(layout, said.append, {"PATH": f"{pulumi.parent}:/bin"})
    assert _contents(layout.bin) == {"pulumi": str(pulumi)}
    assert (layout.tools / "env.sh").is_file()
    assert said == [f"Pulumi: 3.259.0, {pulumi}, which is on PATH"]


def test_a_release_that_the_installer_brings_is_kept_in_the_cache(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installer(monkeypatch, "mkdir bin; printf '#!/bin/sh\\necho v3.300.0\\n' > bin/pulumi; cp bin/pulumi bin/{host}")
    said: list[str] = []
    pulumi = official_pulumi.install(layout, said.append)
    assert pulumi == official_pulumi.install(layout, said.append)
    assert pulumi.pulumi.is_relative_to(layout.cache)
    assert [line.partition(" ")[0] for line in said] == ["Downloading"]


def test_an_installer_that_brings_half_a_release_is_not_believed(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installer(monkeypatch, "mkdir bin; printf '#!/bin/sh\\necho v3.300.0\\n' > bin/pulumi")
    with pytest.raises(SetupFailure, match="did not bring a usable pulumi"):
        official_pulumi.install(layout, print)
    assert not [entry for entry in layout.cache.iterdir() if not entry.name.endswith(".lock")]


def test_an_installer_that_hangs_is_given_up(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official_pulumi, "_REACH", "import time; time.sleep(60)")
    monkeypatch.setattr(official_pulumi, "REACH_LIMIT", 0.5)
    with pytest.raises(SetupFailure, match="reaching Pulumi's installer failed"):
        official_pulumi.install(layout, print)


def test_without_a_release_the_engine_is_built_and_gets_our_launchers(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official_pulumi, "install", _no_download)
    builds = _compiler(monkeypatch)
    said: list[str] = []
    for _ in range(2):
        pulumi_binaries.ensure_pulumi(layout, said.append, {"PATH": "/bin"})
    assert (layout.bin / "pulumi").read_text() == "an engine"
    assert set(_contents(layout.bin)) == {"pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"}
    assert all(os.access(program, os.X_OK) for program in layout.bin.iterdir())
    assert builds == [[
        "build", "-trimpath", "-ldflags",
        "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.274.1",
        "-o", "pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ]]  # fmt: skip
    assert said == [
        "Building the Pulumi engine v3.274.1 with Go; this takes about five minutes, once per user",
        "Pulumi: 3.274.1, built with Go, since Pulumi's own release cannot be downloaded here; none is on PATH",
    ]


def test_a_second_working_copy_takes_the_engine_from_the_cache(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = _compiler(monkeypatch)
    second = Layout(root=tmp_path / "second", cache=layout.cache)
    (second.root / "toolchain").mkdir(parents=True)
    (second.root / "toolchain" / "engine").symlink_to(REPOSITORY / "toolchain" / "engine")
    assert built_pulumi.build(layout, print) == built_pulumi.build(second, print)
    assert len(builds) == 1


def test_a_release_installed_later_replaces_what_was_built(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official_pulumi, "install", _no_download)
    _compiler(monkeypatch)
    pulumi_binaries.ensure_pulumi(layout, print, {"PATH": "/bin"})
    pulumi = _release(tmp_path / "release", "v3.260.0")
    pulumi_binaries.ensure_pulumi(layout, print, {"PATH": f"{layout.bin}:{pulumi.parent}:/bin"})
    assert _contents(layout.bin) == {"pulumi": str(pulumi)}


def test_it_is_said_why_the_one_on_path_was_not_taken_and_looked_at_again_once_it_is_whole(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official_pulumi, "install", _no_download)
    _compiler(monkeypatch)
    pulumi = _program(tmp_path / "release" / "pulumi", "v3.260.0")
    said: list[str] = []
    pulumi_binaries.ensure_pulumi(layout, said.append, {"PATH": f"{pulumi.parent}:/bin"})
    _program(pulumi.with_name("pulumi-language-python"))
    pulumi_binaries.ensure_pulumi(layout, said.append, {"PATH": f"{pulumi.parent}:/bin"})
    assert said[1:] == [
        "Pulumi: 3.274.1, built with Go, since Pulumi's own release cannot be downloaded here;"
        f" {pulumi} on PATH has no pulumi-language-python beside it or on PATH",
        f"Pulumi: 3.260.0, {pulumi}, which is on PATH",
    ]
    assert _contents(layout.bin) == {"pulumi": str(pulumi)}


def test_a_release_that_was_downloaded_is_said_to_be(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    release = official_pulumi.Release(_release(layout.cache / "release", "v3.300.0"), "3.300.0")
    monkeypatch.setattr(official_pulumi, "install", lambda _layout, _say: release)
    said: list[str] = []
    pulumi_binaries.ensure_pulumi(layout, said.append, {"PATH": "/bin"})
    assert said == [f"Pulumi: 3.300.0, {release.pulumi}, downloaded; none is on PATH"]


def test_without_go_the_failure_names_go_and_where_to_get_it(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(layout.root))
    with pytest.raises(SetupFailure) as raised:
        built_pulumi.build(layout, print)
    assert str(raised.value) == (
        "building the Pulumi engine needs Go, and there is no `go` on PATH: install it from https://go.dev/dl/."
    )


def test_the_readme_names_the_go_that_the_build_needs() -> None:
    needed = re.search(r"^go (\S+)$", (REPOSITORY / "toolchain/engine/go.mod").read_text("utf-8"), flags=re.MULTILINE)
    assert needed is not None
    assert f"builds the engine with Go {needed[1]} or newer" in (REPOSITORY / "README.md").read_text("utf-8")


def _contents(directory: Path) -> dict[str, str | None]:
    """The names in `directory`, each with the target of a link or None."""
    return {entry.name: str(entry.readlink()) if entry.is_symlink() else None for entry in directory.iterdir()}


def _compiler(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replace Go by something that writes its output at once; gives the list of its command lines to come."""
    lines: list[list[str]] = []

    def build(arguments: tuple[str, ...], **_: object) -> None:
        output = Path(arguments[arguments.index("-o") + 1])
        output.write_text("an engine")
        output.chmod(0o755)
        lines.append([output.name if argument == str(output) else argument for argument in arguments])

    monkeypatch.setattr(built_pulumi, "run_go", build)
    return lines


def _installer(monkeypatch: pytest.MonkeyPatch, commands: str) -> None:
    """Replace Pulumi's installer by shell commands that run in the directory to install to."""
    script = commands.format(host=official_pulumi.LANGUAGE_HOST) + "; chmod +x bin/*"
    monkeypatch.setattr(official_pulumi, "_REACH", "")
    monkeypatch.setattr(official_pulumi, "_INSTALL", f"import os, sys; os.chdir(sys.argv[1]); os.system({script!r})")
