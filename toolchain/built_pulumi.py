"""Pulumi's engine built from source, with a language host and a launcher of dynamic providers of our own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from toolchain import cache
from toolchain.cache import cached
from toolchain.command import Say, SetupFailure, run_go
from toolchain.layout import Layout, machine

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def build(layout: Layout, say: Say) -> Path:
    """Give the engine from the user's cache, built first if it is not there: some minutes. Raises SetupFailure."""
    sources = layout.engine_sources
    version = engine_version(sources / "go.mod")
    # A plain `go build` leaves the version empty, and then the Automation API refuses the engine.
    flags = f"-s -w -X {VERSION_VARIABLE}={version}"
    recipe = cache.digest(files=(sources / "go.mod", sources / "go.sum"), words=(flags,))[:12]

    def build_into(directory: Path) -> None:
        say(f"Building the Pulumi engine {version} with Go; this takes about five minutes, once per user")
        run_go(
            ("build", "-trimpath", "-ldflags", flags, "-o", str(directory / "pulumi"), PACKAGE),
            doing="building the Pulumi engine",
            say=say,
            cwd=sources,
        )

    return cached(layout.cache, f"pulumi-{version}-{machine()}-{recipe}", build=build_into) / "pulumi"


def engine_version(go_mod: Path) -> str:
    """The version of the engine that `go.mod` requires, such as `v3.274.1`."""
    required = re.search(r"^\s*github\.com/pulumi/pulumi/pkg/v3 (v\S+)", go_mod.read_text("utf-8"), flags=re.MULTILINE)
    if required is None:
        raise SetupFailure(f"{go_mod} requires no version of github.com/pulumi/pulumi/pkg/v3; nothing was built.")
    return required[1]


def launchers(layout: Layout) -> dict[str, str]:
    """The executables that go beside the built engine, which finds them by these names: name to text.

    Each becomes Python by `exec`, so that the engine is the parent of what it started and stops it directly.
    """
    python = shlex.quote(str(layout.python))
    language_host = shlex.quote(str(layout.engine_sources / "language_host.py"))
    dynamic_provider = shlex.quote(str(layout.engine_sources / "dynamic_provider.py"))
    return {
        "pulumi-language-python": f'#!/bin/sh\nexec {python} -u {language_host} "$@"\n',
        # The same interpreter as the program's, since it unpickles what the program pickled.
        "pulumi-resource-pulumi-python": (
            f'#!/bin/sh\n[ -n "$PULUMI_PYTHON_CMD" ] || PULUMI_PYTHON_CMD={python}\n'
            f'exec "$PULUMI_PYTHON_CMD" -u {dynamic_provider} "$@"\n'
        ),
    }
