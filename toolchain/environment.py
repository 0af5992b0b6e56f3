"""The environment in which plain `pulumi` works here: the one table behind `.tools/env.sh` and `pulumi_environment`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from toolchain.layout import Layout


def search_path(layout: Layout) -> tuple[Path, ...]:
    """The directories that go before everything else on PATH."""
    return (layout.bin, layout.venv / "bin")


def backend_url(layout: Layout) -> str:
    """The backend that is used until a team names its own: files in the working copy."""
    # metadata=skip: without it an engine killed at the wrong moment leaves an empty .attrs file, and the state
    # can no longer be read (seen with Pulumi 3.259.0).
    return f"{layout.state.as_uri()}?metadata=skip"


def defaults(layout: Layout) -> dict[str, str]:
    """What each variable is when the environment does not say. An empty value in the environment says something."""
    return {
        # One write of the state at the end, not two per resource. Nothing is lost with it: what was made carries
        # its tag at the vendor, and the next `up` finds it there.
        "PULUMI_SKIP_CHECKPOINTS": "1",
        "PULUMI_BACKEND_URL": backend_url(layout),
        # The refresh runs the program first. Without it the engine gives the provider the configuration that the state
        # has, so that a credential which moved or was rotated, or allowAccountChange, would never get there.
        "PULUMI_RUN_PROGRAM": "true",
        # At the end of every update the engine prints all outputs, about 30 lines for each line of the fleet, and after
        # one that failed it prints them as removed, which they are not. `pulumi stack output` shows them.
        "PULUMI_OPTION_SUPPRESS_OUTPUTS": "true",
        # In a log the dots of waiting are a line more for each line that is printed.
        "PULUMI_OPTION_SUPPRESS_PROGRESS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # The program and the dynamic provider start in different directories, so a `virtualenv` option in
        # Pulumi.yaml would mean two different ones. Both read this where there is no such option.
        "PULUMI_PYTHON_CMD": str(layout.python),
    }


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
        lines += [f'[ -n "${{{name}+set}}" ] || {name}={shlex.quote(value)}', f"export {name}"]
    # `if`, not `[ … ] || mkdir …`: bash 5.2 runs a program at the end of a sourced file's and-or list in place of the
    # subshell that sourced it, and `( . .tools/env.sh; pulumi up )` would end there, with code 0.
    lines.append(
        f'if [ "$PULUMI_BACKEND_URL" = {shlex.quote(backend_url(layout))} ]; then'
        f" mkdir -p {shlex.quote(str(layout.state))}; fi"
    )
    return "\n".join(lines) + "\n"
