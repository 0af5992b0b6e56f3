"""The environment in which plain `pulumi` works here: the one table behind `.tools/env.sh` and `pulumi_environment`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from toolchain.layout import Layout
from trunkline.repository import environment


def search_path(layout: Layout) -> tuple[Path, ...]:
    """The directories that go before everything else on PATH."""
    return (layout.bin, layout.venv / "bin")


def defaults(layout: Layout) -> dict[str, str]:
    """What each variable is when the environment does not say. An empty value in the environment says something."""
    return environment.defaults(layout.state, layout.python)


def pulumi_environment(root: Path, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the whole environment for running `pulumi` on the repository at `root`: what `. .tools/env.sh` makes.

    Takes the environment to start from; what it holds wins, an empty value too. Nothing is written.
    """
    layout = Layout.of(root, inherited)
    ours = [str(directory) for directory in search_path(layout)]
    others = [part for part in inherited.get("PATH", os.defpath).split(os.pathsep) if part not in ours]
    return {**defaults(layout), **inherited, "PATH": os.pathsep.join([*ours, *others])}


def env_script(layout: Layout) -> str:
    """Give the text of `.tools/env.sh`, for any POSIX shell and from any directory."""
    first = shlex.quote(os.pathsep.join(map(str, search_path(layout))))
    lines = [
        "# Made by `make setup`; use it with `. .tools/env.sh`.",
        "# A variable that is set already keeps its value, an empty one too.",
        f'case "$PATH:" in {first}:*) ;; *) PATH={first}":$PATH" ;; esac',
        "export PATH",
    ]
    for name, value in defaults(layout).items():
        lines += environment.unless_set(name, shlex.quote(value))
    # `if`, not `[ … ] || mkdir …`: bash 5.2 runs a program at the end of a sourced file's and-or list in place of the
    # subshell that sourced it, and `( . .tools/env.sh; pulumi up )` would end there, with code 0.
    lines.append(
        f'if [ "$PULUMI_BACKEND_URL" = {shlex.quote(environment.backend_url(layout.state))} ]; then'
        f" mkdir -p {shlex.quote(str(layout.state))}; fi"
    )
    return "\n".join(lines) + "\n"
